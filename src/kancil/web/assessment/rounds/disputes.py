"""What is not settled in a round, all protocols together, and how each question came about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kancil.assessment.answer import Answer, Outcome, Settled
from kancil.assessment.giving import indicator_of
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.answers import give_answer
from kancil.desk.assessment.errors import NothingToSettle
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.queries.answers import history, own_latest, settled
from kancil.desk.assessment.queries.rounds import names_in
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import code_of, indicator_name, said
from kancil.web.cells import Section, empty, minute, show, table, tag
from kancil.web.parts import Cell, Kind
from kancil.web.programme_page import ANSWERING, TEAMS, page
from kancil.web.signed_in import person_of

from .given import (
    Names,
    address_of,
    answer_card,
    evidence_name,
    mark_differing,
    said_answer,
    said_parts,
)
from .question import ADDRESS
from .rounds import way
from .settling import standing

_A_PAGE = 4


@page("rounds/<str:round>/disputes/", "disputes", may=TEAMS, of="round", menu="round", order=30)
def disputes(request: HttpRequest, sight: Sight) -> HttpResponse:
    """All questions on which the assessors differ, side by side, to be settled."""
    names = names_in(sight)
    open_ones = [
        (asked, each)
        for asked in protocols_in(sight)
        for each in settled(sight, asked.name).values()
        if _is_open(each)
    ]
    part = Paginator(open_ones, _A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "title": Phrase("web.room.disputes"),
        "crumbs": way(sight),
        "count": len(open_ones),
        "questions": [_question(sight, asked, each, names) for asked, each in part],
        "pages": part,
        "round_url": way(sight)[-1]["url"],
    }
    return render(request, "kancil/disputes.html", shown)


def _is_open(each: Settled) -> bool:
    """Whether people differ, or one has several answers, as after two laptops."""
    by = [one.by for one in each.answers]
    return each.outcome is Outcome.DISPUTED or len(set(by)) < len(by)


def _question(sight: Sight, asked: Protocol, each: Settled, names: Names) -> dict[str, Any]:
    one = asked.indicators[each.indicator]
    by = [answer.by for answer in each.answers]
    twice = {author for author in by if by.count(author) > 1}
    found = standing(sight, asked, one, each, names)
    cards = found["answers"] or _own_cards(sight, asked, each, names)
    for card in cards:
        kept = [part for part in card["parts"] if part["differs"]]
        card |= {"parts": kept, "alike": len(card["parts"]) - len(kept)}
    return {
        **found,
        "name": code_of(asked, each.indicator),
        "question": said(one.question),
        "protocol": said(asked.title),
        "critical": one.critical,
        "url": address_of(sight, asked.name, one.id),
        "keep_url": address_of(sight, asked.name, one.id, "keep_answer"),
        "is_recorded": bool(each.note),
        "twice": sorted(names.get(author, "") for author in twice),
        "is_mine": str(sight.person) in twice and sight.is_open,
        "answers": cards,
    }


def _own_cards(sight: Sight, asked: Protocol, each: Settled, names: Names) -> list[dict[str, Any]]:
    """The answers of one person, where only those differ."""
    one = asked.indicators[each.indicator]
    cards = [answer_card(sight, asked, one, answer, names) for answer in each.answers]
    mark_differing(cards)
    return cards


@page(f"{ADDRESS}keep/", "keep_answer", may=ANSWERING, of="round", methods=("POST",))
def keep_answer(
    request: HttpRequest, sight: Sight, protocol: str, indicator: str
) -> HttpResponseBase:
    """Let one of several answers of one's own stand over the others, as it is."""
    asked = protocol_in(sight, protocol)
    each = indicator_of(asked, indicator)
    own = {one.id: one for one in own_latest(sight, asked.name, each.id)}
    chosen = own.get(request.POST.get("answer", ""))
    if chosen is None:
        raise NothingToSettle(name=each.id)
    if len(own) > 1:
        _give_again(request, sight, asked, chosen, [id for id in own if id != chosen.id])
        messages.success(request, words("web.answer.one-kept", name=indicator_name(asked, each)))
    if request.POST.get("back") == "disputes":
        return redirect("disputes", round=sight.round)
    return redirect(address_of(sight, asked.name, each.id))


def _give_again(
    request: HttpRequest, sight: Sight, asked: Protocol, chosen: Answer, others: list[str]
) -> None:
    give_answer(
        by=person_of(request),
        round=sight.round,
        protocol=asked.name,
        indicator=chosen.indicator,
        given=chosen.given,
        parts=chosen.parts,
        confidence=chosen.confidence,
        comment=chosen.comment,
        evidence=[one.id for one in chosen.evidence],
        follows=chosen.id,
        also=others,
    )


_RULINGS: Mapping[str, Kind] = {"agreed": "intact", "disputed": "warn", "reopened": "service"}


@page(f"{ADDRESS}history/", "answer_history", may=TEAMS, of="round")
def answer_history(
    request: HttpRequest, sight: Sight, protocol: str, indicator: str
) -> HttpResponse:
    """All that was ever said of a question: each answer and what was settled, who and when."""
    asked = protocol_in(sight, protocol)
    each = indicator_of(asked, indicator)
    found, names = history(sight, asked.name, each.id), names_in(sight)
    over = {id for ids in found.follows.values() for id in ids}
    numbers = {one.id: number for number, one in enumerate(found.answers, 1)}
    told: list[tuple[Any, tuple[Cell, ...]]] = []
    for one in found.answers:
        state = (
            tag("unknown", "web.answer.written-over")
            if one.id in over
            else tag("intact", "web.answer.stands")
        )
        said_there = [said_answer(asked, each, one)]
        said_there += [f"{name} {given}" for name, given in said_parts(asked, each, one)]
        told.append((
            one.at,
            (
                minute(one.at), names.get(one.by, ""),
                words("web.answer.numbered", number=numbers[one.id]), "; ".join(said_there),
                one.comment or "–",
                ", ".join(evidence_name(asked, item) for item in one.evidence) or "–",
                state,
            ),
        ))  # fmt: skip
    for ruling in found.settlements:
        about = numbers.get(ruling.answer or "")
        what = words("web.answer.numbered", number=about) if about else "–"
        kind = _RULINGS[ruling.ruling.value]
        told.append((
            ruling.at,
            (
                minute(ruling.at), ruling.by, tag(kind, f"web.settlement.{ruling.ruling.value}"),
                what, ruling.note or "–", "–", "–",
            ),
        ))  # fmt: skip
    columns = ("when", "who", "event", "answer", "comment", "rests-on", "state")
    rows = [row for _, row in sorted(told, key=lambda one: one[0])]
    sections: list[Section] = [
        table("web.answer.history", columns, rows)
        if rows
        else empty("web.answer.no-history", url=address_of(sight, asked.name, each.id))
    ]
    name = indicator_name(asked, each)
    crumbs = [*way(sight, asked), {"url": address_of(sight, asked.name, each.id), "name": name}]
    title = Phrase("web.answer.history-of", {"name": name, "question": said(each.question)})
    return show(request, title, sections, crumbs=crumbs)

"""One statute, many treaties: what somebody's own answers give to provisions that ask the same.

The first click shows what would be answered and from where, the second answers it. Nothing is
answered by itself, and nobody else's answer is carried over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kancil.assessment.law.carry_over import Beside
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.carrying import carry_over
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.queries.carry_over import CarryOver, SourceChange, article_words
from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
from kancil.desk.assessment.queries.countries import ExtractRow, enter_country, extracts
from kancil.desk.assessment.queries.rounds import enter, require, rounds
from kancil.desk.people.queries import Person
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.rounds.carried import carry_url, only, origin, proposal, said_change
from kancil.web.assessment.rounds.given import address_of
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, link, table
from kancil.web.parts import Cell
from kancil.web.programme_page import ANSWERING, page
from kancil.web.signed_in import person_of

from .matrix import law_way, of_provisions


@page(
    "rounds/<str:round>/<str:protocol>/law/carry-over/", "carry_over", may=ANSWERING, of="round",
    within="round_law", methods=("GET", "POST"), sample={"protocol": "none-2026.1"},
)  # fmt: skip
def carrying(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponseBase:
    """What goes over to provisions that ask the same, of all answers or of one statute's."""
    asked = of_provisions(sight, protocol)
    require(sight.may_answer, sight)
    if request.method == "POST":
        pairs = [each.partition("=") for each in request.POST.getlist("take")]
        wanted = {target: source for target, _, source in pairs}
        made = carry_over(
            by=person_of(request), round=sight.round, protocol=asked.name, wanted=wanted
        )
        messages.success(request, words("web.carry.done", count=len(made)))
        if len(wanted) == 1 and "to" in request.GET:
            return redirect(address_of(sight, asked.name, next(iter(wanted))))
        return redirect(request.get_full_path())
    found = carry_over_of(sight, asked.name)
    title = Phrase("web.carry.title")
    if row := _extract(request, sight):
        found = found.of_extract(row.id)
        title = Phrase("web.carry.title-of", {"law": row.law, "article": row.article})
    shown = only(found.proposals, request.GET.get("to", ""))
    listed = [proposal(sight, asked, each) for each in shown]
    return render(
        request,
        "kancil/law_carry_over.html",
        {
            "title": title,
            "crumbs": law_way(sight, asked),
            "proposals": listed,
            "together": [each for each in listed if not each["differs"]],
            "changed": [_changed(sight, asked, each) for each in found.changed],
            "beside": _near(sight, asked, found.beside),
            "is_open": sight.is_open,
        },
    )


def _extract(request: HttpRequest, sight: Sight) -> ExtractRow | None:
    wanted = request.GET.get("extract", "")[:36]
    if not wanted:
        return None
    shelf = extracts(enter_country(person_of(request), sight.country), [wanted])
    return shelf[0] if shelf else None


def _changed(sight: Sight, asked: Protocol, change: SourceChange) -> dict[str, Any]:
    """That an answer's source was changed, with the way to look again."""
    return {
        "url": address_of(sight, asked.name, change.indicator),
        "name": article_words(asked, change.indicator),
        "text": said_change(asked, change),
    }


def _near(sight: Sight, asked: Protocol, found: Iterable[Beside]) -> list[dict[str, Any]]:
    """Provisions that ask something else, each once."""
    by_target: dict[str, list[Beside]] = {}
    for each in found:
        by_target.setdefault(each.bond.to, []).append(each)
    return [_near_one(sight, asked, *each) for each in by_target.items()]


def _near_one(sight: Sight, asked: Protocol, target: str, several: list[Beside]) -> dict[str, Any]:
    """How it differs from what was answered, and the way to answer it with the same law."""
    law = {item.id for each in several for item in each.source.evidence if item.extract}
    relations = [
        {
            "relation": Phrase(f"web.matrix-relation-{each.bond.relation.turned.value}"),
            "from": article_words(asked, each.source.indicator),
        }
        for each in several
    ]
    ticked = urlencode({"with": sorted(law)}, doseq=True)
    return {
        "to": article_words(asked, target),
        "question": said(asked.indicators[target].question),
        "relations": relations,
        "differences": dict.fromkeys(said(each.bond.difference) for each in several),
        "checked": all(each.bond.checked for each in several),
        "url": f"{address_of(sight, asked.name, target)}?{ticked}",
        "has_law": bool(law),
    }


def of_extract(person: Person, country: str, extract: str) -> list[Section]:
    """What an extract's page shows: proposals that rest on it, of rounds in which they answer."""
    sections: list[Section] = []
    for row in rounds(person, country):
        if row.closed_at is not None or not (sight := enter(person, row.id)).may_answer:
            continue
        for asked in of_shape(sight, Shape.PROVISIONS):
            found = carry_over_of(sight, asked.name).of_extract(extract)
            if found.proposals or found.beside:
                there = carry_url(sight, asked.name, extract=extract)
                sections.append(_offered(sight, asked, found, there))
    return sections


def _offered(sight: Sight, asked: Protocol, found: CarryOver, there: str) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(carry_url(sight, asked.name, to=each.target), article_words(asked, each.target)),
            origin(asked, each),
        )
        for each in found.proposals
    ]
    made = table("web.carry.of-extract", ("carry-to", "carry-origin"), rows)
    more = Phrase("web.carry.all-of-extract", {"round": sight.title, "near": len(found.beside)})
    return {**made, "more": {"url": there, "text": more}}

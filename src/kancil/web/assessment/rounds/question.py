"""One question of a round: my answer, which saves itself, the evidence, and what the others say.

Two assessors answer on their own: who answers is shown what others gave only after that. Where the
same answer was changed meanwhile in another window or on another machine, nothing is written: both
are shown, and the assessor says which one stands; the other stays in the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.answer import Answer, Settled
from kancil.assessment.giving import indicator_of
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Confidence, Indicator, Protocol
from kancil.assessment.settling import Ruling
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.answers import give_answer
from kancil.desk.assessment.errors import AnswerMoved
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.answers import history, is_agreed, own_latest, settled
from kancil.desk.assessment.queries.carry_over import carry_over_in
from kancil.desk.assessment.queries.evidence import EvidenceRow, brought_for, evidence
from kancil.desk.assessment.queries.legal import contradictions_in
from kancil.desk.assessment.queries.rounds import names_in
from kancil.desk.assessment.queries.texts import compared_rows
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import (
    code_in_area,
    indicator_name,
    indicator_title,
    said,
    sure,
)
from kancil.web.programme_page import ANSWERING, READING, page
from kancil.web.signed_in import person_of

from .answering import AnswerForm
from .beside import beside_of, compared_tag, official
from .carried import for_question
from .comments import comments_panel
from .given import address_of, answer_card, grade_name, interview_name, stands_tag
from .rounds import way
from .settling import SettleForm, settle_by, standing

ADDRESS = "rounds/<str:round>/<str:protocol>/<str:indicator>/"


@dataclass
class _Asked:
    """A question that is answered or read, and what was made of the form that came."""

    sight: Sight
    protocol: Protocol
    indicator: Indicator
    items: list[EvidenceRow]
    own: list[Answer]
    brought: list[str] = field(default_factory=list)
    """Ids of what was brought for the answer, where none stands yet."""
    moved: list[Answer] = field(default_factory=list)
    """Own answers that stand by now, where what was sent was begun before them."""

    @property
    def here(self) -> tuple[Sight, str, str]:
        """Which question it is."""
        return self.sight, self.protocol.name, self.indicator.id

    @property
    def may_answer(self) -> bool:
        """Whether an answer can be given now."""
        return self.sight.may_answer and self.sight.is_open

    def form(self, data: Any = None, rests_on: Sequence[str] = ()) -> AnswerForm:
        """The form, with what was sent or with their own answer.

        `rests_on`: evidence that is ticked where they have none.
        """
        return AnswerForm(
            data,
            protocol=self.protocol,
            asked=self.indicator,
            own=self.own,
            items=self.items,
            brought=self.brought,
            initial={"evidence": list(rests_on)} if rests_on and not self.own else None,
        )

    def card(self, answer: Answer) -> dict[str, Any]:
        """What is shown of an answer of their own."""
        return answer_card(self.sight, self.protocol, self.indicator, answer, {})


def _asked(sight: Sight, protocol: str, indicator: str) -> _Asked:
    asked = protocol_in(sight, protocol)
    each = indicator_of(asked, indicator)
    own = own_latest(sight, asked.name, each.id) if sight.may_answer else []
    brought = brought_for(sight, asked.name, each.id) if sight.may_answer and not own else []
    return _Asked(sight, asked, each, evidence(sight, [each.id]), own, brought)


@page(ADDRESS, "question", may=READING, of="round", within="round", methods=("GET", "POST"))
def question(request: HttpRequest, sight: Sight, protocol: str, indicator: str) -> HttpResponseBase:
    """Answer a question, or read where it stands."""
    asked = _asked(sight, protocol, indicator)
    if request.method != "POST":
        return _shown(request, asked)
    saves_itself = "HX-Request" in request.headers
    if not (asked.may_answer or saves_itself):
        return redirect(address_of(*asked.here))
    filled = asked.form(request.POST)
    is_saved = _save(request, asked, filled)
    if saves_itself:
        return _told(request, asked, filled, is_saved=is_saved)
    if is_saved:
        return _onward(request, asked)
    return _shown(request, asked, filled)


@page(f"{ADDRESS}settle/", "settle", may=ANSWERING, of="round", methods=("POST",))
def settle(request: HttpRequest, sight: Sight, protocol: str, indicator: str) -> HttpResponseBase:
    """Agree on an answer, record that the assessors differ, or open the question again."""
    asked = _asked(sight, protocol, indicator)
    form = SettleForm(request.POST, auto_id=f"settle_{asked.indicator.id}_%s")
    if not settle_by(request, sight, asked.protocol.name, asked.indicator.id, form):
        return _shown(request, asked, settling=form)
    messages.success(
        request, words("web.answer.settled", name=indicator_name(asked.protocol, asked.indicator))
    )
    if request.POST.get("back") == "disputes":
        return redirect("disputes", round=sight.round)
    return redirect(address_of(*asked.here))


def _save(request: HttpRequest, asked: _Asked, filled: AnswerForm) -> bool:
    """The answer that was filled in; what is wrong with it is told at the form."""
    if not filled.is_valid():
        return False
    whole, parts = filled.answer()
    follows, also = filled.before()
    over = [each for each in request.POST.get("over", "")[:400].split(",") if each]
    if over:
        follows, also = over[0], over[1:]
    is_saved = False
    with filled.telling():
        try:
            give_answer(
                by=person_of(request),
                round=asked.sight.round,
                protocol=asked.protocol.name,
                indicator=asked.indicator.id,
                given=whole,
                parts=parts,
                confidence=Confidence(filled.cleaned_data["confidence"]),
                comment=filled.cleaned_data["comment"],
                evidence=filled.cleaned_data.get("evidence", ()),
                follows=follows,
                also=also,
            )
            is_saved = True
        except AnswerMoved:
            asked.moved = own_latest(*asked.here)
            raise
    return is_saved


def _told(
    request: HttpRequest, asked: _Asked, filled: AnswerForm, *, is_saved: bool
) -> HttpResponse:
    """Say beside the form that it was saved, or why not, and which answer the next one follows."""
    own = own_latest(*asked.here) if is_saved else []
    faults = [str(fault) for errors in filled.errors.values() for fault in errors]
    shown = {
        "follows": own[-1].id if own else request.POST.get("follows", ""),
        "also": "" if own else request.POST.get("also", ""),
        "saved_at": own[-1].at if own else None,
        "odd": _odd(asked, own),
        "state": stands_tag(_stands(asked)) if is_saved else None,
        "faults": faults,
        **_moved(asked),
    }
    return render(request, "kancil/_saved.html", shown)


def _stands(asked: _Asked) -> Settled | None:
    """Where the question stands by now, as whoever answers it may see it."""
    each = asked.indicator.id
    return settled(asked.sight, asked.protocol.name, [each]).get(each)


def _odd(asked: _Asked, own: list[Answer]) -> list[Phrase]:
    """What in one's own answer does not go together; where two stand, nothing."""
    if len(own) != 1:
        return []
    return list(contradictions_in(asked.sight, asked.protocol, asked.indicator, own[0]))


def _moved(asked: _Asked) -> dict[str, Any]:
    """Their answers that stand by now beside the one that they sent."""
    return {
        "moved": [asked.card(each) for each in asked.moved],
        "over": ",".join(each.id for each in asked.moved),
    }


def _onward(request: HttpRequest, asked: _Asked) -> HttpResponseBase:
    """Go to the next question, or to the one before, where that was asked for; else back here."""
    before, after, _ = _beside(asked, settled(asked.sight, asked.protocol.name))
    there = {"next": after, "before": before}.get(request.POST.get("do", ""))
    if there is None:
        messages.success(request, words("web.answer.saved"))
    return redirect(address_of(asked.sight, asked.protocol.name, (there or asked.indicator).id))


def _beside(
    asked: _Asked, now: Mapping[str, Settled]
) -> tuple[Indicator | None, Indicator | None, Phrase]:
    """The questions before and after one, in the protocol's order, that are asked; its place."""
    each, protocol = asked.indicator, asked.protocol
    order = [
        one for one in protocol.indicators.values() if one is each or is_asked(protocol, one, now)
    ]
    place = order.index(each)
    return (
        order[place - 1] if place else None,
        order[place + 1] if place + 1 < len(order) else None,
        Phrase("web.question.place", {"place": place + 1, "count": len(order)}),
    )


def _shown(
    request: HttpRequest,
    asked: _Asked,
    filled: AnswerForm | None = None,
    settling: SettleForm | None = None,
) -> HttpResponse:
    sight, protocol, each = asked.sight, asked.protocol, asked.indicator
    now = settled(sight, protocol.name)
    stands = now.get(each.id)
    before, after, place = _beside(asked, now)
    is_final = asked.may_answer and is_agreed(*asked.here)
    answers = asked.may_answer and not is_final
    shown: dict[str, Any] = {
        "title": indicator_title(protocol, each),
        "question": said(each.question) if each.article else "",
        "crumbs": way(sight, protocol),
        "indicator": each,
        "help": said(each.help),
        "state": stands_tag(stands),
        "before": _there(asked, before),
        "after": _there(asked, after),
        "place": place,
        "answer": (filled or asked.form(rests_on=request.GET.getlist("with"))) if answers else None,
        "is_final": is_final,
        "is_ruled": stands is not None and stands.ruled is not None,
        "odd": _odd(asked, asked.own),
        "is_closed": not sight.is_open,
        "conflict": [asked.card(one) for one in asked.own] if len(asked.own) > 1 else [],
        "keep_url": address_of(*asked.here, "keep_answer"),
        "history": address_of(*asked.here, "answer_history") if sight.sees_answers else "",
        "comments": comments_panel(sight, protocol.name, each.id),
        "carry": for_question(sight, protocol, each.id, carry_over_in(sight, protocol, now))
        if answers
        else None,
        **_about(asked),
        **(_official(request, asked) if each.article else {}),
        **_moved(asked),
    }
    found = standing(sight, protocol, each, stands, names_in(sight), settling)
    found["differed"] = _differed(asked, stands)
    shown |= {**found, "as_one": found}
    return render(request, "kancil/question.html", shown)


def _differed(asked: _Asked, stands: Settled | None) -> str:
    """The reason that was recorded of a dispute which is settled by now."""
    if stands is None or not stands.is_closed or not asked.sight.sees_answers:
        return ""
    told = history(*asked.here).settlements
    reasons = [each.note for each in told if each.ruling is Ruling.DISPUTED]
    return reasons[-1] if reasons else ""


def _official(request: HttpRequest, asked: _Asked) -> dict[str, Any]:
    """The official text of a provision, and whether a lawyer compared the question with it."""
    each = asked.indicator
    marked = compared_rows(asked.protocol.name, each.id).get(each.id, [])
    return {
        "official": official(request, asked.protocol, each, beside_of(each)),
        "compared": compared_tag(marked),
    }


def _about(asked: _Asked) -> dict[str, Any]:
    """What stands beside a question: the evidence expected and brought, and its sources."""
    protocol, each = asked.protocol, asked.indicator
    area = protocol.areas.get(each.area)
    place = (protocol.name, each.id)
    add = reverse("evidence_new", kwargs={"round": asked.sight.round})
    sources = [protocol.sources[name] for name in each.sources if name in protocol.sources]
    return {
        "area": said(area.title) if area else "",
        "expected": [said(one) for one in each.evidence],
        "about": reverse("asked", kwargs={"protocol": protocol.name, "indicator": each.id}),
        "add_evidence": f"{add}?protocol={protocol.name}&indicator={each.id}"
        if asked.may_answer
        else "",
        "items": [
            {
                "title": interview_name(one.item),
                "grade": grade_name(protocol, one.item),
                "url": reverse(
                    "evidence_item", kwargs={"round": asked.sight.round, "item": one.item.id}
                ),
            }
            for one in asked.items
            if one.is_shown and (place in one.used_by or one.item.id in asked.brought)
        ],
        "sources": [
            {"title": said(one.title), "ref": one.ref, "sure": sure(one.confidence)}
            for one in sources
        ],
        "sure": sure(each.confidence),
        "is_unchecked": each.article is not None and each.checked is None,
        "sure_note": said(each.confidence_note),
    }


def _there(asked: _Asked, each: Indicator | None) -> dict[str, str] | None:
    if each is None:
        return None
    name = code_in_area(asked.protocol, each)
    return {"url": address_of(asked.sight, asked.protocol.name, each.id), "name": name}

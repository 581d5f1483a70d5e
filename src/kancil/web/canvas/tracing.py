"""Tracing on from a box: a draft, or the recorded trace of the same question where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from django.http import HttpRequest, JsonResponse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart, resolve_starts
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.studies.asking import default_policy
from kancil.desk.studies.queries import open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.studies.canvas.errors import (
    PolicyNotChosen,
    SubjectUnknown,
    TraceTooWide,
    ViewNotReadable,
)
from kancil.studies.canvas.picture import draw_view
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import TraceSource, View, read_view
from kancil.studies.moneygraph.browsed import MOST_REACHED
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import read_recorded
from kancil.web.page import ACTING, page
from kancil.web.studies.recorded import trace_of
from kancil.web.studies.traces.same_question import trace_at_hand
from kancil.web.unit_desk import UnitDesk, unit_desk

from .answering import sent, told
from .material import material_of, trace_source

KINDS = ("transaction", "output", "address")


@page("cases/<str:case>/canvas/trace/", "canvas_trace", may=ACTING, of="case", methods=("POST",))
def canvas_trace(request: HttpRequest, case: Case) -> JsonResponse:
    """Trace on from a box, and draw the trace beside what is drawn."""

    def answer() -> dict[str, Any]:
        given, desk = sent(request), unit_desk()
        view = read_view(given.get("view"))
        again = given.get("again")
        chain, question = (
            _asked_anew(desk, case, given) if again is None else _asked_before(desk, case, again)
        )
        source, said = _trace(request, desk, case, chain, question)
        after = view.adding(source) if again is None else _in_place(view, again, source)
        material = material_of(desk, case, after)
        return {
            "view": after.as_json(),
            "graph": as_json(material, after, draw_view(material, after)),
            "said": said,
            "trace": source.trace,
        }

    return told(answer)


def _asked_anew(desk: UnitDesk, case: Case, given: dict[str, Any]) -> tuple[Chain, TraceQuestion]:
    """The question of a box: where its coins went, or came from."""
    chain, start, direction = _asked(desk, given)
    policy, reason = _policy(desk, case, given)
    return chain, _question(chain, start, direction, policy, reason)


def _asked_before(desk: UnitDesk, case: Case, number: Any) -> tuple[Chain, TraceQuestion]:
    """The question of a recorded trace, to be asked of today's blocks and labels.

    Raises PageNotFound.
    """
    said = read_recorded(desk.ledger.read(trace_of(case, str(number)).n).body)
    chain = open_chain(desk.workspace, said.chain)
    return chain, replace(said.question, last_height=chain.last_height)


def _in_place(view: View, number: int, source: TraceSource) -> View:
    """The view with one trace in the place of another."""
    sources = [
        source if isinstance(one, TraceSource) and one.trace == number else one
        for one in view.sources
    ]
    return view.with_sources(list(dict.fromkeys(sources)))


def _trace(
    request: HttpRequest, desk: UnitDesk, case: Case, chain: Chain, question: TraceQuestion
) -> tuple[TraceSource, str]:
    """Find the recorded trace of the question, or record a draft; and what was done, in words."""
    trace, is_new = trace_at_hand(request, desk, case, chain, question, is_draft=True)
    name = f"T{trace.number}"
    source = trace_source(desk, case, str(trace.number))
    if not is_new:
        return source, words("note.canvas-traced-before", trace=name)
    policy = words(f"web.policy.{question.policy}")
    return source, words("note.canvas-traced-draft", trace=name, policy=policy)


def _asked(
    desk: UnitDesk, given: dict[str, Any]
) -> tuple[Chain, str, Literal["forward", "backward"]]:
    subject, direction = given.get("subject"), given.get("direction")
    if not isinstance(subject, dict) or subject.get("kind") not in KINDS:
        kind = subject.get("kind") if isinstance(subject, dict) else "-"
        raise SubjectUnknown(kind=str(kind)[:40])
    chain, value = subject.get("chain"), subject.get("value")
    if not isinstance(chain, str) or not isinstance(value, str) or len(value) > 200:
        raise SubjectUnknown(kind=str(subject["kind"]))
    if direction not in ("forward", "backward"):
        raise ViewNotReadable(part=Phrase("thing.graph-direction"))
    opened = open_chain(desk.workspace, chain)
    if subject["kind"] == "address" and len(opened.outputs_of_address(value)) > MOST_REACHED:
        raise TraceTooWide(most=grouped(MOST_REACHED))
    return opened, value, cast("Literal['forward', 'backward']", direction)


def _policy(desk: UnitDesk, case: Case, given: dict[str, Any]) -> tuple[str, str]:
    """The policy and its reason: as sent, else the unit's default, else the case's latest trace's.

    Raises PolicyNotChosen where nobody has chosen one.
    """
    policy, reason = given.get("policy"), given.get("reason")
    if isinstance(policy, str) and policy and isinstance(reason, str) and reason.strip():
        return policy[:40], reason.strip()[:1000]
    default = default_policy(desk.ledger)
    if default is not None:
        return default
    for each in reversed(queries.traces_and_drafts(case)):
        question = read_recorded(desk.ledger.read(each.n).body).question
        if question.policy_reason:
            return question.policy, question.policy_reason
    raise PolicyNotChosen


def _question(
    chain: Chain, start: str, direction: Literal["forward", "backward"], policy: str, reason: str
) -> TraceQuestion:
    resolved = resolve_starts(chain, [AskedStart(start)])
    return TraceQuestion(
        starts=tuple(
            NamedStart(chain.outpoint(one.output), one.share_sat) for one in resolved.starts
        ),
        policy=policy,
        policy_reason=reason,
        direction=direction,
        all_coins_ever=resolved.all_coins_ever,
        last_height=chain.last_height,
        asked=(start,),
        stops_at=stops_asked(through_coinjoins=False),
    )

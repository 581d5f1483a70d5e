"""Drafts: traces made by exploring on the canvas, until an officer keeps or sets them aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from kancil.custody.roll import DRAFT, KEPT
from kancil.desk.cases import queries
from kancil.desk.cases.actions import keep_draft, set_draft_aside
from kancil.desk.cases.queries import Case, Trace
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.trace.run import read_recorded
from kancil.web.cases.history import who_acted
from kancil.web.cells import Section, note
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Minute
from kancil.web.signed_in import person_of
from kancil.web.studies.recorded import TRACE_SAMPLE, trace_of, trace_url
from kancil.web.unit_desk import UnitDesk, unit_desk

_LONGEST_START = 20
"""Characters of a start that a row has room for; the whole stands in the trace."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A trace that nobody kept, for a list."""

    label: str
    url: str
    asked: Phrase
    who: str
    at: Minute
    keep_url: str
    set_aside_url: str
    """Empty where it is set aside already."""


def drafts_section(desk: UnitDesk, case: Case, *, acts: bool) -> Section:
    """The folded list of a case's drafts, those set aside last; nothing where there is none."""
    found, names = queries.drafts(case), queries.officer_names()
    rows = [_row(desk, case, each, names) for each in reversed(found)]
    return {
        "kind": "drafts",
        "rows": sorted(rows, key=lambda each: not each.set_aside_url),
        "count": sum(each.state == DRAFT for each in found),
        "aside": sum(each.state != DRAFT for each in found),
        "url": reverse("trace_drafts", kwargs={"case": case.number}),
        "acts": acts,
    }


def draft_note(case: Case, trace: Trace, *, acts: bool) -> list[Section]:
    """What a trace's page says of a draft, with the button that keeps it."""
    if trace.state == KEPT:
        return []
    key = "web.draft-trace.is-draft" if trace.state == DRAFT else "web.draft-trace.is-aside"
    url = reverse("trace_keep", kwargs={"case": case.number, "trace": trace.number})
    told = note("info", key, do="web.draft-trace.keep", trace=f"T{trace.number}")
    return [{**told, "post": url if acts else ""}]


@page("cases/<str:case>/trace-drafts/", "trace_drafts", may=EVERYONE, of="case")
def trace_drafts(request: HttpRequest, case: Case) -> HttpResponse:
    """The list of drafts as a part of a page: what stands on the canvas after each trace."""
    return _part(request, case)


@page(
    "cases/<str:case>/money/<str:trace>/keep/", "trace_keep", may=ACTING, of="case",
    methods=("POST",), sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_keep(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Make a draft a result of the case."""
    found = _decided(request, case, trace, keep_draft, "web.draft-trace.was-kept")
    return _part(request, case) if _is_part(request) else redirect(trace_url(case, found))


@page(
    "cases/<str:case>/money/<str:trace>/set-aside/", "trace_set_aside", may=ACTING, of="case",
    methods=("POST",), sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_set_aside(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Set a draft aside; it can still be kept."""
    _decided(request, case, trace, set_draft_aside, "web.draft-trace.was-set-aside")
    return _part(request, case) if _is_part(request) else redirect("money", case=case.number)


def _decided(
    request: HttpRequest, case: Case, name: str, act: Callable[..., object], said: str
) -> Trace:
    desk, found = unit_desk(), trace_of(case, name)
    act(desk.ledger, trace=TraceId(found.id), by=desk.server(request))
    if not _is_part(request):
        messages.success(request, words(said, trace=f"T{found.number}"))
    return found


def _is_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _part(request: HttpRequest, case: Case) -> HttpResponse:
    section = drafts_section(unit_desk(), case, acts=person_of(request).acts)
    shown = {"section": {**section, "is_open": _is_part(request)}}
    return HttpResponse(render_to_string("kancil/_drafts.html", shown, request))


def _row(desk: UnitDesk, case: Case, trace: Trace, names: dict[str, str]) -> DraftRow:
    entry = desk.ledger.read(trace.n)
    question = read_recorded(entry.body).question
    given = {"case": case.number, "trace": trace.number}
    start = ", ".join(question.asked) or "-"
    if len(start) > _LONGEST_START:
        start = f"{start[:8]}…{start[-8:]}"
    told: dict[str, str | int | Phrase] = {
        "start": start,
        "policy": Phrase(f"web.policy.{question.policy}"),
    }
    return DraftRow(
        label=f"T{trace.number}",
        url=trace_url(case, trace),
        asked=Phrase(f"web.draft-trace-{question.direction}", told),
        who=who_acted(entry, names),
        at=Minute(trace.run_at),
        keep_url=reverse("trace_keep", kwargs=given),
        set_aside_url=reverse("trace_set_aside", kwargs=given) if trace.state == DRAFT else "",
    )

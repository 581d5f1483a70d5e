"""The page of a case: what was asked and found, what is open with whom, notes, what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.cases import basis_ended_on
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.base.opening import day_of
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.jobs.queries import open_tasks
from kancil.desk.notes.queries import notes_of
from kancil.desk.requests.queries import requests_of
from kancil.desk.selectors.shared import notices_of
from kancil.desk.studies.answered import AnsweredStudy, answered_studies
from kancil.desk.studies.queries import DraftState, drafts
from kancil.desk.studies.stated import stated_tables
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import has
from kancil.web.cells import (
    Section,
    beginning,
    empty,
    folded,
    link,
    note,
    show,
    table,
    tag,
)
from kancil.web.jobs.shown import name_of
from kancil.web.limits import bound_note, bound_to
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Minute
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .history import says, url_of, what_happened, who_acted
from .notes import notes_section
from .pages import crumbs

ABOVE: list[Callable[[HttpRequest, Case], list[Section]]] = []
"""What a classroom's own rooms put above what a case is about."""
_ASKED, _FOUND, _HAPPENED = 8, 8, 12
"""So many of each are shown; the rest has a page of its own."""
_SENTENCES = 2
_LOOKED = ("case.entered", "case.member-added", "case.member-removed")
"""Kinds of entries that are no events of the case."""


@page("cases/<str:case>/", "overview", may=EVERYONE, of="case", menu="case", order=0)
def overview(request: HttpRequest, case: Case) -> HttpResponse:
    """What the case is about, how far it is, and who waits for whom."""
    acts, desk = person_of(request).acts, unit_desk()
    names = queries.officer_names()
    notes = notes_of(desk.ledger, CaseId(case.id))
    here = reverse("overview", kwargs={"case": case.number})
    sections: list[Section] = [
        *(section for above in ABOVE for section in above(request, case)),
        *_basis_note(case),
        *bound_note(case.number, bound_to(CaseId(case.id)), "web.handling.case"),
        *_beginning(case, acts=acts),
        *_asked(case, names),
        *_reported(case),
        *_requests(case),
        *_found(case),
        *_open(request, case),
        notes_section(case, notes, acts=acts, back=f"{here}#notes"),
        *_happened(case, names),
        _about(case, names),
    ]
    told = {"number": f"C{case.number}", "title": case.title}
    return show(request, Phrase("web.overview.title", told), sections, crumbs=crumbs(case)[:1])


def _basis_note(case: Case) -> list[Section]:
    """Warn where nothing new may be done, since the legal basis is over."""
    roll = unit_desk().ledger.folded(Roll)
    day = basis_ended_on(roll, roll.case(case.id), now())
    return [] if day is None else [note("warn", "web.overview.basis-over", day=day.isoformat())]


def _beginning(case: Case, *, acts: bool) -> list[Section]:
    """Invite to the first files, until there is an exhibit or an answer to read."""
    if not acts or case.exhibits.exists() or queries.traces(case) or queries.studies(case):
        return []
    return [empty("web.overview.empty", url=reverse("intake", kwargs={"case": case.number}))]


def _asked(case: Case, names: dict[str, str]) -> list[Section]:
    """Each question with its answer in one sentence."""
    desk = unit_desk()
    found = answered_studies(desk.ledger, desk.workspace, case, _ASKED)
    if not found:
        return []
    rows = [
        {
            "label": each.label,
            "url": _study_url(case, each),
            "question": each.question,
            "answer": each.answer[:_SENTENCES] or [Phrase("web.overview.no-answer")],
            "who": who_acted(each.entry, names),
            "at": Minute(each.at),
        }
        for each in found
    ]
    count = len(queries.traces(case)) + len(queries.studies(case))
    more = {"url": reverse("money", kwargs={"case": case.number}), "text": _more(count)}
    return [
        {
            "kind": "asked",
            "heading": Phrase("web.overview.asked"),
            "rows": rows,
            "more": more if count > len(rows) else None,
        }
    ]


def _reported(case: Case) -> list[Section]:
    """How much the tables of others report, and the way there; none of it is proved."""
    tables = stated_tables(unit_desk().ledger, CaseId(case.id))
    if not tables:
        return []
    rows = grouped(sum(each.rows for each in tables))
    url = reverse("stated", kwargs={"case": case.number})
    told = {"rows": rows, "tables": grouped(len(tables))}
    return [note("info", "web.overview.reported", url=url, do="web.room.stated", **told)]


def _requests(case: Case) -> list[Section]:
    """How many requests wait for an answer, and the way to them."""
    found = requests_of(unit_desk().ledger, CaseId(case.id))
    if not found:
        return []
    waiting = grouped(sum(each.awaits_answer for each in found))
    url = reverse("requests", kwargs={"case": case.number})
    told = {"count": waiting, "all": grouped(len(found))}
    return [note("info", "web.overview.requests", url=url, do="web.room.requests", **told)]


def _more(count: int) -> Phrase:
    return Phrase("web.overview.all", {"count": count})


def _study_url(case: Case, each: AnsweredStudy) -> str:
    name = "trace" if each.is_trace else "study"
    return reverse(name, kwargs={"case": case.number, name: each.number})


def _found(case: Case) -> list[Section]:
    """The findings that stand, the newest first."""
    desk = unit_desk()
    gone = {
        entry.body["finding"]
        for entry in desk.ledger.case_entries(CaseId(case.id), "finding.withdrawn")
    }
    found = [each for each in queries.findings(case) if each.id not in gone][::-1]
    if not found:
        return []
    url = reverse("findings", kwargs={"case": case.number})
    rows = [
        (link(url, f"F{each.number}"), beginning(each.text, 240), Minute(each.accepted_at))
        for each in found[:_FOUND]
    ]
    shown = table("web.overview.found", ("number", "text", "when"), rows)
    if len(found) > len(rows):
        shown["more"] = {"url": url, "text": _more(len(found))}
    return [shown]


def _open(request: HttpRequest, case: Case) -> list[Section]:
    """What is not finished, and with whom it is."""
    rows: list[tuple[Cell, ...]] = []
    for each in drafts(case.id):
        if each.state != DraftState.OPEN:
            continue
        given = {"case": case.number, "draft": each.number}
        name = Phrase("web.draft.title", {"number": f"D{each.number}"})
        saved = each.newest
        rows.append((link(reverse("finding_draft", kwargs=given), name),
                     Phrase("web.overview.waits-for", {"who": saved.saved_by}),
                     Minute(saved.saved_at)))  # fmt: skip
    for task in open_tasks(person_of(request)):
        if task.case_id == case.id:
            url = reverse("task", kwargs={"task": task.id})
            asked = Phrase("web.overview.job-of", {"who": task.asked_by.name})
            rows.append((link(url, name_of(task)), asked, Minute(task.asked_at)))
    for notice in notices_of([case.id]):
        what = Phrase("web.overview.shared", {"what": Phrase(f"name.selector-{notice.kind}")})
        speak = Phrase("web.overview.speak-with", {"who": notice.by})
        rows.append((what, speak, Minute(notice.at)))
    if not rows:
        return []
    return [table("web.overview.open", ("what", "with-whom", "since"), rows)]


def _happened(case: Case, names: dict[str, str]) -> list[Section]:
    """The latest events of the case."""
    desk = unit_desk()
    size = case.entry_count
    entries = [
        entry
        for entry in desk.ledger.case_part(CaseId(case.id), max(0, size - 4 * _HAPPENED), size)
        if entry.kind not in _LOOKED
    ][::-1][:_HAPPENED]
    if not entries:
        return []
    whole = {"url": reverse("custody", kwargs={"case": case.number}), "text": _whole(size)}
    return [
        {
            "kind": "events",
            "heading": Phrase("web.overview.timeline"),
            "rows": [_event(case, entry, names) for entry in entries],
            "more": whole,
        }
    ]


def _whole(size: int) -> Phrase:
    return Phrase("web.overview.whole-history", {"count": size})


def _event(case: Case, entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "what": what_happened(entry),
        "url": url_of(case, entry),
        "says": says(entry, names),
        "who": who_acted(entry, names),
        "at": Minute(entry.at),
    }


def _about(case: Case, names: dict[str, str]) -> Section:
    """Who opened it and on which legal basis, folded: one looks here when one is asked."""
    kinds = ("case.opened", "case.basis-added")
    entries = list(unit_desk().ledger.case_entries(CaseId(case.id), *kinds))
    rows = [_basis_row(entry.body["basis"]) for entry in entries]
    opened = next((each for each in entries if each.kind == "case.opened"), None)
    shown = folded(
        "web.overview.about", ("kind", "authority", "number", "expires", "state"), rows,
        who=who_acted(opened, names) if opened else "–", day=day_of(case.opened_at).isoformat(),
    )  # fmt: skip
    return {**shown, "is_open": any(_is_over(entry) for entry in rows)}


def _is_over(row: Sequence[Cell]) -> bool:
    state = row[-1]
    return getattr(state, "kind", "") == "danger"


def _basis_row(basis: dict[str, Any]) -> tuple[Cell, ...]:
    ends = basis["expires_on"]
    today = now().astimezone(unit_desk().workspace.zone).date()
    named = f"web.basis.{basis['kind']}"
    is_over = ends is not None and date.fromisoformat(ends) < today
    state = tag("danger", "web.basis-over") if is_over else tag("intact", "web.basis-covers")
    return (
        Phrase(named) if has(named) else basis["kind"],
        basis["authority"] or Phrase("note.not-stated"),
        basis["number"] or Phrase("note.not-stated"),
        ends or Phrase("web.basis-no-end"),
        state,
    )

"""What is due of requests, over all cases that one belongs to: overdue, this week, later."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.people.queries import case_ids_of
from kancil.desk.requests.due import Due, answer_of, due_calendar, due_of, limits_of, source_of
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, button, empty, limits, link, show, table, tag
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Kind, Several
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

_COLUMNS = ("due-by", "due-what", "due-request", "due-office", "due-why")
_PARTS: dict[str, Kind] = {"overdue": "danger", "soon": "warn", "later": "plain"}


def _mine(request: HttpRequest) -> list[Due]:
    desk = unit_desk()
    cases = [CaseId(each) for each in case_ids_of(person_of(request))]
    return due_of(desk.ledger, desk.workspace, cases, now())


@page("requests/due/", "requests_due", may=EVERYONE, menu="site", order=15)
def requests_due(request: HttpRequest) -> HttpResponse:
    """The days of requests that count now, the overdue ones first."""
    due = _mine(request)
    title = Phrase("web.room.requests-due")
    buttons = [button(reverse("requests_received"), "web.room.requests-received")]
    if not due:
        return show(request, title, [empty("web.due.empty", url=reverse("cases"))], buttons=buttons)
    sections = [said([answer_of(due)]), *due_sections(due), limits(limits_of(due))]
    buttons.insert(0, button(reverse("requests_due_calendar"), "web.due.calendar", main=True))
    return show(request, title, sections, buttons=buttons)


@page("requests/due/calendar/", "requests_due_calendar", may=EVERYONE)
def requests_due_calendar(request: HttpRequest) -> HttpResponse:
    """The days to come as a calendar file, which names no person and no case's title."""
    answer = HttpResponse(due_calendar(_mine(request), now()), content_type="text/calendar")
    answer["Content-Disposition"] = 'attachment; filename="requests-due.ics"'
    return answer


def due_sections(due: Sequence[Due]) -> list[Section]:
    """The days of some requests, part by part."""
    parts = [(part, [_row(each, kind) for each in due if each.part == part])
             for part, kind in _PARTS.items()]  # fmt: skip
    return [table(f"web.due-part-{part}", _COLUMNS, rows) for part, rows in parts if rows]


def _row(each: Due, kind: Kind) -> tuple[Cell, ...]:
    deadline = each.deadline
    why: list[Cell] = [Phrase(f"note.deadline-{deadline.rule}")]
    if deadline.moved_from is not None:
        moved = {"day": deadline.moved_from.isoformat()}
        why.append(Phrase("note.deadline-moved", moved))
    elif deadline.is_free_day:
        why.append(Phrase("note.deadline-free-day"))
    source = source_of(deadline)
    return (
        due_cell(each),
        tag(kind, f"name.deadline-{deadline.kind.value}"),
        Several((request_link(each), Phrase(f"name.request-{each.request.kind}"))),
        Several((each.office, each.asked.theirs.country)),
        Several([*why, *([source] if source else [])]),
    )


def due_cell(each: Due) -> Cell:
    """When its day ends: where that is first, UTC below."""
    local = each.deadline.due_at.astimezone(each.deadline.zone)
    utc = {"time": each.deadline.due_at.strftime("%Y-%m-%d %H:%M")}
    return Several((f"{local:%Y-%m-%d %H:%M} {each.deadline.zone.key}", Phrase("web.due.utc", utc)))


def request_link(each: Due) -> Cell:
    """The request, as a link to its page."""
    given = {"case": each.case.removeprefix("C"), "number": each.request.history.number}
    return link(reverse("request", kwargs=given), each.subject)

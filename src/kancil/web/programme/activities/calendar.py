"""The calendar of activities: a month, the list of it, and a file for people's own calendars."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.programme.activities.activities import ActivityRow, calendar
from kancil.desk.programme.activities.calendar import HORIZON, calendar_of
from kancil.desk.programme.entering import desk_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.records.described import named
from kancil.web.acting import today
from kancil.web.cells import Section, empty, note, show, table
from kancil.web.parts import Cell, Several
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .words import activity_link, days_text, place_cell, state_cell, way, whom_text

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LONG = timedelta(days=14)
_MOST_A_DAY, _A_PAGE = 3, 50
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_LIST = ("activity-days", "activity", "kind", "activity-whom", "place", "activity-state")


@page("calendar/", "calendar", may=ACTIVE, within="activities")
def calendar_page(request: HttpRequest) -> HttpResponse:
    """A month of activities: as a month, and as a list."""
    first = _first(request.GET.get("month", ""))
    after = _after(first)
    rows = calendar(desk_of(person_of(request)), first, after - timedelta(days=1))
    before = (first - timedelta(days=1)).replace(day=1)
    told = {"month": f"{first:%Y-%m}"}
    buttons = [
        {"url": f"?month={each:%Y-%m}", "text": Phrase(key, {"month": f"{each:%Y-%m}"})}
        for each, key in ((before, "web.calendar.before"), (after, "web.calendar.after"))
    ]
    buttons.append({"url": reverse("calendar_file"), "text": Phrase("web.calendar.file")})
    sections: list[Section]
    if rows:
        pages = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
        query = f"month={first:%Y-%m}&"
        sections = [_month(first, rows), {**_list(pages), "pages": pages, "query": query}]
    else:
        sections = [empty("web.calendar.none", url=reverse("activities"))]
    sections.append(note("info", "web.calendar.file-note", months=HORIZON.days // 30))
    lead = Phrase("web.calendar.count", {"count": len(rows)})
    return show(request, Phrase("web.calendar.title", told), sections, crumbs=way(),
                buttons=buttons, lead=lead)  # fmt: skip


def _first(asked: str) -> date:
    found = _MONTH.fullmatch(asked)
    year = int(found[1]) if found else 0
    if found and 1900 < year < 9999:
        return date(year, int(found[2]), 1)
    return today().replace(day=1)


def _after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month(first: date, rows: Iterable[ActivityRow]) -> Section:
    listed = list(rows)
    weeks: list[tuple[Cell, ...]] = []
    for week in Calendar().monthdatescalendar(first.year, first.month):
        cells: list[Cell] = []
        for day in week:
            if day.month != first.month:
                cells.append("")
                continue
            there = [each for each in listed if _stands(each, day)]
            here: list[Cell] = [activity_link(each) for each in there[:_MOST_A_DAY]]
            if len(there) > _MOST_A_DAY:
                here.append(Phrase("web.calendar.more", {"count": len(there) - _MOST_A_DAY}))
            cells.append(Several([str(day.day), *here]))
        weeks.append(tuple(cells))
    one = table("web.calendar.month", [f"weekday-{each}" for each in _DAYS], weeks)
    return {**one, "kind": "month"}


def _stands(row: ActivityRow, day: date) -> bool:
    """Whether a day of the month names an activity; a long one stands on its first and last day."""
    if row.ends_on - row.begins_on > _LONG:
        return day in (row.begins_on, row.ends_on)
    return row.begins_on <= day <= row.ends_on


def _list(rows: Iterable[ActivityRow]) -> Section:
    shown: list[tuple[Cell, ...]] = [
        (
            days_text(each.begins_on, each.ends_on), activity_link(each), named(each.kind),
            whom_text(each), place_cell(each), state_cell(each.state),
        )
        for each in rows
    ]  # fmt: skip
    return table("web.calendar.list", _LIST, shown)


@page("calendar/activities.ics", "calendar_file", may=ACTIVE)
def calendar_file(request: HttpRequest) -> HttpResponse:
    """My activities of the last and next months, for a calendar of my own."""
    content = calendar_of(desk_of(person_of(request)), today(), clock.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kancil-activities.ics"'
    return answer

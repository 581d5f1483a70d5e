"""How activities are said: days, place, for whom, who pays, state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.activities import ActivityRow, Payer
from kancil.ground.phrase import Phrase
from kancil.ground.units import few
from kancil.programme.activity import percent
from kancil.programme.vocabulary import ActivityState
from kancil.records.described import named
from kancil.web.parts import Cell, Link, Tag
from kancil.web.parts import Kind as Sort

_STATES: dict[ActivityState, Sort] = {
    ActivityState.PLANNED: "plain", ActivityState.CONFIRMED: "now",
    ActivityState.DONE: "intact", ActivityState.POSTPONED: "warn",
    ActivityState.CANCELLED: "sealed",
}  # fmt: skip
_MOST_COUNTRIES = 4


def state_cell(state: ActivityState) -> Cell:
    """Where an activity stands."""
    return Tag(_STATES[state], named(state))


def days_text(first: date, last: date) -> str:
    """From one day to another, without what the second day repeats of the first (ISO 8601-1)."""
    if first == last:
        return first.isoformat()
    shared = 8 if (first.year, first.month) == (last.year, last.month) else 5
    shared = shared if first.year == last.year else 0
    return f"{first.isoformat()} – {last.isoformat()[shared:]}"


def day_text(day: date | None) -> str:
    """A day, or a dash."""
    return day.isoformat() if day else "–"


def whom_text(row: ActivityRow) -> str:
    """For which countries, or which region."""
    return few(row.countries, _MOST_COUNTRIES) if row.countries else row.region or "–"


def place_cell(row: ActivityRow) -> Phrase | str:
    """Where it is held."""
    online = Phrase("web.activity.online")
    if row.is_online and row.place:
        return Phrase("web.says.and", {"first": row.place, "more": online})
    return online if row.is_online else row.place or "–"


def payers_text(payers: Iterable[Payer]) -> str:
    """Who pays, with the shares that the reader may know."""
    told = [
        each.donor if each.share_bp is None
        else f"{each.donor} ({each.reference}, {percent(each.share_bp)} %)"
        for each in payers
    ]  # fmt: skip
    return "; ".join(told) or "–"


def activity_link(row: ActivityRow) -> Cell:
    """The way to an activity."""
    return Link(reverse("activity", kwargs={"activity": row.id}), row.title)


def way(sight: ActivitySight | None = None) -> list[dict[str, object]]:
    """The steps above a page of an activity, or above the list's own pages."""
    steps: list[dict[str, object]] = [
        {"url": reverse("activities"), "name": Phrase("web.room.activities")}
    ]
    if sight is not None:
        there = reverse("activity", kwargs={"activity": sight.activity})
        steps.append({"url": there, "name": sight.code})
    return steps

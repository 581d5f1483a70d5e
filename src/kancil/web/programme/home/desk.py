"""Home of the programme's desk: what is late, what comes, and where it happens."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.home import (
    Coming,
    InCountry,
    by_country,
    coming,
)
from kancil.ground.phrase import Phrase
from kancil.programme.vocabulary import ActivityKind, ActivityState
from kancil.records.described import named
from kancil.web.acting import today
from kancil.web.assessment.maps import Mark, drawn_map, map_named
from kancil.web.assessment.site.home import DESK
from kancil.web.cells import Section, link, number, table, tag
from kancil.web.parts import Cell, Kind
from kancil.web.programme.activities.words import days_text

from .due import due_soon

_MOST = 8
"""Rows of a table on Home."""
_STATE: dict[ActivityState, Kind] = {ActivityState.PLANNED: "plain", ActivityState.CONFIRMED: "now"}


def desk_sections(person: Person) -> list[Section]:
    """What of the desk stands on Home, for whoever sees any of it."""
    desk, day = desk_of(person), today()
    sections = [*due_soon(person), *_coming(coming(desk, day, _MOST))]
    return [*sections, *_where(by_country(desk, date(day.year, 1, 1)), day)]


DESK.append(desk_sections)


def _activity(id: str, code: str, title: str) -> Cell:
    return link(reverse("activity", kwargs={"activity": id}), f"{code} {title}")


def _coming(found: list[Coming]) -> list[Section]:
    if not found:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            _activity(each.id, each.code, each.title),
            named(ActivityKind(each.kind)),
            days_text(each.begins_on, each.ends_on),
            each.place or "–",
            tag(_STATE[ActivityState(each.state)], f"programme.activity-state.{each.state}"),
        )
        for each in found
    ]
    columns = ("activity", "desk-kind", "desk-days-of", "desk-place", "state")
    one = table("web.desk.coming", columns, rows)
    one["more"] = {"url": reverse("calendar"), "text": Phrase("web.desk.all-days")}
    return [one]


def _where(found: list[InCountry], day: date) -> list[Section]:
    """The countries with what happens for them: on maps where there are, and in a table."""
    if not found:
        return []
    regions: dict[str, list[InCountry]] = {}
    for each in found:
        regions.setdefault(each.region, []).append(each)
    drawn = []
    for name, rows in sorted(regions.items()):
        map_ = map_named(name)
        if map_ is not None:
            marks = {each.code: _mark(each, day) for each in rows}
            drawn.append({"name": name, "map": drawn_map(map_, marks)})
    shown: list[tuple[Cell, ...]] = [
        (
            link(reverse("activities") + f"?country={each.code}", each.name),
            each.region,
            number(each.coming),
            number(each.done),
        )
        for each in sorted(found, key=lambda each: (-each.coming, -each.done, each.name))[:_MOST]
    ]
    columns = ("country", "region", "desk-coming>", "desk-done>")
    one = table("web.desk.where", columns, shown)
    if len(found) > _MOST:
        one["more"] = {"url": reverse("activities"), "text": Phrase("web.calendar.none.do")}
    one["heading"] = Phrase("web.desk.where", {"year": day.year})
    return [{"kind": "maps", "regions": drawn}, one] if drawn else [one]


def _mark(row: InCountry, day: date) -> Mark:
    told: dict[str, str | int | Phrase] = {
        "name": row.name,
        "coming": row.coming,
        "done": row.done,
        "year": day.year,
    }
    return Mark(
        reverse("activities") + f"?country={row.code}",
        "open" if row.coming else "closed" if row.done else "none",
        Phrase("web.desk.of-country", told),
    )

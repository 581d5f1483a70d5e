"""Mentors beside an organisation: placements, agreed aims, visits and how far each aim is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.facets import (
    PlacementRow,
    asks,
    mentors_of,
    organisations_there,
    placements_of,
)
from kancil.desk.programme.activities.mentoring import add_placement, add_visit
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.activity import Facet
from kancil.programme.vocabulary import Progress
from kancil.records.described import named
from kancil.web.acting import today
from kancil.web.cells import Section, empty, note, table
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell, Link, Several
from kancil.web.programme_page import ACTIVE, page

from .panels import panel
from .parts import PartActForm, change, shown_part
from .words import days_text

_COLUMNS = ("placed-at", "mentor", "activity-days", "aims", "visits")


class PlacementForm(PartActForm):
    """A placement; the aims one a line."""

    act = "placement"
    begins = "placement_"
    does = staticmethod(add_placement)
    placement_mentor = forms.TypedChoiceField(choices=(), coerce=int)
    placement_organisation = forms.ChoiceField(choices=())
    placement_begins_on = day(required=True)
    placement_ends_on = day(required=True)
    placement_aims = text(5000, lines=4)

    def __init__(self, *args: Any, mentors: dict[str, str], **kwargs: Any) -> None:
        """Offer mentors who are registered, and organisations."""
        super().__init__(*args, **kwargs)
        none = ("", words("web.form.choose"))
        choose(self, "placement_mentor", [none, *mentors.items()])
        choose(self, "placement_organisation", [none, *organisations_there().items()])

    def more(self) -> dict[str, Any]:
        """The aims as a list."""
        return {"aims": self.cleaned_data["placement_aims"].splitlines()}


class VisitForm(PartActForm):
    """A visit to one placement."""

    act = "visit"
    begins = "visit_"
    does = staticmethod(add_visit)
    visit_visited_on = day(required=True)
    visit_log = text(20_000, lines=4)

    def __init__(self, *args: Any, placement: PlacementRow, **kwargs: Any) -> None:
        """A choice for each aim."""
        super().__init__(*args, **kwargs)
        self._placement = placement
        ways = [(each.value, render_phrase(named(each))) for each in Progress]
        for number, aim in enumerate(placement.aims):
            self.fields[f"aim_{number}"] = forms.ChoiceField(choices=ways, label=aim)

    @property
    def drafted_as(self) -> str:
        """One draft a placement."""
        return f"{self.act}-{self._placement.id}"

    def by_name(self) -> dict[str, Any]:
        """With the aims' progress in their order."""
        given = super().by_name()
        progress = [given.pop(f"aim_{number}") for number in range(len(self._placement.aims))]
        return {**given, "placement": self._placement.id, "progress": progress, "today": today()}


def _rows(sight: ActivitySight, *, with_links: bool) -> list[tuple[Cell, ...]]:
    there = reverse("activity_mentoring", kwargs={"activity": sight.activity})
    found: list[tuple[Cell, ...]] = []
    for each in placements_of(sight):
        visits: list[Cell] = [
            f"{one.visited_on.isoformat()} {one.log}".strip() for one in each.visits
        ]
        if with_links and sight.may_write:
            url = f"{there}?placement={each.id}#visit"
            visits.append(Link(url, Phrase("web.activity.visit")))
        found.append(
            (
                each.organisation, each.mentor or Phrase("web.activity.mentor-unnamed"),
                days_text(each.begins_on, each.ends_on), _aims(each),
                Several(visits) if visits else "–",
            )
        )  # fmt: skip
    return found


def _aims(row: PlacementRow) -> Cell:
    newest = row.visits[-1].progress if row.visits else ()
    if not newest:
        return Several(list(row.aims))
    return Several([
        Phrase("web.activity.aim", {"aim": aim, "progress": named(Progress(far))})
        for aim, far in zip(row.aims, newest, strict=True)
    ])  # fmt: skip


@panel(order=20)
def placements_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The placements, where there are some or should be."""
    rows = _rows(sight, with_links=False)
    if not rows and not (sight.may_write and asks(sight, Facet.PLACEMENTS)):
        return []
    one = table("web.room.activity-mentoring", _COLUMNS, rows)
    return [change(sight, one, "activity_mentoring", may=sight.may_write)]


@page(
    "activities/<str:activity>/mentoring/", "activity_mentoring", may=ACTIVE, of="activity",
    methods=("GET", "POST"), within="activity",
)  # fmt: skip
def activity_mentoring(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Placements, and forms for a visit to one of them and for a new one."""
    asked: list[PartActForm] = []
    told: list[Section] = []
    if sight.may_write:
        wanted = request.GET.get("placement", "")
        placement = next((one for one in placements_of(sight) if one.id == wanted), None)
        if placement is not None:
            asked.append(VisitForm.asked(request, placement=placement))
        mentors = mentors_of(sight)
        if mentors:
            asked.append(PlacementForm.asked(request, mentors=mentors))
        else:
            told.append(note("info", "web.activity.no-mentor"))
    rows = _rows(sight, with_links=True)
    told.append(table("web.room.activity-mentoring", _COLUMNS, rows) if rows
                else empty("web.activity.no-placements"))  # fmt: skip
    return shown_part(request, sight, "activity_mentoring", lambda: told, asked)

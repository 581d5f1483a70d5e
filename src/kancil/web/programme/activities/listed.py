"""The list of activities: filtered, sorted, paged, and as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.assessment.queries.countries import countries
from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.activities.activities import (
    SORTS,
    Activities,
    ActivityRow,
    Wanted,
    grants_for,
)
from kancil.desk.programme.entering import desk_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.vocabulary import ActivityKind, ActivityState
from kancil.records.described import named
from kancil.web.acting import show_wide
from kancil.web.cells import asking, button, empty, table
from kancil.web.csv_files import csv_answer
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .words import activity_link, days_text, payers_text, place_cell, state_cell, whom_text

_A_PAGE = 50
_COLUMNS = (
    "code", "kind", "title", "countries", "region", "place", "begins_on", "ends_on", "state",
    "paid_by", "officer",
)  # fmt: skip


class FilterForm(WordsForm):
    """Which activities are looked at."""

    sought_text = text(100, required=False)
    sought_country = forms.ChoiceField(choices=(), required=False)
    sought_kind = forms.ChoiceField(choices=(), required=False)
    sought_state = forms.ChoiceField(choices=(), required=False)
    sought_grant = forms.ChoiceField(choices=(), required=False)
    sought_since = day()
    sought_until = day()
    sought_sort = forms.ChoiceField(choices=(), required=False)
    options = ("sought_grant", "sought_since", "sought_until", "sought_sort")

    def __init__(self, *args: Any, person: Person, desk: Desk, **kwargs: Any) -> None:
        """Offer what there is for this person; a choice of one is none."""
        super().__init__(*args, **kwargs)
        offered = {
            "sought_country": [(each.code, each.name) for each in countries(person)],
            "sought_kind": [(each.value, render_phrase(named(each))) for each in ActivityKind],
            "sought_state": [(each.value, render_phrase(named(each))) for each in ActivityState],
            "sought_grant": list(grants_for(desk).items())
            if desk.sees_money or desk.is_donor
            else [],
        }
        for name, found in offered.items():
            if len(found) > 1:
                choose(self, name, [("", words("web.round.any")), *found])
            else:
                del self.fields[name]
        choose(self, "sought_sort", [(each, words(f"web.activity.sort-{each}")) for each in SORTS])

    def wanted(self) -> Wanted:
        """What was asked; what cannot be read is not asked."""
        self.is_valid()
        given = {name.removeprefix("sought_"): each for name, each in self.cleaned_data.items()}
        return Wanted(**{name: each for name, each in given.items() if each})


@page("activities/", "activities", may=ACTIVE, menu="site", order=20)
def activities(request: HttpRequest) -> HttpResponse:
    """What is planned and was done, as far as I see it."""
    desk, asked = _asked(request)
    found = Activities(desk, asked.wanted() if asked.is_bound else Wanted())
    pages = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    buttons = [button(reverse("calendar"), "web.room.calendar")]
    if desk.may_write:
        buttons.insert(0, button(reverse("activity_new"), "web.activity.new", main=True))
    rows: list[tuple[Cell, ...]] = [_cells(each) for each in pages]
    sections = [asking("web.activity.look", asked, submit="web.round.look")]
    if rows:
        buttons.append(button(f"{reverse('activities_file')}?{kept}", "web.activity.csv"))
        columns = ("code", "activity", "kind", "activity-days", "activity-whom", "place",
                   "activity-state")  # fmt: skip
        one = table("web.room.activities", columns, rows, pages=pages)
        sections.append({**one, "query": kept})
    else:
        new = reverse("activity_new") if desk.may_write and not asked.is_bound else ""
        key = "web.activity.none-fitting" if asked.is_bound else "web.activity.none"
        sections.append(empty(key, url=new))
    lead = Phrase("web.activity.count", {"count": pages.paginator.count})
    title = Phrase("web.room.activities")
    return show_wide(request, title, sections, buttons=buttons, lead=lead)


def _asked(request: HttpRequest) -> tuple[Desk, FilterForm]:
    person = person_of(request)
    desk = desk_of(person)
    is_asked = any(name.startswith("sought_") for name in request.GET)
    return desk, FilterForm(request.GET if is_asked else None, person=person, desk=desk)


def _cells(row: ActivityRow) -> tuple[Cell, ...]:
    return (
        row.code, activity_link(row), named(row.kind), days_text(row.begins_on, row.ends_on),
        whom_text(row), place_cell(row), state_cell(row.state),
    )  # fmt: skip


@page("activities/activities.csv", "activities_file", may=ACTIVE)
def activities_file(request: HttpRequest) -> HttpResponse:
    """The same, all of it, as a file."""
    desk, asked = _asked(request)
    found = Activities(desk, asked.wanted() if asked.is_bound else Wanted())
    rows = [
        (
            each.code, each.kind.value, each.title, "; ".join(each.countries), each.region,
            each.place, each.begins_on.isoformat(), each.ends_on.isoformat(), each.state.value,
            payers_text(each.payers), each.officer if desk.sees_all else "",
        )
        for each in found[:]
    ]  # fmt: skip
    return csv_answer("activities", _COLUMNS, rows)

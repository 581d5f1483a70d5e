"""Head counts of an activity: children, parents, the public; counted, never listed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.registering import add_head_count, correct_head_count
from kancil.desk.programme.taking_part.registrations import Counted, HeadCountRow, head_counts
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from kancil.programme.vocabulary import Audience, AudienceAge, Sex
from kancil.records.described import named
from kancil.web.cells import Section, facts, folded, limits, link, note, show, table
from kancil.web.parts import Cell
from kancil.web.programme.activities.panels import panel
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .forms import CorrectForm, HeadCountForm
from .registrations import shown

_COLUMNS = ("person-series", "country", "person-who", "person-sex", "person-age", "person-count>",
            "person-day", "person-how")  # fmt: skip


@page(
    "activities/<str:activity>/head-counts/", "head_counts", may=ACTIVE, of="activity",
    methods=("GET", "POST"), menu="activity", order=45,
    sample={"activity": "01a00000-0000-7000-8000-000000000000"},
)  # fmt: skip
def head_counts_page(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Whom an activity reached, group by group; each person once in a series of sessions."""
    person, counted = person_of(request), head_counts(sight)
    told = [*_answer(counted), *_tables(counted)]
    title = Phrase("web.prog-people.head-counts-of", {"title": sight.title})
    limits_ = limits([Phrase("web.prog-people.limit-once"), Phrase("web.prog-people.limit-small")])
    if not sight.may_register:
        return show(request, title, [*told, limits_])
    asked = HeadCountForm.asked(request, person=person, desk=sight.desk)
    own = [row for row in counted.rows if sight.desk.sees_people_of(row.country)]
    correct = CorrectForm.asked(request, standing=[(row.id, _named(row)) for row in own])
    if asked.is_ready:
        with asked.telling():
            _add(person, sight, asked)
            return redirect("head_counts", activity=sight.activity)
    if correct.is_ready:
        with correct.telling():
            given = correct.cleaned_data
            correct_head_count(
                by=person, activity=sight.activity, head_count=given["correct_which"],
                count=given["correct_number"], counted_on=given["correct_on"],
                how=given["correct_how"],
            )  # fmt: skip
            return redirect("head_counts", activity=sight.activity)
    sections = [*told,
                asked.section("web.prog-people.count", text="web.prog-people.count-text"),
                ]  # fmt: skip
    if own:
        sections.append(correct.section("web.prog-people.correct",
                                        text="web.prog-people.correct-text"))  # fmt: skip
    return show(request, title, [*sections, limits_])


def _add(by: Person, sight: ActivitySight, asked: HeadCountForm) -> None:
    given = asked.cleaned_data
    add_head_count(
        by=by, activity=sight.activity, series=given["count_series"],
        country=given["count_country"], who=Audience(given["count_who"]),
        sex=Sex(given["count_sex"]), age_band=AudienceAge(given["count_age"]),
        count=given["count_number"], counted_on=given["counted_on"], how=given["counted_how"],
    )  # fmt: skip


def _named(row: HeadCountRow) -> str:
    who = render_phrase(named(Audience(row.who)))
    age, sex = render_phrase(named(AudienceAge(row.age_band))), render_phrase(named(Sex(row.sex)))
    return f"{row.series} · {row.country} · {who} · {sex} · {age} · {row.count}"


def _answer(counted: Counted) -> list[Section]:
    if not counted.rows:
        return [note("info", "web.prog-people.nobody-counted")]
    hidden = sum(row.count is None for row in counted.rows)
    key = "counted-and-hidden" if hidden else "counted"
    return [note("info", f"web.prog-people.{key}", count=_total(counted), hidden=hidden)]


def _total(counted: Counted) -> str | Phrase:
    return Phrase("web.prog-people.fewer") if counted.total is None else f"{counted.total:,}"


def _cells(row: HeadCountRow) -> tuple[Cell, ...]:
    return (
        row.series, row.country, named(Audience(row.who)), named(Sex(row.sex)),
        named(AudienceAge(row.age_band)), shown(row.count), row.counted_on.isoformat(), row.how,
    )  # fmt: skip


def _tables(counted: Counted) -> list[Section]:
    found: list[Section] = []
    if counted.rows:
        rows = [_cells(row) for row in counted.rows]
        found.append(table("web.prog-people.head-counts", _COLUMNS, rows))
    if counted.replaced:
        rows = [_cells(row) for row in counted.replaced]
        found.append(folded("web.prog-people.replaced", _COLUMNS, rows, count=len(rows)))
    return found


@panel(order=41)
def head_count_panel(request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """How many people were counted at an activity."""
    counted = head_counts(sight)
    if not counted.rows:
        return []
    there = reverse("head_counts", kwargs={"activity": sight.activity})
    said = link(there, _total(counted))
    return [facts("web.prog-people.head-counts", [("person-count", said)])]

"""A figure opened: what it counts, who counts twice, the records behind it, and its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.results import recording as acts
from kancil.desk.programme.results.figures import (
    Behind,
    BehindRow,
    figure_behind,
    organisations_behind,
    people_behind,
)
from kancil.desk.programme.results.framework import scopes
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.counting.rule import rule_sentence
from kancil.programme.vocabulary import Profession
from kancil.records.described import named
from kancil.web.acting import show_wide
from kancil.web.cells import Section, facts, limits, link, note, number, table, tag, when
from kancil.web.drafts import DraftedForm
from kancil.web.forms import text
from kancil.web.parts import Cell
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .indicator import doubles_told
from .words import figure_link, period_cell, scope_cell, splits, value_said, way

_A_PAGE = 50
_MOST_ACTIVITIES = 200


class CorrectForm(DraftedForm):
    """The number that is right."""

    act = "correct"
    result_value = text(60)
    result_source = text(300)
    result_why = text(500)
    result_contribution = text(5000, required=False, lines=2)
    options = ("result_contribution",)


@page("results/figures/<str:figure>/", "figure_behind", may=ACTIVE, methods=("GET", "POST"),
      sample={"figure": "none"})  # fmt: skip
def one_figure(request: HttpRequest, figure: str) -> HttpResponse:
    """A figure with the records behind it, as far as the reader may see them."""
    person = person_of(request)
    found = figure_behind(person, figure)
    desk, row = desk_of(person), found.figure
    correct = CorrectForm.asked(request)
    if request.method == "POST":
        require(desk.may_write, desk)
        if correct.is_ready:
            given = correct.cleaned_data
            entry = acts.Entry(
                given["result_value"], given["result_source"], given["result_contribution"]
            )
            with correct.telling():
                made = acts.correct_figure(
                    by=person, figure=row.id, entry=entry, reason=given["result_why"]
                )
                messages.success(request, words("web.result.was-corrected"))
                return redirect("figure_behind", figure=made)
    sections: list[Section] = []
    if row.newer:
        there = reverse("figure_behind", args=[row.newer])
        sections.append(note("warn", "web.result.is-corrected", url=there, do="web.result.newer"))
    sections += [_facts(found), *_told(found)]
    sections += splits(row, scopes(person).countries)
    sections += [*_activities(found), *_people(request, found), *_organisations(request, found)]
    sections += _history(found)
    if desk.may_write and not row.newer:
        sections.append(correct.section("web.result.correct", text="web.result.correct-text"))
    sections.append(limits([Phrase("web.result.limit-contribution"),
                            Phrase("web.result.limit-groups")]))  # fmt: skip
    told = {"code": row.code, "title": row.title, "value": value_said(row)}
    title = Phrase("web.result.figure-title", told)
    indicator = reverse("indicator", args=[row.indicator])
    crumbs = way((indicator, row.code))
    return show_wide(request, title, sections, crumbs=crumbs)


def _facts(found: Behind) -> Section:
    row = found.figure
    told: list[tuple[str, Cell]] = [
        ("result-value", value_said(row)),
        ("result-period", period_cell(row)),
        ("result-for", scope_cell(row)),
        ("result-version", str(row.n)),
        ("result-how", Phrase("web.result.by-hand" if row.is_entered else "web.result.by-rule")),
        ("result-source", row.source),
        ("result-contribution", row.contribution),
        ("result-reason", row.reason),
        ("result-by", row.by),
        ("result-at", when(row.at)),
    ]
    return facts("web.result.figure", [(name, cell) for name, cell in told if cell != ""])


def _told(found: Behind) -> list[Section]:
    texts = [rule_sentence(found.figure.rule)]
    rule = {"kind": "told", "heading": Phrase("web.result.rule"), "texts": texts}
    return [rule, doubles_told(found.doubles)] if found.doubles else [rule]


def _activities(found: Behind) -> list[Section]:
    if not found.activities:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            _activity(each),
            each.title or Phrase("web.result.others"),
            each.ends_on.isoformat() if each.ends_on else "–",
            tag("unknown", "web.result.group-hidden") if each.count is None else number(each.count),
        )
        for each in found.activities[:_MOST_ACTIVITIES]
    ]
    columns = ("result-code", "result-activity", "result-ended>", "result-count>")
    return [table("web.result.behind", columns, rows)]


def _activity(each: BehindRow) -> Cell:
    return link(reverse("activity", args=[each.activity]), each.code) if each.code else "–"


def _people(request: HttpRequest, found: Behind) -> list[Section]:
    if found.kind != "participations" or found.count is None:
        return []
    part = Paginator(range(found.count), _A_PAGE).get_page(request.GET.get("page"))
    people = people_behind(
        person_of(request), found.figure.id, part.start_index() - 1, _A_PAGE
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (link(reverse("participant", args=[each.participant]),
              each.name or Phrase("web.result.not-named")), _profession(each.role), each.country,
         each.activity)
        for each in people
    ]  # fmt: skip
    if not rows:
        return []
    columns = ("result-person", "result-profession", "country", "result-activity")
    return [table("web.result.people", columns, rows, pages=part)]


def _profession(role: str) -> Cell:
    return named(Profession(role)) if role in set(Profession) else role


def _organisations(request: HttpRequest, found: Behind) -> list[Section]:
    if found.kind != "organisations" or not desk_of(person_of(request)).sees_all:
        return []
    names = organisations_behind(person_of(request), found.figure.id)
    rows: list[tuple[Cell, ...]] = [(each,) for each in names]
    return [table("web.result.organisations", ("result-organisation",), rows)]


def _history(found: Behind) -> list[Section]:
    if not found.history:
        return []
    rows: list[tuple[Cell, ...]] = [
        (figure_link(each), str(each.n), each.source or "–", each.reason or "–", each.by,
         when(each.at))
        for each in found.history
    ]  # fmt: skip
    columns = ("result-value>", "result-version>", "result-source", "result-reason", "result-by",
               "result-at")  # fmt: skip
    return [table("web.result.history", columns, rows)]

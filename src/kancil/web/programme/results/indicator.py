"""One indicator: how it is counted, its figures by period, and the acts that make them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.results import recording as acts
from kancil.desk.programme.results.figures import FigureRow, figure_behind, figures_of
from kancil.desk.programme.results.framework import (
    IndicatorRow,
    ScopeRow,
    VersionRow,
    indicator_versions,
    scopes,
)
from kancil.desk.programme.results.versions import end_indicator
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.counting.rule import Counts, rule_sentence
from kancil.web.acting import ActForm, show_wide, today
from kancil.web.cells import Section, button, empty, facts, folded, limits, table, tag
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import ACTIVE, OFFICERS, page
from kancil.web.signed_in import person_of

from .words import (
    amount,
    figure_link,
    kind_name,
    period_cell,
    progress_cell,
    scope_cell,
    splits,
    trend_cell,
    way,
)

_A_PAGE = 50


class _Scoped(DraftedForm):
    """A period, and for whom; the period is last year's until the year has run for a month."""

    result_since = day(required=True)
    result_to = day(required=True)
    result_country = forms.ChoiceField(choices=(), required=False)
    result_grant = forms.ChoiceField(choices=(), required=False)
    options = ("result_contribution", "result_again")

    def __init__(self, *args: Any, offered: ScopeRow, **kwargs: Any) -> None:
        """Offer countries and grants."""
        super().__init__(*args, **kwargs)
        now = today()
        year = now.year if now.month > 1 else now.year - 1
        self.fields["result_since"].initial = now.replace(year=year, month=1, day=1)
        self.fields["result_to"].initial = now.replace(year=year, month=12, day=31)
        for name, choices, any_one in (
            ("result_country", offered.countries, "web.result.all-countries"),
            ("result_grant", offered.grants, "web.result.any-grant"),
        ):
            choose(self, name, [("", words(any_one)), *choices.items()])
            if not choices:
                del self.fields[name]

    def within(self) -> acts.Within:
        """For what the figure is to stand."""
        given = self.cleaned_data
        return acts.Within(
            given["result_since"], given["result_to"], given.get("result_country", ""),
            given.get("result_grant", ""),
        )  # fmt: skip


class CountForm(_Scoped):
    """Count by the rule."""

    act = "count"
    result_contribution = text(5000, required=False, lines=2)
    result_again = text(500, required=False)


class EnterForm(_Scoped):
    """A figure that somebody else counted."""

    act = "enter"
    result_value = text(60)
    result_source = text(300)
    result_contribution = text(5000, required=False, lines=2)
    result_again = text(500, required=False)
    field_order = ("result_value", "result_source")


class EndForm(ActForm):
    """The indicator is counted no more."""

    act = "end"


@page("results/indicators/<str:indicator>/", "indicator", may=ACTIVE, methods=("GET", "POST"),
      sample={"indicator": "none"})  # fmt: skip
def one_indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """An indicator with its newest figure, its rule in words, its figures and its versions."""
    person = person_of(request)
    node, row, versions = indicator_versions(person, indicator)
    desk, offered = desk_of(person), scopes(person)
    if request.method == "POST":
        require(desk.may_write, desk)
        if request.POST.get("do") == EndForm.act:
            end_indicator(by=person, indicator=row.id)
            messages.success(request, words("web.result.ended"))
            return redirect("results")
    figures = figures_of(person, row.id)
    shown = _newest(row, [each for each in figures if not each.newer])
    sections: list[Section] = [_facts(shown), _rule(row)]
    if shown.figure is not None:
        sections += _doubles(desk, request, shown.figure)
        sections += splits(shown.figure, offered.countries)
    may_write = desk.may_write and not row.is_ended
    sections += [_figures(request, row, figures, may_write=may_write), _versions(versions)]
    sections.append(limits([Phrase(f"web.result.limit-{each}") for each in _limits(row)]))
    buttons = _buttons(row) if may_write else []
    above = Phrase("web.result.node-short", {"kind": kind_name(node.kind), "code": node.code})
    there = reverse("node", args=[node.id]) if desk.may_write else ""
    return show_wide(request, _title(row), sections, crumbs=way((there, above)), buttons=buttons)


def _title(row: IndicatorRow) -> Phrase:
    return Phrase("web.result.indicator-title", {"code": row.code, "title": row.text.title})


def _buttons(row: IndicatorRow) -> list[dict[str, Any]]:
    """Count first where the rule counts."""
    counts = [] if row.text.rule.is_entered else ["figure_count"]
    names = {"figure_count": "count", "figure_enter": "enter", "indicator_edit": "edit-indicator"}
    return [
        button(reverse(each, args=[row.id]), f"web.result.{names[each]}", main=place == 0)
        for place, each in enumerate([*counts, "figure_enter", "indicator_edit"])
    ]


@page("results/indicators/<str:indicator>/count/", "figure_count", may=OFFICERS,
      methods=("GET", "POST"), sample={"indicator": "none"})  # fmt: skip
def figure_count(request: HttpRequest, indicator: str) -> HttpResponse:
    """Count an indicator by its rule, and open the figure."""
    person = person_of(request)
    _, row, _ = indicator_versions(person, indicator)
    count = CountForm.asked(request, offered=scopes(person))
    if count.is_ready:
        given = count.cleaned_data
        with count.telling():
            figure = acts.count_figure(
                by=person, indicator=row.id, within=count.within(),
                contribution=given["result_contribution"], reason=given["result_again"],
            )  # fmt: skip
            messages.success(request, words("web.result.counted"))
            return redirect("figure_behind", figure=figure)
    sections = [_rule(row), count.section("web.result.count", text="web.result.count-text")]
    crumbs = way((reverse("indicator", args=[row.id]), _title(row)))
    return show_wide(request, Phrase("web.result.count"), sections, crumbs=crumbs)


@page("results/indicators/<str:indicator>/enter/", "figure_enter", may=OFFICERS,
      methods=("GET", "POST"), sample={"indicator": "none"})  # fmt: skip
def figure_enter(request: HttpRequest, indicator: str) -> HttpResponse:
    """Enter a figure that somebody else counted, with its source."""
    person = person_of(request)
    _, row, _ = indicator_versions(person, indicator)
    enter = EnterForm.asked(request, offered=scopes(person))
    if enter.is_ready:
        given = enter.cleaned_data
        entry = acts.Entry(
            given["result_value"], given["result_source"], given["result_contribution"]
        )
        with enter.telling():
            figure = acts.enter_figure(
                by=person, indicator=row.id, within=enter.within(), entry=entry,
                reason=given["result_again"],
            )  # fmt: skip
            messages.success(request, words("web.result.entered"))
            return redirect("figure_behind", figure=figure)
    sections = [enter.section("web.result.enter", text="web.result.enter-text")]
    crumbs = way((reverse("indicator", args=[row.id]), _title(row)))
    return show_wide(request, Phrase("web.result.enter"), sections, crumbs=crumbs)


def _newest(row: IndicatorRow, standing: list[FigureRow]) -> IndicatorRow:
    """The indicator with the newest figure of the widest scope that the reader sees."""
    whole = [each for each in standing if not each.country and not each.grant]
    rest = [each for each in standing if standing and
            (each.country, each.grant) == (standing[0].country, standing[0].grant)]  # fmt: skip
    first, second = (*(whole or rest)[:2], None, None)[:2]
    return IndicatorRow(row.id, row.code, row.n, row.text, row.is_ended, first, second)


def _facts(row: IndicatorRow) -> Section:
    text = row.text
    told: list[tuple[str, Cell]] = [("result-progress", progress_cell(row))]
    if row.figure is not None:
        told += [
            ("result-period", period_cell(row.figure)),
            ("result-for", scope_cell(row.figure)),
            ("result-trend", trend_cell(row)),
        ]
    told += [
        ("result-baseline", _on(text.baseline, text.baseline_on)),
        ("result-target", _on(text.target, text.target_on)),
        ("result-means", text.means or "–"),
    ]
    if row.figure is not None and row.figure.contribution:
        told.append(("result-contribution", row.figure.contribution))
    if row.is_ended:
        told.append(("state", tag("plain", "web.result.is-ended")))
    return facts("web.result.now", told)


def _on(value: str, day: Any) -> Cell:
    if not value:
        return "–"
    said = amount(value)
    return f"{said} ({day.isoformat()})" if day else said


def _rule(row: IndicatorRow) -> Section:
    texts = [rule_sentence(row.text.rule)]
    return {"kind": "told", "heading": Phrase("web.result.rule"), "texts": texts}


def _doubles(desk: Desk, request: HttpRequest, figure: FigureRow) -> list[Section]:
    """Who counts more than once, in one sentence; to whoever may see the persons themselves."""
    if figure.is_entered or not desk.may_write or figure.rule.counts is Counts.ACTIVITIES:
        return []
    found = figure_behind(person_of(request), figure.id).doubles
    return [doubles_told(found)] if found else []


def doubles_told(found: Any) -> Section:
    """What counts more than once, in one sentence of numbers."""
    params = {
        name: int(found.get(name, 0))
        for name in ("once", "each", "several_activities", "several_countries", "joined")
    }
    said = Phrase("web.result.doubles-said", params)
    return {"kind": "told", "heading": Phrase("web.result.doubles"), "texts": [said]}


def _figures(
    request: HttpRequest, row: IndicatorRow, figures: list[FigureRow], *, may_write: bool
) -> Section:
    if not figures:
        name = "figure_enter" if row.text.rule.is_entered else "figure_count"
        url = reverse(name, args=[row.id]) if may_write else ""
        return empty("web.result.no-figures", url=url)
    part = Paginator(figures, _A_PAGE).get_page(request.GET.get("page"))
    rows: list[tuple[Cell, ...]] = [
        (
            period_cell(each),
            figure_link(each),
            scope_cell(each),
            str(each.n),
            Phrase("web.result.by-hand") if each.is_entered else Phrase("web.result.by-rule"),
            tag("plain", "web.result.corrected")
            if each.newer
            else tag("intact", "web.result.stands"),
            each.by,
        )
        for each in part
    ]
    columns = ("result-period", "result-value>", "result-for", "result-version>", "result-how",
               "state", "result-by")  # fmt: skip
    return table("web.result.figures", columns, rows, pages=part)


def _state(figure: FigureRow) -> Cell:
    if figure.newer:
        return tag("plain", "web.result.corrected")
    return tag("intact", "web.result.stands")


def _versions(versions: list[VersionRow]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (str(each.n), each.text.title, rule_sentence(each.text.rule), each.text.target or "–",
         each.reason or "–", each.by, each.on.isoformat())
        for each in versions
    ]  # fmt: skip
    columns = ("result-version>", "result-title", "result-rule", "result-target", "result-reason",
               "result-by", "result-on")  # fmt: skip
    return folded("web.result.versions", columns, rows, count=len(versions))


def _limits(row: IndicatorRow) -> tuple[str, ...]:
    rule = row.text.rule
    found = ["contribution"]
    if rule.hides_small:
        found.append("groups")
    if rule.counts is Counts.PEOPLE:
        found += ["joined", *(["days"] if rule.least_attendance else [])]
    if rule.counts is Counts.ORGANISATIONS:
        found.append("forgotten")
    if rule.counts is Counts.HEAD_COUNTS:
        found.append("series")
    if rule.counts in (Counts.ROUND_COUNTRIES, Counts.ROUND_SCORE):
        found.append("released")
    if rule.is_entered:
        found.append("entered")
    return tuple(found)

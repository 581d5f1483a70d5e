"""The results framework: outcomes, outputs and indicators, how far each is, and as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.base.opening import current_workspace
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.results.figures import FigureRow
from kancil.desk.programme.results.framework import (
    BlockRow,
    IndicatorRow,
    NodeRow,
    ScopeRow,
    blocks,
    framework,
    framework_file,
    scopes,
)
from kancil.desk.programme.results.versions import import_framework
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.counting.rule import rule_sentence
from kancil.programme.framework import example_framework, write_framework
from kancil.programme.vocabulary import ResultKind
from kancil.web.acting import ActForm, show_wide
from kancil.web.cells import Section, asking, button, empty, limits, link, note, table
from kancil.web.csv_files import csv_answer
from kancil.web.forms import WordsForm, choose, day
from kancil.web.parts import Cell
from kancil.web.programme_page import ACTIVE, OFFICERS, page
from kancil.web.signed_in import person_of

from .words import kind_name, period_cell, progress_cell, trend_cell

MOST_INDICATORS = 100
"""Of a framework that has more, one outcome is shown at a time."""


class ScopeForm(WordsForm):
    """Whose figures are looked at."""

    result_outcome = forms.ChoiceField(choices=(), required=False)
    result_country = forms.ChoiceField(choices=(), required=False)
    result_grant = forms.ChoiceField(choices=(), required=False)
    result_until = day()

    def __init__(
        self, *args: Any, offered: ScopeRow, outcomes: Sequence[BlockRow] = (), **kwargs: Any
    ) -> None:
        """Offer what the person may see figures of; what is none is no choice.

        `outcomes`: those that are shown one at a time; none: all are shown.
        """
        super().__init__(*args, **kwargs)
        self._outcomes = outcomes
        named = [(each.code, f"{each.code} {each.statement}"[:100]) for each in outcomes]
        choose(self, "result_outcome", named)
        if not outcomes:
            del self.fields["result_outcome"]
        for name, choices, any_one in (
            ("result_country", offered.countries, "web.result.all-countries"),
            ("result_grant", offered.grants, "web.result.any-grant"),
        ):
            first = [("", words(any_one))] if offered.is_whole or not choices else []
            choose(self, name, [*first, *choices.items()])
            if not choices:
                del self.fields[name]

    def scope(self, offered: ScopeRow) -> dict[str, Any]:
        """The scope asked for; where the whole is not theirs, the first that is."""
        is_read = self.is_bound and self.is_valid()
        asked = self.cleaned_data if is_read else {}
        country, grant = asked.get("result_country", ""), asked.get("result_grant", "")
        if not offered.is_whole:
            country = country or next(iter(offered.countries), "")
            grant = grant or next(iter(offered.grants), "")
        first = self._outcomes[0].code if self._outcomes else ""
        return {
            "country": country,
            "grant": grant,
            "until": asked.get("result_until"),
            "under": asked.get("result_outcome", "") or first,
        }


@page("results/", "results", may=ACTIVE, menu="site", order=26)
def results(request: HttpRequest) -> HttpResponse:
    """The framework in its order, each indicator with its newest figure, target and trend."""
    person = person_of(request)
    desk, offered = desk_of(person), scopes(person)
    outcomes = [each for each in blocks(person) if each.indicators]
    is_large = sum(each.indicators for each in outcomes) > MOST_INDICATORS
    asked = ScopeForm(
        request.GET or None, offered=offered, outcomes=outcomes if is_large else ()
    )  # fmt: skip
    scope = asked.scope(offered)
    rows = framework(person, **scope)
    title = Phrase("web.room.results")
    if not rows:
        begun = [_begin_section()] if desk.may_write else []
        nothing = empty("web.result.none", url=reverse("node_new") if desk.may_write else "")
        return show_wide(request, title, [nothing, *begun])
    query = request.GET.urlencode()
    buttons = [button(f"{reverse('results_csv')}?{query}", "web.result.csv"),
               button(reverse("results_file"), "web.result.file")]  # fmt: skip
    if desk.may_write:
        buttons.insert(0, button(reverse("node_new"), "web.result.add-node", main=True))
    sections: list[Section] = [_answer(rows, offered, scope)]
    if asked.fields.keys() - {"result_until"}:
        sections.append(asking("web.result.of-whom", asked, submit="web.round.look"))
    sections += _blocks([each for each in rows if not each.is_ended], may_write=desk.may_write)
    sections.append(limits([Phrase(f"web.result.limit-{each}") for each in _LIMITS]))
    return show_wide(request, title, sections, buttons=buttons)


_LIMITS = ("contribution", "scope", "groups")


def _answer(rows: Sequence[NodeRow], offered: ScopeRow, scope: dict[str, Any]) -> Section:
    """How many indicators have a figure, and how many are at their target, in one sentence."""
    open_ones = [each for row in rows for each in row.indicators if not each.is_ended]
    told = [each.progress for each in open_ones]
    whose: str | Phrase = (
        offered.countries.get(scope["country"]) or offered.grants.get(scope["grant"])
        or Phrase("web.result.whole")
    )  # fmt: skip
    key = "answer-part" if scope["country"] or scope["grant"] else "answer"
    if scope["under"]:
        whose = Phrase("web.result.outcome-of", {"code": scope["under"], "whose": whose})
    return note(
        "info", f"web.result.{key}", whose=whose, count=len(open_ones),
        counted=sum(each.figure is not None for each in open_ones),
        reached=sum(each is not None and each >= 100 for each in told),
    )  # fmt: skip


def _blocks(rows: Sequence[NodeRow], *, may_write: bool) -> Iterator[Section]:
    """One section for an impact, and one for each outcome with its outputs."""
    block: list[NodeRow] = []
    for row in rows:
        if block and row.kind != ResultKind.OUTPUT:
            yield _block(block, may_write)
            block = []
        block.append(row)
    yield _block(block, may_write)


def _block(nodes: Sequence[NodeRow], may_write: bool) -> Section:
    """An outcome with its indicators, then each output with its own."""
    first, *others = nodes
    own = _named(first, "web.result.of-its-own") if others else Phrase("web.result.indicators")
    parts = [_lines(first, own), *(_lines(each, _named(each)) for each in others)]
    told = [each for each in parts if each["rows"]]
    if may_write:
        there = reverse("node", args=[first.id])
        told.append({"kind": "way", "url": there, "text": _named(first, "web.result.open-node")})
    return {"kind": "told", "heading": _named(first), "texts": [], "parts": told}


def _named(row: NodeRow, key: str = "web.result.node") -> Phrase:
    statement = row.text.statement
    return Phrase(key, {"kind": kind_name(row.kind), "code": row.code, "statement": statement})


def _lines(row: NodeRow, heading: Phrase) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            each.code,
            link(reverse("indicator", args=[each.id]), each.text.title),
            progress_cell(each),
            trend_cell(each),
            period_cell(each.figure),
        )
        for each in row.indicators
        if not each.is_ended
    ]
    columns = (
        "result-code", "result-indicator", "result-progress>", "result-trend", "result-period",
    )  # fmt: skip
    return {**table("web.result.node", columns, rows), "heading": heading, "kind": "rows"}


@page("results/results.csv", "results_csv", may=ACTIVE)
def results_csv(request: HttpRequest) -> HttpResponse:
    """The framework as a table for a spreadsheet, with the rule of each indicator in words."""
    person = person_of(request)
    offered = scopes(person)
    scope = ScopeForm(request.GET or None, offered=offered).scope(offered)
    names = (
        "code", "kind", "statement", "indicator", "baseline", "target", "value", "of",
        "without-days", "period", "country", "grant", "rule",
    )  # fmt: skip
    rows = [
        _csv_row(node, each)
        for node in framework(person, **scope)
        for each in node.indicators
        if not (node.is_ended or each.is_ended)
    ]
    return csv_answer("results", [words(f"web.column.result-{each}") for each in names], rows)


def _csv_row(node: NodeRow, each: IndicatorRow) -> list[str | int | None]:
    figure, said = each.figure, rule_sentence(each.text.rule)
    hidden = words("note.donor-hidden")
    return [
        each.code,
        words(f"programme.result-kind.{node.kind}"),
        node.text.statement,
        each.text.title,
        each.text.baseline,
        each.text.target,
        "" if figure is None else hidden if figure.value is None else figure.value,
        figure.of if figure else None,
        _without_days(figure),
        str(period_cell(figure)) if figure else "",
        figure.country if figure else "",
        figure.grant_reference if figure else "",
        words(said.key, **said.params),
    ]


def _without_days(figure: FigureRow | None) -> str | int | None:
    """How many are not counted since their days are not recorded; empty: nobody."""
    count = figure.without_days if figure else 0
    return words("note.donor-hidden") if count is None else count or None


@page("results/framework.yaml", "results_file", may=ACTIVE)
def results_file(request: HttpRequest) -> HttpResponse:
    """The framework as a file that `kancil programme results import` reads."""
    title = current_workspace().unit.name
    content = write_framework(framework_file(person_of(request), title))
    answer = HttpResponse(content, content_type="application/yaml; charset=utf-8")
    name = plain_name(f"results-{title}", 80)
    answer["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return answer


class BeginForm(ActForm):
    """The packaged framework, taken in whole."""

    act = "begin"


def _begin_section() -> Section:
    return {
        **BeginForm().section("web.result.begin", text="web.result.begin-text"),
        "action": reverse("results_begin"),
    }


@page("results/begin/", "results_begin", may=OFFICERS, methods=("POST",))
def results_begin(request: HttpRequest) -> HttpResponse:
    """Begin with the example framework, which an officer adapts."""
    why = words("web.result.begun")
    import_framework(by=person_of(request), framework=example_framework(), reason=why)
    messages.success(request, words("web.result.begun"))
    return redirect("results")

"""Forms of the framework: an outcome or output, an indicator with its rule, and their versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.results import versions as acts
from kancil.desk.programme.results.framework import (
    NodeRow,
    framework,
    indicator_versions,
    node_named,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.counting.rule import Rule
from kancil.programme.framework import GENDER_MARKERS, MEASURES, IndicatorText, NodeText
from kancil.programme.vocabulary import ResultKind
from kancil.records.described import named
from kancil.web.acting import show_wide
from kancil.web.cells import Section, button, link, table
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, day, listed, text
from kancil.web.meanwhile import laid_beside, version_read
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

from .indicator import EndForm
from .rule_form import RuleForm
from .words import kind_name, way


class NodeForm(DraftedForm):
    """An outcome or output."""

    act = "node"
    result_kind = forms.ChoiceField(choices=())
    result_code = text(20)
    result_parent = forms.ChoiceField(choices=(), required=False)
    result_statement = text(2000, lines=2)
    result_assumption = text(2000, required=False, lines=2)
    result_risk = text(2000, required=False, lines=2)
    result_gender = forms.ChoiceField(choices=(), required=False)
    result_sdg = text(200, required=False)
    result_seen = version_read()
    result_why = text(500)

    def __init__(
        self, *args: Any, above: list[NodeRow], row: NodeRow | None, **kwargs: Any
    ) -> None:
        """A new one, or another version of `row`, whose place stays; `above`: it may stand in."""
        super().__init__(*args, **kwargs)
        kinds = [(each.value, words(named(each).key)) for each in ResultKind]
        choose(self, "result_kind", kinds)
        parents = [(each.code, f"{each.code} {each.text.statement}"[:120]) for each in above]
        choose(self, "result_parent", [("", words("web.result.at-the-top")), *parents])
        markers = [(each, words(f"web.result.gender-{each}")) for each in GENDER_MARKERS]
        choose(self, "result_gender", [("", words("web.result.not-stated")), *markers])
        gone = ("result_kind", "result_code", "result_parent") if row else ("result_why",)
        for name in (*gone, *(() if row else ("result_seen",))):
            del self.fields[name]
        if row is not None:
            self.initial.update(
                result_statement=row.text.statement, result_assumption=row.text.assumption,
                result_risk=row.text.risk, result_gender=row.text.gender_marker,
                result_sdg=", ".join(row.text.sdg_targets), result_seen=row.n,
            )  # fmt: skip

    def said(self) -> NodeText:
        """What was typed."""
        given = self.cleaned_data
        return NodeText(
            given["result_statement"], given["result_assumption"], given["result_risk"],
            given["result_gender"],
            tuple(listed(given["result_sdg"])),
        )  # fmt: skip


class IndicatorForm(RuleForm):
    """An indicator and its rule."""

    act = "indicator"
    result_code = text(20)
    result_title = text(300)
    result_measure = forms.ChoiceField(choices=())
    result_baseline = text(60, required=False)
    result_baseline_on = day()
    result_target = text(60, required=False)
    result_target_on = day()
    result_means = text(500, required=False)
    result_seen = version_read()
    result_why = text(500)
    field_order = (
        "result_code", "result_title", "rule_counts", "rule_times", "rule_span",
        "rule_only_activity_kind", "rule_split",
    )  # fmt: skip

    def __init__(self, *args: Any, stands: tuple[int, IndicatorText] | None, **kwargs: Any) -> None:
        """A new one, or another version of the one that stands, with its number."""
        rule = stands[1].rule if stands else None
        super().__init__(*args, rule=rule, **kwargs)
        measures = [(each, words(f"web.result.measure-{each}")) for each in MEASURES]
        choose(self, "result_measure", measures)
        for name in ("result_code",) if stands else ("result_why", "result_seen"):
            del self.fields[name]
        if stands is not None:
            n, said = stands
            self.initial.update(
                result_title=said.title, result_measure=said.measure,
                result_baseline=said.baseline, result_baseline_on=said.baseline_on,
                result_target=said.target, result_target_on=said.target_on,
                result_means=said.means, result_seen=n,
            )  # fmt: skip

    def said(self, rule: Rule) -> IndicatorText:
        """What was typed, with its rule."""
        given = self.cleaned_data
        return IndicatorText(
            given["result_title"], rule, given["result_measure"], given["result_baseline"],
            given["result_baseline_on"], given["result_target"], given["result_target_on"],
            given["result_means"],
        )  # fmt: skip


@page("results/new/", "node_new", may=OFFICERS, methods=("GET", "POST"))
def node_new(request: HttpRequest) -> HttpResponse:
    """Add an outcome or output."""
    person = person_of(request)
    above = [each for each in framework(person) if not each.is_ended]
    filled = NodeForm.asked(request, above=above, row=None)
    if filled.is_ready:
        given = filled.cleaned_data
        with filled.telling():
            made = acts.add_node(
                by=person, kind=given["result_kind"], code=given["result_code"],
                parent=given["result_parent"], text=filled.said(), position=len(above),
            )  # fmt: skip
            messages.success(request, words("web.result.node-added"))
            return redirect("node", node=made)
    sections = [filled.section("web.result.add-node")]
    return show_wide(request, Phrase("web.result.add-node"), sections, crumbs=way())


@page("results/nodes/<str:node>/", "node", may=OFFICERS, methods=("GET", "POST"),
      sample={"node": "none"})  # fmt: skip
def one_node(request: HttpRequest, node: str) -> HttpResponse:
    """An outcome or output: its indicators, and writing it anew."""
    person = person_of(request)
    row = node_named(person, node)
    filled = NodeForm.asked(request, above=[], row=row)
    if filled.is_ready:
        given = filled.cleaned_data
        with filled.telling():
            acts.change_node(
                by=person, node=row.id, text=filled.said(), seen=given["result_seen"] or 0,
                reason=given["result_why"],
            )  # fmt: skip
            messages.success(request, words("web.result.node-changed"))
            return redirect("node", node=row.id)
    if request.method == "POST" and request.POST.get("do") == EndForm.act:
        acts.end_node(by=person, node=row.id)
        messages.success(request, words("web.result.ended"))
        return redirect("results")
    title = Phrase("web.result.node-short", {"kind": kind_name(row.kind), "code": row.code})
    new = reverse("indicator_new", args=[row.id])
    buttons = [] if row.is_ended else [button(new, "web.result.add-indicator", main=True)]
    inner = [each for each in framework(person) if each.parent == row.code and not each.is_ended]
    sections: list[Section] = [
        *_inside(inner),
        _indicators(row),
        *laid_beside(request, filled, "result_seen"),
        filled.section("web.result.edit-node"),
        EndForm().section("web.result.end-node", text="web.result.end-node-text"),
    ]
    return show_wide(request, title, sections, crumbs=way(), buttons=buttons)


def _inside(rows: list[NodeRow]) -> list[Section]:
    """What stands in it, to be opened."""
    told: list[tuple[Cell, ...]] = [
        (kind_name(each.kind), link(reverse("node", args=[each.id]), each.code),
         each.text.statement)
        for each in rows
    ]  # fmt: skip
    columns = ("result-kind", "result-code", "result-statement")
    return [table("web.result.inside", columns, told)] if told else []


def _indicators(row: NodeRow) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (each.code, link(reverse("indicator", args=[each.id]), each.text.title), str(each.n))
        for each in row.indicators
    ]
    columns = ("result-code", "result-indicator", "result-version>")
    return table("web.result.indicators", columns, rows)


@page("results/nodes/<str:node>/indicator/", "indicator_new", may=OFFICERS,
      methods=("GET", "POST"), sample={"node": "none"})  # fmt: skip
def indicator_new(request: HttpRequest, node: str) -> HttpResponse:
    """Add an indicator to an outcome or output."""
    person = person_of(request)
    row = node_named(person, node)
    filled = IndicatorForm.asked(request, stands=None)
    if filled.is_ready:
        given = filled.cleaned_data
        with filled.telling():
            made = acts.add_indicator(
                by=person, node=row.id, code=given["result_code"],
                text=filled.said(filled.rule()), position=len(row.indicators),
            )  # fmt: skip
            messages.success(request, words("web.result.indicator-added"))
            return redirect("indicator", indicator=made)
    short = Phrase("web.result.node-short", {"kind": kind_name(row.kind), "code": row.code})
    crumbs = way((reverse("node", args=[row.id]), short))
    sections = [filled.section("web.result.add-indicator")]
    return show_wide(request, Phrase("web.result.add-indicator"), sections, crumbs=crumbs)


@page("results/indicators/<str:indicator>/edit/", "indicator_edit", may=OFFICERS,
      methods=("GET", "POST"), sample={"indicator": "none"})  # fmt: skip
def indicator_edit(request: HttpRequest, indicator: str) -> HttpResponse:
    """Write an indicator anew: figures keep the version under which they were counted."""
    person = person_of(request)
    _, row, _ = indicator_versions(person, indicator)
    filled = IndicatorForm.asked(request, stands=(row.n, row.text))
    if filled.is_ready:
        given = filled.cleaned_data
        with filled.telling():
            acts.change_indicator(
                by=person, indicator=row.id, text=filled.said(filled.rule()),
                seen=given["result_seen"] or 0, reason=given["result_why"],
            )  # fmt: skip
            messages.success(request, words("web.result.indicator-changed"))
            return redirect("indicator", indicator=row.id)
    crumbs = way((reverse("indicator", args=[row.id]), row.code))
    there = reverse("indicator", args=[row.id])
    sections: list[Section] = [
        *laid_beside(request, filled, "result_seen"),
        filled.section("web.result.edit-indicator", text="web.result.edit-text"),
        {**EndForm().section("web.result.end", text="web.result.end-text"), "action": there},
    ]
    return show_wide(request, Phrase("web.result.edit-indicator"), sections, crumbs=crumbs)

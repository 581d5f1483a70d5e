"""The costed plan of a round: what is planned, when, for how much, and what is short the most."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.planning.amounts import amount_text
from kancil.assessment.planning.costs import CostLine, Total, quantity_text, totals, uncosted
from kancil.assessment.planning.plan import ItemState, first_unserved
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.plans import PlanRow, plan_of, planned_for, shortfall_of
from kancil.ground.cells import Cell as Outside
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import Span, SpanState, timeline
from kancil.web.acting import show_wide, today
from kancil.web.assessment.figures.figures import abouts
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, chart, empty, folded, link, note, number, table
from kancil.web.csv_files import csv_answer
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

from .gaps import gap_columns, gap_rows, not_answered, with_gaps
from .words import (
    assistance_name,
    cost_cell,
    cost_of,
    decided_cell,
    early_notes,
    ends_on,
    money,
    span_cell,
    state_cell,
)

_ADDRESS = "rounds/<str:round>/plan/"
_FIRST_GAPS = 5
"""How many gaps stand on the plan's page; all of them are pages of their own."""


@page(_ADDRESS, "plan", may=READING, of="round", menu="round", order=70)
def plan(request: HttpRequest, sight: Sight) -> HttpResponse:
    """The plan as a table, its sums, and the gaps that come first."""
    rows = plan_of(sight, today())
    new = reverse("item_new", args=[sight.round])
    buttons = [button(new, "web.plan.add", main=True)] if sight.writes_plan else []
    sections: list[Section] = []
    if not sight.is_open:
        sections.append(note("info", "web.plan.is-closed"))
    if rows:
        buttons.append(button(reverse("plan_csv", args=[sight.round]), "web.plan.csv"))
        titles = {row.id: row.title for row in rows}
        sections += [
            *early_notes(rows, titles),
            _items(sight, rows),
            _timeline(sight, rows),
            *_sums(rows),
        ]
    else:
        sections.append(empty("web.plan.none", url=new if sight.writes_plan else ""))
    sections += _gaps(sight, is_folded=bool(rows))
    title = Phrase("web.plan.title")
    return show_wide(request, title, sections, crumbs=way(sight), buttons=buttons)


def _items(sight: Sight, rows: list[PlanRow]) -> Section:
    told: list[tuple[Cell, ...]] = [
        (
            str(place),
            link(reverse("item", args=[sight.round, row.id]), row.title),
            row.output or assistance_name(protocol_in(sight, row.protocol), row),
            state_cell(row),
            row.owner,
            row.donor or Phrase("web.plan.no-donor"),
            span_cell(row),
            cost_cell(row),
        )
        for place, row in enumerate(rows, start=1)
    ]
    columns = (
        "plan-place>", "plan-item", "plan-delivers", "state", "plan-owner", "plan-donor",
        "plan-when>", "plan-cost>",
    )  # fmt: skip
    return table("web.plan.items", columns, told)


def _timeline(sight: Sight, rows: list[PlanRow]) -> Section:
    """Draw the items in time; the table of the plan has the same days."""
    spans = [
        Span(
            row.id,
            row.title,
            row.begins_on,
            row.months,
            SpanState(row.state.value),
            row.depends_on,
            reverse("item", args=[sight.round, row.id]),
        )
        for row in rows
    ]
    title, desc = words("web.plan.timeline"), words("web.plan.timeline-desc")
    wide, small = abouts("timeline", title, desc, 940)
    return chart(
        "web.plan.timeline", timeline(spans, today(), wide), timeline(spans, today(), small)
    )


def _sums(rows: list[PlanRow]) -> list[Section]:
    """Show sums by currency, and by donor; what no sum tells of is said."""
    costs = [cost_of(row) for row in rows]
    found: list[Section] = []
    missing = uncosted(costs)
    if missing:
        found.append(note("warn", "web.plan.some-uncosted", count=missing))
    by_donor = totals(costs, by_donor=True)
    without = {each.currency: each.all_minor for each in by_donor if not each.donor}
    by_currency: list[tuple[Cell, ...]] = [
        (*_sum_cells(each.currency, each), money(without.get(each.currency, 0), each.currency))
        for each in totals(costs)
    ]
    if not by_currency:
        return found
    columns = ("plan-currency", *_SUMS, "plan-without-donor>")
    found.append(table("web.plan.by-currency", columns, by_currency))
    donors: list[tuple[Cell, ...]] = [
        _sum_cells(each.donor or Phrase("web.plan.no-donor"), each) for each in by_donor
    ]
    found.append(folded("web.plan.by-donor", ("plan-donor", *_SUMS), donors))
    return found


_SUMS = ("plan-items>", "plan-sum>", "plan-approved>", "plan-proposed>", "plan-held>")


def _sum_cells(first: Cell, each: Total) -> tuple[Cell, ...]:
    parts = (each.all_minor, each.approved_minor, each.proposed_minor, each.held_minor)
    return (first, number(each.items), *(money(one, each.currency) for one in parts))


def _gaps(sight: Sight, *, is_folded: bool) -> list[Section]:
    """Show the first gaps of the first protocol, and where all gaps of each are.

    `is_folded`: the plan itself stands above, and is what the page is about.
    """
    asked = with_gaps(sight)
    if not asked:
        return [note("info", "web.plan.no-protocol")]
    first = asked[0]
    planned = planned_for(sight, first.name)
    short, unanswered = shortfall_of(sight, first.name)
    rows = gap_rows(sight, first, short[:_FIRST_GAPS], planned)
    above: list[Section] = []
    if unserved := first_unserved(short, planned):
        names = "; ".join(said(first.indicators[each].question) for each in unserved)
        above.append(note("warn", "web.gap.first-unserved", names=names))
    one = table("web.plan.first-gaps", gap_columns(sight), rows)
    there: list[tuple[Cell, ...]] = [
        (link(reverse("gaps", args=[sight.round, each.name]), said(each.title)), each.version)
        for each in asked
    ]
    all_of_them = table("web.plan.all-gaps", ("title", "version"), there)
    parts = [*([one] if rows else []), *not_answered(unanswered), all_of_them]
    if not is_folded:
        return [*above, *parts]
    heading = Phrase("web.plan.gaps-folded", {"short": len(short), "open": len(unanswered)})
    return [*above, {"kind": "folds", "heading": heading, "text": None, "parts": parts}]


@page(f"{_ADDRESS}plan.csv", "plan_csv", may=READING, of="round")
def plan_csv(_request: HttpRequest, sight: Sight) -> HttpResponse:
    """The plan as a table for a spreadsheet, in which no text is run as a formula."""
    rows = plan_of(sight, today())
    titles = {row.id: row.title for row in rows}
    return csv_answer(
        f"plan-{sight.country}",
        [words(f"web.column.{name}") for name in _CSV],
        [_csv_row(sight, place, row, titles) for place, row in enumerate(rows, start=1)],
    )


_CSV = (
    "plan-place", "plan-item", "plan-indicators", "plan-assistance", "state", "plan-owner",
    "plan-partner", "plan-donor", "plan-begins", "plan-ends", "plan-months", "plan-currency",
    "plan-cost", "plan-cost-basis", "plan-lines", "plan-output", "plan-result", "plan-impact",
    "plan-success", "plan-to-forces", "plan-depends", "plan-not-forces", "plan-decided",
)  # fmt: skip


def _csv_row(sight: Sight, place: int, row: PlanRow, titles: dict[str, str]) -> list[Outside]:
    end = ends_on(row)
    texts = {
        "plan-item": row.title,
        "plan-indicators": ", ".join(row.indicators),
        "plan-assistance": assistance_name(protocol_in(sight, row.protocol), row),
        "state": words(f"web.plan-state-{row.state.value}"),
        "plan-owner": row.owner,
        "plan-partner": row.partner,
        "plan-donor": row.donor,
        "plan-begins": row.begins_on.isoformat() if row.begins_on else "",
        "plan-ends": (end - timedelta(days=1)).isoformat() if end else "",
        "plan-currency": row.currency,
        "plan-cost-basis": row.cost_basis,
        "plan-lines": "; ".join(_line(each) for each in row.lines),
        "plan-output": row.output,
        "plan-result": row.outcome,
        "plan-impact": row.impact,
        "plan-success": row.success,
        "plan-to-forces": words("web.plan.yes" if row.to_security_forces else "web.plan.no"),
        "plan-not-forces": row.not_forces_reason,
        "plan-decided": _decided(row),
        "plan-depends": "; ".join(titles.get(each, each) for each in row.depends_on),
    }
    cost = row.cost_minor
    numbers: dict[str, Outside] = {
        "plan-place": place,
        "plan-months": row.months,
        "plan-cost": None if cost is None else f"{cost // 100}.{cost % 100:02d}",
    }
    return [numbers[name] if name in numbers else texts[name] for name in _CSV]


def _line(each: CostLine) -> str:
    many = quantity_text(each.quantity)
    return f"{each.what}: {many} × {amount_text(each.rate_minor)} / {each.unit}"


def _decided(row: PlanRow) -> str:
    cell = decided_cell(row) if row.state is not ItemState.PROPOSED else None
    return words(cell.key, **cell.params) if isinstance(cell, Phrase) else ""

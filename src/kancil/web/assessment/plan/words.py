"""How the plan is said: money, time, states, and what stands in an item's way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from kancil.assessment.planning.amounts import hundredths
from kancil.assessment.planning.costs import Cost
from kancil.assessment.planning.plan import ItemState
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.queries.plans import PlanRow
from kancil.desk.base.opening import day_of
from kancil.ground.days import months_after
from kancil.ground.money import money_text
from kancil.ground.phrase import Phrase
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, note, tag
from kancil.web.parts import Cell
from kancil.web.parts import Kind as Sort

_STATES: dict[ItemState, Sort] = {
    ItemState.PROPOSED: "service",
    ItemState.APPROVED: "intact",
    ItemState.REJECTED: "danger",
    ItemState.DONE: "intact",
}


def money(minor: int, currency: str) -> str:
    """Write an amount of hundredths with its currency."""
    return money_text(currency, hundredths(minor))


def cost_cell(row: PlanRow) -> Cell:
    """What an item costs, or that nobody costed it."""
    if row.cost_minor is None:
        return tag("unknown", "web.plan.uncosted")
    return money(row.cost_minor, row.currency)


def cost_of(row: PlanRow) -> Cost:
    """What the sums need of an item."""
    return Cost(row.state, row.donor, row.currency, row.cost_minor, bool(row.obstacles))


def state_cell(row: PlanRow) -> Cell:
    """Where an item stands, and whether something is in its way."""
    if row.obstacles and row.state is ItemState.PROPOSED:
        return tag("warn", "web.plan.blocked")
    if row.obstacles and row.state is ItemState.APPROVED:
        return tag("danger", "web.plan.approved-blocked")
    return tag(_STATES[row.state], f"web.plan-state-{row.state.value}")


def decided_cell(row: PlanRow) -> Cell:
    """Who approved, rejected or finished an item, for whom, and when."""
    if row.decided_at is None:
        return Phrase("web.plan.decided-unrecorded")
    on = day_of(row.decided_at).isoformat()
    state = row.state.value
    if not row.decided_by:
        return Phrase(f"web.plan.decided-{state}", {"on": on})
    side = "country" if row.decided_for_country else "programme"
    return Phrase(f"web.plan.decided-{state}-{side}", {"on": on, "by": row.decided_by})


def early_notes(rows: Iterable[PlanRow], titles: Mapping[str, str]) -> list[Section]:
    """Which items begin before what they depend on is over; `titles`: of all, by id."""
    return [
        note("warn", "web.plan.too-early", item=row.title, needed="; ".join(
            titles[id] for id in row.too_early_for
        ))
        for row in rows
        if row.too_early_for
    ]  # fmt: skip


def ends_on(row: PlanRow) -> date | None:
    """The day on which an item is over; None: it has no beginning yet."""
    return months_after(row.begins_on, row.months) if row.begins_on else None


def span_cell(row: PlanRow) -> Cell:
    """When an item begins and how long it takes."""
    if row.begins_on is None:
        return Phrase("web.plan.no-day", {"months": row.months})
    said_day = row.begins_on.isoformat()
    return Phrase("web.plan.from-day", {"day": said_day, "months": row.months})


def assistance_name(protocol: Protocol, row: PlanRow) -> str:
    """Name the type of assistance of an item."""
    kind = protocol.assistance.get(row.assistance)
    return said(kind.title) if kind else row.assistance


def obstacles(sight: Sight, row: PlanRow, titles: dict[str, str]) -> list[dict[str, Any]]:
    """List what keeps an item from being approved, each with where that can be mended.

    `titles`: of all items, by id.
    """
    needed = {titles[id]: id for id in row.depends_on if id in titles}
    found = []
    for each in row.obstacles:
        url = ""
        if each.key.startswith(("why.plan-no-due", "why.plan-due", "why.plan-forces")):
            url = "#diligence"
        elif each.key == "why.plan-depends" and str(each.params["item"]) in needed:
            url = reverse("item", args=[sight.round, needed[str(each.params["item"])]])
        elif each.key.startswith("why.plan-intrusive"):
            url = reverse("gaps", args=[sight.round, row.protocol])
        found.append({"text": each, "url": url})
    return found

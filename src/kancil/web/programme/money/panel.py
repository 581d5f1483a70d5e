"""What an activity costs, on its own page: budget and spending by grant."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.money.budgets import budget_of_activity
from kancil.desk.programme.money.costs import costs_of
from kancil.ground.days import span
from kancil.programme.money.amount import Money
from kancil.web.cells import Section, link, note, table
from kancil.web.parts import Cell
from kancil.web.programme.activities.panels import panel

from .words import class_name, money, percent, summed


@panel(70)
def money_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """Budget and spending of an activity; nothing for whoever sees no money."""
    if not sight.sees_money:
        return []
    costs, budget = costs_of(sight.activity), budget_of_activity(sight)
    found: list[Section] = []
    if costs.grants:
        rows: list[tuple[Cell, ...]] = [
            (
                link(reverse("grant", kwargs={"grant": each.grant}), each.reference),
                each.donor,
                percent(each.share_bp),
                money(Money(each.spent.currency, each.budgeted_minor)),
                summed(each.spent),
            )
            for each in costs.grants
        ]
        columns = (
            "money-grant", "money-donor", "money-share>", "money-budgeted>", "money-spent>",
        )  # fmt: skip
        found.append(table("web.money.costs", columns, rows))
    if costs.unassigned:
        left = ", ".join(money(each) for each in costs.unassigned)
        found.append(note("warn", "web.money.unassigned", amount=left, url=reverse("spending")))
    own = [each for each in budget if each.grant is None]
    if own:
        lines: list[tuple[Cell, ...]] = [
            (
                class_name(each.budget_class),
                each.what or "–",
                span(each.period_from, each.period_to),
                money(each.money),
            )
            for each in own
        ]
        of_line = ("money-class", "money-what", "money-period", "amount>")
        found.append(table("web.money.no-grant-budget", of_line, lines))
    return found

"""Budgets as they hold, and their history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from kancil.desk.programme.access import ActivitySight, GrantSight
from kancil.desk.programme.models import BudgetLine
from kancil.programme.money.amount import Money


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One line of a budget."""

    id: int
    grant: str | None
    """Reference."""
    activity: str | None
    """Code."""
    activity_id: str | None
    budget_class: str
    what: str
    money: Money
    period_from: date
    period_to: date
    is_replaced: bool
    by: str


def budget_of_grant(sight: GrantSight, *, with_history: bool = False) -> list[BudgetRow]:
    """The lines of a grant's budget; `with_history`: also those that were replaced."""
    return _rows(with_history, grant=sight.grant)


def budget_of_activity(sight: ActivitySight) -> list[BudgetRow]:
    """The lines of an activity's budget, of every grant or of none; empty where not seen."""
    return _rows(False, activity=sight.activity) if sight.sees_money else []


def budgeted(grants: Collection[str]) -> dict[str, int]:
    """What is budgeted of each grant, in its currency."""
    found = BudgetLine.objects.filter(grant__in=grants, replaced_at=None).order_by()
    return dict(found.values_list("grant_id").annotate(sum=Sum("amount_minor")))


def _rows(with_history: bool, **about: str) -> list[BudgetRow]:
    found = BudgetLine.objects.filter(**about).select_related("grant", "activity", "by")
    if not with_history:
        found = found.filter(replaced_at=None)
    return [
        BudgetRow(
            row.pk,
            row.grant.reference if row.grant else None,
            row.activity.code if row.activity else None,
            row.activity_id,
            row.budget_class,
            row.what,
            Money(row.currency, row.amount_minor),
            row.period_from,
            row.period_to,
            row.replaced_at is not None,
            row.by.name,
        )
        for row in found
    ]

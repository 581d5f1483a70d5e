"""The money of a grant in a period, as a donor report says it; `costs` and `grants` count it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from django.db.models import Sum

from kancil.desk.programme.models import BudgetLine, Grant, Receipt
from kancil.desk.programme.money.costs import spent_of
from kancil.desk.programme.money.rates import rates_for
from kancil.desk.programme.money.standing import reconciled_grant
from kancil.programme.donor_report import ClassLine, Finance, Period, RateUsed
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import TableName, Total
from kancil.programme.money.reconcile import support_due
from kancil.programme.money.shares import by_days
from kancil.programme.money.terms import Period as Days
from kancil.programme.vocabulary import BudgetClass

_FIRST_DAY = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """What a grant's money in a period comes to."""

    finance: Finance
    costs: Mapping[str, int]
    """By id of the activity, in the grant's smallest unit."""


def money_of(grant: Grant, period: Period) -> GrantMoney:
    """The grant's finance in a period, and what each activity cost it."""
    currency = grant.currency
    days = Days(period.begins_on, period.ends_on)
    spent = spent_of(grant.id, days)
    by_class = {name: _own(each) for name, each in spent.by_class.items()}
    before = spent_of(grant.id, Days(_FIRST_DAY, period.begins_on - timedelta(days=1)))
    budget, beyond = _budget(grant, period)
    charged = by_class.get(BudgetClass.SUPPORT.value, 0)
    received = Receipt.objects.filter(grant=grant, received_on__lte=period.ends_on)
    judged = reconciled_grant(grant.id, days)
    unconverted = [each for each in spent.by_class.values() if each.minor is None]
    finance = Finance(
        currency=currency,
        received_minor=received.aggregate(n=Sum("amount_minor"))["n"] or 0,
        spent_before_minor=sum(_own(each) for each in before.by_class.values()),
        lines=tuple(
            ClassLine(each, budget.get(each.value, 0), by_class.get(each.value, 0))
            for each in BudgetClass
            if each.value in budget or each.value in by_class
        ),
        support_bp=grant.support_bp,
        support_due_minor=support_due(sum(by_class.values()) - charged, grant.support_bp),
        support_charged_minor=charged,
        is_reconciled=judged.is_reconciled,
        reasons=judged.open_ones,
        remarks=judged.remarks,
        rates=tuple(_rates(spent.whole, currency)),
        apart=tuple(_apart(unconverted, currency)),
        lines_by_days=beyond,
    )
    costs = {each: _own(total) for each, total in spent.by_activity.items() if each}
    return GrantMoney(finance, costs)


def _own(total: Total) -> int:
    """A sum; where a rate is missing, what of it is in its own currency."""
    if total.minor is not None:
        return total.minor
    return sum(each.minor for each in total.parts if each.currency == total.currency)


def _apart(totals: Collection[Total], currency: str) -> Iterator[Money]:
    """What is in no sum, by currency."""
    sums: dict[str, int] = {}
    for each in chain.from_iterable(one.parts for one in totals):
        if each.currency != currency:
            sums[each.currency] = sums.get(each.currency, 0) + each.minor
    for name, minor in sorted(sums.items()):
        yield Money(name, minor)


def _rates(total: Total, currency: str) -> Iterator[RateUsed]:
    """The rates that a sum was made with, as their tables have them."""
    named = sorted({currency, *(each.currency for each in total.parts)})
    tables = {each.name: each for each in rates_for(named).tables}
    used: Collection[TableName] = total.tables
    for name in used:
        found = [(each, tables[name].rate(each)) for each in named if each != name.base]
        said = [f"{rate} {each}" for each, rate in found if rate is not None]
        if said:
            yield RateUsed(" = ".join([f"1 {name.base}", *said]), name.source, name.valid_from)


def _budget(grant: Grant, period: Period) -> tuple[dict[str, int], int]:
    """The budget of a period by class, and how many lines run beyond it, which count by days."""
    rows = BudgetLine.objects.filter(
        grant=grant, currency=grant.currency, replaced_at=None,
        period_from__lte=period.ends_on, period_to__gte=period.begins_on,
    )  # fmt: skip
    found: dict[str, int] = {}
    beyond = 0
    for row in rows:
        line = Days(row.period_from, row.period_to)
        within = by_days(row.amount_minor, line, Days(period.begins_on, period.ends_on))
        found[row.budget_class] = found.get(row.budget_class, 0) + within
        beyond += line.begins_on < period.begins_on or line.ends_on > period.ends_on
    return found, beyond

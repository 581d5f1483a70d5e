"""Budgets and spending as elements of IATI; how spending is summed, `expenditure` says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from kancil.ground.words import spoken
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import BudgetClass
from kancil.records.described import named

from .activity import Budget, Texts, Transaction, Value
from .facts import Budgeted, Spent
from .wording import said


def value(money: Money, on: date) -> Value:
    """An amount on a day."""
    return Value(money.currency, on, money.amount)


def budgets(listed: Iterable[Budgeted], status: str) -> tuple[Budget, ...]:
    """Of periods of at most a year; a longer one is not published (rule 7.5.3)."""
    return tuple(
        Budget("2" if each.is_revised else "1", status, each.begins, each.ends,
               value(each.money, each.begins))
        for each in listed
        if each.begins <= each.ends <= each.begins + timedelta(days=365)
    )  # fmt: skip


def expenditure(listed: Iterable[Spent], today: date) -> Iterator[Transaction]:
    """Spending by month and class, no line of the ledger alone.

    A class of one line in a month stands with the others of that month, without its name; a month
    of one line with the next one of its year. One line in a year is the sum of that year.
    """
    years: dict[tuple[str, int], list[Spent]] = defaultdict(list)
    for each in sorted(listed, key=lambda one: (one.money.currency, one.month)):
        if each.month <= today:
            years[(each.money.currency, each.month.year)].append(each)
    for (currency, _), of_year in sorted(years.items(), key=lambda item: item[0]):
        for month, sums in _months(of_year):
            last = min(today, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1))
            for name, minor in sums.items():
                if minor:
                    yield Transaction(
                        type="4",
                        day=last,
                        value=value(Money(currency, minor), last),
                        description=_spent_on(name, spoken()),
                    )


def _months(of_year: Sequence[Spent]) -> Iterator[tuple[date, dict[str, int]]]:
    """Sums by class of each month that has more than one line, with those that had one before it.

    Without a class: of those with one line. What is left at the year's end goes to December.
    """
    sums: dict[str, int] = {}
    lines = 0
    for month, some in groupby(of_year, key=lambda each: each.month):
        for each in some:
            name = each.budget_class.value if each.lines > 1 else ""
            sums[name] = sums.get(name, 0) + each.money.minor
            lines += each.lines
        if lines > 1:
            yield month, sums
            sums, lines = {}, 0
    if sums:
        yield of_year[-1].month.replace(month=12), sums


@cache
def _spent_on(budget_class: str, _language: str) -> Texts:
    if not budget_class:
        return said("programme.iati-spent-other")
    return said("programme.iati-spent", budget_class=named(BudgetClass(budget_class)))

"""Dated rates of exchange, and sums in one currency of what was spent in several.

A rate is taken from the newest table that was valid on the day and lists both currencies, as the
UN operational rates of exchange are used: a table holds until the next one, and here
for a quarter of a year at most. Both currencies come from one table, so that no cross rate is made
of two days. Where there is none nothing is guessed: the sum has no value, and its parts stay.
Rounding is to the even one of two halves (IEEE 754, round half to even), once, at the end.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from kancil.programme.errors import RateMissing, RateNotUsable

from .amount import Money, digits_of
from .shares import rounded_together

MOST_DAYS = 92
"""So long after its day a table is still taken."""
_RATE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,24})?", re.ASCII)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    """Which table a rate was taken from."""

    valid_from: date
    source: str
    base: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """A published table of rates."""

    source: str
    base: str
    valid_from: date
    per_base: Mapping[str, Decimal] = field(hash=False)
    """How many units of each currency one unit of the base is."""

    @property
    def name(self) -> TableName:
        """By what it is told of."""
        return TableName(self.valid_from, self.source, self.base)

    def rate(self, currency: str) -> Decimal | None:
        """Units of a currency for one of the base."""
        return Decimal(1) if currency == self.base else self.per_base.get(currency)


def read_rate(text: str) -> Decimal:
    """A rate as it is typed or printed, such as `1.527`; raises RateNotUsable."""
    if _RATE.fullmatch(text.strip()) is None or not Decimal(text.strip()):
        raise RateNotUsable(written=text[:40])
    return Decimal(text.strip())


@dataclass(frozen=True, slots=True)
class Factor:
    """What the smallest unit of one currency is worth in that of another, and by which table."""

    value: Fraction
    table: TableName | None
    """None: it is the same currency."""
    number: int
    """Of the table, as they stand."""


_SAME = Factor(Fraction(1), None, -1)


@dataclass(frozen=True, slots=True)
class Rates:
    """The tables there are."""

    tables: Sequence[RateTable]
    """The newest first; of several of one day the first stands."""
    _known: dict[tuple[str, str, date], Factor | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    def factor(self, currency: str, to: str, on: date) -> Factor | None:
        """The rate of a day; None: there is none."""
        if currency == to:
            return _SAME
        asked = (currency, to, on)
        if asked not in self._known:
            self._known[asked] = self._look_up(currency, to, on)
        return self._known[asked]

    def _look_up(self, currency: str, to: str, on: date) -> Factor | None:
        for number, each in enumerate(self.tables):
            if each.valid_from > on or on - each.valid_from > timedelta(days=MOST_DAYS):
                continue
            here, there = each.rate(currency), each.rate(to)
            if here is not None and there is not None:
                shift = Fraction(10) ** (digits_of(to) - digits_of(currency))
                return Factor(Fraction(there) / Fraction(here) * shift, each.name, number)
        return None

    def convert(self, money: Money, to: str, on: date) -> Money:
        """An amount in another currency, rounded to its smallest unit; raises RateMissing."""
        found = self.factor(money.currency, to, on)
        if found is None:
            raise RateMissing(currency=money.currency, to=to, on=on.isoformat())
        return Money(to, round(money.minor * found.value))


NO_RATES = Rates(())


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A rate that there is not."""

    currency: str
    to: str
    on: str
    """The first such day, ISO."""


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in one currency, with what it is made of."""

    currency: str
    minor: int | None
    """None: a rate is missing, so there is no sum."""
    parts: tuple[Money, ...] = ()
    """Exact, one a currency, as the ledger has them."""
    missing: tuple[MissingRate, ...] = ()
    """One a currency."""
    tables: tuple[TableName, ...] = ()
    """Those whose rates were used."""

    @property
    def money(self) -> Money | None:
        """The sum, where there is one."""
        return None if self.minor is None else Money(self.currency, self.minor)


@dataclass(frozen=True, slots=True)
class Totals(Generic[Key]):
    """A sum, and the same split; the parts make the whole to the smallest unit."""

    whole: Total
    by: Mapping[Key, Total] = field(hash=False)


def totals(
    rows: Iterable[tuple[Key, Money, date]], currency: str, rates: Rates = NO_RATES
) -> Totals[Key]:
    """Sum dated amounts in one currency, in all and by key."""
    sums: dict[Key, _Sum] = {}
    for key, money, on in rows:
        sums.setdefault(key, _Sum()).add(money, currency, on, rates)
    whole = _Sum()
    for each in sums.values():
        whole.join(each)
    complete = {key: each.exact for key, each in sums.items() if not each.missing}
    together = rounded_together(complete)
    return Totals(
        whole.total(currency, round(whole.exact)),
        {key: each.total(currency, together.get(key, 0)) for key, each in sums.items()},
    )


@dataclass(slots=True)
class _Sum:
    """Whole numbers by the rate that they are multiplied with in the end: exact, and quick."""

    by_rate: dict[tuple[str, int], int] = field(default_factory=dict)
    """Sum by currency and number of the table."""
    factors: dict[tuple[str, int], Factor] = field(default_factory=dict)
    missing: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By currency: the first day without a rate, and what it concerns."""

    def add(self, money: Money, to: str, on: date, rates: Rates) -> None:
        found = rates.factor(money.currency, to, on)
        if found is None:
            self._miss(money.currency, on.isoformat(), money.minor)
        else:
            self._count((money.currency, found.number), found, money.minor)

    def _count(self, key: tuple[str, int], factor: Factor, minor: int) -> None:
        if key not in self.factors:
            self.factors[key], self.by_rate[key] = factor, 0
        self.by_rate[key] += minor

    def _miss(self, currency: str, on: str, minor: int) -> None:
        first, known = self.missing.get(currency, (on, 0))
        self.missing[currency] = (min(first, on), known + minor)

    def join(self, other: _Sum) -> None:
        for key, minor in other.by_rate.items():
            self._count(key, other.factors[key], minor)
        for currency, (on, minor) in other.missing.items():
            self._miss(currency, on, minor)

    @property
    def exact(self) -> Fraction:
        found = (minor * self.factors[key].value for key, minor in self.by_rate.items())
        return sum(found, Fraction(0))

    def total(self, currency: str, minor: int) -> Total:
        parts = {each: known for each, (_, known) in self.missing.items()}
        for (each, _), known in self.by_rate.items():
            parts[each] = parts.get(each, 0) + known
        return Total(
            currency,
            None if self.missing else minor,
            tuple(Money(each, parts[each]) for each in sorted(parts)),
            tuple(
                MissingRate(each, currency, self.missing[each][0]) for each in sorted(self.missing)
            ),
            tuple(sorted({each.table for each in self.factors.values() if each.table})),
        )

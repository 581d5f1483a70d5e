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
class Rates:
    """The tables there are."""

    tables: Sequence[RateTable]
    """The newest first; of several of one day the first stands."""

    def table_for(self, currency: str, to: str, on: date) -> RateTable | None:
        """The table that a rate of a day is taken from, if there is one."""
        for each in self.tables:
            if each.valid_from > on or on - each.valid_from > timedelta(days=MOST_DAYS):
                continue
            if each.rate(currency) is not None and each.rate(to) is not None:
                return each
        return None

    def exact(self, money: Money, to: str, on: date) -> tuple[Fraction | None, RateTable | None]:
        """An amount in the smallest unit of another currency, not rounded, and the table used.

        None: there is no rate.
        """
        if money.currency == to:
            return Fraction(money.minor), None
        table = self.table_for(money.currency, to, on)
        here = table.rate(money.currency) if table else None
        there = table.rate(to) if table else None
        if here is None or there is None:
            return None, None
        shift = Fraction(10) ** (digits_of(to) - digits_of(money.currency))
        return money.minor * Fraction(there) / Fraction(here) * shift, table

    def convert(self, money: Money, to: str, on: date) -> Money:
        """An amount in another currency, rounded to its smallest unit; raises RateMissing."""
        exact, _ = self.exact(money, to, on)
        if exact is None:
            raise RateMissing(currency=money.currency, to=to, on=on.isoformat())
        return Money(to, round(exact))


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
    exact: Fraction = Fraction(0)
    parts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, MissingRate] = field(default_factory=dict)
    tables: set[TableName] = field(default_factory=set)

    def add(self, money: Money, to: str, on: date, rates: Rates) -> None:
        self.parts[money.currency] = self.parts.get(money.currency, 0) + money.minor
        value, table = rates.exact(money, to, on)
        if value is None:
            self._miss(MissingRate(money.currency, to, on.isoformat()))
            return
        self.exact += value
        if table is not None:
            self.tables.add(table.name)

    def join(self, other: _Sum) -> None:
        self.exact += other.exact
        for currency, minor in other.parts.items():
            self.parts[currency] = self.parts.get(currency, 0) + minor
        for missing in other.missing.values():
            self._miss(missing)
        self.tables |= other.tables

    def _miss(self, found: MissingRate) -> None:
        known = self.missing.get(found.currency)
        if known is None or found.on < known.on:
            self.missing[found.currency] = found

    def total(self, currency: str, minor: int) -> Total:
        parts = tuple(Money(each, self.parts[each]) for each in sorted(self.parts))
        return Total(
            currency,
            None if self.missing else minor,
            parts,
            tuple(self.missing[each] for each in sorted(self.missing)),
            tuple(sorted(self.tables)),
        )

"""Prices: what a source says an asset was worth, and the value of an amount by such a row.

A row answers for its own span of time (a day, an hour) and for no other: nothing is interpolated,
carried forward, or reached through a third currency. Where no row answers, the answer is *no price*
with the reason; where sources differ, nobody here chooses between them.

Rounding: half to even, to the minor unit of ISO 4217 (`asset.MINOR_UNITS`); the exact product is
kept beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact

from .asset import MINOR_UNITS

_EXACT = Context(prec=200, traps=[Inexact])
"""Amounts and prices have at most 60 digits each (`evidence.tables.amount`): products are exact."""
NO_PRICE = "no-price"
NONE_THEN = "none-then"
SOURCES_DIFFER = "sources-differ"


@dataclass(frozen=True, slots=True)
class Price:
    """One row of a price table."""

    asset: str
    currency: str
    """ISO 4217 code, or another asset's symbol."""
    price: Decimal
    """Of one unit of the asset."""
    start: datetime
    """First moment for which the row answers, aware UTC."""
    end: datetime
    """First moment for which it no longer does."""
    dated: str
    """Date or time as the table has it."""
    source: str
    licence: str
    fetched_on: str | None
    """Day on which the officer got the table, `YYYY-MM-DD`."""
    file_sha256: str
    place: str
    """Where in the file: `line 12`."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The value of an amount, and the row that says so."""

    exact: Decimal
    rounded: Decimal | None
    """To the currency's minor unit; None for what is no currency of ISO 4217."""
    row: Price

    @property
    def shown(self) -> Decimal:
        """The rounded value, or the exact one where no rounding is known."""
        return self.exact if self.rounded is None else self.rounded


@dataclass(frozen=True, slots=True)
class NotValued:
    """Why there is no value; words are `note.price-<reason>`."""

    reason: str
    """`no-price` (none of this asset in this currency), `none-then`, or `sources-differ`."""
    rows: tuple[Price, ...] = ()
    """The rows that differ."""


class PriceBook:
    """Rows of all tables, found by asset, currency and moment."""

    def __init__(self, rows: Iterable[Price]) -> None:
        """Take rows in any order; where several answer alike, the first given is named."""
        self._rows: dict[tuple[str, str], list[Price]] = {}
        for row in rows:
            self._rows.setdefault((row.asset, row.currency), []).append(row)
        self._starts: dict[tuple[str, str], list[datetime]] = {}
        self._longest: dict[tuple[str, str], timedelta] = {}
        for key, group in self._rows.items():
            group.sort(key=lambda row: row.start)
            self._starts[key] = [row.start for row in group]
            self._longest[key] = max(row.end - row.start for row in group)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Assets and the currencies in which they are priced, sorted."""
        return tuple(sorted(self._rows))

    def rows_of(self, asset: str, currency: str) -> tuple[Price, ...]:
        """All rows of an asset in a currency, the earliest start first."""
        return tuple(self._rows.get((asset, currency), ()))

    def answering(self, asset: str, when: datetime, currency: str) -> list[Price]:
        """The rows that answer for a moment, the earliest start first."""
        key = (asset, currency)
        if key not in self._rows:
            return []
        starts = self._starts[key]
        first = bisect_right(starts, when - self._longest[key])
        return [
            row for row in self._rows[key][first : bisect_right(starts, when)] if row.end > when
        ]


def value_at(
    prices: PriceBook, asset: str, when: datetime, currency: str, amount: Decimal = Decimal(1)
) -> Valued | NotValued:
    """Value an amount of an asset at a moment (aware UTC), in a currency.

    Where several rows answer and say the same, the first is named; where they differ, none is
    taken.
    """
    rows = prices.answering(asset, when, currency)
    if not rows:
        return NotValued(NONE_THEN if (asset, currency) in prices.pairs else NO_PRICE)
    if len({row.price for row in rows}) > 1:
        return NotValued(SOURCES_DIFFER, tuple(rows))
    exact = _EXACT.multiply(amount, rows[0].price)
    return Valued(exact, rounded(exact, currency), rows[0])


def rounded(value: Decimal, currency: str) -> Decimal | None:
    """Round half to even to a currency's minor unit; None for no currency of ISO 4217."""
    digits = MINOR_UNITS.get(currency)
    if digits is None:
        return None
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, Context(prec=200))

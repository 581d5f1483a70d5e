"""What an amount was worth at a block's time, as imported price tables say; else *no price*.

From satoshi and a block's time to values, each with the row that says so. The time is the miner's
claim, up to about two hours off, so the row of the day beside may be the right one: whoever shows a
value shows its source and date too. Where sources differ, none is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.ground.words import harmless, render
from kancil.records.price import NotValued, PriceBook, Valued, value_at

ASSET = "BTC"
SAT_DIGITS = 8
MOST_CURRENCIES = 3
"""Currencies in which one amount is valued; the tables may know more."""
_FIRST = ("USD",)


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of an amount in one currency, or why there is none, in words."""

    value: str
    """`1 234.50 USD`, two values where an amount has two bounds, or *no price*."""
    about: str
    """Source and date of the row, or the reason why there is no value."""
    is_known: bool

    @property
    def text(self) -> str:
        """The value with what it is about, on one line."""
        return f"{self.value} ({self.about})" if self.about else self.value


@dataclass(frozen=True, slots=True)
class Worth:
    """Prices ready to be asked, in the currencies in which they are shown."""

    currencies: tuple[str, ...]
    state: tuple[str, ...]
    """Ids of the tables that it knows, by which kept answers are told apart."""
    book: PriceBook = field(compare=False)
    reason: str = "no-table"
    """Why there is no currency: words are `note.worth-<reason>`."""
    left: tuple[str, ...] = ()
    """Currencies for which there is no room; whoever shows values names them."""

    def at(
        self, lower_sat: int | None, upper_sat: int | None, moment: datetime | None
    ) -> tuple[Answer, ...]:
        """Value an amount between two bounds at a moment (aware UTC), in each currency."""
        if not self.currencies:
            return (_none(self.reason),)
        if lower_sat is None or upper_sat is None:
            return (_none("amount-unknown"),)
        if moment is None:
            return (_none("no-time"),)
        return tuple(
            self._in(currency, lower_sat, upper_sat, moment) for currency in self.currencies
        )

    def _in(self, currency: str, lower_sat: int, upper_sat: int, moment: datetime) -> Answer:
        lower = value_at(self.book, ASSET, moment, currency, _btc(lower_sat))
        upper = value_at(self.book, ASSET, moment, currency, _btc(upper_sat))
        if isinstance(lower, NotValued) or isinstance(upper, NotValued):
            found = lower if isinstance(lower, NotValued) else upper
            return _not_valued(currency, found)
        value = _money(lower)
        if lower_sat != upper_sat and upper_sat >= MAX_MONEY_SAT:
            value = render("note.worth-at-least", value=value)
        elif lower_sat != upper_sat:
            value = f"{value} – {_money(upper)}"
        about = render(
            "note.worth-row", source=_plain(lower.row.source), dated=_plain(lower.row.dated)
        )
        return Answer(f"{value} {currency}", about, is_known=True)


NO_PRICES = Worth((), (), PriceBook(()))
"""What is known where no price table was imported."""
NO_MONEY = Worth((), (), PriceBook(()), "no-money")
"""What coins of a test network are worth."""


def worth_of(book: PriceBook, state: tuple[str, ...]) -> Worth:
    """The prices of bitcoin that a book has, the best known currencies first."""
    known = [currency for asset, currency in book.pairs if asset == ASSET]
    known.sort(key=lambda currency: (currency not in _FIRST, currency))
    shown, left = known[:MOST_CURRENCIES], known[MOST_CURRENCIES:]
    return Worth(tuple(shown), state, book, left=tuple(left))


def _none(reason: str) -> Answer:
    return Answer(render("note.worth-none"), render(f"note.worth-{reason}"), is_known=False)


def _not_valued(currency: str, found: Valued | NotValued) -> Answer:
    rows = found.rows if isinstance(found, NotValued) else ()
    if not rows:
        return Answer(
            render("note.worth-none-in", currency=currency),
            render("note.worth-none-then"),
            is_known=False,
        )
    told = "; ".join(
        f"{row.price:f}, {_plain(row.source)}, {_plain(row.dated)}" for row in rows[:3]
    )
    if len(rows) > 3:
        told = render("note.worth-more", rows=told, count=grouped(len(rows) - 3))
    return Answer(
        render("note.worth-none-in", currency=currency),
        render("note.worth-sources-differ", rows=told),
        is_known=False,
    )


def _btc(value_sat: int) -> Decimal:
    return Decimal(value_sat).scaleb(-SAT_DIGITS)


def _money(valued: Valued) -> str:
    whole, point, part = f"{valued.shown:f}".partition(".")
    return f"{grouped(int(whole))}{point}{part}"


def _plain(text: str) -> str:
    flat = " ".join(harmless(text).split())
    return flat if len(flat) <= 80 else flat[:79] + "…"

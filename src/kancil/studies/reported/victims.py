"""Victims: what each complains of having paid, how far that is followed, what is frozen, returned.

A complaint is a row of a table that was read as complaints: it is *reported by* whoever wrote the
table, and its victim has no name here but the place of the row, where the exhibit has it. The row
of a bank that an officer said is the same payment is followed in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kancil.records.table import Table, day, decimal, table_of, text
from kancil.records.transfer import Direction

from .book import NONE, Book, Row
from .follow import (
    CONVENTIONS,
    Account,
    Conversion,
    converted_by,
    follow_converted,
    together,
)
from .joins import row_of

COMPLAINT = "complaint"
FROZEN, RETURNED = "frozen", "returned"
OUTCOMES = (FROZEN, RETURNED)
MOST_VISITS = 5_000_000
"""Rows that are gone through for all victims together; beyond, nothing is followed, and said."""

VICTIMS = (
    *text("place"),
    *day("day"),
    *decimal("loss"),
    *text("asset", "paid_to", "reference"),
    *decimal("moved_on_least", "moved_on_most"),
    *text("converted", "at_service", "frozen", "returned"),
)
WAY_COLUMNS = ("moved_on_least", "moved_on_most", "converted", "at_service")
"""Columns of `VICTIMS` that say where the money went: where it is not known, all are empty."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much of a victim's loss is frozen or was returned, as an officer recorded it."""

    victim: Row
    what: str
    """`frozen` or `returned`."""
    amount: str
    asset: str
    reference: str


@dataclass(frozen=True, slots=True)
class Victims:
    """The complaints of a case."""

    table: Table
    places: tuple[int, ...]
    """Of the complaints, in the order of the table."""
    is_followed: bool
    """False where there are so many rows that none was followed."""
    unknown: int = 0
    """Complaints of payments to an account of which no table reports what left it."""
    reversed: int = 0
    """Complaints of payments that were sent back."""


def complaints_of(book: Book) -> list[int]:
    """Places of the complaints, in time."""
    notes = book.texts["notes"]
    return [place for place in book.order if COMPLAINT in (notes[place] or "").split()]


def victims_of(
    book: Book,
    *,
    aside: Collection[int],
    sinks: Collection[int],
    opening: Mapping[Account, int],
    outcomes: Mapping[tuple[Row, str], Outcome],
    reversed: Collection[int] = (),
    may_be_reversed: Collection[int] = (),
    conversions: Collection[Conversion] = (),
) -> Victims:
    """Each complaint of a book; `sinks`: parties at which following stops.

    `reversed`, `may_be_reversed`: rows of payments that were sent back, as an officer decided or as
    is suggested. `conversions`: those that an officer confirmed; money is followed through them.
    """
    ways = _Ways(book, sinks, opening, conversions)
    places = complaints_of(book)
    is_followed = len(places) * len(book) * (1 + len(conversions)) <= MOST_VISITS
    apart = set(aside) | set(places)
    reported_of = known_accounts(book, apart)
    found, unknown, back = [], 0, 0
    for place in places:
        told = _told(book, place)
        row = row_of(book, place)
        start = book.kept_for.get(place, place)
        if start in reversed:
            back += 1
            nothing = book.amount_text(book.rows.asset[start], 0)
            told |= {"moved_on_least": nothing, "moved_on_most": nothing, "at_service": nothing}
        elif (book.rows.payee[start], book.rows.asset[start]) not in reported_of:
            unknown += 1
        elif is_followed:
            is_sure = start != place and start not in may_be_reversed
            told |= ways.followed(start, apart - {start}, is_sure=is_sure)
        for what in OUTCOMES:
            outcome = outcomes.get((row, what))
            told[what] = f"{outcome.amount} {outcome.asset}" if outcome else None
        found.append(told)
    return Victims(table_of("victims", VICTIMS, found), tuple(places), is_followed, unknown, back)


def known_accounts(book: Book, aside: Collection[int]) -> set[Account]:
    """Parties, and in which asset, of which a table reports what left them, or is a statement."""
    rows = book.rows
    found = {(rows.payer[place], rows.asset[place])
             for place in range(len(book)) if place not in aside}  # fmt: skip
    for place, direction in enumerate(book.texts["direction"]):
        if direction == Direction.IN.value:
            found.add((rows.payee[place], rows.asset[place]))
    return {account for account in found if account[0] != NONE}


def _told(book: Book, place: int) -> dict[str, Any]:
    rows = book.rows
    asset = rows.asset[place]
    return {
        "place": book.place_of(place),
        "day": book.day_of(place),
        "asset": book.assets[asset].symbol,
        "loss": book.amount_text(asset, rows.amount[place]),
        "paid_to": book.name_of(rows.payee[place]) or None,
        "reference": book.texts["reference"][place],
    }


@dataclass(frozen=True, slots=True)
class _Ways:
    """How the money of each complaint is followed."""

    book: Book
    sinks: Collection[int]
    opening: Mapping[Account, int]
    conversions: Collection[Conversion]

    def followed(self, start: int, aside: Collection[int], *, is_sure: bool) -> dict[str, Any]:
        """How much left the account that was paid, became another asset, and came to a service.

        By each convention, each in its own asset. Not sure: no row of the account's keeper was
        joined with the complaint, or the payment may have been sent back; then it may be nothing.
        """
        book, rows = self.book, self.book.rows
        asset, payee = rows.asset[start], rows.payee[start]
        moved: list[int] = [] if is_sure else [0]
        changed: list[dict[int, int]] = [] if is_sure else [{}]
        stopped: list[dict[int, int]] = [] if is_sure else [{}]
        for convention in CONVENTIONS:
            steps = follow_converted(
                book, [start], self.conversions, convention=convention, aside=aside,
                sinks=self.sinks, opening=self.opening,
            )  # fmt: skip
            moved.append(sum(amount for place, amount in steps[0].amounts.items()
                             if place != start and rows.payer[place] == payee))  # fmt: skip
            changed.append(converted_by(book, steps))
            by_asset: defaultdict[int, int] = defaultdict(int)
            for (_, of), amount in together(steps, book).stops.items():
                by_asset[of] += amount
            stopped.append(dict(by_asset))
        at_service = self._ranges([{asset: 0} | each for each in stopped], but=asset)
        return {
            "moved_on_least": book.amount_text(asset, min(moved)),
            "moved_on_most": book.amount_text(asset, max(moved)),
            "converted": self._ranges(changed) or None,
            "at_service": at_service,
        }

    def _ranges(self, amounts: Sequence[Mapping[int, int]], but: int = NONE) -> str:
        """Least and most of each asset, never added over assets; `but`: one that is not named."""
        found = []
        for asset in dict.fromkeys(each for of in amounts for each in of):
            ends = sorted({of.get(asset, 0) for of in amounts})
            text = " – ".join(self.book.amount_text(asset, each) for each in (ends[0], ends[-1]))
            text = text if len(ends) > 1 else self.book.amount_text(asset, ends[0])
            symbol = self.book.assets[asset].symbol
            found.append(text if asset == but else f"{text} {symbol}")
        return "; ".join(found)

"""Sums of reported transfers: by counterparty of a party, by day, by publisher, by asset.

Amounts are exact, as text, and of one asset each: nothing is converted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from kancil.records.table import Column, Table, count, day, decimal, table_of, text

from .book import NONE, PARTY_KIND, Book
from .twice import Twice

KeyT = TypeVar("KeyT", bound=tuple[object, int])
_AMOUNTS = (
    *text("asset"),
    *decimal("amount_in", "amount_out"),
    *count("rows"),
    *day("first_day", "last_day"),
)
COUNTERPARTIES = (*text("party"), *PARTY_KIND, *_AMOUNTS)
DAYS = (*day("day"), *_AMOUNTS)
PUBLISHERS = (*text("stated_by"), *_AMOUNTS)


@dataclass(slots=True)
class Sum:
    """What came in and went out, in the asset's last digit."""

    came: int = 0
    went: int = 0
    rows: int = 0
    days: list[str] = field(default_factory=list)

    def add(self, came: int, went: int, on: str) -> None:
        """Count one row."""
        self.came, self.went, self.rows = self.came + came, self.went + went, self.rows + 1
        self.days = [min([on, *self.days]), max([on, *self.days])]


def by_counterparty(book: Book, party: int, aside: Iterable[int] = ()) -> Table:
    """Whom a party paid and was paid by, the largest number of rows first."""
    sums: defaultdict[tuple[int, int], Sum] = defaultdict(Sum)
    rows, apart = book.rows, set(aside)
    for place in range(len(book)):
        payer, payee = rows.payer[place], rows.payee[place]
        if place in apart or party not in (payer, payee):
            continue
        is_in = payee == party
        other = payer if is_in else payee
        amount = rows.amount[place]
        total = sums[other, rows.asset[place]]
        total.add(amount if is_in else 0, 0 if is_in else amount, book.day_of(place))
    found = [
        {
            "party": book.name_of(other) or None,
            "party_kind": book.parties[other].kind if other != NONE else None,
            **_told(book, asset, total),
        }
        for (other, asset), total in _most(sums)
    ]
    return table_of("counterparties", COUNTERPARTIES, found)


def by_party(book: Book, aside: Iterable[int] = ()) -> list[tuple[int, int, Sum]]:
    """Each party and asset with what came in and went out, the one with the most rows first."""
    sums: defaultdict[tuple[int, int], Sum] = defaultdict(Sum)
    rows, apart = book.rows, set(aside)
    for place in range(len(book)):
        if place in apart:
            continue
        amount, on = rows.amount[place], book.day_of(place)
        for party, came, went in ((rows.payer[place], 0, amount), (rows.payee[place], amount, 0)):
            if party != NONE:
                sums[party, rows.asset[place]].add(came, went, on)
    return [(party, asset, total) for (party, asset), total in _most(sums)]


def least_of(
    book: Book, party: int, asset: int, aside: Collection[int], twice: Twice
) -> tuple[int, int]:
    """What came in and went out of a party at least, if all that looks like one payment is one."""
    rows = book.rows
    of_it = [place for place in range(len(book))
             if rows.asset[place] == asset and place not in aside]  # fmt: skip
    found = []
    for ends in (rows.payee, rows.payer):
        places = {place for place in of_it if ends[place] == party}
        found.append(sum(rows.amount[place] for place in places - twice.least_without(places)))
    return found[0], found[1]


def entered(book: Book, aside: Collection[int] = ()) -> dict[int, int]:
    """Of each asset, how much money the rows move, counted once over all its hops.

    It is what payers had to have beyond what these rows brought them before; under any convention
    the same. Money that goes round and comes back counts once.
    """
    rows = book.rows
    holds: defaultdict[tuple[int, int], int] = defaultdict(int)
    found: defaultdict[int, int] = defaultdict(int)
    for place in book.order:
        amount, asset = rows.amount[place], rows.asset[place]
        if place in aside:
            continue
        if rows.payer[place] == NONE:
            found[asset] += amount
        else:
            payer = (rows.payer[place], asset)
            lacks = max(0, amount - holds[payer])
            found[asset] += lacks
            holds[payer] += lacks - amount
        if rows.payee[place] != NONE:
            holds[rows.payee[place], asset] += amount
    return dict(found)


def by_day(book: Book, party: int | None = None, aside: Iterable[int] = ()) -> Table:
    """What moved on each day; of a party, what came in and went out of it."""
    return _by(book, "days", DAYS, "day", book.day_of, party, aside, is_ordered=True)


def by_publisher(book: Book, party: int | None = None, aside: Iterable[int] = ()) -> Table:
    """What each publisher reports."""
    rows, tables = book.rows, book.tables
    of = lambda place: tables[rows.table[place]].publisher  # noqa: E731
    return _by(book, "publishers", PUBLISHERS, "stated_by", of, party, aside)


def _by(
    book: Book,
    name: str,
    columns: tuple[Column, ...],
    key: str,
    of: Callable[[int], str],
    party: int | None,
    aside: Iterable[int],
    *,
    is_ordered: bool = False,
) -> Table:
    """Without a party all that is reported to have moved counts as what went out."""
    sums: defaultdict[tuple[str, int], Sum] = defaultdict(Sum)
    rows, apart = book.rows, set(aside)
    for place in range(len(book)):
        is_in = party is not None and rows.payee[place] == party
        if place in apart or (party is not None and not is_in and rows.payer[place] != party):
            continue
        amount = rows.amount[place]
        total = sums[of(place), rows.asset[place]]
        total.add(amount if is_in else 0, 0 if is_in else amount, book.day_of(place))
    pairs = sorted(sums.items(), key=lambda each: each[0]) if is_ordered else _most(sums)
    return table_of(name, columns, [{key: at, **_told(book, asset, total)}
                                    for (at, asset), total in pairs])  # fmt: skip


def _most(sums: Mapping[KeyT, Sum]) -> list[tuple[KeyT, Sum]]:
    return sorted(sums.items(), key=lambda each: (-each[1].rows, str(each[0])))


def _told(book: Book, asset: int, total: Sum) -> dict[str, str | int]:
    return {
        "asset": book.assets[asset].symbol,
        "amount_in": book.amount_text(asset, total.came),
        "amount_out": book.amount_text(asset, total.went),
        "rows": total.rows,
        "first_day": total.days[0],
        "last_day": total.days[1],
    }

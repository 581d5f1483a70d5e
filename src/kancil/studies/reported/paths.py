"""Ways that reported money could have gone from a party to another, each step later than the last.

A way shows that the tables report payments in such an order; it does not show that the same money
moved. The shortest is found, and among those of its length the one that arrives first.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass

from kancil.records.table import Table, count, decimal, table_of, text

from .book import NONE, Book

MOST_STEPS = 12
MOST_LOOKED = 2_000_000


@dataclass(frozen=True, slots=True)
class Way:
    """A way between two parties."""

    places: tuple[int, ...]
    """Places of its rows in order; empty: none was found."""
    looked: int
    """Rows that were looked at."""
    is_cut: bool
    """Whether the search ended before all was looked at."""


def find_way(
    book: Book,
    begin: int,
    end: int,
    *,
    through: Collection[int] = (),
    sinks: Collection[int] = (),
    aside: Collection[int] = (),
    most_steps: int = MOST_STEPS,
) -> Way:
    """Find the way with the fewest steps from a party to another.

    `sinks`: parties that a way does not pass, save those of `through`; `aside`: rows that count
    for nothing.
    """
    apart, closed = set(aside), set(sinks) - set(through) - {begin, end}
    rows = book.rows
    leaving: defaultdict[int, list[int]] = defaultdict(list)
    rank = book.rank
    for place in book.order:
        if place not in apart and NONE not in (rows.payer[place], rows.payee[place]):
            leaving[rows.payer[place]].append(place)
    # A party reached in fewer steps, or earlier in as many, is worth going on from.
    reached: dict[int, int] = {begin: -1}
    came: dict[tuple[int, int], int] = {}
    front = {begin: -1}
    looked = 0
    for step in range(1, most_steps + 1):
        next_front: dict[int, int] = {}
        for party, since in front.items():
            if party in closed:
                continue
            for place in leaving[party]:
                looked += 1
                if looked > MOST_LOOKED:
                    return Way((), looked, is_cut=True)
                payee, at = rows.payee[place], rank[place]
                if at <= since or at >= min(
                    reached.get(payee, _LATE), next_front.get(payee, _LATE)
                ):
                    continue
                next_front[payee] = at
                came[step, payee] = place
        reached |= next_front
        if end in next_front:
            return Way(_back(book, came, step, end), looked, is_cut=False)
        front = next_front
        if not front:
            break
    return Way((), looked, is_cut=bool(front))


_LATE = 1 << 62


def _back(book: Book, came: dict[tuple[int, int], int], step: int, end: int) -> tuple[int, ...]:
    found: deque[int] = deque()
    party = end
    for number in range(step, 0, -1):
        place = came[number, party]
        found.appendleft(place)
        party = book.rows.payer[place]
    return tuple(found)


WAY = (*count("step"), *text("place", "at", "payer", "payee"), *decimal("amount_reported"),
       *text("asset"))  # fmt: skip


def way_table(book: Book, way: Way) -> Table:
    """The steps of a way."""
    rows = book.rows
    return table_of(
        "reported_way",
        WAY,
        [
            {
                "step": number,
                "place": book.place_of(place),
                "at": book.time_of(place),
                "payer": book.name_of(rows.payer[place]),
                "payee": book.name_of(rows.payee[place]),
                "amount_reported": book.amount_text(rows.asset[place], rows.amount[place]),
                "asset": book.assets[rows.asset[place]].symbol,
            }
            for number, place in enumerate(way.places, 1)
        ],
    )

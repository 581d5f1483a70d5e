"""The running balance of a statement against its own: where a row does not lead to the next.

From the rows of tables that state a balance; to a table of the rows where it does not add up, and
to what an account held before its first row. A mismatch proves nothing by itself: a row may be
missing, left out when the table was read, changed, or charged with a fee of its own.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kancil.records.table import Table, decimal, table_of, text
from kancil.records.transfer import Direction

from .book import NONE, Book

MISMATCHES = (
    *text("place", "stated_account", "asset"),
    *decimal("stated_amount", "balance_before", "balance_computed", "balance_stated",
             "difference"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What comparing the balances of tables gave."""

    compared: int
    """Rows whose balance was computed from the row before."""
    mismatches: Table
    opening: dict[tuple[int, int], int]
    """Party and asset → what the account held before its first row."""
    closing: dict[tuple[int, int], tuple[int, int]]
    """Party and asset → the last balance that a statement has of it, and the place of its row."""
    ahead: tuple[str, ...] = ()
    """Exhibits whose balances were compared."""


@dataclass(frozen=True, slots=True)
class _Line:
    place: int
    moved: int
    """With its sign: what came in is positive."""
    balance: int


def check_balances(book: Book) -> Checked:
    """Compare each stated balance with the one of the row before and the amount between."""
    compared = 0
    found: list[dict[str, str]] = []
    begun: dict[tuple[int, int], tuple[int, int, int]] = {}
    """Party and asset → when its first statement begins, the table's rank, what it held before."""
    closing: dict[tuple[int, int], tuple[int, int]] = {}
    exhibits: dict[str, None] = {}
    for (_table, party, asset), lines in _lines(book).items():
        ordered = _in_order(book, lines)
        compared += len(ordered) - 1
        first = ordered[0]
        begin = (book.rows.at[first.place], book.table_rank[_table], first.balance - first.moved)
        begun[party, asset] = min(begin, begun.get((party, asset), begin))
        last = ordered[-1]
        known = closing.get((party, asset))
        if known is None or book.rank[last.place] > book.rank[known[1]]:
            closing[party, asset] = (last.balance, last.place)
        exhibits[book.tables[_table].exhibit] = None
        for before, line in _wrong(ordered):
            computed = before.balance + line.moved
            shown = {
                "stated_amount": line.moved,
                "balance_before": before.balance,
                "balance_computed": computed,
                "balance_stated": line.balance,
                "difference": line.balance - computed,
            }
            found.append(
                {
                    "place": book.place_of(line.place),
                    "stated_account": book.name_of(party),
                    "asset": book.assets[asset].symbol,
                    **{name: book.amount_text(asset, each) for name, each in shown.items()},
                }
            )
    opening = {account: held for account, (_, _, held) in begun.items()}
    return Checked(
        compared, table_of("balance_mismatches", MISMATCHES, found), opening, closing,
        tuple(exhibits),
    )  # fmt: skip


def _lines(book: Book) -> dict[tuple[int, int, int], list[_Line]]:
    """The rows that state a balance, of each table, account and asset, as the table has them."""
    rows = book.rows
    found: defaultdict[tuple[int, int, int], list[_Line]] = defaultdict(list)
    for place, (balance, direction) in enumerate(
        zip(book.texts["balance"], book.texts["direction"], strict=True)
    ):
        if balance is None or direction is None:
            continue
        is_in = direction == Direction.IN.value
        party = rows.payee[place] if is_in else rows.payer[place]
        asset = rows.asset[place]
        if party == NONE:
            continue
        units = int(Decimal(balance).scaleb(book.digits[asset]))
        moved = rows.amount[place] if is_in else -rows.amount[place]
        found[rows.table[place], party, asset].append(_Line(place, moved, units))
    return found


def _in_order(book: Book, lines: list[_Line]) -> list[_Line]:
    """The rows from the oldest; where their times do not tell, in the order that adds up better."""
    times = [book.rows.at[line.place] for line in lines]
    if times[0] != times[-1]:
        return lines if times[0] < times[-1] else lines[::-1]
    return min(lines, lines[::-1], key=lambda each: len(list(_wrong(each))))


def _wrong(lines: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    for before, line in itertools.pairwise(lines):
        if before.balance + line.moved != line.balance:
            yield before, line

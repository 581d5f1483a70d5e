"""A table of a million rows becomes a book, is summed, followed and searched."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kancil.studies.reported.book import TableSource
from kancil.studies.reported.follow import FIFO, follow
from kancil.studies.reported.paths import find_way
from kancil.studies.reported.reading import read_book
from kancil.studies.reported.totals import by_day
from kancil.studies.reported.tricks import find_tricks

ROWS = 1_000_000
ACCOUNTS = 50_000


@pytest.mark.thorough
def test_a_million_rows_are_read_summed_followed_and_searched() -> None:
    numbers = range(ROWS)
    columns = pa.table(
        {
            "row": pa.array(range(1, ROWS + 1), pa.int32()),
            "place": [f"line {n + 2}" for n in numbers],
            "asset": ["LAK"] * ROWS,
            "amount": [f"{n % 97 + 1}.50" for n in numbers],
            "from_account": [f"{n % ACCOUNTS:08d}" for n in numbers],
            "to_account": [f"{(n * 7 + 1) % ACCOUNTS:08d}" for n in numbers],
            "time": [
                f"2026-01-{n // 36_000 % 28 + 1:02}T{n // 1500 % 24:02}:{n // 25 % 60:02}:00Z"
                for n in numbers
            ],
            "day": [f"2026-01-{n // 36_000 % 28 + 1:02}" for n in numbers],
        }
    )
    book = read_book([(TableSource(1, "E1", "Example"), columns)])
    assert len(book) == ROWS
    assert len(book.parties) == ACCOUNTS
    days = by_day(book).as_rows()
    assert sum(int(str(each["rows"])) for each in days) == ROWS
    start = book.order[0]
    found = follow(book, [start], convention=FIFO)
    assert found.amounts[start] == book.rows.amount[start]
    way = find_way(book, book.rows.payer[start], book.rows.payee[start])
    assert way.places
    assert find_tricks(book).aside == frozenset()
    assert read_book([(TableSource(1, "E1", "Example"), columns)], most=1000).left == ROWS - 1000

"""Reported transfers made up for the tests; nobody's real accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa

from kancil.records.record import batch_of
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.book import COLUMNS, Book, Row, SameAs, TableSource
from kancil.studies.reported.reading import read_book


def row(number: int, amount: str, **more: Any) -> StatedTransfer:
    """A row of a table, in order of its number unless a time is given."""
    given: dict[str, Any] = {
        "row": number, "place": f"line {number + 1}", "asset": "USDT", "amount": amount,
        "stated_by": "Example", "exhibit_sha256": "00" * 32, "day": "2026-03-15",
        "time": f"2026-03-15T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000000Z",
    }  # fmt: skip
    return StatedTransfer(**{**given, **more})


def paid(
    number: int, payer: str | None, payee: str | None, amount: str, **more: Any
) -> StatedTransfer:
    """A row from one name to another."""
    return row(number, amount, from_name=payer, to_name=payee, **more)


def book_of(
    *tables: Iterable[StatedTransfer], same: SameAs | None = None,
    one_transfer: Iterable[Collection[Row]] = (),
) -> Book:  # fmt: skip
    """The rows of tables as a book: exhibits E1, E2, … of publishers as their rows have it."""
    found = []
    for number, rows in enumerate(tables, 1):
        listed = list(rows)
        columns = pa.Table.from_batches([batch_of(StatedTransfer, listed)]).select(COLUMNS)
        publisher = listed[0].stated_by if listed else "nobody"
        found.append((TableSource(number, f"E{number}", publisher), columns))
    return read_book(found, same, one_transfer)

"""Rows of a table that somebody exported, CSV or the first sheet of a workbook, within limits.

Runs in the limited child alone: whoever reads a file of spending or rates calls it there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

from kancil.ground.phrase import Param, Phrase
from kancil.ground.spreadsheet import (
    CellKind,
    FirstSheet,
    SheetCell,
    first_sheet,
    is_spreadsheet,
)
from kancil.programme.errors import LedgerNotReadable, LedgerTooLarge

MAX_FILE_BYTES = 30_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 5_000
_SEPARATORS = (",", ";", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
Cells = dict[int, SheetCell]
"""By column from 0; empty ones are not there."""
_EMPTY = SheetCell("")


DAY_ORDERS = ("ymd", "dmy", "mdy")
_DAY = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})", re.ASCII)


@dataclass(slots=True)
class SheetOf:
    """A table with its headings; its rows can be gone through once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Cells]]
    """Number in the file, from 1, and cells."""
    sheet: FirstSheet | None = None
    """What else a workbook says; CSV says no more."""

    def places(self) -> dict[str, int]:
        """Column by heading; of two alike the first."""
        return {name: place for place, name in reversed(list(enumerate(self.columns))) if name}


def open_sheet(data: bytes, path: str) -> SheetOf:
    """Read as far as the headings, the first row with two filled cells at least.

    Titles above it are passed over. Raises LedgerNotReadable, LedgerTooLarge.
    """
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(path, "why.sheet-bytes", megabytes=MAX_FILE_BYTES // 1_000_000)
    sheet = None
    if is_spreadsheet(data):
        sheet = first_sheet(data, partial(_refusal, path), partial(_too_large, path))
    rows = _bounded(sheet.rows if sheet else _csv_rows(data, path), path)
    for _, cells in rows:
        if len(cells) > 1:
            width = max(cells) + 1
            names = [" ".join(cells.get(at, _EMPTY).text.split()) for at in range(width)]
            return SheetOf(tuple(names), rows, sheet)
    raise _refusal(path, "why.sheet-empty")


def days_of(text: str) -> dict[str, date]:
    """The days that a text may be, by the order of its parts (`DAY_ORDERS`); none: it is no day."""
    parts = _DAY.fullmatch(text.strip())
    found = {}
    for order in DAY_ORDERS if parts else ():
        by_letter = dict(zip(order, parts.groups() if parts else (), strict=True))
        year, month, day = (int(by_letter[each]) for each in "ymd")
        if len(by_letter["y"]) == 4 and year > 1900 and 0 < month < 13 and 0 < day < 32:
            with suppress(ValueError):
                found[order] = date(year, month, day)
    return found


def cell_in(cells: Cells, place: int | None) -> SheetCell:
    """A cell of a column; an empty one where the column is not there."""
    return _EMPTY if place is None else cells.get(place, _EMPTY)


def is_formula(cell: SheetCell) -> bool:
    """Whether what some program computed stands there, or an error in its place."""
    return cell.kind in (CellKind.FORMULA, CellKind.ERROR)


def _refusal(path: str, key: str, **params: Param) -> LedgerNotReadable:
    return LedgerNotReadable(path=path, why=Phrase(key, params))


def _too_large(path: str, key: str, **params: Param) -> LedgerTooLarge:
    return LedgerTooLarge(path=path, why=Phrase(key, params))


def _bounded(rows: Iterator[tuple[int, Cells]], path: str) -> Iterator[tuple[int, Cells]]:
    taken = 0
    for number, cells in rows:
        if not cells:
            continue
        taken += 1
        too_wide = max(cells) >= MAX_COLUMNS
        too_long = any(len(each.text) > MAX_CELL_CHARACTERS for each in cells.values())
        if taken > MAX_ROWS or too_wide or too_long:
            raise _too_large(
                path,
                "why.sheet-limits",
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
                cells=MAX_ROWS * MAX_COLUMNS,
                characters=MAX_CELL_CHARACTERS,
            )
        yield number, cells


def _csv_rows(data: bytes, path: str) -> Iterator[tuple[int, Cells]]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise _refusal(path, "why.sheet-encoding") from None
    head = text[:20_000]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _refusal(path, "why.sheet-not-workbook") from error
        if cells is None:
            return
        yield number, {at: SheetCell(each) for at, each in enumerate(cells) if each.strip()}

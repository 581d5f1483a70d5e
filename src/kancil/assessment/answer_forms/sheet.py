"""Rows of an answer sheet: CSV as ODK Central and Kobo export it, or the first sheet of a workbook.

Bytes come in, cells of text go out, within limits; nothing is computed. Workbooks (XLSX, XLS, ODS)
are read in `ground.spreadsheet`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from kancil.assessment.errors import AnswerSheetNotReadable, AnswerSheetTooLarge
from kancil.ground.phrase import Param, Phrase
from kancil.ground.spreadsheet import SheetCell, is_spreadsheet, spreadsheet_rows

MAX_FILE_BYTES = 20_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 16_384
MAX_CELLS = 1_000_000
MAX_CELL_CHARACTERS = 32_767
DELIMITERS = (",", ";", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def refusal(path: str, key: str, **params: Param) -> AnswerSheetNotReadable:
    """The error that says why a sheet is not read."""
    return AnswerSheetNotReadable(path=path, why=Phrase(key, params))


def too_large(path: str, key: str, **params: Param) -> AnswerSheetTooLarge:
    """The error that says which limit a sheet passes."""
    return AnswerSheetTooLarge(path=path, why=Phrase(key, params))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row."""

    number: int
    """In the file, from 1, the row of column names counted."""
    cells: dict[int, SheetCell]
    """By column, from 0; empty ones are not there."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its column names."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    """Those in which something stands."""


def read_sheet(data: bytes, path: str, is_known: Callable[[str], bool]) -> Sheet:
    """Read an answer sheet.

    `path`: for what is said of it. `is_known`: whether a column's name is one that is looked for;
    the separator of a CSV file is the one under which most are.
    Raises AnswerSheetTooLarge, AnswerSheetNotReadable.
    """
    if len(data) > MAX_FILE_BYTES:
        raise too_large(path, "why.sheet-bytes", megabytes=MAX_FILE_BYTES // 1_000_000)
    if not is_spreadsheet(data):
        return _sheet(_csv_rows(data, path, is_known), path)
    found = spreadsheet_rows(data, partial(refusal, path), partial(too_large, path))
    return _sheet((SheetRow(number, cells) for number, cells in found), path)


def _sheet(rows: Iterable[SheetRow], path: str) -> Sheet:
    kept: list[SheetRow] = []
    header: SheetRow | None = None
    cells = 0
    for row in rows:
        cells += len(row.cells)
        too_wide = max(row.cells, default=0) >= MAX_COLUMNS
        too_long = any(len(each.text) > MAX_CELL_CHARACTERS for each in row.cells.values())
        if too_wide or too_long or len(kept) >= MAX_ROWS or cells > MAX_CELLS:
            raise beyond(path)
        if not row.cells:
            continue
        if header is None:
            header = row
        else:
            kept.append(row)
    if header is None:
        raise refusal(path, "why.sheet-empty")
    width = max(header.cells) + 1
    names = [header.cells.get(place, SheetCell("")).text.strip() for place in range(width)]
    return Sheet(tuple(names), tuple(kept))


def beyond(path: str) -> AnswerSheetTooLarge:
    """The error that says what a sheet may hold."""
    return too_large(
        path,
        "why.sheet-limits",
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
        cells=MAX_CELLS,
        characters=MAX_CELL_CHARACTERS,
    )


# --- CSV ------------------------------------------------------------------------------------------


def _csv_rows(data: bytes, path: str, is_known: Callable[[str], bool]) -> Iterator[SheetRow]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal(path, "why.sheet-encoding") from None
    delimiter = max(DELIMITERS, key=lambda each: _known_columns(text, each, is_known))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise beyond(path) from error
        if cells is None:
            return
        if len(cells) > MAX_COLUMNS:
            raise beyond(path)
        yield SheetRow(
            number, {place: SheetCell(cell) for place, cell in enumerate(cells) if cell.strip()}
        )


def _known_columns(text: str, delimiter: str, is_known: Callable[[str], bool]) -> int:
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0
    return sum(is_known(name.strip()) for name in names[:MAX_COLUMNS])

"""Rows of an answer sheet: CSV as ODK Central and Kobo export it, or the first sheet of a workbook.

Bytes come in, cells of text go out, within limits; nothing is computed. A workbook is somebody
else's file: members are unpacked up to a limit, a document type is refused, a formula is not run.
Days in a workbook are numbers with a look (ECMA-376 part 1, 18.17.4.1 and 18.8.30); those before
1 March 1900 are not certain, since one day too many is counted there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from .errors import AnswerSheetTooLarge
from .workbook_parts import Attributes, Workbook, parse, refusal, too_large, unescaped

MAX_FILE_BYTES = 20_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 16_384
MAX_CELLS = 1_000_000
MAX_CELL_CHARACTERS = 32_767
DELIMITERS = (",", ";", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_AT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class CellKind(StrEnum):
    """What a cell is, as far as its file says so."""

    TEXT = "text"
    NUMBER = "number"
    """Of a workbook; in CSV all is text."""
    DAY = "day"
    """Of a workbook, written as ISO date."""
    FORMULA = "formula"
    ERROR = "error"
    """Such as `#REF!`, or a day that is not certain."""
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell with something in it."""

    text: str
    kind: CellKind = CellKind.TEXT


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
    if data.startswith(_OLD_WORKBOOK):
        raise refusal(path, "why.sheet-old-workbook")
    rows = _workbook_rows(data, path) if data.startswith(b"PK") else _csv_rows(data, path, is_known)
    return _sheet(rows, path)


def _sheet(rows: Iterable[SheetRow], path: str) -> Sheet:
    kept: list[SheetRow] = []
    header: SheetRow | None = None
    cells = 0
    for row in rows:
        cells += len(row.cells)
        too_wide = max(row.cells, default=0) >= MAX_COLUMNS
        too_long = any(len(each.text) > MAX_CELL_CHARACTERS for each in row.cells.values())
        if too_wide or too_long or len(kept) >= MAX_ROWS or cells > MAX_CELLS:
            raise _beyond(path)
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


def _beyond(path: str) -> AnswerSheetTooLarge:
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
            raise _beyond(path) from error
        if cells is None:
            return
        if len(cells) > MAX_COLUMNS:
            raise _beyond(path)
        yield SheetRow(
            number, {place: SheetCell(cell) for place, cell in enumerate(cells) if cell.strip()}
        )


def _known_columns(text: str, delimiter: str, is_known: Callable[[str], bool]) -> int:
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0
    return sum(is_known(name.strip()) for name in names[:MAX_COLUMNS])


# --- workbooks ------------------------------------------------------------------------------------


def _workbook_rows(data: bytes, path: str) -> list[SheetRow]:
    book = Workbook(data, path)
    rows = _Rows(book)
    parse(book.first_sheet(), path, rows.start, rows.end, rows.text)
    return rows.rows


def column_of(at: str) -> tuple[int, int] | None:
    """Give column (from 0) and row (from 1) of a place such as `AB12`; None if it is none."""
    found = _AT.fullmatch(at)
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1, int(found[2])


def day_of(serial: str, is_from_1904: bool) -> str | None:
    """Give the ISO date of a workbook's number; None if it is none, or not certain."""
    first = date(1904, 1, 1) if is_from_1904 else date(1899, 12, 30)
    try:
        days = int(float(serial))
        day = first + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return day.isoformat() if days >= (0 if is_from_1904 else 61) else None


@dataclass(slots=True)
class _Rows:
    """Gathers the rows of a sheet from its elements."""

    book: Workbook
    rows: list[SheetRow] = field(default_factory=list)
    _number: int = 0
    _cells: int = 0
    _place: int = 0
    _type: str = "n"
    _is_day: bool = False
    _has_formula: bool = False
    _in_value: bool = False
    _words: list[str] = field(default_factory=list)
    _row: dict[int, SheetCell] = field(default_factory=dict)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            stated = attributes.get("r", "")
            self._number = (
                int(stated) if stated.isdecimal() and len(stated) < 8 else self._number + 1
            )
            self._row, self._place = {}, -1
        elif name == "c":
            at = column_of(attributes.get("r", ""))
            self._place = at[0] if at else self._place + 1
            self._type = attributes.get("t", "n")
            self._is_day = attributes.get("s", "") in self.book.day_styles
            self._has_formula, self._words = False, []
        elif name == "f":
            self._has_formula = True
        elif name in ("v", "t"):
            self._in_value = True
        elif name == "rPh":
            # How a word is pronounced is no part of it.
            self._type = "phonetic" if self._type == "inlineStr" else self._type

    def text(self, words: str) -> None:
        if self._in_value and self._type != "phonetic":
            self._words.append(words)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._in_value = False
        elif name == "rPh" and self._type == "phonetic":
            self._type = "inlineStr"
        elif name == "c":
            cell = self._cell("".join(self._words))
            if cell.text.strip():
                self._keep(cell)
        elif name == "row":
            self.rows.append(SheetRow(self._number, self._row))
            if len(self.rows) > MAX_ROWS + 1:
                raise _beyond(self.book.path)

    def _keep(self, cell: SheetCell) -> None:
        self._row[self._place] = cell
        self._cells += 1
        if self._place >= MAX_COLUMNS or self._cells > MAX_CELLS:
            raise _beyond(self.book.path)

    def _cell(self, words: str) -> SheetCell:
        if self._has_formula:
            return SheetCell(words or "=", CellKind.FORMULA)
        if self._type == "s":
            return SheetCell(self.book.shared_text(words))
        if self._type in ("inlineStr", "str"):
            return SheetCell(unescaped(words))
        if self._type == "d":
            return SheetCell(words[:10], CellKind.DAY)
        if self._type in ("e", "b"):
            return SheetCell(words, CellKind.ERROR if self._type == "e" else CellKind.FLAG)
        if not self._is_day or not words:
            return SheetCell(words, CellKind.NUMBER)
        day = day_of(words, self.book.is_from_1904)
        return SheetCell(words, CellKind.ERROR) if day is None else SheetCell(day, CellKind.DAY)

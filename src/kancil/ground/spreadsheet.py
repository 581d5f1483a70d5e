"""The first sheet of a spreadsheet that somebody sent, XLSX, XLS or ODS: its cells, within limits.

python-calamine reads the cells. It shows a formula as the value some program computed, and an error
as an empty cell: which cells those are stands in the file and is looked up here before (ECMA-376
part 1, 18.3.1; OpenDocument 1.3 part 3, 19.642; MS-XLS 2.4.127 and 2.4.24). A ZIP file is unpacked
once by Python's reader, which counts the bytes, before calamine unpacks it. Days before 1 March
1900 are not certain, since spreadsheets count one too many there: they are errors.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET

from olefile import OleFileIO
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from .errors import KancilError

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 64_000_000
MAX_SPAN = 5_000_000
"""Cells from A1 to the last one that is filled: calamine keeps a place for each."""
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_PARTS = {"content.xml", "xl/workbook.xml", "xl/workbook.bin"}
_AT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CERTAIN = date(1900, 3, 1)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ET.ParseError, CalamineError, struct.error, EOFError,
    LookupError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What the libraries raise over damaged files; RuntimeError: a member that is encrypted."""

Refusal = Callable[..., KancilError]
"""Makes the error that is raised, of the code of a reason and its parameters."""


class CellKind(StrEnum):
    """What a cell is, as far as its file says so."""

    TEXT = "text"
    NUMBER = "number"
    """Of a spreadsheet; in CSV all is text."""
    DAY = "day"
    """Of a spreadsheet, written as ISO date."""
    FORMULA = "formula"
    ERROR = "error"
    """Such as `#REF!`, a time without a day, or a day that is not certain."""
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell with something in it."""

    text: str
    kind: CellKind = CellKind.TEXT
    moment: str = ""
    """Of a day with a time of day: `YYYY-MM-DD hh:mm:ss`."""
    computed: SheetCell | None = field(default=None, compare=False)
    """Of a formula: what some program computed and left in the file."""


Marks = dict[tuple[int, int], CellKind]
"""Cells that hold a formula or an error, by row and column from 0."""
Range = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, all from 0."""


@dataclass(frozen=True, slots=True)
class FirstSheet:
    """The first sheet, and what beside its cells a reader has to know."""

    rows: Iterator[tuple[int, dict[int, SheetCell]]]
    """Number from 1, and cells by column from 0 without the empty ones."""
    merged: tuple[Range, ...]
    """Of merged cells only the first is filled."""
    others: tuple[str, ...]
    """Names of the further sheets that are shown."""
    hidden: tuple[str, ...]
    """Names of those that are not, the first one too."""


def is_spreadsheet(data: bytes) -> bool:
    """By the first bytes alone: other ZIP and OLE files are refused when they are read."""
    return data.startswith((_OLE, _ZIP))


def spreadsheet_rows(
    data: bytes, not_readable: Refusal, too_large: Refusal
) -> Iterator[tuple[int, dict[int, SheetCell]]]:
    """Rows of the first sheet, as `first_sheet` has them; raises what the two refusals make."""
    return first_sheet(data, not_readable, too_large).rows


def first_sheet(data: bytes, not_readable: Refusal, too_large: Refusal) -> FirstSheet:
    """The first sheet of a file; raises what the two refusals make."""
    look = _Look(too_large, not_readable)
    try:
        marks = look.at(data)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            merged = look.merged or [(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
            named = [
                (each.name, each.visible == SheetVisibleEnum.Visible)
                for each in book.sheets_metadata
            ]
    except PasswordError as error:
        raise not_readable("why.sheet-password") from error
    except _BROKEN as error:
        raise not_readable("why.sheet-not-workbook") from error
    except BaseException as error:
        # The Rust code met what it did not expect; this is no Exception and cannot be imported.
        if type(error).__name__ == "PanicException":
            raise not_readable("why.sheet-not-workbook") from error
        raise
    return FirstSheet(
        _rows(sheet, marks),
        tuple(merged),
        tuple(name for name, is_shown in named[1:] if is_shown),
        tuple(name for name, is_shown in named if not is_shown),
    )


def _rows(sheet: CalamineSheet, marks: Marks) -> Iterator[tuple[int, dict[int, SheetCell]]]:
    first = sheet.start[1] if sheet.start else 0
    marked: dict[int, dict[int, CellKind]] = {}
    for (row, column), kind in marks.items():
        marked.setdefault(row, {})[column] = kind
    rows = enumerate(sheet.iter_rows() if sheet.start else ())
    for row, values in rows:
        cells = {place: _cell(value) for place, value in enumerate(values, first)}
        for place, kind in marked.pop(row, {}).items():
            cells[place] = SheetCell("=", kind, computed=cells.get(place))
        yield row + 1, {place: cell for place, cell in cells.items() if cell.text.strip()}
    # Formulas and errors alone, below all that calamine sees.
    for row, kinds in sorted(marked.items()):
        yield row + 1, {place: SheetCell("=", kind) for place, kind in kinds.items()}


def _cell(value: Any) -> SheetCell:
    match value:
        case str():
            return SheetCell(value)
        case bool():
            return SheetCell(str(int(value)), CellKind.FLAG)
        case int() | float():
            whole = abs(value) < 1e15 and value == int(value)
            return SheetCell(str(int(value)) if whole else repr(value), CellKind.NUMBER)
        case date():
            day = value.date() if isinstance(value, datetime) else value
            if day < _CERTAIN:
                return SheetCell(day.isoformat(), CellKind.ERROR)
            has_clock = isinstance(value, datetime) and value.time() != time()
            moment = f"{value:%Y-%m-%d %H:%M:%S}" if has_clock else ""
            return SheetCell(day.isoformat(), CellKind.DAY, moment)
        case _:
            return SheetCell(str(value), CellKind.ERROR)


@dataclass(slots=True)
class _Look:
    """Finds formulas and errors, and how far the first sheet reaches."""

    too_large: Refusal
    not_readable: Refusal
    marks: Marks = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    """Of ODS, which calamine does not tell."""
    rows: int = 0
    columns: int = 0

    def at(self, data: bytes) -> Marks:
        if data.startswith(_OLE):
            self._xls(data)
            return self.marks
        members = self._unpacked(data)
        if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
            raise self.not_readable("why.sheet-password")
        # Of one form alone, or calamine might read another part than the one looked at here.
        if len(_PARTS & members.keys()) != 1:
            raise self.not_readable("why.sheet-not-workbook")
        if "content.xml" in members:
            self._ods(members["content.xml"])
        else:
            self._xlsx(members)
        return self.marks

    def _reach(self, row: int, column: int) -> None:
        """Count on to a cell, both from 0."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if self.rows * self.columns > MAX_SPAN:
            raise self.too_large("why.sheet-span", limit=MAX_SPAN)

    def _unpacked(self, data: bytes) -> dict[str, bytes]:
        members: dict[str, bytes] = {}
        left = MAX_UNPACKED_BYTES
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if len(file.infolist()) > MAX_MEMBERS:
                raise self.too_large("why.sheet-members", limit=MAX_MEMBERS)
            for info in file.infolist():
                with file.open(info) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    megabytes = MAX_UNPACKED_BYTES // 1_000_000
                    raise self.too_large("why.sheet-unpacked", megabytes=megabytes)
                if b"<!DOCTYPE" in content and info.filename.endswith((".xml", ".rels")):
                    raise self.not_readable("why.sheet-document-type")
                members[info.filename] = content
            if len({name.lower() for name in members}) < len(file.infolist()):
                raise self.not_readable("why.sheet-not-workbook")
        return members

    def _xlsx(self, members: dict[str, bytes]) -> None:
        book = ET.fromstring(members["xl/workbook.xml"])  # noqa: S314 (no document type)
        sheet = book.find(".//{*}sheets/{*}sheet")
        named = {} if sheet is None else {_local(key): value for key, value in sheet.items()}
        relations = ET.fromstring(members["xl/_rels/workbook.xml.rels"])  # noqa: S314
        target = {each.get("Id"): each.get("Target", "") for each in relations}[named["id"]]
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        row = column = -1
        for event, element in _elements(members[path]):
            name = _local(element.tag)
            if event == "start" and name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
            elif event == "end" and name == "c":
                at = _AT.fullmatch(element.get("r", ""))
                row, column = (int(at[2]) - 1, _column(at[1])) if at else (row, column + 1)
                if len(element):
                    self._reach(row, column)
                if element.find("{*}f") is not None:
                    self.marks[row, column] = CellKind.FORMULA
                elif element.get("t") == "e":
                    self.marks[row, column] = CellKind.ERROR
                element.clear()
            elif event == "end" and name == "row":
                element.clear()

    def _ods(self, content: bytes) -> None:
        """All tables, since calamine reads all of them; formulas of the first."""
        row = column = depth = tables = 0
        formulas: list[range] = []
        last = -1
        for event, element in _elements(content):
            name = _local(element.tag)
            said = {_local(key): value for key, value in element.items()}
            if name == "table":
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "start":
                    tables, row, self.rows, self.columns = tables + 1, 0, 0, 0
            elif event == "start" and name == "table-row":
                column, last, formulas = 0, -1, []
            elif event == "end" and name in ("table-cell", "covered-table-cell"):
                places = range(column, column + int(said.get("number-columns-repeated", 1)))
                column = places.stop
                if {"formula", "value-type"} & said.keys() or len(element):
                    last = places.stop - 1
                    self._reach(row, last)
                if "formula" in said and tables == 1:
                    formulas.append(places)
                self._merge(tables, row, places.start, said)
                element.clear()
            elif event == "end" and name == "table-row":
                begin, row = row, row + int(said.get("number-rows-repeated", 1))
                if last >= 0:
                    self._reach(row - 1, last)
                for places in formulas:
                    for each in range(begin, row):
                        self.marks.update({(each, place): CellKind.FORMULA for place in places})
                element.clear()

    def _merge(self, table: int, row: int, column: int, said: Mapping[str, str]) -> None:
        down = int(said.get("number-rows-spanned", 1))
        across = int(said.get("number-columns-spanned", 1))
        if table == 1 and (down > 1 or across > 1):
            self.merged.append((row, column, row + down - 1, column + across - 1))

    def _xls(self, data: bytes) -> None:
        """All sheets, since calamine reads all of them; formulas and errors of the first."""
        with OleFileIO(io.BytesIO(data)) as file:
            if file.exists("EncryptedPackage"):
                raise self.not_readable("why.sheet-password")
            stream = file.openstream("Workbook" if file.exists("Workbook") else "Book").read()
        begins: list[int] = []
        for kind, body in _records(stream, 0):
            if kind == _FILEPASS:
                raise self.not_readable("why.sheet-password")
            if kind == _BOUNDSHEET:
                begins.append(struct.unpack_from("<I", body)[0])
            elif kind == _SST and struct.unpack_from("<I", body, 4)[0] > len(stream):
                raise self.not_readable("why.sheet-not-workbook")
        for number, begin in enumerate(begins):
            self.rows = self.columns = 0
            for kind, body in _records(stream, begin):
                if kind == _DIMENSIONS:
                    top, end, left, right = struct.unpack_from(_SIDES[len(body) > 10], body)
                    self._reach(max(end - top, -1), max(right - left, -1))
                elif kind in _CELLS:
                    row, column = struct.unpack_from("<HH", body)
                    self._reach(row, column)
                    if kind == _FORMULA and not number:
                        self.marks[row, column] = CellKind.FORMULA
                    elif kind == _BOOLERR and body[7] and not number:
                        self.marks[row, column] = CellKind.ERROR


_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST = 0x809, 0x0A, 0x2F, 0x85, 0xFC
_DIMENSIONS, _FORMULA, _BOOLERR = 0x200, 0x06, 0x205
_SIDES = ("<HHHH", "<IIHH")
"""How DIMENSIONS says first and last row and column, before Excel 97 and since."""
_CELLS = {_FORMULA, _BOOLERR, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x27E}
"""Records that fill cells (MS-XLS 2.3.2); each begins with row and column."""


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from a BOF to its EOF; a chart within a sheet, which has its own, is passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        elif not depth:
            return
        at += 4 + size


def _elements(content: bytes) -> Iterator[tuple[str, ET.Element]]:
    return ET.iterparse(io.BytesIO(content), ("start", "end"))  # noqa: S314 (see _unpacked)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1

"""Rows of text from the bytes of a CSV, TSV or workbook file, one at a time, within limits.

Bytes come as a stream that can be read again; rows go to the mapping. Every cell stays the text it
is: a formula is not computed, a number not rounded. What the bytes do not say (encoding, separator,
where the column names stand) is a `TableForm`, which the mapping holds; `sniff_table` proposes one
and says of each part whether it was found or assumed.

Of a workbook (XLSX, ODS, XLS) the first sheet is read, where that is asked for: a number in it is
binary and of some fifteen digits, a formula is no value, and a time has no zone. What that means
for a row is noted by whoever reads it (`stated`).
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, BinaryIO

from kancil.evidence.errors import TableIsNoText, TableNotReadable, TableTooLarge
from kancil.ground.phrase import Param, Phrase
from kancil.ground.spreadsheet import is_spreadsheet, spreadsheet_rows

from .amount import AmountForm, read_amount

MAX_FILE_BYTES = 50_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
SNIFFED_ROWS = 200
WORKBOOK = "workbook"
"""In place of an encoding: the first sheet of an XLSX, ODS or XLS file."""
LATER_ENCODINGS = (WORKBOOK, "cp1258", "gb18030", "big5")
"""Those that only a mapping of the third format may name."""
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp874", *LATER_ENCODINGS,
)  # fmt: skip
"""Those a mapping may name: Unicode, and Windows' Western European, Thai (cp874), Vietnamese
(cp1258) and Chinese."""
MAX_HEADER_LINES = 3
MAX_ABOVE = 60
DELIMITERS = (",", ";", "\t", "|")
Knows = Callable[[str], bool]
_CHUNK_BYTES = 1 << 20
_CELL_CHARACTERS = 131_072

_OTHER_FILES = (
    (b"PK\x03\x04", "thing.workbook"),
    (b"\xd0\xcf\x11\xe0", "thing.workbook"),
    (b"%PDF", "thing.pdf"),
    (b"\x1f\x8b", "thing.archive"),
    (b"Rar!", "thing.archive"),
    (b"7z\xbc\xaf", "thing.archive"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TableForm:
    """What the bytes of a table do not say of themselves."""

    encoding: str
    delimiter: str
    header_line: int
    """Line of the column names, from 1; what stands above is not read."""
    header_lines: int = 1
    """Lines that the column names take; merged cells of the upper ones reach to the right."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, as text."""

    number: int
    """From 1, the line of column names not counted."""
    line: int
    """Line of the file on which it begins, from 1."""
    cells: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it stands, as skips and transfers say it."""
        return f"line {self.line}"

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A proposed form, why, and the first rows under it."""

    form: TableForm
    reasons: tuple[Phrase, ...]
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    above: tuple[tuple[str, ...], ...] = ()
    """Filled cells of the lines above the column names, which often say whose account it is."""


class Table:
    """A table whose rows can be gone through once."""

    def __init__(self, stream: BinaryIO, form: TableForm, name: str) -> None:
        """Open a table in a form; reads as far as the column names.

        `name`: the file's, for what is said of it. Raises TableTooLarge, TableIsNoText,
        TableNotReadable.
        """
        self.name = name
        self.form = form
        self._records = records_of(stream, form.encoding, form.delimiter, name)
        above = (record for record in self._records if record[0] >= form.header_line)
        line, cells = next(above, (0, []))
        if line != form.header_line:
            why = Phrase("why.table-no-header", {"line": form.header_line})
            raise TableNotReadable(path=name, line=form.header_line, why=why)
        if len(cells) > MAX_COLUMNS:
            why = Phrase("why.table-columns", {"limit": MAX_COLUMNS})
            raise TableNotReadable(path=name, line=line, why=why)
        more = [next(self._records, (0, list[str]()))[1] for _ in range(form.header_lines - 1)]
        self.columns = unique_names(joined_names([cells, *more]))

    def rows(self) -> Iterator[TableRow]:
        """Go through the rows that are not blank; raises TableTooLarge, TableNotReadable."""
        number = 0
        for line, cells in self._records:
            row = TableRow(number + 1, line, tuple(cells))
            if row.is_blank:
                continue
            number += 1
            if number > MAX_ROWS:
                raise _too_large(self.name)
            yield row


def unique_names(cells: list[str]) -> tuple[str, ...]:
    """Each column a name of its own: `Amount`, `Amount (2)`; one without is `column 3`."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        stated = name = " ".join(cell.split()) or f"column {number}"
        times = 1
        while name in names:
            times += 1
            name = f"{stated} ({times})"
        names.append(name)
    return tuple(names)


def joined_names(lines: list[list[str]]) -> list[str]:
    """Column names that stand in several lines: `Amount`, and below it `Debit`.

    A cell that is merged over several columns is empty in all but the first of them.
    """
    width = max(map(len, lines))
    parts: list[list[str]] = [[] for _ in range(width)]
    for place, line in enumerate(lines):
        last = ""
        for column in range(width):
            cell = " ".join(line[column].split()) if column < len(line) else ""
            below = any(column < len(each) and each[column].strip() for each in lines[place + 1 :])
            last = cell or (last if below else "")
            if last and last not in parts[column]:
                parts[column].append(last)
    return [" ".join(each) for each in parts]


def records_of(
    stream: BinaryIO, encoding: str, delimiter: str, name: str
) -> Iterator[tuple[int, list[str]]]:
    """Go through all records of a text or of a workbook's first sheet, each with its line.

    Raises TableTooLarge, TableIsNoText, TableNotReadable.
    """
    if encoding == WORKBOOK:
        return read_workbook(stream, name)
    check_is_text(stream, name)
    return read_records(stream, encoding, delimiter, name)


def is_workbook(stream: BinaryIO) -> bool:
    """By the first bytes alone."""
    stream.seek(0)
    return is_spreadsheet(stream.read(8))


def read_workbook(stream: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    """Go through the rows of a workbook's first sheet: numbers plain, days and times in ISO form.

    Raises TableTooLarge, TableNotReadable.
    """

    def not_readable(why: str, **told: Any) -> TableNotReadable:
        return TableNotReadable(path=name, line=1, why=Phrase(why, told))

    if stream.seek(0, os.SEEK_END) > MAX_FILE_BYTES:
        raise _too_large(name)
    stream.seek(0)
    data = stream.read()
    if not is_spreadsheet(data):
        raise not_readable("why.sheet-not-workbook")
    rows = list(spreadsheet_rows(data, not_readable, lambda _why, **_told: _too_large(name)))
    width = max((max(cells, default=-1) for _, cells in rows), default=-1) + 1
    for number, cells in rows:
        yield number, [cells[at].moment or cells[at].text if at in cells else "" for at in
                       range(width)]  # fmt: skip


def check_is_text(stream: BinaryIO, name: str) -> None:
    """Refuse what is too large or plainly another kind of file.

    Raises TableTooLarge, TableIsNoText.
    """
    if stream.seek(0, os.SEEK_END) > MAX_FILE_BYTES:
        raise _too_large(name)
    stream.seek(0)
    head = stream.read(8)
    for mark, what in _OTHER_FILES:
        if head.startswith(mark):
            raise TableIsNoText(path=name, what=Phrase(what))


def _too_large(name: str) -> TableTooLarge:
    return TableTooLarge(path=name, megabytes=MAX_FILE_BYTES // 1_000_000, rows=MAX_ROWS)


def read_records(
    stream: BinaryIO, encoding: str, delimiter: str, name: str
) -> Generator[tuple[int, list[str]], None, None]:
    """Go through all records from the start, each with the line on which it begins.

    Raises TableNotReadable for bytes that are not of the encoding, and for a cell without end.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    try:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                why = Phrase("why.table-cell", {"characters": _CELL_CHARACTERS})
                raise TableNotReadable(path=name, line=line, why=why) from error
            except UnicodeError as error:
                why = Phrase("why.table-encoding", {"encoding": encoding})
                raise TableNotReadable(path=name, line=line, why=why) from error
            if cells is None:
                return
            yield line, cells
    finally:
        # The stream is the caller's: it stays open, unless the caller closed it.
        if not stream.closed:
            text.detach()


# --- what the bytes may be ------------------------------------------------------------------------


def sniff_table(
    stream: BinaryIO, name: str, *, knows: Knows | None = None, may_be_workbook: bool = False
) -> Sniffed:
    """Propose the form of a table and read its first rows.

    `knows`: whether a text is a known name of a column, by which the line of the names is found
    and, where the bytes leave it open, their encoding. Raises TableTooLarge, TableIsNoText,
    TableNotReadable.
    """
    if may_be_workbook and is_workbook(stream):
        encoding, why_encoding = WORKBOOK, Phrase("note.table-workbook")
    else:
        check_is_text(stream, name)
        encoding, why_encoding = _sniff_encoding(stream, knows)
    delimiters = DELIMITERS if encoding != WORKBOOK else DELIMITERS[:1]
    best = max(
        (_Tried(stream, encoding, delimiter, name) for delimiter in delimiters),
        key=lambda tried: tried.fit,
    )
    if not best.fit:
        raise TableNotReadable(path=name, line=1, why=Phrase("why.table-none"))
    header_line, lines, is_known = best.header(knows)
    form = TableForm(encoding, best.delimiter, header_line, lines)
    reasons = [why_encoding]
    if encoding != WORKBOOK:
        name_of = Phrase(_DELIMITER_NAMES[best.delimiter])
        reasons.append(Phrase("note.table-delimiter", {"name": name_of}))
    header = "note.table-header-known" if is_known else "note.table-header"
    reasons.append(Phrase(header, {"line": header_line}))
    if lines > 1:
        reasons.append(Phrase("note.table-header-lines", {"lines": lines}))
    return _sniffed(stream, form, name, tuple(reasons))


def sniff_as(stream: BinaryIO, form: TableForm, name: str) -> Sniffed:
    """Read the first rows of a table in a form that a person has chosen.

    Raises TableTooLarge, TableIsNoText, TableNotReadable.
    """
    return _sniffed(stream, form, name, (Phrase("note.table-form-chosen"),))


def _sniffed(stream: BinaryIO, form: TableForm, name: str, reasons: tuple[Phrase, ...]) -> Sniffed:
    records = islice(records_of(stream, form.encoding, form.delimiter, name), MAX_ABOVE)
    above = tuple(
        tuple(cell.strip() for cell in cells if cell.strip())
        for line, cells in records
        if line < form.header_line
    )
    table = Table(stream, form, name)
    rows = tuple(islice(table.rows(), SNIFFED_ROWS))
    return Sniffed(form, reasons, table.columns, rows, above)


_DELIMITER_NAMES = {
    ",": "name.comma",
    ";": "name.semicolon",
    "\t": "name.tab",
    "|": "name.bar",
}


class _Tried:
    """The first records under one separator, and how well they make a table."""

    def __init__(self, stream: BinaryIO, encoding: str, delimiter: str, name: str) -> None:
        self.delimiter = delimiter
        try:
            records = records_of(stream, encoding, delimiter, name)
            self.records = list(islice(records, SNIFFED_ROWS))
            if isinstance(records, Generator):
                records.close()
        except TableNotReadable:
            if encoding == WORKBOOK:
                raise
            self.records = []
        widths = Counter(len(cells) for _, cells in self.records if len(cells) > 1)
        self.width, count = max(
            widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]), default=(0, 0)
        )
        self.fit = count * (self.width - 1) if self.width <= MAX_COLUMNS else 0

    def header(self, knows: Knows | None) -> tuple[int, int, bool]:
        """The line of the column names, how many lines they take, and whether names tell it.

        The row with the most known names if it has two, else the first wide row without an amount.
        """
        places = [place for place, (_, cells) in enumerate(self.records)
                  if len(cells) == self.width]  # fmt: skip
        if knows is not None:
            counts = {place: sum(map(knows, self.records[place][1])) for place in places[:60]}
            best = max(counts, key=lambda place: (counts[place], -place))
            if counts[best] > 1:
                return (*self._lines_at(best, knows), True)
        for place in places:
            filled = [cell for cell in self.records[place][1] if cell.strip()]
            if len(filled) > 1 and not any(read_amount(cell, _PLAIN) for cell in filled):
                return self.records[place][0], 1, False
        return self.records[places[0]][0], 1, False

    def _lines_at(self, place: int, knows: Knows) -> tuple[int, int]:
        """The names at a place, with a line of merged names above or below it."""
        line, cells = self.records[place]
        for beside in (place - 1, place + 1):
            if not 0 <= beside < len(self.records):
                continue
            other_line, other = self.records[beside]
            if abs(other_line - line) != 1 or len(other) != self.width:
                continue
            filled = [cell for cell in other if cell.strip()]
            fills_in = any(not a.strip() and b.strip() for a, b in zip(cells, other, strict=True))
            has_figures = any(character.isdecimal() for cell in filled for character in cell)
            if any(map(knows, filled)) and fills_in and not has_figures:
                return min(line, other_line), 2
        return line, 1


_PLAIN = AmountForm(".", ",")


def _sniff_encoding(stream: BinaryIO, knows: Knows | None) -> tuple[str, Phrase]:
    stream.seek(0)
    head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, Phrase("note.table-encoding-marked", {"encoding": encoding})
    zeros = head.count(0)
    if zeros * 4 > len(head):
        # Unmarked UTF-16: of Latin letters every other byte is zero.
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return encoding, Phrase("note.table-encoding-assumed", {"encoding": encoding})
    if _is_utf8(stream):
        return "utf-8", Phrase("note.table-encoding-utf-8")
    if knows is not None:
        names = {each: _known_names(head, each, knows) for each in _OLDER}
        best = max(names, key=lambda each: names[each])
        if names[best] > max(count for each, count in names.items() if each != best):
            told: dict[str, Param] = {"encoding": best, "names": names[best]}
            return best, Phrase("note.table-encoding-names", told)
    encoding = "cp874" if _looks_thai(stream) else "cp1252"
    return encoding, Phrase("note.table-encoding-assumed", {"encoding": encoding})


_OLDER = ("cp1252", "cp874", "cp1258", "gb18030", "big5")
_CELL_ENDS = re.compile(r'[,;\t|"\r\n]+')


def _known_names(head: bytes, encoding: str, knows: Knows) -> int:
    """How many cells of the first bytes are known names that need more than ASCII."""
    cells = _CELL_ENDS.split(head.decode(encoding, errors="replace"))
    return sum(1 for cell in cells if not cell.isascii() and knows(cell))


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _looks_thai(stream: BinaryIO) -> bool:
    """Whether high bytes stand in runs, as in Thai words; Western accents stand alone."""
    stream.seek(0)
    data = stream.read(_CHUNK_BYTES)
    high = [byte > 0xA0 for byte in data]
    beside = sum(one and other for one, other in pairwise(high))
    return 2 * beside > sum(high)

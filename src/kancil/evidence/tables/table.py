"""Rows of text from the bytes of a CSV or TSV file, one at a time, within limits.

Bytes come as a stream that can be read again; rows go to the mapping. Every cell stays the text it
is: a formula is not computed, a number not rounded. What the bytes do not say (encoding, separator,
where the column names stand) is a `TableForm`, which the mapping holds; `sniff_table` proposes one
and says of each part whether it was found or assumed.

Workbooks (XLSX, ODS, XLS) are refused: their cells hold rounded binary numbers, and dates without
a time zone or, sometimes, a certain first day. Exchanges give CSV on request.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import BinaryIO

from kancil.evidence.errors import TableIsNoText, TableNotReadable, TableTooLarge
from kancil.ground.phrase import Phrase

from .amount import AmountForm, read_amount

MAX_FILE_BYTES = 50_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
SNIFFED_ROWS = 200
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp874")
"""Those a mapping may name: Unicode, Windows' Western European, and Windows' Thai (cp874)."""
DELIMITERS = (",", ";", "\t", "|")
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


class Table:
    """A table whose rows can be gone through once."""

    def __init__(self, stream: BinaryIO, form: TableForm, name: str) -> None:
        """Open a table in a form; reads as far as the column names.

        `name`: the file's, for what is said of it. Raises TableTooLarge, TableIsNoText,
        TableNotReadable.
        """
        check_is_text(stream, name)
        self.name = name
        self.form = form
        self._records = read_records(stream, form.encoding, form.delimiter, name)
        above = (record for record in self._records if record[0] >= form.header_line)
        line, cells = next(above, (0, []))
        if line != form.header_line:
            why = Phrase("why.table-no-header", {"line": form.header_line})
            raise TableNotReadable(path=name, line=form.header_line, why=why)
        if len(cells) > MAX_COLUMNS:
            why = Phrase("why.table-columns", {"limit": MAX_COLUMNS})
            raise TableNotReadable(path=name, line=line, why=why)
        self.columns = unique_names(cells)

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


def sniff_table(stream: BinaryIO, name: str) -> Sniffed:
    """Propose the form of a table and read its first rows.

    Raises TableTooLarge, TableIsNoText, TableNotReadable.
    """
    check_is_text(stream, name)
    encoding, why_encoding = _sniff_encoding(stream)
    best = max(
        (_Tried(stream, encoding, delimiter, name) for delimiter in DELIMITERS),
        key=lambda tried: tried.fit,
    )
    if not best.fit:
        raise TableNotReadable(path=name, line=1, why=Phrase("why.table-none"))
    header_line, header = best.header()
    form = TableForm(encoding, best.delimiter, header_line)
    separator = Phrase("note.table-delimiter", {"name": Phrase(_DELIMITER_NAMES[best.delimiter])})
    named = Phrase("note.table-header", {"line": header_line})
    columns = unique_names(header)
    rows = tuple(islice(Table(stream, form, name).rows(), SNIFFED_ROWS))
    return Sniffed(form, (why_encoding, separator, named), columns, rows)


def sniff_as(stream: BinaryIO, form: TableForm, name: str) -> Sniffed:
    """Read the first rows of a table in a form that a person has chosen.

    Raises TableTooLarge, TableIsNoText, TableNotReadable.
    """
    table = Table(stream, form, name)
    rows = tuple(islice(table.rows(), SNIFFED_ROWS))
    return Sniffed(form, (Phrase("note.table-form-chosen"),), table.columns, rows)


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
            records = read_records(stream, encoding, delimiter, name)
            self.records = list(islice(records, SNIFFED_ROWS))
            records.close()
        except TableNotReadable:
            self.records = []
        widths = Counter(len(cells) for _, cells in self.records if len(cells) > 1)
        self.width, count = max(
            widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]), default=(0, 0)
        )
        self.fit = count * (self.width - 1) if self.width <= MAX_COLUMNS else 0

    def header(self) -> tuple[int, list[str]]:
        """The line and cells of the column names: the first wide row without an amount."""
        wide = [(line, cells) for line, cells in self.records if len(cells) == self.width]
        for line, cells in wide:
            filled = [cell for cell in cells if cell.strip()]
            if len(filled) > 1 and not any(read_amount(cell, _PLAIN) for cell in filled):
                return line, cells
        return wide[0]


_PLAIN = AmountForm(".", ",")


def _sniff_encoding(stream: BinaryIO) -> tuple[str, Phrase]:
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
    encoding = "cp874" if _looks_thai(stream) else "cp1252"
    return encoding, Phrase("note.table-encoding-assumed", {"encoding": encoding})


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

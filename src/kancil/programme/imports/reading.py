"""Rows of a spreadsheet as fields, read in the limited child: text, days, words, amounts.

What stands in a cell is said by its reason's field and never repeated: reasons of a list of people
are kept, and may be read by others than those who see names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from kancil.ground.child import in_child
from kancil.ground.phrase import Param, Phrase
from kancil.ground.spreadsheet import CellKind, Range, SheetCell
from kancil.programme.errors import LedgerNotReadable, LedgerTooLarge
from kancil.programme.money.sheets import (
    AS_IT_LOOKS,
    BUDDHIST_YEARS,
    MAX_COLUMNS,
    Cells,
    Heading,
    SheetOf,
    cell_in,
    common_year,
    days_of,
    open_sheet,
)
from kancil.records.described import one_line

from .fields import (
    FIELDS,
    NO,
    YES,
    Field,
    ImportKind,
    Shape,
    is_heading,
    plain_words,
    words_listed,
    words_of,
)
from .mapping import ORDERS, ColumnLook, Remarks, TableHead, TableMapping

MOST_ROWS = 50_000
FIRST_ROWS = 10
_MOST_MERGED = 10_000
_CHILD_BYTES = 2 << 30
_YEARS = range(1950, 2101)
"""Beyond them a day is a slip, or of another calendar."""
_EMPTY = SheetCell("")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Given:
    """One row: what stands in it, by field."""

    row: int
    values: Mapping[str, str]
    """Days as 2026-03-09, words as the vocabulary has them, amounts with a decimal point."""
    faults: Mapping[str, Phrase] = field(default_factory=dict)
    """Why fields cannot be read, by field; they are in no value."""


@dataclass(frozen=True, slots=True)
class TableRead:
    """All rows of a file."""

    given: tuple[Given, ...]
    remarks: Remarks


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=60)
def read_table_head(
    data: bytes,
    path: str,
    heading: Heading = AS_IT_LOOKS,
) -> TableHead:
    """Headings, first rows, and in which orders days are written; reads to the end.

    `heading`: where a person says that the headings stand. Raises LedgerNotReadable,
    LedgerTooLarge.
    """
    table = _Table(open_sheet(data, path, heading, is_heading, may_guess=True), path)
    first: list[Cells] = []
    used = {at for at, each in enumerate(table.sheet.columns) if each}
    orders = [set(ORDERS) for _ in table.headings]
    has_days = [False for _ in table.headings]
    for _, cells in table.rows():
        if len(first) < FIRST_ROWS:
            first.append(cells)
        used |= cells.keys()
        for at, cell in cells.items():
            if at < len(orders) and cell.kind is CellKind.TEXT and cell.text[-1:].isdecimal():
                found = days_of(ascii_digits(cell.text))
                if found and "ymd" not in found:
                    orders[at] &= found.keys()
                    has_days[at] = True
    if not table.count:
        raise LedgerNotReadable(path=path, why=Phrase("why.sheet-empty"))
    looks = tuple(
        ColumnLook(
            heading,
            tuple(cell_in(cells, at).text[:80] for cells in first),
            tuple(each for each in ORDERS if has_days[at] and each in orders[at]),
        )
        for at, heading in enumerate(table.headings)
        if at in used
    )
    digest = sha256("\x1f".join(table.sheet.columns).encode()).hexdigest()
    return TableHead(
        looks, table.count, digest, table.remarks(), table.sheet.heading, table.sheet.first
    )


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=120)
def read_table(data: bytes, path: str, kind: ImportKind, mapping: TableMapping) -> TableRead:
    """Every row as fields, or with all reasons why not; raises as `read_table_head` does."""
    table = _Table(open_sheet(data, path, mapping.heading, is_heading, may_guess=True), path)
    places = {heading: at for at, heading in enumerate(table.headings)}
    columns = [
        (each, places[mapping.columns[each.name]])
        for each in FIELDS[kind]
        if mapping.columns.get(each.name) in places
    ]
    given: list[Given] = []
    unread, read, buddhist = set[int](), {at for _, at in columns}, 0
    for number, cells in table.rows():
        unread |= {at for at, each in cells.items() if at not in read and each.text.strip()}
        buddhist += sum(
            of.shape is Shape.DAY and _is_buddhist(cells.get(at, _EMPTY)) for of, at in columns
        )
        found = _row(number, columns, cells, mapping)
        if found.faults or any(found.values.values()):
            given.append(found)
        else:
            table.empty += 1
    remarks = replace(
        table.remarks(), buddhist=buddhist,
        unread=tuple(table.headings[at] for at in sorted(unread) if at < MAX_COLUMNS),
    )  # fmt: skip
    return TableRead(tuple(given), remarks)


def _is_buddhist(cell: SheetCell) -> bool:
    """Whether a day is written in a year of the Buddhist era."""
    years = (int(each) for each in _FOUR.findall(ascii_digits(cell.text)))
    return any(each in BUDDHIST_YEARS for each in years)


class _Table:
    """The rows below the headings, with merged cells filled and formulas as what they computed."""

    def __init__(self, sheet: SheetOf, path: str) -> None:
        self.sheet, self.path = sheet, path
        self.headings = _headings(sheet.columns)
        self.count = self.merged = self.formulas = self.empty = 0
        ranges = sheet.sheet.merged if sheet.sheet else ()
        if len(ranges) > _MOST_MERGED:
            raise self._too_large("why.sheet-merged", most=_MOST_MERGED)
        self._ranges = sorted(ranges, reverse=True)
        self._open: list[tuple[Range, SheetCell]] = []

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Number in the file, and cells."""
        last = 0
        for number, found in self.sheet.rows:
            cells = {at: self._value(each) for at, each in found.items()}
            self._fill(number - 1, cells)
            self.count += 1
            self.empty += max(number - last - 1, 0) if last and self.sheet.sheet else 0
            last = number
            if self.count > MOST_ROWS:
                raise self._too_large("why.sheet-rows", most=MOST_ROWS)
            yield number, cells

    def remarks(self) -> Remarks:
        """What was met so far."""
        told = self.sheet.sheet
        return Remarks(self.merged, self.formulas, self.empty, told.others if told else (),
                       told.hidden if told else (), guessed=self.sheet.guessed)  # fmt: skip

    def _value(self, cell: SheetCell) -> SheetCell:
        if cell.kind is not CellKind.FORMULA:
            return cell
        self.formulas += 1
        known = cell.computed
        return known if known is not None and known.text.strip() else cell

    def _fill(self, row: int, cells: Cells) -> None:
        while self._ranges and self._ranges[-1][0] <= row:
            one = self._ranges.pop()
            if one[0] == row and one[1] in cells:
                self._open.append((one, cells[one[1]]))
        self._open = [each for each in self._open if each[0][2] >= row]
        for (_, left, _, right), cell in self._open:
            for at in range(left, min(right + 1, MAX_COLUMNS)):
                if at not in cells:
                    cells[at] = cell
                    self.merged += 1

    def _too_large(self, key: str, **params: int) -> LedgerTooLarge:
        return LedgerTooLarge(path=self.path, why=Phrase(key, params))


def _headings(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Headings, no two alike: a column without one, or with another's, bears its letter.

    Columns right of the last heading have theirs too, so that nothing is left unread unnamed.
    """
    found: list[str] = []
    for at in range(MAX_COLUMNS):
        heading = columns[at] if at < len(columns) else ""
        name = heading[:120] or f"({_letter(at)})"
        found.append(f"{name} ({_letter(at)})" if name in found else name)
    return tuple(found)


def _letter(at: int) -> str:
    first, last = divmod(at, 26)
    return (_letter(first - 1) if first else "") + chr(65 + last)


def ascii_digits(text: str) -> str:
    """A text with the digits of every script as those of ours."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _row(
    number: int, columns: list[tuple[Field, int]], cells: Cells, mapping: TableMapping
) -> Given:
    found: dict[str, str] = {}
    faults: dict[str, Phrase] = {}
    for each, at in columns:
        value = _read(each, cells.get(at, _EMPTY), mapping)
        if isinstance(value, Phrase):
            faults[each.name] = value
        elif len(value) > each.most:
            faults[each.name] = _why("long", each, most=each.most)
        else:
            found[each.name] = value
    _join_name(found, columns)
    return Given(number, found, faults)


def _join_name(found: dict[str, str], columns: list[tuple[Field, int]]) -> None:
    """Make one name of its two columns, in the order in which the sheet has them."""
    parts = sorted((at, each.name) for each, at in columns if each.name in ("name", "other_name"))
    if len(parts) > 1 and found.get("name"):
        found["name"] = " ".join(filter(None, (found.get(name, "") for _, name in parts)))
    found.pop("other_name", None)


def _why(key: str, of: Field, **params: Param) -> Phrase:
    return Phrase(f"why.import-{key}", {"field": of.label, **params})


def _read(of: Field, cell: SheetCell, mapping: TableMapping) -> str | Phrase:
    if cell.kind is CellKind.FORMULA:
        return _why("formula", of)
    if cell.kind is CellKind.ERROR:
        return _why("error", of)
    text = one_line(cell.text)
    if not text:
        return ""
    match of.shape:
        case Shape.DAY:
            return _day(of, cell, mapping.day_order)
        case Shape.WORD | Shape.TEXT:
            return _word(of, text)
        case Shape.AMOUNT:
            return _amount(of, cell, text, mapping)
        case Shape.YES:
            word = plain_words(text)
            return "yes" if word in YES else "no" if word in NO or not word else _why("yes", of)


def _word(of: Field, text: str) -> str | Phrase:
    if of.words is None:
        return text
    known = words_of(of.words).get(plain_words(text))
    if known or of.shape is Shape.TEXT:
        return known or text
    return _why("words", of, words=words_listed(of.words))


def _amount(of: Field, cell: SheetCell, text: str, mapping: TableMapping) -> str | Phrase:
    if cell.kind not in (CellKind.TEXT, CellKind.NUMBER):
        return _why("amount", of)
    if cell.kind is CellKind.TEXT and mapping.decimal_comma:
        text = text.translate(str.maketrans(",.", ".,"))
    return ascii_digits(text)


def _day(of: Field, cell: SheetCell, order: str) -> str | Phrase:
    if cell.kind is CellKind.NUMBER:
        return _why("serial", of)
    if cell.kind is CellKind.DAY:
        day = date.fromisoformat(cell.text)
        with suppress(ValueError):  # 29 February of a Buddhist year may be none of ours
            day = day.replace(year=common_year(day.year))
        found = {"": day}
    else:
        found = days_of(ascii_digits(one_line(cell.text)))
    days = {found[order]} if order in found else set(found.values())
    if "ymd" in found:
        days = {found["ymd"]}
    elif order and cell.kind is CellKind.TEXT and order not in found:
        days = set()
    if len(days) > 1:
        return _why("two-days", of)
    if not days or (one := days.pop()).year not in _YEARS:
        return _why("day", of)
    return one.isoformat()


@dataclass(frozen=True, slots=True)
class Whole:
    """Some rows of a file as they stand there."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@in_child(memory_bytes=_CHILD_BYTES, cpu_seconds=60)
def read_whole_rows(
    data: bytes,
    path: str,
    numbers: Sequence[int] | None,
    heading: Heading = AS_IT_LOOKS,
) -> Whole:
    """The cells of some rows, or of all, as they stand there."""
    table = _Table(open_sheet(data, path, heading, is_heading, may_guess=True), path)
    wanted = None if numbers is None else set(numbers)
    width = len(table.sheet.columns)
    rows = tuple(
        (number, tuple(cell_in(cells, at).text for at in range(width)))
        for number, cells in table.rows()
        if wanted is None or number in wanted
    )
    return Whole(table.headings[:width], rows)

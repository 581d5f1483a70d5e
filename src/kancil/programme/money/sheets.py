"""Rows of a table that somebody exported, CSV or the first sheet of a workbook, within limits.

Runs in the limited child alone: whoever reads a file of spending or rates calls it there.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from itertools import chain, islice

from kancil.ground.encodings import encoding_of
from kancil.ground.folding import folded
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
_GUESSED_FROM = 65_536
"""Bytes, from the first one beyond ASCII on, by which an encoding is guessed."""
Cells = dict[int, SheetCell]
"""By column from 0; empty ones are not there."""
_EMPTY = SheetCell("")


DAY_ORDERS = ("ymd", "dmy", "mdy")
_DAY = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[-./, ]+(\D+?)[-./, ]+(\d{4})")
_NAMED_FIRST = re.compile(r"(\D+?)[-./, ]+(\d{1,2})(?:st|nd|rd|th)?[-./, ]+(\d{4})")
_MONTHS = (
    "january jan janvier janv enero ene januari",
    "february feb février févr fév febrero februari",
    "march mar mars marzo maret",
    "april apr avril avr abril abr",
    "may mai mayo mei",
    "june jun juin junio juni",
    "july jul juillet juil julio juli",
    "august aug août agosto ago agustus agu",
    "september sep sept septembre septiembre",
    "october oct octobre octubre oktober okt",
    "november nov novembre noviembre",
    "december dec décembre déc diciembre dic desember des",
)
_THAI_MONTHS = (
    "มกราคม ม.ค", "กุมภาพันธ์ ก.พ", "มีนาคม มี.ค", "เมษายน เม.ย", "พฤษภาคม พ.ค", "มิถุนายน มิ.ย",
    "กรกฎาคม ก.ค", "สิงหาคม ส.ค", "กันยายน ก.ย", "ตุลาคม ต.ค", "พฤศจิกายน พ.ย", "ธันวาคม ธ.ค",
)  # fmt: skip
BUDDHIST_YEARS = range(2400, 2700)
"""Years that are of the Buddhist era, 543 ahead: no list reaches so far otherwise."""
_LOOKED_AT = 15
"""Rows among which the headings are looked for."""
_NEARLY_ALL = 0.75
"""Of the widest row, how many cells a row of headings fills at least."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings of a file stand."""

    row: int = 0
    """Its number in the file; 0: where they seem to stand."""
    is_joined: bool = False
    """Whether the row above names groups of columns, and stands before each heading."""


AS_IT_LOOKS = Heading()


@dataclass(slots=True)
class SheetOf:
    """A table with its headings; its rows can be gone through once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Cells]]
    """Number in the file, from 1, and cells."""
    sheet: FirstSheet | None = None
    """What else a workbook says; CSV says no more."""
    heading: Heading = AS_IT_LOOKS
    """Where the headings stand."""
    first: tuple[tuple[int, str], ...] = ()
    """The first rows, by number: in which the headings may stand."""
    guessed: str = ""
    """The encoding of a text that is not Unicode, which is a guess."""
    groups: Mapping[int, str] = field(default_factory=dict)
    """Names of groups in the row above the headings, by column."""

    def places(self) -> dict[str, int]:
        """Column by heading; of two alike the first."""
        return {name: place for place, name in reversed(list(enumerate(self.columns))) if name}

    def tell_apart(self) -> None:
        """Let no two headings be alike: the name of their group stands before them, or a number.

        Of `Budget` and `Actual` above two columns `USD`, nobody shall map one and read the other.
        """
        alike = {name for name, count in Counter(self.columns).items() if name and count > 1}
        names: list[str] = []
        for place, name in enumerate(self.columns):
            own = _joined(self.groups.get(place, ""), name) if name in alike else name
            number = names.count(own) + 1 if own else 1
            while own and number > 1 and f"{own} ({number})" in self.columns:
                number += 1
            names.append(own if number == 1 else f"{own} ({number})")
        self.columns = tuple(names)


def open_sheet(
    data: bytes,
    path: str,
    heading: Heading = AS_IT_LOOKS,
    knows: Callable[[str], bool] = lambda _: False,
    *,
    may_guess: bool = False,
) -> SheetOf:
    """Read as far as the headings.

    Text that is not Unicode is refused, or read in the encoding it seems to have (`may_guess`).

    Without a row that is named they are the row of which most cells are known (`knows`), else the
    first that is nearly as wide as the widest: titles and names of groups above are passed over.
    Raises LedgerNotReadable (also where the row that is named is not among the first), and
    LedgerTooLarge.
    """
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(path, "why.sheet-bytes", megabytes=MAX_FILE_BYTES // 1_000_000)
    sheet, guessed = None, ""
    if is_spreadsheet(data):
        sheet = first_sheet(data, partial(_refusal, path), partial(_too_large, path))
        found = sheet.rows
    else:
        text, guessed = _decoded(data, path, may_guess=may_guess)
        found = _csv_rows(text, path)
    rows = _bounded(found, path)
    first = list(islice(rows, _LOOKED_AT))
    filled = _filled(first, sheet)
    at = _heading_at(first, filled, heading.row, knows)
    if at is None:
        if heading.row and first:
            raise _refusal(path, "why.sheet-heading", row=heading.row, most=_LOOKED_AT)
        if first:
            raise _refusal(path, "why.sheet-narrow", most=_LOOKED_AT)
        raise _refusal(path, "why.sheet-empty")
    groups = _groups(first[at - 1][1], filled[at - 1]) if at else {}
    above = groups if heading.is_joined else {}
    own = {place: " ".join(cell.text.split()) for place, cell in filled[at].items()}
    names = [_joined(above.get(place, ""), own.get(place, "")) for place in range(max(own) + 1)]
    shown = tuple(
        (number, " · ".join(" ".join(each.text.split()) for each in cells.values())[:120])
        for number, cells in first
    )
    there = Heading(first[at][0], bool(above))
    below = chain(first[at + 1 :], rows)
    return SheetOf(tuple(names), below, sheet, there, shown, guessed, groups)


def _filled(rows: Sequence[tuple[int, Cells]], sheet: FirstSheet | None) -> list[Cells]:
    """The first rows with their merged cells filled."""
    by_number = {number - 1: dict(cells) for number, cells in rows}
    for top, left, bottom, right in sorted(sheet.merged if sheet else ()):
        cell = by_number.get(top, {}).get(left)
        if cell is None:
            continue
        for row in range(top, min(bottom, max(by_number)) + 1):
            for at in range(left, min(right + 1, MAX_COLUMNS)):
                by_number.get(row, {}).setdefault(at, cell)
    return list(by_number.values())


def _heading_at(
    rows: Sequence[tuple[int, Cells]],
    filled: Sequence[Cells],
    wanted: int,
    knows: Callable[[str], bool],
) -> int | None:
    """The place of the headings among the first rows; None: there are none."""
    if wanted:
        return next((at for at, (number, _) in enumerate(rows) if number == wanted), None)
    wide = [at for at, (_, cells) in enumerate(rows) if len(cells) > 1]
    if not wide:
        return None
    known = {at: sum(knows(each.text) for each in filled[at].values()) for at in wide}
    best = max(wide, key=lambda at: (known[at], -at))
    if known[best] > 1:
        return best
    widest = max(len(rows[at][1]) for at in wide)
    texts = {at: sum(each.kind is CellKind.TEXT for each in rows[at][1].values()) for at in wide}
    return next((at for at in wide if texts[at] >= _NEARLY_ALL * widest), wide[0])


def _groups(own: Cells, filled: Cells) -> dict[int, str]:
    """Names of groups by column: of merged cells, or each as far as the next one."""
    names = {at: " ".join(cell.text.split()) for at, cell in filled.items()}
    if len(filled) > len(own):
        return names
    last = ""
    for at in range(MAX_COLUMNS):
        last = names.get(at, last)
        names[at] = last
    return names


def _joined(above: str, own: str) -> str:
    return own if not above or not own or above == own else f"{above} {own}"


def days_of(text: str) -> dict[str, date]:
    """The days that a text may be, by the order of its parts (`DAY_ORDERS`); none: it is no day.

    A day with the name of its month is one in each order. Years of the Buddhist era are converted.
    """
    parts = _DAY.fullmatch(text.strip())
    if parts is None:
        named = _day_named(text.strip())
        return dict.fromkeys(DAY_ORDERS, named) if named else {}
    found = {}
    for order in DAY_ORDERS:
        by_letter = dict(zip(order, parts.groups(), strict=True))
        year, month, day = (int(by_letter[each]) for each in "ymd")
        year = common_year(year)
        if len(by_letter["y"]) == 4 and year > 1900 and 0 < month < 13 and 0 < day < 32:
            with suppress(ValueError):
                found[order] = date(year, month, day)
    return found


def common_year(year: int) -> int:
    """A year of the common era, also where it is written in the Buddhist one."""
    return year - 543 if year in BUDDHIST_YEARS else year


def _day_named(text: str) -> date | None:
    """A day with the name of its month: `9 Nov 2026`, `November 9, 2026`, `9 de mayo de 2026`."""
    plain = folded(re.sub(r"\b(?:de|of|del)\b", " ", text, flags=re.IGNORECASE))
    found = _NAMED.fullmatch(plain)
    first = None if found else _NAMED_FIRST.fullmatch(plain)
    if found:
        day, name, year = found.groups()
    elif first:
        name, day, year = first.groups()
    else:
        return None
    month = _months().get(name.strip(" .").removeprefix("พ.ศ."))
    with suppress(ValueError):
        return date(common_year(int(year)), month or 0, int(day))
    return None


@cache
def _months() -> dict[str, int]:
    return {
        folded(name).strip(" ."): month
        for names in (_MONTHS, _THAI_MONTHS)
        for month, listed in enumerate(names, 1)
        for name in listed.split()
    }


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


def _decoded(data: bytes, path: str, *, may_guess: bool) -> tuple[str, str]:
    """The text, and its encoding where that is a guess."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    with suppress(UnicodeDecodeError):
        return data.decode(encoding), ""
    beyond = re.search(rb"[\x80-\xff]", data)
    if may_guess and encoding == "utf-8" and beyond:
        guessed, _ = encoding_of(data[beyond.start() :][:_GUESSED_FROM])
        with suppress(UnicodeDecodeError):
            return data.decode(guessed), guessed
    raise _refusal(path, "why.sheet-encoding")


def _csv_rows(text: str, path: str) -> Iterator[tuple[int, Cells]]:
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

"""Files of registrations: what our form makes, JSON lines of a form host, CSV, spreadsheets.

Columns and keys bear the names of `registrant.FIELDS`; others are not read, and are told.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kancil.ground.child import in_child
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.spreadsheet import CellKind, is_spreadsheet, spreadsheet_rows
from kancil.programme.errors import RegistrationsNotReadable

from .registrant import FIELDS, FORMAT, NEEDED, RefusedRow, Registrant, registrant_of, same_person

MOST_BYTES = 10_000_000
MOST_ROWS = 10_000
"""Of one file; an activity has fewer."""
MOST_COLUMNS = 60
_TOLD = frozenset({*FIELDS, "activity", "kancil"})
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file of registrations holds."""

    rows: int
    registrants: tuple[Registrant, ...]
    refused: tuple[RefusedRow, ...]
    unread: tuple[str, ...]
    """Names of columns that are none of ours."""


def read_registrations(data: bytes, path: str, activity: str) -> ReadFile:
    """Read a file of registrations for an activity, by its code, in a child of its own.

    Raises RegistrationsNotReadable, ParserStopped, ParserLimitReached.
    """
    if len(data) > MOST_BYTES:
        raise _no(path, "why.sheet-bytes", megabytes=MOST_BYTES // 1_000_000)
    return _read(data, path, activity)


def _no(path: str, why: str, **params: Any) -> RegistrationsNotReadable:
    return RegistrationsNotReadable(path=path[:200], why=Phrase(why, params))


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def _read(data: bytes, path: str, activity: str) -> ReadFile:
    unread: set[str] = set()
    registrants: list[Registrant] = []
    refused: list[RefusedRow] = []
    by_name: dict[tuple[str, str], list[Registrant]] = {}
    rows = 0
    for row, given in _rows(data, path, unread):
        rows += 1
        if rows > MOST_ROWS:
            raise _no(path, "why.registration-rows", most=MOST_ROWS)
        found = given if isinstance(given, RefusedRow) else registrant_of(row, given, activity)
        if isinstance(found, Registrant):
            like = by_name.setdefault((folded(found.name), found.country), [])
            first = next((each for each in like if same_person(each, found)), None)
            if first is None:
                like.append(found)
                registrants.append(found)
                continue
            found = RefusedRow(row, Phrase("why.registration-twice", {"row": first.row}))
        refused.append(found)
    if not rows:
        raise _no(path, "why.sheet-empty")
    return ReadFile(rows, tuple(registrants), tuple(refused), tuple(sorted(unread)))


_Given = Mapping[str, str] | RefusedRow


def _rows(data: bytes, path: str, unread: set[str]) -> Iterator[tuple[int, _Given]]:
    if is_spreadsheet(data):
        return _sheet(data, path, unread)
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise _no(path, "why.sheet-encoding") from None
    if text.lstrip()[:1] in ("{", "["):
        return _json(text, path, unread)
    return _csv(text, path, unread)


def _json(text: str, path: str, unread: set[str]) -> Iterator[tuple[int, _Given]]:
    """JSON lines; or one value over several lines: an object, or a list of them."""
    try:
        whole = json.loads(text)
        listed = list(enumerate(whole if isinstance(whole, list) else [whole], start=1))
    except (ValueError, RecursionError):
        lines = enumerate(text.splitlines(), start=1)
        listed = [(row, _line(line)) for row, line in lines if line.strip()]
    for row, value in listed:
        if not isinstance(value, dict) or any(isinstance(each, dict | list)
                                              for each in value.values()):  # fmt: skip
            yield row, RefusedRow(row, Phrase("why.registration-not-json"))
        elif value.get("kancil", FORMAT) != FORMAT:
            yield row, RefusedRow(row, Phrase("why.registration-format", {"known": FORMAT}))
        else:
            unread |= {str(name)[:60] for name in value} - _TOLD
            yield row, {name: "" if one is None else str(one) for name, one in value.items()}


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _csv(text: str, path: str, unread: set[str]) -> Iterator[tuple[int, _Given]]:
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = _names(dict(enumerate(next(reader, []))), path, unread)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield (
                    reader.line_num,
                    {name: cells[at] for at, name in names.items() if at < len(cells)},
                )
    except csv.Error:
        raise _no(path, "why.registration-csv", line=reader.line_num) from None


def _sheet(data: bytes, path: str, unread: set[str]) -> Iterator[tuple[int, _Given]]:
    def refusal(why: str, **params: Any) -> RegistrationsNotReadable:
        return _no(path, why, **params)

    names: dict[int, str] = {}
    for row, cells in spreadsheet_rows(data, refusal, refusal):
        if not cells:
            continue
        if not names:
            names = _names({at: cell.text for at, cell in cells.items()}, path, unread)
        elif any(cell.kind in (CellKind.FORMULA, CellKind.ERROR)
                 for at, cell in cells.items() if at in names):  # fmt: skip
            yield row, RefusedRow(row, Phrase("why.registration-formula"))
        else:
            yield row, {name: cells[at].text for at, name in names.items() if at in cells}


def _names(heading: Mapping[int, str], path: str, unread: set[str]) -> dict[int, str]:
    if len(heading) > MOST_COLUMNS:
        raise _no(path, "why.registration-columns", most=MOST_COLUMNS)
    written = {at: "_".join(cell.strip().lower().replace("-", " ").split())
               for at, cell in heading.items()}  # fmt: skip
    names = {at: name for at, name in written.items() if name in _TOLD}
    for needed in NEEDED:
        if list(names.values()).count(needed) != 1:
            raise _no(path, "why.registration-heading", column=needed)
    unread |= {name[:60] for name in written.values() if name} - _TOLD
    return names

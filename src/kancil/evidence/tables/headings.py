"""Names that columns have in the languages of the region, and how near a heading comes to one.

The names stand in `headings.json`, each language with its source. A heading is a name, has one in
it, or is nearly one: which of these, and which name, goes with each match, for the officer decides.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files

EXACT, PART, NEAR = "exact", "part", "near"
LEAST_ALIKE = 0.84
"""Of `difflib.SequenceMatcher.ratio`; below, two names are not called alike."""
_LEAST_NEAR_CHARACTERS = 5
_LEAST_PART_CHARACTERS = 4
_TOLD_BY = 3
"""Filled cells of a row, from the first, in which a word for totals may stand."""
_BRACKETS = re.compile(r"[(\[\uff08].*?[)\]\uff09]")
_BETWEEN = re.compile(r"[\s_/\\.,:;#*\-–]+")
_FAILED = re.compile(r"(?:err|error|fail|failed|failure|revert|reverted|out of)\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that a field was found for."""

    field: str
    column: str
    how: str
    """`exact`, `part` or `near`."""
    name: str
    """Of the synonym file."""
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    field: str
    language: str
    text: str
    plain: str


@cache
def _file() -> dict[str, dict[str, dict[str, list[str]]]]:
    source = files("kancil.evidence.tables") / "headings.json"
    found: dict[str, dict[str, dict[str, list[str]]]] = json.loads(source.read_bytes())["languages"]
    return found


@cache
def _names() -> tuple[_Name, ...]:
    return tuple(
        _Name(field, language, text, plain_heading(text))
        for language, told in _file().items()
        for field, texts in told["fields"].items()
        for text in texts
    )


@cache
def words_for(kind: str) -> frozenset[str]:
    """Words of all languages, in small letters; `kind`: `totals`, `carried`, `done`, …."""
    return frozenset(
        plain_heading(text) for told in _file().values() for text in told.get(kind, ())
    )


@cache
def months() -> dict[str, int]:
    """The number of each month by its names in the languages of the region."""
    return {
        name.casefold(): number
        for told in _file().values()
        for number, names in enumerate(told.get("months", ()), 1)
        for name in names
    }


def sources() -> dict[str, str]:
    """Where the names of each language come from."""
    return {language: str(told["source"]) for language, told in _file().items()}


def set_aside(cells: Sequence[str]) -> str | None:
    """Whether a row sums others up (`totals`) or carries a balance forward (`carried`)."""
    filled = [plain_heading(cell) for cell in cells if cell.strip()][:_TOLD_BY]
    kinds = ("carried", "totals")
    return next((kind for kind in kinds if any(cell in words_for(kind) for cell in filled)), None)


def is_status(column: str) -> bool:
    """Whether a column is named as those that say what became of a row: `Result`, `Status`."""
    plain = plain_heading(column)
    return any(name.field == "status" and name.plain == plain for name in _names())


def is_counter(column: str) -> bool:
    """Whether a column's name speaks of the other end of a payment: `Beneficiary account`."""
    plain = plain_heading(column)
    words = words_for("counter")
    return any(word in plain.split() if word.isascii() else word in plain for word in words)


def is_failed(text: str) -> bool:
    """Whether a cell of such a column says that nothing moved: `OUT_OF_ENERGY`, `Error(0)`.

    A word of the file, or one that begins as explorers write failures; no error rate is known.
    """
    plain = plain_heading(text) if text.strip() else ""
    return plain in words_for("failed") or _FAILED.match(plain) is not None


def tells_failure(text: str) -> bool:
    """Whether a text such as a bank's description holds a word for a payment that failed.

    A reason to look, and no more: what else the text says is not read, and no error rate is known.
    """
    plain = plain_heading(text) if text.strip() else ""
    return any(
        f" {word} " in f" {plain} " if word.isascii() else word in plain
        for word in words_for("failed")
    )


def plain_heading(text: str) -> str:
    """A heading in small letters: marks between words become spaces, what is in brackets goes."""
    bare = _BRACKETS.sub(" ", unicodedata.normalize("NFC", text))
    spaced = _BETWEEN.sub(" ", _CAMEL.sub(" ", bare)).strip()
    return (spaced or text.strip()).casefold()


def is_heading(cell: str) -> bool:
    """Whether a cell is a known name of a column, or has one in it."""
    plain = plain_heading(cell) if cell.strip() and len(cell) <= 60 else ""
    return bool(plain) and any(
        plain == name.plain or _stands_in(name.plain, plain) for name in _names()
    )


@lru_cache(maxsize=1024)  # a file's headings are asked for again and again
def _names_in(column: str) -> tuple[tuple[_Name, str, float], ...]:
    """The names that a column comes near to, how near, and by which score.

    Of one that is a name, no other is a part: `contractRet` is a result and no contract.
    """
    plain = plain_heading(column)
    near = [(name, *_how(plain, name)) for name in _names() if plain]
    is_name = any(how == EXACT for _, how, _ in near)
    return tuple(each for each in near if (each[1] == EXACT if is_name else each[1]))


def _how(plain: str, name: _Name) -> tuple[str, float]:
    """How near a heading comes to a name, and by which score; empty where it does not."""
    if plain == name.plain:
        return EXACT, 3.0
    if _stands_in(name.plain, plain):
        # What stands last is what a heading is about: `Amount debit` is a debit.
        is_last = plain.endswith(name.plain)
        return PART, 1.0 + len(name.plain) / len(plain) + (0.5 if is_last else 0.0)
    if min(len(plain), len(name.plain)) >= _LEAST_NEAR_CHARACTERS:
        alike = SequenceMatcher(None, plain, name.plain, autojunk=False)
        if alike.real_quick_ratio() >= LEAST_ALIKE and alike.quick_ratio() >= LEAST_ALIKE:
            ratio = alike.ratio()
            if ratio >= LEAST_ALIKE:
                return NEAR, ratio
    return "", 0.0


def _stands_in(name: str, heading: str) -> bool:
    """Whether a name is in a heading as whole words, or as letters of a script without spaces."""
    if name.isascii() or " " in heading:
        return f" {name} " in f" {heading} "
    return len(name) >= _LEAST_PART_CHARACTERS and name in heading


def headings_of(columns: Sequence[str], resolve: Callable[[str, str], str | None]) -> list[Heading]:
    """Find fields for columns: the nearest first, each field and each column once.

    `resolve`: the field that a column of `from`, `to` or `victim` stands for, as its cells show;
    None where it is none.
    """
    found = []
    for place, column in enumerate(columns):
        found += [(-score, place, name, how) for name, how, score in _names_in(column)]
    found.sort(key=lambda each: (each[0], each[1]))
    fields: set[str] = set()
    taken: set[str] = set()
    headings = []
    for score, place, name, how in found:
        column = columns[place]
        if column in taken:
            continue
        field = resolve(name.field, column)
        if field is None or field in fields:
            continue
        fields.add(field)
        taken.add(column)
        headings.append(Heading(field, column, how, name.text, name.language, -score))
    return headings

"""Recorded studies in a bundle: the bytes of each result as the ledger names them by SHA-256.

A bundle holds the answer and not what it was computed from, so whoever checks it compares the
answer with the signed entry and computes nothing again. How the result came out when the bundle
was made is the maker's statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kancil.custody.roll import Numbered
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical
from kancil.ground.ids import StudyId
from kancil.records.table import Holds, Table
from kancil.studies.errors import StudyNotReadable
from kancil.studies.study import Result, read_result

from .manifest import STUDIES

SAME, INPUTS_CHANGED, INPUTS_GONE, VERSION_GONE = (
    "same", "inputs-changed", "inputs-gone", "version-gone",
)  # fmt: skip
STATES = (SAME, INPUTS_CHANGED, INPUTS_GONE, VERSION_GONE)
"""How a study came out when it was run again for the document: as recorded; otherwise, over other
blocks or labels than then, so that it was not compared; not at all, since blocks or labels that it
read are not held any more, or its version is not here any more."""
_SAT = re.compile(r"0|-?[1-9][0-9]{0,19}")


@dataclass(frozen=True, slots=True)
class CitedStudy:
    """A study as a bundle holds it."""

    data: bytes
    """The recorded result, to the byte."""
    run_again: str
    """One of `STATES`: stated by the maker."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) by which the ledger names the result."""
        return sha256_hex(self.data)

    @property
    def result(self) -> Result | None:
        """The result as read strictly; None for what has not the form of one."""
        return _read(self.data)


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """A study of a case that goes into a document."""

    entry: Numbered
    """The entry that records it."""
    cited: CitedStudy
    sources: tuple[str, ...] = ()
    """SHA-256 of the block files and label imports that it read."""

    @property
    def id(self) -> StudyId:
        """The study's id."""
        return StudyId(self.entry.id)

    @property
    def label(self) -> str:
        """Short number for people: `S1`."""
        return f"S{self.entry.number}"


def study_member(number: int) -> str:
    """The member that holds a study's result; `number`: from 1."""
    return f"{STUDIES}{number}/result.json"


def _read(data: bytes) -> Result | None:
    try:
        value = canonical.loads_canonical(data)
    except NotCanonical:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("tables"), list):
        return None
    try:
        result = read_result(data)
    except StudyNotReadable:
        return None
    names = (result.study, result.version, *(table.name for table in result.tables))
    is_plain = all(isinstance(name, str) for name in names) and all(map(_is_plain, result.tables))
    return result if is_plain else None


def _is_plain(table: Table) -> bool:
    """Whether names are texts, and amounts of a size that every checker reads."""
    amounts = [place for place, one in enumerate(table.columns) if one.holds is Holds.SAT]
    cells = (row[place] for row in table.rows for place in amounts)
    names = (text for one in table.columns for text in (one.name, one.selector, one.words))
    return all(isinstance(text, str) for text in names) and all(
        cell is None or _SAT.fullmatch(str(cell)) for cell in cells
    )

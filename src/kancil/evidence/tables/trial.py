"""A mapping tried on a table: what it would read and leave out, before anything is kept.

From the table's bytes and a decided mapping; to counts, the skips with their places and the first
rows as they would be recorded. Nothing is written, so an officer may try as often as they like.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.transfer import RowsDigest, StatedTransfer

from .column_mapping import ColumnMapping
from .stated import transfers_of, unread_columns
from .table import Table

FIRST_ROWS = 20
"""Rows that are given whole."""
KEPT_SKIPS = 200
"""Skips that are given with their place; all are counted."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a mapping makes of a table."""

    rows: int
    """Transfers that would be recorded."""
    first: tuple[StatedTransfer, ...]
    skipped: tuple[Skipped, ...]
    """The first of them."""
    skipped_codes: dict[str, int]
    """How many rows would be left out for which reason, the most first."""
    notes: dict[str, int]
    """How many transfers would carry which note, the most first."""
    result_sha256: str
    """Digest of all rows in order, as the ledger would name it (`RowsDigest`)."""
    unread: tuple[str, ...] = ()
    """Columns of the table that the mapping does not read."""

    @property
    def skipped_count(self) -> int:
        """How many rows would be left out."""
        return sum(self.skipped_codes.values())


def try_mapping(
    stream: BinaryIO,
    *,
    name: str,
    exhibit_sha256: str,
    mapping: ColumnMapping,
    progress: Progress = SILENT,
) -> Trial:
    """Read a whole table by a mapping and keep nothing.

    `stream`: the table's bytes, whose digest is `exhibit_sha256`; `name`: the file's. Raises
    MappingIncomplete, MappingColumnMissing, TableNotReadable, TableTooLarge, TableIsNoText.
    """
    codes: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    first: list[StatedTransfer] = []
    skipped: list[Skipped] = []
    digest, rows = RowsDigest(), 0
    progress.start(None, "rows", "progress.transfers")
    table = Table(stream, mapping.table, name)
    for found in transfers_of(table, mapping, exhibit_sha256):
        progress.advance(1)
        if isinstance(found, Skipped):
            codes[found.code] += 1
            if len(skipped) < KEPT_SKIPS:
                skipped.append(found)
            continue
        rows += 1
        digest.add(found)
        notes.update(found.notes)
        if len(first) < FIRST_ROWS:
            first.append(found)
    progress.finish()
    return Trial(
        rows=rows,
        first=tuple(first),
        skipped=tuple(skipped),
        skipped_codes=dict(codes.most_common()),
        notes=dict(notes.most_common()),
        result_sha256=digest.hex(),
        unread=unread_columns(table.columns, mapping),
    )

"""An image that was examined, as an export takes it: where its bytes are from, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

from kancil.evidence.images.entry import FileEntry
from kancil.evidence.triage.content import FileContent
from kancil.evidence.triage.outcome import Listed, Outcome, files_sha256
from kancil.records.record import records_of

ROWS = 1 << 12
"""Rows that are held at once."""
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One of the files that make up the image, as it was taken in."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What leaves."""

    case: str
    """Short number: `C1`."""
    exhibit: str
    """Short number: `E4`."""
    files: tuple[ImageFile, ...]
    """In the order of the image."""
    listed: Listed
    entries: pa.Table
    """Rows of `FileEntry`, by number."""
    contents: pa.Table
    """Rows of `FileContent`, by number and member."""

    @classmethod
    def of(cls, case: str, exhibit: str, files: tuple[ImageFile, ...], found: Outcome) -> Examined:
        """Of what a pass left in its folder."""
        return cls(case, exhibit, files, found.listed, found.entries, found.contents)

    @property
    def digest(self) -> str:
        """SHA-256 over the files' digests: what names are derived from."""
        return files_sha256(each.sha256 for each in self.files)


def rows_of(record: type[Record], table: pa.Table) -> Iterator[Record]:
    """The rows of a table, one after the other."""
    for batch in table.to_batches(max_chunksize=ROWS):
        yield from records_of(record, batch)


def entries_with_contents(found: Examined) -> Iterator[tuple[FileEntry, list[FileContent]]]:
    """Each entry with what was read of it: its own content first, then members of an archive."""
    contents = rows_of(FileContent, found.contents)
    waiting = next(contents, None)
    for entry in rows_of(FileEntry, found.entries):
        own = []
        while waiting is not None and waiting.number == entry.number:
            own.append(waiting)
            waiting = next(contents, None)
        yield entry, own

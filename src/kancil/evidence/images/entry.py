"""An entry of a file system: what a directory or a table of the volume says of one file.

Times are what the file system stored, to the nanosecond where it has them; they are claims of the
machine whose clock wrote them. FAT and exFAT without a zone store the clock on the wall: their
`zone` is `not-stored`, and nothing is converted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from kancil.records.record import Bits, Words
from kancil.records.table import Holds


class EntryKind(StrEnum):
    """What an entry is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    DEVICE = "device"
    """Devices, pipes and sockets."""
    SYSTEM = "system"
    """What the reader made of the file system's own structures: a FAT, a boot sector."""
    OTHER = "other"


class Allocation(StrEnum):
    """Whether the file system still counts an entry among its own."""

    ALLOCATED = "allocated"
    DELETED = "deleted"
    """Its name or its metadata is marked as free."""
    NAME_ONLY = "name-only"
    """A deleted name that leads to no metadata, or to that of another file by now."""


class Zone(StrEnum):
    """In which zone times are stored."""

    UTC = "utc"
    NOT_STORED = "not-stored"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One entry, as its volume has it."""

    number: Annotated[int, Bits(32)]
    """From 1, in the order in which the image lists them."""
    volume: Annotated[int, Bits(32)]
    path: Annotated[str, Holds.ID]
    """Below the root of its volume; bytes that are no UTF-8 as `\\xNN`."""
    address: Annotated[str, Holds.ID]
    """Of its metadata, as The Sleuth Kit writes it: `16`, of NTFS `16-128-1`; empty: none."""
    kind: Annotated[EntryKind, Holds.CODE, Words("name.entry-kind")]
    state: Annotated[Allocation, Holds.CODE, Words("name.allocation")]
    size_bytes: Annotated[int | None, Holds.COUNT]
    modified_ns: int | None
    """Nanoseconds since 1970-01-01 as stored; None: none stored."""
    accessed_ns: int | None
    changed_ns: int | None
    """Of the metadata; FAT has none."""
    created_ns: int | None
    zone: Annotated[Zone, Holds.CODE, Words("name.time-zone")]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(nanoseconds: int) -> datetime:
    """A stored time, to the microsecond; a clock on the wall as if it were UTC."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def time_text(nanoseconds: int, zone: str) -> str:
    """A time to the second or finer: with `Z` where its zone is stored, else as the clock stood."""
    rest = nanoseconds % 1_000_000_000
    fraction = f".{rest:09}" if rest else ""
    return f"{moment(nanoseconds):%Y-%m-%dT%H:%M:%S}{fraction}" + ("Z" if zone == Zone.UTC else "")

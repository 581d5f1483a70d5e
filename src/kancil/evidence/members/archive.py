"""The promise of an archive: what lies in it, each with its path and a way to read it.

What an archive states of its members (path, size, time) is a claim of whoever packed it. Times of
formats that keep the clock on the wall are left out: what zone they are of is not known.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kancil.ground.skipped import Skipped
from kancil.ground.zips import DAMAGED_ZIP

DAMAGED: tuple[type[Exception], ...] = (*DAMAGED_ZIP, lzma.LZMAError)
"""What the libraries raise for broken bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is unpacked of one file of a disk: a few bytes may state petabytes."""

    depth: int = 4
    """Archives in archives; one that holds itself ends here."""
    members: int = 20_000
    member_bytes: int = 64 << 20
    """Of a longer member its beginning is read, and its rest is listed as left out."""
    total_bytes: int = 512 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A member as far as it could be read."""

    path: str
    """Inside the file of the disk, through archives in archives, joined by `/`."""
    size_bytes: int
    """As the archive states it, else as read; `data` is shorter where it ends early."""
    modified_ns: int | None
    """Since 1970, UTC; None where the archive states none with a zone."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """A member that was not read yet."""

    path: str
    """As the archive states it."""
    open: Callable[[], BinaryIO]
    """May raise any of `DAMAGED`, and so may reading."""
    size_bytes: int | None = None
    modified_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """A kind of archive."""

    kinds: frozenset[str]
    """What `reading.kinds.kind_of` calls it."""
    packed: Callable[[str, bytes], Iterator[Packed | Skipped]]
    """Its members, of its name and bytes; may raise any of `DAMAGED` between two of them."""

"""One file compressed alone: gzip (RFC 1952), bzip2 and xz. Its name is the archive's without end.

A name that gzip keeps in its header is one that the file once had, and is not taken.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from kancil.evidence.members.archive import Archive, Packed
from kancil.ground.skipped import Skipped

_READERS: tuple[tuple[bytes, Callable[[BinaryIO], Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
)
_ENDINGS = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".svgz": ".svg"}
_DROPPED = (".gz", ".bz2", ".xz")
_NANOSECONDS = 1_000_000_000


def _packed(path: str, data: bytes) -> Iterator[Packed | Skipped]:
    reader = next(reader for mark, reader in _READERS if data.startswith(mark))
    modified = None
    if reader is gzip.open:
        modified = int.from_bytes(data[4:8], "little") * _NANOSECONDS or None
    yield Packed(_name(path), partial(reader, io.BytesIO(data)), None, modified)


def _name(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    short = dot + ending.lower()
    if short in _ENDINGS:
        return stem + _ENDINGS[short]
    return stem if stem and short in _DROPPED else f"{name}.content"


COMPRESSED = Archive(frozenset({"gzip", "bzip2", "xz"}), _packed)

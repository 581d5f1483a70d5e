"""What the pass reads of one entry: its digests, and what it is by its first bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from kancil.evidence.images.entry import EntryKind
from kancil.evidence.images.tsk import Found
from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of
from kancil.records.record import Bits, Words
from kancil.records.table import Holds

FORMAT = "kancil-contents/1"
KIND = "thing.file"
"""Beginning of the words of what a file is by its first bytes."""
_NO_TEXT = bytes(sorted({*range(32), 127} - {*b"\a\b\t\n\v\f\r\x1b"}))
_MARKS = (b"\xff\xfe", b"\xfe\xff")
WITH_CONTENT = frozenset({EntryKind.FILE, EntryKind.OTHER})


@dataclass(frozen=True, slots=True)
class FileContent:
    """One entry's content, as far as it could be read."""

    number: Annotated[int, Bits(32)]
    """Of the entry (`images.entry.FileEntry`)."""
    read_bytes: Annotated[int, Holds.COUNT]
    """Fewer than the entry's size where the content ends early; the digests are of these."""
    md5: bytes
    sha1: bytes
    sha256: bytes
    kind: Annotated[str, Holds.CODE, Words(KIND)]
    """By its first bytes (`evidence.reading.kinds`)."""


def content_of(number: int, found: Found) -> FileContent:
    """Read an entry once."""
    md5, sha1, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha1(), hashlib.sha256()  # noqa: S324  named in court files
    head, size = b"", 0
    for block in found.blocks():
        head = head or block[:HEAD_BYTES]
        size += len(block)
        for each in (md5, sha1, sha256):
            each.update(block)
    kind = kind_of(head, found.path, _has_no_controls)
    return FileContent(number, size, md5.digest(), sha1.digest(), sha256.digest(), kind)


def _has_no_controls(head: bytes) -> bool:
    """Whether bytes may be text in any encoding: as file(1) tells it (encoding.c).

    A guess of the encoding costs a thousand times as much; whoever opens the file gets one.
    """
    return head.startswith(_MARKS) or len(head) == len(head.translate(None, _NO_TEXT))

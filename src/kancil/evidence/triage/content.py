"""What the pass reads of one entry: its digests, and what it is by its first bytes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Annotated

from kancil.evidence.images.entry import EntryKind
from kancil.evidence.images.tsk import Found
from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of
from kancil.ground.digests import digest_blocks
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
    blocks = found.blocks()
    first = next(blocks, b"")
    read = digest_blocks(itertools.chain((first,), blocks))
    kind = kind_of(first[:HEAD_BYTES], found.path, _has_no_controls)
    md5, sha1, sha256 = (bytes.fromhex(each) for each in (read.md5, read.sha1, read.sha256))
    return FileContent(number, read.size_bytes, md5, sha1, sha256, kind)


def _has_no_controls(head: bytes) -> bool:
    """Whether bytes may be text in any encoding: as file(1) tells it (encoding.c).

    A guess of the encoding costs a thousand times as much; whoever opens the file gets one.
    """
    return head.startswith(_MARKS) or len(head) == len(head.translate(None, _NO_TEXT))

"""What the pass writes: of each file its digests and kind, and what of it was left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from kancil.evidence.images.entry import EntryKind
from kancil.ground.phrase import Phrase
from kancil.ground.skipped import Skipped
from kancil.records.record import Bits, Words
from kancil.records.table import Holds

KIND = "thing.file"
"""Beginning of the words of what a file is by its first bytes."""
WITH_CONTENT = frozenset({EntryKind.FILE, EntryKind.OTHER})
BAD_CLUSTERS = "$BadClus:$Bad"
"""Where NTFS lists its damaged clusters: a stream of record 8 of its master file table."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's content, or that of a member of an archive in it, as far as it could be read."""

    number: Annotated[int, Bits(32)]
    """Of the entry (`images.entry.FileEntry`)."""
    member: Annotated[int, Bits(32)]
    """0: the file itself; from 1: what lies in it, in the order in which it was opened."""
    inside: Annotated[str, Holds.ID]
    """Path within the file, through archives in archives; empty: the file itself."""
    read_bytes: Annotated[int, Holds.COUNT]
    """Fewer than the entry's size where the content ends early; the digests are of these."""
    md5: bytes
    sha1: bytes
    sha256: bytes
    kind: Annotated[str, Holds.CODE, Words(KIND)]
    """By its first bytes (`evidence.reading.kinds`)."""


@dataclass(frozen=True, slots=True)
class SeenSelector:
    """A selector that stands in a content."""

    number: Annotated[int, Bits(32)]
    member: Annotated[int, Bits(32)]
    """As in `FileContent`."""
    offset: Annotated[int, Holds.COUNT]
    """Byte of the content at which it begins."""
    kind: Annotated[str, Holds.CODE, Words("name.selector")]
    value: Annotated[str, Holds.ID]
    """In the normal form of its kind."""
    coded: Annotated[str, Holds.CODE, Words("name.coded")]
    """How it is written there (`selectors.finder`)."""


@dataclass(frozen=True, slots=True)
class SeenSecret:
    """That a content holds what moves money: a private key or a seed phrase, never its value."""

    number: Annotated[int, Bits(32)]
    member: Annotated[int, Bits(32)]
    offset: Annotated[int, Holds.COUNT]
    """Byte of the content at which it begins; -1: it stands in the text taken of it alone."""
    kind: Annotated[str, Holds.CODE, Words("name.secret")]
    coded: Annotated[str, Holds.CODE, Words("name.coded")]


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a content, for the index alone."""

    number: Annotated[int, Bits(32)]
    member: Annotated[int, Bits(32)]
    """As in `FileContent`."""
    path: Annotated[str, Holds.ID]
    """Of the entry and inside of it, joined by `/`."""
    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not examined, and why."""

    number: Annotated[int, Bits(32)]
    """Of the entry; 0: a volume, or what has no number."""
    place: Annotated[str, Holds.ID]
    code: Annotated[str, Holds.ID]
    """Its words are `skip.<code>`."""
    params: str
    """JSON of the parameters of its sentence."""


def left_out(number: int, skipped: Skipped) -> LeftOut:
    """A skip as a row."""
    params = json.dumps(dict(skipped.params), ensure_ascii=False, sort_keys=True)
    return LeftOut(number, skipped.place, skipped.code, params)


def reason_of(code: str, params: str) -> Phrase:
    """Why something was left out, from its row."""
    return Phrase(f"skip.{code}", json.loads(params))


def is_sparse(path: str, address: str, read_bytes: int) -> bool:
    """Whether a stream is as long as its volume and holds nothing, by design.

    A damaged cluster is a run of `$BadClus:$Bad`; of a sound volume there is no run, and no byte
    to be read.
    """
    return not read_bytes and path == BAD_CLUSTERS and address.startswith("8-128-")

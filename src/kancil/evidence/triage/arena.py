"""Contents laid into one buffer and searched for selectors together: a call a file is half as fast.

A content is cut at fixed places of its own, each cut with what stands around it, so that what is
found does not depend on what it was read beside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kancil.evidence.selectors.finder import CONTEXT_BYTES, SEPARATOR, Finder, Secret

from .content import FileText, SeenSecret, SeenSelector
from .segments import SegmentWriter

ARENA_BYTES = 8 << 20
CUT_BYTES = 4 << 20
_MASK = "•"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a content in the buffer."""

    number: int
    member: int
    start: int
    """In the buffer."""
    offset: int
    """In the content, of its first byte."""
    first: int
    last: int
    """Of the content: what begins there or after, and before, is this piece's to tell."""


class Arena:
    """What waits to be searched, of one child."""

    def __init__(self, writer: SegmentWriter) -> None:
        """`writer`: takes what was found."""
        self._writer, self._finder = writer, Finder()
        self._buffer = bytearray()
        self._pieces: list[_Piece] = []
        self._texts: list[FileText] = []
        self._secrets: list[SeenSecret] = []

    def passing(self, number: int, member: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks of a content, which is laid into the buffer meanwhile."""
        before, waiting, offset = b"", b"", 0
        for block in _cut(blocks):
            if waiting:
                self._lay(number, member, offset, before, waiting, block[:CONTEXT_BYTES])
                before, offset = waiting[-CONTEXT_BYTES:], offset + len(waiting)
            waiting = block
            yield block
        if waiting:
            self._lay(number, member, offset, before, waiting, b"")

    def take(self, text: FileText) -> None:
        """Take the text of a content: what it holds of secrets is masked before it is written."""
        self._texts.append(text)

    def _lay(
        self, number: int, member: int, offset: int, before: bytes, own: bytes, after: bytes
    ) -> None:
        size = len(before) + len(own) + len(after)
        if self._buffer and len(self._buffer) + size > ARENA_BYTES:
            self._search()
        start = len(self._buffer)
        at = offset - len(before)
        self._pieces.append(_Piece(number, member, start, at, offset, offset + len(own)))
        for each in (before, own, after, SEPARATOR):
            self._buffer += each

    def empty(self) -> None:
        """Search all that waits, and have the writer take what was found."""
        self._search()
        self._mask()
        for each in sorted(self._secrets, key=lambda one: one.number):
            self._writer.add(each)
        self._secrets.clear()

    def _search(self) -> None:
        starts = [each.start for each in self._pieces]
        for found in self._finder.find(bytes(self._buffer)):
            piece = self._pieces[bisect_right(starts, found.start) - 1]
            offset = piece.offset + found.start - piece.start
            if not piece.first <= offset < piece.last:
                continue
            at = piece.number, piece.member, offset, found.kind
            if isinstance(found, Secret):
                self._secrets.append(SeenSecret(*at, found.coded))
            else:
                self._writer.add(SeenSelector(*at, found.value, found.coded))
        self._buffer.clear()
        self._pieces.clear()

    def _mask(self) -> None:
        raw = [each.text.encode("utf-8", "replace") for each in self._texts]
        secrets = [each for each in self._finder.find(SEPARATOR.join(raw))
                   if isinstance(each, Secret)]  # fmt: skip
        known = {(each.number, each.member, each.kind) for each in self._secrets}
        at = 0
        for text, data in zip(self._texts, raw, strict=True):
            own = [each for each in secrets if at <= each.start < at + len(data)]
            masked, begun = "", 0
            for each in own:
                masked += data[begun : each.start - at].decode("utf-8", "replace")
                masked += _MASK * (each.end - each.start)
                begun = each.end - at
                if (text.number, text.member, each.kind) not in known:
                    row = SeenSecret(text.number, text.member, -1, each.kind, "text")
                    self._secrets.append(row)
            whole = masked + data[begun:].decode("utf-8", "replace")
            self._writer.add(FileText(text.number, text.member, text.path, whole))
            at += len(data) + len(SEPARATOR)
        self._texts.clear()


def _cut(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of `CUT_BYTES` at most."""
    for block in blocks:
        for at in range(0, len(block), CUT_BYTES):
            yield block[at : at + CUT_BYTES]

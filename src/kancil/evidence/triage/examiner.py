"""One file read once, and what is written of it when all that was found in it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from kancil.evidence.images.tsk import Found
from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of, may_be_text
from kancil.ground.digests import digest_blocks

from .content import FileContent
from .segments import SegmentWriter

ARENA_BYTES = 8 << 20
_MOST_ROWS = 2048


class Examiner:
    """Reads the files of a share, one after the other."""

    def __init__(self, writer: SegmentWriter, *, is_careful: bool) -> None:
        """`is_careful`: each file reaches the disk before the next is read."""
        self._writer = writer
        self._waiting: list[FileContent] = []
        self._bytes = 0
        self._most_rows = 1 if is_careful else _MOST_ROWS

    def read(self, number: int, found: Found) -> int:
        """Read one; gives how many bytes."""
        content = self._content(number, 0, "", found.path, found.blocks())
        self._bytes += content.read_bytes
        if self._bytes >= ARENA_BYTES or len(self._waiting) >= self._most_rows:
            self.commit()
        return content.read_bytes

    def commit(self) -> None:
        """Have all files so far reach the disk."""
        for each in self._waiting:
            self._writer.add(each)
        self._writer.commit()
        self._waiting, self._bytes = [], 0

    def _content(
        self, number: int, member: int, inside: str, path: str, blocks: Iterable[bytes]
    ) -> FileContent:
        rest = iter(blocks)
        first = next(rest, b"")
        kind = kind_of(first[:HEAD_BYTES], path, may_be_text)
        read = digest_blocks(itertools.chain((first,), rest))
        md5, sha1, sha256 = (bytes.fromhex(each) for each in (read.md5, read.sha1, read.sha256))
        content = FileContent(number, member, inside, read.size_bytes, md5, sha1, sha256, kind)
        self._waiting.append(content)
        return content

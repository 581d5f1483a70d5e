"""One file read once, with what lies in it, and what is written of it when all of it was found."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from kancil.evidence.images.tsk import Found
from kancil.evidence.members.opening import is_archive, members_of
from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of, may_be_text
from kancil.evidence.text.extract import MAX_CHARACTERS, is_read, text_of
from kancil.ground.digests import digest_blocks
from kancil.ground.skipped import Skipped
from kancil.ground.units import bytes_text

from .arena import ARENA_BYTES, Arena
from .content import FileContent, FileText, left_out
from .segments import SegmentWriter

MOST_WHOLE = 64 << 20
"""So many bytes of a file are held at once: of a longer one the text of its beginning is taken, and
no archive is opened."""
_MOST_ROWS = 2048


class Examiner:
    """Reads the files of a share, one after the other."""

    def __init__(self, writer: SegmentWriter, *, is_careful: bool) -> None:
        """`is_careful`: each file reaches the disk before the next is read."""
        self._writer, self._arena = writer, Arena(writer)
        self._waiting: list[FileContent] = []
        self._bytes = 0
        self._most_rows = 1 if is_careful else _MOST_ROWS

    def read(self, number: int, found: Found) -> int:
        """Read one, with all that lies in it; gives how many bytes it has itself."""
        data, content = self._file(number, found)
        self._told(content, found.path, data)
        if is_archive(content.kind) and len(data) == content.read_bytes:
            self._members(content, found.path, data)
        if self._bytes >= ARENA_BYTES or len(self._waiting) >= self._most_rows:
            self.commit()
        return content.read_bytes

    def commit(self) -> None:
        """Have all files so far reach the disk."""
        self._arena.empty()
        for each in self._waiting:
            self._writer.add(each)
        self._writer.commit()
        self._waiting, self._bytes = [], 0

    def _file(self, number: int, found: Found) -> tuple[bytes, FileContent]:
        """The file's own content, and as much of its bytes as its kind needs."""
        blocks = found.blocks()
        first = next(blocks, b"")
        kind = kind_of(first[:HEAD_BYTES], found.path, may_be_text)
        held: list[bytes] = []
        every: Iterable[bytes] = itertools.chain((first,), blocks)
        if is_read(kind):
            every = _holding(every, held)
        content = _content(number, 0, "", kind, self._arena.passing(number, 0, every))
        data = b"".join(held)
        if is_read(kind) and len(data) < content.read_bytes:
            told = {"size": bytes_text(content.read_bytes), "most": bytes_text(MOST_WHOLE)}
            self._writer.add(left_out(number, Skipped("content-too-large", found.path, told)))
        return data, content

    def _members(self, content: FileContent, path: str, data: bytes) -> None:
        number = itertools.count(1)
        for each in members_of(content.kind, path, data):
            if isinstance(each, Skipped):
                self._writer.add(left_out(content.number, each))
                continue
            kind = kind_of(each.data[:HEAD_BYTES], each.path, may_be_text)
            place = next(number)
            blocks = self._arena.passing(content.number, place, (each.data,))
            member = _content(content.number, place, each.path, kind, blocks)
            self._told(member, f"{path}/{each.path}", each.data)

    def _told(self, content: FileContent, path: str, data: bytes) -> None:
        """Take a content with its text; `data`: as much of it as is held."""
        self._waiting.append(content)
        self._bytes += content.read_bytes
        text = text_of(content.kind, path, data)
        if text is None:
            return
        self._bytes += len(text)
        self._arena.take(FileText(content.number, content.member, path, text))
        if len(text) == MAX_CHARACTERS:
            told = {"most": MAX_CHARACTERS}
            self._writer.add(left_out(content.number, Skipped("text-cut", path, told)))


def _holding(blocks: Iterable[bytes], held: list[bytes]) -> Iterator[bytes]:
    """The same blocks; the first `MOST_WHOLE` bytes of them are kept in `held`."""
    room = MOST_WHOLE
    for each in blocks:
        if room > 0:
            held.append(each[:room])
            room -= len(each)
        yield each


def _content(
    number: int, member: int, inside: str, kind: str, blocks: Iterable[bytes]
) -> FileContent:
    read = digest_blocks(blocks)
    md5, sha1, sha256 = (bytes.fromhex(each) for each in (read.md5, read.sha1, read.sha256))
    return FileContent(number, member, inside, read.size_bytes, md5, sha1, sha256, kind)

"""All that lies in a file, depth first, within limits: what could not be read is a counted skip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kancil.evidence.reading.kinds import HEAD_BYTES, kind_of, may_be_text
from kancil.ground.skipped import Skipped

from .archive import DAMAGED, Archive, Limits, Member, Packed
from .archives import ARCHIVES, NO_READER

LIMITS = Limits()
_READ_BYTES = 1 << 16


@cache
def _by_kind() -> dict[str, Archive]:
    return {kind: each for each in ARCHIVES for kind in each.kinds}


def is_archive(kind: str) -> bool:
    """Whether something may lie in a file of a kind."""
    return kind in _by_kind() or kind in NO_READER


def members_of(
    kind: str, path: str, data: bytes, limits: Limits = LIMITS
) -> Iterator[Member | Skipped]:
    """What lies in a file, and in that, each before what lies in it.

    `kind`: of the file (`reading.kinds`). `path`: on the disk. A skip's place is the path of the
    disk's file, a slash, and the path inside.
    """
    room = _Room(limits, path, limits.members, limits.total_bytes)
    yield from room.opened(kind, path, "", data, 1)


@dataclass(slots=True)
class _Room:
    """What may still be unpacked of one file."""

    limits: Limits
    path: str
    members: int
    total_bytes: int

    def opened(
        self, kind: str, path: str, inside: str, data: bytes, depth: int
    ) -> Iterator[Member | Skipped]:
        """Members of one archive; `inside`: its own path within the file, empty for the file."""
        if kind in NO_READER:
            yield self.skipped("archive-no-reader", inside)
        archive = _by_kind().get(kind)
        if archive is None:
            return
        if depth > self.limits.depth:
            yield self.skipped("archive-too-deep", inside)
            return
        try:
            for each in archive.packed(path, data):
                at = f"{inside}/{each.place if isinstance(each, Skipped) else each.path}"
                if isinstance(each, Skipped):
                    yield self.skipped(each.code, at)
                    continue
                if self.members <= 0 or self.total_bytes <= 0:
                    yield self.skipped("archive-too-large", inside)
                    return
                self.members -= 1
                yield from self.member(each, at.removeprefix("/"), depth)
        except DAMAGED:
            yield self.skipped("archive-damaged", inside)

    def member(self, packed: Packed, inside: str, depth: int) -> Iterator[Member | Skipped]:
        """One member, why its rest is left out, and what lies in it."""
        data, why = self.read(packed)
        if data or not why:
            size = len(data) if packed.size_bytes is None else packed.size_bytes
            yield Member(inside, size, packed.modified_ns, data)
        if why:
            yield self.skipped(why, inside)
        kind = kind_of(data[:HEAD_BYTES], inside, may_be_text)
        yield from self.opened(kind, inside, inside, data, depth + 1)

    def read(self, packed: Packed) -> tuple[bytes, str]:
        """A member's bytes as far as they can be read, and why not all."""
        pieces: list[bytes] = []
        most = min(self.limits.member_bytes, self.total_bytes)
        why = ""
        try:
            stream = packed.open()
            while most > 0 and (piece := stream.read(min(most, _READ_BYTES))):
                pieces.append(piece)
                most -= len(piece)
            if most <= 0 and stream.read(1):
                why = "member-too-large"
        except DAMAGED:
            why = "member-damaged"
        data = b"".join(pieces)
        self.total_bytes -= len(data)
        return data, why

    def skipped(self, code: str, inside: str) -> Skipped:
        """A skip at a place inside the file."""
        return Skipped(code, f"{self.path}/{inside.removeprefix('/')}" if inside else self.path)

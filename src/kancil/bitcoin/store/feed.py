"""Finding the blocks of a chain in block files, and reading them in the order of their heights.

Two passes. The first reads headers alone, where each block lies, and links them: which blocks are
the chain of most work, what is missing, what the store has that is not in the chain any more. The
second reads and parses those blocks in pieces that fit into memory, the next while one is added.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks import columns as column_rows
from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks import parse
from kancil.bitcoin.blocks.compressed import looks_compressed
from kancil.bitcoin.blocks.headers import HEADER_BYTES, NO_HEIGHT, Headers
from kancil.bitcoin.holdings.merge import Aside, body_faults
from kancil.bitcoin.holdings.read import undo_form
from kancil.bitcoin.holdings.sources import Found
from kancil.bitcoin.network import Network, network_of_magic
from kancil.ground.phrase import Phrase
from kancil.ground.skipped import Skipped

from .errors import BlockNotSound
from .grow import Piece

Array = NDArray[Any]
_MAGIC_BYTES = 4
_OPEN_FILES = 6
UNDO_NOT_NEEDED = "source-undo-not-needed"
"""Skip of a file of undo data."""


@dataclass(slots=True)
class Places:
    """Where blocks lie: one row a block, in the order found."""

    header: Array = field(default_factory=lambda: np.zeros((0, HEADER_BYTES), np.uint8))
    """uint8 `[n, 80]`."""
    source: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    offset: Array = field(default_factory=lambda: np.zeros(0, np.uint64))
    """First byte of the header in the source."""
    size: Array = field(default_factory=lambda: np.zeros(0, np.uint32))

    def __len__(self) -> int:
        """The number of blocks."""
        return len(self.size)

    @classmethod
    def joined(cls, parts: Sequence[Places]) -> Places:
        """Put parts one below the other; at least one."""
        names = ("header", "source", "offset", "size")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def taken(self, rows: Array) -> Places:
        """Some rows."""
        return Places(self.header[rows], self.source[rows], self.offset[rows], self.size[rows])

    def headers(self) -> Headers:
        """Them as headers; no height is claimed."""
        return Headers.from_raw(self.header.tobytes())


class OpenFiles:
    """Block files mapped, the last few used."""

    def __init__(self) -> None:
        """Begin with none."""
        self._opened = lru_cache(maxsize=_OPEN_FILES)(blockfile.open_bytes)

    def bytes_of(self, path: str) -> Array:
        """A file's bytes as on disk. Raises OSError."""
        return self._opened(Path(path))


def places_in(
    file: Found, source: int, network: Network, files: OpenFiles
) -> tuple[Places, str, list[Skipped]]:
    """Find the blocks of one file: places, the key in use (hex), and what had to be left out."""
    place = str(file.path)
    try:
        data = files.bytes_of(place)
    except blockfile.NotAFile:
        return Places(), "", [Skipped("source-device", place)]
    except OSError:
        return Places(), "", [Skipped("source-unreadable", place)]
    if not len(data):
        return Places(), "", [Skipped("source-empty", place)]
    if undo_form(file, data):
        return Places(), "", [Skipped(UNDO_NOT_NEEDED, place)]
    if looks_compressed(data[:10].tobytes()):
        return Places(), "", [Skipped("source-compressed", place)]
    key = b""
    belongs = network_of_magic(data[:_MAGIC_BYTES].tobytes())
    if belongs is None and any(file.xor_key):
        belongs = network_of_magic(
            blockfile.without_xor(data[:_MAGIC_BYTES], file.xor_key).tobytes()
        )
        key = file.xor_key if belongs is not None else b""
    if belongs is None:
        return Places(), "", [Skipped("source-not-block-file", place)]
    if belongs is not network:
        params: dict[str, str | int] = {"network": network.name, "belongs": belongs.name}
        return Places(), "", [Skipped("source-other-network", place, params)]
    plain = blockfile.without_xor(data, key) if key else data
    spans, gaps = parse.find_blocks(plain, network.magic)
    gaps = parse.without_room(gaps, data)
    skipped = [Skipped(gap.code, f"{place}, {gap.place}", gap.params) for gap in gaps]
    is_long = spans[:, 1] >= HEADER_BYTES
    spans = spans[is_long]
    header = plain[spans[:, :1] + np.arange(HEADER_BYTES)]
    found = Places(
        header,
        np.full(len(spans), source, np.int32),
        spans[:, 0].astype(np.uint64),
        spans[:, 1].astype(np.uint32),
    )
    return found, key.hex(), skipped


@dataclass(frozen=True, slots=True)
class Wanted:
    """A block to be read: where its copies lie, the first to be tried first."""

    height: int
    copies: tuple[tuple[int, int, int], ...]
    """Source, offset, size."""
    shown: str
    """Its hash, as people see it."""


class Reader:
    """Reads and parses wanted blocks in pieces, one ahead of whoever takes them."""

    def __init__(
        self, paths: Sequence[str], keys: Sequence[str], piece_bytes: int, threads: int = 1
    ) -> None:
        """Take the path and key of each source."""
        self.paths, self.keys = paths, [bytes.fromhex(key) for key in keys]
        self.piece_bytes = piece_bytes
        self.threads = max(1, threads)
        self.files = OpenFiles()
        self.skipped: list[Skipped] = []

    def pieces(self, wanted: Sequence[Wanted]) -> Generator[tuple[Piece, int]]:
        """Each piece with the bytes of its blocks. Raises BlockNotSound, OSError.

        To be closed by who does not take them all: it holds a thread. Left to the collector, which
        may run on a thread that is just beginning, it would wait for that thread without end.
        """
        stretches = list(self._stretches(wanted))
        with ThreadPoolExecutor(1) as ahead:
            waiting: Future[Piece] | None = None
            for number, stretch in enumerate(stretches):
                piece = waiting.result() if waiting is not None else self._read(stretch)
                waiting = None
                if number + 1 < len(stretches):
                    waiting = ahead.submit(self._read, stretches[number + 1])
                yield piece, sum(one.copies[0][2] for one in stretch)
                del piece

    def _stretches(self, wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
        """Cut where a piece is full. Depends on the blocks from the first on, and nothing else."""
        stretch: list[Wanted] = []
        size = 0
        for one in wanted:
            stretch.append(one)
            size += one.copies[0][2]
            if size >= self.piece_bytes:
                yield stretch
                stretch, size = [], 0
        if stretch:
            yield stretch

    def _read(self, stretch: list[Wanted]) -> Piece:
        total = sum(one.copies[0][2] for one in stretch)
        buffer = np.empty(total, np.uint8)
        spans = np.empty((len(stretch), 2), np.int64)
        at = 0
        for number, one in enumerate(stretch):
            source, offset, size = one.copies[0]
            raw = self.raw(source, offset, size)
            buffer[at : at + size] = raw
            spans[number] = at, size
            at += size
        columns = self._parsed(buffer, spans)
        source_of = np.array([one.copies[0][0] for one in stretch], np.int32)
        offset_of = np.array([one.copies[0][1] for one in stretch], np.uint64)
        if columns.block_count != len(stretch) or body_faults(columns).any():
            columns, source_of, offset_of, spans = self._one_by_one(stretch)
        own = Piece(_placed(columns, source_of, offset_of), spans[:, 0].copy())
        return own

    def raw(self, source: int, offset: int, size: int) -> Array:
        """The bytes of a block in the clear. Raises OSError."""
        data = self.files.bytes_of(self.paths[source])[offset : offset + size]
        if len(data) != size:
            raise OSError(self.paths[source])
        return blockfile.without_xor(data, self.keys[source], offset)

    def _parsed(self, buffer: Array, spans: Array) -> column_rows.Columns:
        if self.threads == 1 or len(spans) < 2 * self.threads:
            return parse.parse_blocks(buffer, spans)[0]
        cuts = np.searchsorted(
            spans[:, 0], np.linspace(0, len(buffer), self.threads + 1)[1:-1]
        ).tolist()
        parts = [part for part in np.split(spans, cuts) if len(part)]
        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(lambda part: parse.parse_blocks(buffer, part)[0], parts))
        return column_rows.concat([one for one in found if one.block_count] or found[:1])

    def _one_by_one(self, stretch: list[Wanted]) -> tuple[column_rows.Columns, Array, Array, Array]:
        """Read each block alone, a second copy where the first is not sound."""
        found, sources, offsets, spans, at = [], [], [], [], 0
        for one in stretch:
            columns, copy = self.sound(one)
            found.append(columns)
            sources.append(copy[0])
            offsets.append(copy[1])
            spans.append((at, copy[2]))
            at += copy[2]
        starts = np.array(spans, np.int64).reshape(-1, 2)
        moved = [
            _moved(columns, int(start)) for columns, start in zip(found, starts[:, 0], strict=True)
        ]
        return (
            column_rows.concat(moved),
            np.array(sources, np.int32),
            np.array(offsets, np.uint64),
            starts,
        )

    def sound(self, one: Wanted) -> tuple[column_rows.Columns, tuple[int, int, int]]:
        """Read one block, and say which copy was sound. Raises BlockNotSound."""
        why = Phrase("why.block-not-readable")
        for copy in one.copies:
            try:
                raw = self.raw(*copy)
            except OSError:
                continue
            columns, broken = parse.parse_blocks(raw, np.array([[0, copy[2]]], np.int64))
            if columns.block_count != 1:
                why = Phrase(f"skip.{broken[0].code}", broken[0].params) if broken else why
                continue
            fault = int(body_faults(columns)[0])
            if not fault:
                return columns, copy
            why = Phrase(f"skip.{Aside(fault).skip_code}")
        raise BlockNotSound(
            name=one.shown,
            height=one.height,
            path=f"{self.paths[one.copies[0][0]]}, byte {one.copies[0][1]}",
            reason=why,
        )


def _placed(columns: column_rows.Columns, source: Array, offset: Array) -> column_rows.Columns:
    return replace(columns, block_source=source, block_offset=offset)


def _moved(columns: column_rows.Columns, start: int) -> column_rows.Columns:
    return replace(columns, tx_offset=columns.tx_offset + np.uint64(start))


__all__ = [
    "NO_HEIGHT",
    "UNDO_NOT_NEEDED",
    "OpenFiles",
    "Places",
    "Reader",
    "Wanted",
    "places_in",
]

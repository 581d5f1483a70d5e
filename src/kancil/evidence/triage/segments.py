"""Segments: Arrow streams that one child writes, whole up to the last batch that reached the disk.

A segment has a stream for each kind of record. `FileContent` is written last: the number of the
last row of its last whole batch is the commit mark. Whoever goes on begins after it, in a segment
of its own; rows of the other streams beyond the mark, and a batch that was cut off, are as if they
had never been written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa

from kancil.records.record import batch_of, schema_of

from .content import FileContent, FileText, LeftOut, SeenSecret, SeenSelector

STREAMS: dict[str, type] = {
    "left-out": LeftOut,
    "texts": FileText,
    "selectors": SeenSelector,
    "secrets": SeenSecret,
    "contents": FileContent,
}
"""Kinds of record by the beginning of their files' names; the last one bears the mark."""
_MARK = "contents"
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
_NAMES = {record: name for name, record in STREAMS.items()}


class _Stream:
    """The stream of one kind of record, begun with its first row."""

    def __init__(self, path: Path, record: type) -> None:
        self._path, self._record = path, record
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self.rows: list[Any] = []

    def commit(self) -> None:
        """Have what waits reach the disk."""
        if not self.rows:
            return
        if self._writer is None:
            self._file = self._path.open("xb")
            self._writer = pa.ipc.new_stream(self._file, schema_of(self._record), options=_OPTIONS)
        self._writer.write_batch(batch_of(self._record, self.rows))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows.clear()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._file.close()


class SegmentWriter:
    """The next segment of a share."""

    def __init__(self, folder: Path, share: str) -> None:
        """Begin one."""
        number = len({each.stem.rpartition("-")[2] for each in folder.glob(f"*-{share}-*.arrows")})
        self._streams = {
            name: _Stream(folder / f"{name}-{share}-{number:05}.arrows", record)
            for name, record in STREAMS.items()
        }

    def add(self, row: Any) -> None:
        """Take a record of any kind in `STREAMS`."""
        self._streams[_NAMES[type(row)]].rows.append(row)

    def commit(self) -> None:
        """Have all that waits reach the disk, the mark last; only between two files."""
        for each in self._streams.values():
            each.commit()

    def __enter__(self) -> SegmentWriter:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Commit what waits, unless it ends by an error."""
        if error is None:
            self.commit()
        for each in self._streams.values():
            each.close()


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The whole batches of a segment."""
    try:
        with path.open("rb") as file:
            yield from pa.ipc.open_stream(file)
    except (pa.ArrowInvalid, OSError, EOFError):
        return


def committed(folder: Path, share: str) -> int:
    """Number of the last entry of a share that is done; 0 where none is."""
    return max((_mark(path) for path in _segments(folder, _MARK, share)), default=0)


def rows_of(folder: Path, name: str, shares: Iterable[str]) -> Iterator[pa.RecordBatch]:
    """The committed rows of a kind of record, by the number of their entry."""
    for share in shares:
        for path in _segments(folder, name, share):
            mark = _mark(path.with_name(path.name.replace(name, _MARK, 1)))
            for batch in batches(path):
                numbers = batch.column("number").to_numpy()
                yield batch.slice(0, int(np.searchsorted(numbers, mark, "right")))


def remove_segments(folder: Path) -> None:
    """Delete all segments: what they held stands in tables."""
    for name in STREAMS:
        for path in folder.glob(f"{name}-*-?????.arrows"):
            path.unlink()


def _segments(folder: Path, name: str, share: str) -> list[Path]:
    return sorted(folder.glob(f"{name}-{share}-?????.arrows"))


def _mark(path: Path) -> int:
    last = 0
    for batch in batches(path):
        last = int(batch.column("number")[-1].as_py())
    return last

"""Segments: Arrow streams that one child writes, whole up to the last batch that reached the disk.

The number of the last row of the last whole batch is the commit mark: whoever goes on begins after
it, in a segment of its own. A batch that was cut off is as if it had never been written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from kancil.records.record import batch_of, schema_of

from .content import FORMAT, FileContent

ARENA_BYTES = 8 << 20
ARENA_ROWS = 2048


class SegmentWriter:
    """The next segment of a share."""

    def __init__(self, folder: Path, share: int, *, is_careful: bool = False) -> None:
        """Begin one; `is_careful`: each row reaches the disk alone."""
        number = len(list(folder.glob(f"{share:03}-*.arrows")))
        self._file = (folder / f"{share:03}-{number:05}.arrows").open("xb")
        self._writer = pa.ipc.new_stream(self._file, schema_of(FileContent, FORMAT))
        self._rows: list[FileContent] = []
        self._bytes = 0
        self._most = 1 if is_careful else ARENA_ROWS

    def add(self, row: FileContent) -> None:
        """Take the next row."""
        self._rows.append(row)
        self._bytes += row.read_bytes
        if self._bytes >= ARENA_BYTES or len(self._rows) >= self._most:
            self._commit()

    def _commit(self) -> None:
        self._writer.write_batch(batch_of(FileContent, self._rows, FORMAT))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._rows, self._bytes = [], 0

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
        if error is None and self._rows:
            self._commit()
        self._writer.close()
        self._file.close()


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The whole batches of a segment."""
    with path.open("rb") as file:
        try:
            stream = pa.ipc.open_stream(file)
            yield from stream
        except (pa.ArrowInvalid, OSError, EOFError):
            return


def committed(folder: Path, share: int) -> int:
    """Number of the last entry of a share that is done; 0 where none is."""
    last = 0
    for path in sorted(folder.glob(f"{share:03}-*.arrows")):
        for batch in batches(path):
            last = max(last, batch.column("number")[-1].as_py())
    return last

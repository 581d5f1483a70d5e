"""Stated transfers in the workspace: read once from an exhibit's table, kept as one Parquet file.

The file is a cache: the exhibit's bytes and the mapping in the ledger give it again, to the last
row. It is relied on, so whoever loads it states the digest that the ledger recorded, and rows that
do not fit stop the work. Layout: docs/formats/workspace.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from kancil.evidence.errors import NothingStated, StatedTransfersBroken
from kancil.ground.child import in_child
from kancil.ground.files import read_file, write_durably
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.parquet import open_parquet
from kancil.records.record import batch_of, records_of
from kancil.records.transfer import (
    STATED_TRANSFERS,
    RowsDigest,
    StatedTransfer,
)

from .column_mapping import ColumnMapping
from .stated import VERSION, transfers_of, unread_columns
from .table import Table

BATCH_ROWS = 20_000
KEPT_SKIPS = 1_000
"""Skips that are kept with their place; all are counted."""
_ABOUT = b"kancil.stated-transfers"


@dataclass(frozen=True, slots=True)
class TransferRead:
    """What reading one table gave."""

    path: Path
    exhibit_sha256: str
    mapping: ColumnMapping
    rows: int
    skipped_codes: dict[str, int]
    """How many rows were left out for which reason, the most first."""
    skipped: tuple[Skipped, ...]
    """The first of them, with place and reason."""
    notes: dict[str, int]
    """How many transfers carry which note, the most first."""
    result_sha256: str
    """Digest of all rows in order (`RowsDigest`)."""
    unread: tuple[str, ...] = ()
    """Columns of the table that the mapping does not read."""

    @property
    def skipped_count(self) -> int:
        """How many rows were left out."""
        return sum(self.skipped_codes.values())


@dataclass(frozen=True, slots=True)
class PackedTransfers:
    """What reading one table gave, before it is stored; the other fields are `TransferRead`'s."""

    data: bytes
    """The Parquet file."""
    rows: int
    skipped_codes: dict[str, int]
    skipped: tuple[Skipped, ...]
    notes: dict[str, int]
    result_sha256: str
    unread: tuple[str, ...]


def stored_path(
    transfers_dir: Path, exhibit_sha256: str, mapping_sha256: str, version: int = VERSION
) -> Path:
    """Where the transfers of a table under a mapping and the rules of a version rest."""
    rules = "" if version == 1 else f"-{version}"
    return transfers_dir / f"{exhibit_sha256}-{mapping_sha256}{rules}.parquet"


def read_and_store(
    transfers_dir: Path,
    stream: BinaryIO,
    *,
    name: str,
    exhibit_sha256: str,
    mapping: ColumnMapping,
    version: int = VERSION,
    progress: Progress = SILENT,
) -> TransferRead:
    """Read a table by a mapping and store what it states; nothing is stored of a table without.

    It is read in a child of its own. `stream`: the table's bytes, whose digest is
    `exhibit_sha256`; `name`: the file's; `version`: by which rules. Raises MappingIncomplete,
    MappingColumnMissing, TableNotReadable, TableTooLarge, TableIsNoText, NothingStated, DiskFull.
    """
    packed = pack_transfers(
        stream,
        name=name,
        exhibit_sha256=exhibit_sha256,
        mapping=mapping,
        version=version,
        progress=progress,
    )
    path = stored_path(transfers_dir, exhibit_sha256, mapping.sha256, version)
    write_durably(path, packed.data)
    return TransferRead(
        path=path,
        exhibit_sha256=exhibit_sha256,
        mapping=mapping,
        rows=packed.rows,
        skipped_codes=packed.skipped_codes,
        skipped=packed.skipped,
        notes=packed.notes,
        result_sha256=packed.result_sha256,
        unread=packed.unread,
    )


@in_child(memory_bytes=1 << 30, cpu_seconds=300)
def pack_transfers(
    stream: BinaryIO,
    *,
    name: str,
    exhibit_sha256: str,
    mapping: ColumnMapping,
    version: int = VERSION,
    progress: Progress = SILENT,
) -> PackedTransfers:
    """Read a table by a mapping into the bytes of the file that will hold what it states.

    Raises what `read_and_store` raises, but DiskFull.
    """
    table = Table(stream, mapping.table, name)
    skipped_codes: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    skipped: list[Skipped] = []
    waiting: list[StatedTransfer] = []
    digest = RowsDigest()
    rows = 0
    sink = pa.BufferOutputStream()
    progress.start(None, "rows", "progress.transfers")
    about = _schema(exhibit_sha256, mapping, version)
    with pq.ParquetWriter(sink, about, compression="zstd") as writer:
        for found in transfers_of(table, mapping, exhibit_sha256, version):
            progress.advance(1)
            if isinstance(found, Skipped):
                skipped_codes[found.code] += 1
                if len(skipped) < KEPT_SKIPS:
                    skipped.append(found)
                continue
            digest.add(found)
            notes.update(found.notes)
            waiting.append(found)
            rows += 1
            if len(waiting) == BATCH_ROWS:
                writer.write_batch(_as_written(waiting, writer))
                waiting.clear()
        if waiting:
            writer.write_batch(_as_written(waiting, writer))
    progress.finish()
    if not rows:
        raise NothingStated(path=name, skipped=sum(skipped_codes.values()), reason=_first(skipped))
    return PackedTransfers(
        data=bytes(sink.getvalue().to_pybytes()),
        rows=rows,
        skipped_codes=dict(skipped_codes.most_common()),
        skipped=tuple(skipped),
        notes=dict(notes.most_common()),
        result_sha256=digest.hex(),
        unread=unread_columns(table.columns, mapping),
    )


def _schema(exhibit_sha256: str, mapping: ColumnMapping, version: int) -> pa.Schema:
    about = {
        "exhibit_sha256": exhibit_sha256,
        "mapping": mapping.as_dict(),
        "mapping_sha256": mapping.sha256,
        "version": version,
    }
    metadata = {**STATED_TRANSFERS.metadata, _ABOUT: json.dumps(about, sort_keys=True).encode()}
    return STATED_TRANSFERS.with_metadata(metadata)


def _as_written(rows: list[StatedTransfer], writer: pq.ParquetWriter) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(batch_of(StatedTransfer, rows).columns, schema=writer.schema)


def _first(skipped: list[Skipped]) -> Param:
    if not skipped:
        return Phrase("why.table-empty")
    first = skipped[0]
    return Phrase(f"skip.{first.code}", {"place": first.place, **first.params})


class StoredTransfers:
    """Stored transfers whose rows were all compared with the digest that the ledger records."""

    def __init__(self, path: Path, data: bytes, result_sha256: str) -> None:
        """Take a file's bytes and compare every row; raises StatedTransfersBroken."""
        self._data = data
        digest, self.rows = RowsDigest(), 0
        try:
            for row in self:
                digest.add(row)
                self.rows += 1
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise StatedTransfersBroken(path=str(path)) from error
        if digest.hex() != result_sha256:
            raise StatedTransfersBroken(path=str(path))

    def __iter__(self) -> Iterator[StatedTransfer]:
        """Go through all rows in order."""
        for batch in self._file().iter_batches(BATCH_ROWS, use_threads=False):
            yield from records_of(StatedTransfer, batch)

    def columns(self, names: Sequence[str]) -> pa.Table:
        """These columns of all rows; those that an older file lacks are left out."""
        file = self._file()
        known = [name for name in names if name in file.schema_arrow.names]
        return file.read(columns=known, use_threads=False)

    def part(self, first: int, count: int) -> list[StatedTransfer]:
        """`count` rows from row number `first` (from 0) on; of other groups none is read."""
        file, found, start = self._file(), list[StatedTransfer](), 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            skip = max(0, first - start)
            if skip < rows and len(found) < count:
                table = file.read_row_group(group, use_threads=False).slice(
                    skip, count - len(found)
                )
                for batch in table.to_batches():
                    found += records_of(StatedTransfer, batch)
            start += rows
        return found

    def _file(self) -> pq.ParquetFile:
        return open_parquet(self._data)


def open_transfers(
    transfers_dir: Path,
    exhibit_sha256: str,
    mapping_sha256: str,
    result_sha256: str,
    version: int = VERSION,
) -> StoredTransfers | None:
    """Open stored transfers; None if they are not here and must be read again.

    `result_sha256`: as the ledger's entry has it; all rows are compared with it before the first
    is given. Raises StatedTransfersBroken.
    """
    path = stored_path(transfers_dir, exhibit_sha256, mapping_sha256, version)
    return StoredTransfers(path, read_file(path), result_sha256) if path.is_file() else None

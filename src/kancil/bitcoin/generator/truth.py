"""What is true of a generated chain, as files: `truth.json` and Parquet tables beside the blocks.

The schema is written out in `docs/reference/generated-chains.md`. Tables grow with the chain and
are written in pieces as it grows; `truth.json` is written last, so that a folder without it is
known to be no whole chain. Each table has a digest of its content, column by column, which is the
same on every machine; the bytes of a Parquet file also depend on the version of Arrow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kancil.bitcoin.generator.form import DATA, PROGRAM_BYTES, Form
from kancil.bitcoin.generator.rows import (
    FIRST_TX,
    HEIGHT,
    OUTPUTS,
    TXS,
    OutputRole,
    Rows,
    TxRole,
)
from kancil.bitcoin.generator.stage import Plant
from kancil.ground.files import translated

SCHEMA = 1
_PIECE_ROWS = 300_000
_FORMS = [form.name.lower() for form in Form]
_TX_ROLES = [role.name.lower() for role in TxRole]
_OUTPUT_ROLES = [role.name.lower() for role in OutputRole]
_WORD = pa.dictionary(pa.int8(), pa.string())

TABLES: dict[str, Any] = {
    "transactions": pa.schema(
        [("tx", pa.int64()), ("txid", pa.binary(32)), ("height", pa.int32()), ("role", _WORD),
         ("fee_sat", pa.int64()), ("plant", pa.int64())]
    ),
    "outputs": pa.schema(
        [("tx", pa.int64()), ("n", pa.int32()), ("value_sat", pa.int64()),
         ("address", pa.int64()), ("owner", pa.int64()), ("role", _WORD)]
    ),
    "addresses": pa.schema(
        [("address", pa.int64()), ("owner", pa.int64()), ("form", _WORD), ("program", pa.binary())]
    ),
    "owners": pa.schema([("owner", pa.int64()), ("role", pa.string()), ("wallet", pa.string())]),
    "plants": pa.schema(
        [("plant", pa.int64()), ("name", pa.string()), ("first_height", pa.int64()),
         ("last_height", pa.int64()), ("transactions", pa.int64()), ("complete", pa.bool_()),
         ("facts", pa.string())]
    ),
    "plant_transactions": pa.schema(
        [("plant", pa.int64()), ("step", pa.int64()), ("tx", pa.int64()), ("txid", pa.binary(32)),
         ("role", pa.string())]
    ),
    "plant_addresses": pa.schema(
        [("plant", pa.int64()), ("step", pa.int64()), ("address", pa.int64()),
         ("owner", pa.int64()), ("role", pa.string())]
    ),
}  # fmt: skip


class Table:
    """One table, written piece by piece, digested as it grows."""

    def __init__(self, folder: Path, name: str) -> None:
        """Begin the file; raises DiskFull, FileNotReadable."""
        self.path, self._schema = folder / f"{name}.parquet", TABLES[name]
        self._digests = [hashlib.sha256() for _ in self._schema]
        self._pieces: list[Any] = []
        self._held = 0
        self.rows = 0
        try:
            self._file = pq.ParquetWriter(self.path, self._schema, compression="zstd")
        except OSError as error:
            raise translated(error, self.path) from error

    def add(self, columns: Sequence[Any]) -> None:
        """Add rows: one Arrow array a column; raises DiskFull, FileNotReadable."""
        self._pieces.append(pa.record_batch(columns, schema=self._schema))
        self._held += len(columns[0])
        if self._held >= _PIECE_ROWS:
            self._flush()

    def add_values(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of plain values."""
        columns = zip(*rows, strict=True)
        self.add([pa.array(c, field.type) for c, field in zip(columns, self._schema, strict=True)])

    def _flush(self) -> None:
        if not self._pieces:
            return
        table = pa.Table.from_batches(self._pieces).combine_chunks()
        for digest, column in zip(self._digests, table.columns, strict=True):
            _digest_column(digest, column.chunk(0) if column.num_chunks else column)
        try:
            self._file.write_table(table)
        except OSError as error:
            raise translated(error, self.path) from error
        self.rows += self._held
        self._pieces, self._held = [], 0

    def close(self) -> dict[str, object]:
        """End the file; give its name, rows and digest. Raises DiskFull, FileNotReadable."""
        self._flush()
        try:
            self._file.close()
        except OSError as error:
            raise translated(error, self.path) from error
        whole = hashlib.sha256(b"".join(digest.digest() for digest in self._digests))
        return {"name": self.path.name, "rows": self.rows, "content_sha256": whole.hexdigest()}


def _digest_column(digest: Any, column: Any) -> None:
    """Digest values in order: integers as 8 little-endian bytes, texts and bytes behind a length.

    A value that is not there is the integer -1 or the length -1.
    """
    if pa.types.is_dictionary(column.type):
        column = column.indices.cast(pa.int64())
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int64())
    if pa.types.is_integer(column.type):
        values = column.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        digest.update(values.astype("<i8").tobytes())
        return
    wide = column.cast(pa.binary())
    # An array that was combined from pieces begins at its buffers' first value.
    offsets = np.frombuffer(wide.buffers()[1], np.int32, len(wide) + 1, 4 * wide.offset)
    digest.update(np.diff(offsets).astype("<i8").tobytes())
    if wide.buffers()[2] is not None:
        digest.update(memoryview(wide.buffers()[2])[offsets[0] : offsets[-1]])


def _words(indices: NDArray[Any], names: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int8)), pa.array(names))


def _kept(values: NDArray[Any]) -> Any:
    """An Arrow array of its own: rows are overwritten by the next block."""
    return pa.array(values.copy())


def _or_none(values: NDArray[np.int64]) -> Any:
    return pa.array(values.copy(), mask=values < 0)


def _binary(rows: NDArray[np.uint8], sizes: NDArray[np.int64]) -> Any:
    """The first bytes of each row as Arrow's binary."""
    offsets = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    kept = rows[np.arange(rows.shape[1]) < sizes[:, None]]
    return pa.Array.from_buffers(
        pa.binary(), len(sizes), [None, pa.py_buffer(offsets), pa.py_buffer(kept)]
    )


def _ids(ids: NDArray[np.uint8]) -> Any:
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(ids), [None, pa.py_buffer(np.ascontiguousarray(ids))]
    )


class Truth:
    """Writes the tables that grow with the blocks."""

    def __init__(self, folder: Path) -> None:
        """Begin the tables that grow."""
        self._transactions = Table(folder, "transactions")
        self._outputs = Table(folder, "outputs")
        self._addresses = Table(folder, "addresses")
        self._plants = Table(folder, "plants")
        self._steps = Table(folder, "plant_transactions")
        self._places = Table(folder, "plant_addresses")

    def add_genesis(self, txid: NDArray[np.uint8], value_sat: int) -> None:
        """Keep transaction 0, whose one output is nobody's."""
        one, nothing, reward = np.zeros(1, np.int64), np.full(1, -1), np.zeros(1, np.int8)
        height = pa.array(one.astype(np.int32))
        self._transactions.add(
            [
                pa.array(one), _ids(txid[None, :]), height, _words(reward, _TX_ROLES),
                pa.array(one), _or_none(nothing),
            ]
        )  # fmt: skip
        self._outputs.add(
            [
                pa.array(one), height, pa.array(np.full(1, value_sat)), _or_none(nothing),
                _or_none(nothing), _words(reward, _OUTPUT_ROLES),
            ]
        )  # fmt: skip

    def add_block(self, rows: Rows, ids: NDArray[np.uint8], programs: NDArray[np.uint8]) -> None:
        """Keep what is true of a block that was written."""
        counts = rows.counts
        txs, outputs, first = int(counts[TXS]), int(counts[OUTPUTS]), int(counts[FIRST_TX])
        numbers = np.arange(first, first + txs)
        self._transactions.add(
            [
                pa.array(numbers),
                _ids(ids[first : first + txs]),
                pa.array(np.full(txs, counts[HEIGHT], np.int32)),
                _words(rows.tx_role[:txs], _TX_ROLES),
                _kept(rows.tx_fee[:txs]),
                _or_none(rows.tx_plant[:txs]),
            ]
        )
        many = np.diff(rows.tx_out[: txs + 1])
        places = np.arange(outputs) - np.repeat(rows.tx_out[:txs], many)
        is_data = rows.out_form[:outputs] >= DATA
        self._outputs.add(
            [
                pa.array(np.repeat(numbers, many)),
                pa.array(places.astype(np.int32)),
                _kept(rows.out_value[:outputs]),
                pa.array(rows.out_address[:outputs].copy(), mask=is_data),
                _or_none(rows.out_owner[:outputs]),
                _words(rows.out_role[:outputs], _OUTPUT_ROLES),
            ]
        )
        new = np.flatnonzero((rows.out_is_new[:outputs] == 1) & ~is_data)
        forms = rows.out_form[new]
        self._addresses.add(
            [
                pa.array(rows.out_address[new]),
                pa.array(rows.out_owner[new]),
                _words(forms, _FORMS),
                _binary(programs[new], PROGRAM_BYTES[forms]),
            ]
        )

    def add_plants(self, plants: Sequence[Plant], ids: NDArray[np.uint8]) -> None:
        """Keep what is true of instances that ended, whose transactions are all written."""
        if not plants:
            return
        self._plants.add_values(
            [
                (one.number, one.name, one.first_height, one.last_height, len(one.transactions),
                 one.is_complete, json.dumps(one.facts, sort_keys=True))
                for one in plants
            ]
        )  # fmt: skip
        self._steps.add_values(
            [
                (one.number, step, tx, ids[tx].tobytes(), role)
                for one in plants
                for step, (tx, role) in enumerate(one.transactions)
            ]
        )
        self._places.add_values(
            [
                (one.number, step, to.number, to.owner, role)
                for one in plants
                for step, (to, role) in enumerate(one.addresses)
            ]
        )

    def close(self) -> list[dict[str, object]]:
        """End the tables; give name, rows and digest of each."""
        tables = (
            self._transactions, self._outputs, self._addresses, self._plants, self._steps,
            self._places,
        )  # fmt: skip
        return [table.close() for table in tables]


def write_owners(
    folder: Path, roles: Sequence[str], wallets: Sequence[str | None]
) -> dict[str, object]:
    """Write who there is: one row an owner. Raises DiskFull, FileNotReadable."""
    table = Table(folder, "owners")
    table.add([pa.array(range(len(roles)), pa.int64()), pa.array(roles), pa.array(wallets)])
    return table.close()

"""What a store keeps: one file a column, rows in chain order, only ever added at the end.

Transactions, inputs and outputs are numbered from the store's first block on; so are scripts, by
first appearance. The number of a transaction is its place in the order of the chain. Everything
is little-endian. `docs/formats/chain-store.md` is the same table for people; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

FORMAT = 1
"""Of the store; raised by any change that an older Kancil would read wrongly."""


class Table(StrEnum):
    """The tables of a store."""

    BLOCKS = "blocks"
    TRANSACTIONS = "transactions"
    INPUTS = "inputs"
    OUTPUTS = "outputs"
    SCRIPTS = "scripts"
    PAYLOAD = "payload"
    UNKNOWN = "unknown"
    """Inputs whose source is before the first block of a window."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, kept in the file `<name>.column`."""

    name: str
    table: Table
    dtype: str
    width: int = 0
    """Numbers a row, where it is more than one."""
    points_to: Table | None = None
    """A column of starts: it has one entry more than its table, beginning with 0; rows `[i]` to
    `[i + 1] - 1` of that table belong to row i."""
    is_mutable: bool = False
    """Changed in place when later blocks spend or pay; a number at or over the committed rows is
    open, so a reader takes it for none."""

    @property
    def row_bytes(self) -> int:
        """Bytes a row."""
        return np.dtype(self.dtype).itemsize * max(1, self.width)


_B, _T, _I, _O = Table.BLOCKS, Table.TRANSACTIONS, Table.INPUTS, Table.OUTPUTS
_S, _P, _U = Table.SCRIPTS, Table.PAYLOAD, Table.UNKNOWN

COLUMNS: tuple[Column, ...] = (
    Column("block_source", _B, "<i4"),
    Column("block_offset", _B, "<u8"),
    Column("block_size", _B, "<u4"),
    Column("block_hash", _B, "u1", 32),
    Column("block_version", _B, "<i4"),
    Column("block_prev", _B, "u1", 32),
    Column("block_merkle_root", _B, "u1", 32),
    Column("block_time", _B, "<u4"),
    Column("block_bits", _B, "<u4"),
    Column("block_nonce", _B, "<u4"),
    Column("block_tx_start", _B, "<i8", points_to=_T),
    Column("block_merkle", _B, "u1"),
    Column("block_witness", _B, "u1"),
    Column("block_target", _B, "u1"),
    Column("block_height_claimed", _B, "<i4"),
    Column("tx_block", _T, "<i4"),
    Column("tx_place", _T, "<u4"),
    Column("tx_size", _T, "<u4"),
    Column("tx_id", _T, "u1", 32),
    Column("tx_version", _T, "<i4"),
    Column("tx_locktime", _T, "<u4"),
    Column("tx_segwit", _T, "u1"),
    Column("tx_input_start", _T, "<i8", points_to=_I),
    Column("tx_output_start", _T, "<i8", points_to=_O),
    Column("input_source", _I, "<i8"),
    Column("input_sequence", _I, "<u4"),
    Column("unknown_input", _U, "<i8"),
    Column("unknown_prev_id", _U, "u1", 32),
    Column("unknown_prev_index", _U, "<u4"),
    Column("output_value", _O, "<i8"),
    Column("output_script", _O, "u1"),
    Column("output_script_id", _O, "<u4"),
    Column("output_before", _O, "<i8"),
    Column("output_spender", _O, "<i8", is_mutable=True),
    Column("script_kind", _S, "u1"),
    Column("script_payload_start", _S, "<i8", points_to=_P),
    Column("script_last", _S, "<i8", is_mutable=True),
    Column("payload", _P, "u1"),
)
BY_NAME = {column.name: column for column in COLUMNS}
MOST_SCRIPTS = 2**32 - 1
"""Script numbers are 32 bits wide."""

ID_RUN_BYTES, SCRIPT_RUN_BYTES = 24, 16
"""Bytes an entry of a run (`kancil.bitcoin.store.runs`): one key or two, and a row."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a store has, or is expected to have."""

    blocks: int = 0
    transactions: int = 0
    inputs: int = 0
    outputs: int = 0
    scripts: int = 0
    payload: int = 0
    unknown: int = 0

    def of(self, table: Table) -> int:
        """The rows of one table."""
        return int(getattr(self, table.value))

    def entries(self, column: Column) -> int:
        """The entries of a column's file."""
        return self.of(column.table) + (column.points_to is not None)

    def plus(self, other: Rows) -> Rows:
        """Add up, table by table."""
        return Rows(**{table.value: self.of(table) + other.of(table) for table in Table})

    def as_dict(self) -> dict[str, int]:
        """The form that the record keeps."""
        return {table.value: self.of(table) for table in Table}

    @property
    def size_bytes(self) -> int:
        """Bytes of all columns and of the runs that find ids and scripts."""
        columns = sum(self.entries(column) * column.row_bytes for column in COLUMNS)
        return columns + ID_RUN_BYTES * self.transactions + SCRIPT_RUN_BYTES * self.scripts


ROWS_A_BYTE = Rows(
    blocks=1, transactions=1_460, inputs=3_700, outputs=4_000, scripts=1_750, payload=37_000
)
"""Rows in 800,000 bytes of blocks, about what the mainnet held of each in 2025: 0.9 M blocks in
about 700 GB, 1.2 billion transactions, 3.1 billion inputs, 3.3 billion outputs. Our rounding of
published totals; good for a warning about room, for nothing else."""
_ROWS_IN = 800_000


def expected_rows(block_bytes: int) -> Rows:
    """Guess the rows of so many bytes of blocks, for the room that they will need."""
    share = ROWS_A_BYTE.as_dict()
    return Rows(**{name: count * block_bytes // _ROWS_IN for name, count in share.items()})

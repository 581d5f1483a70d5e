"""The chain as columns: blocks, transactions, inputs and outputs, one NumPy array a field.

The parser fills them, storage keeps them, the spend graph is built from them. Rows stand in the
order in which they were read. A `*_start` column has one entry more than its table: rows
`start[i]` to `start[i + 1] - 1` of the lower table belong to row i of the upper one. Hashes are
kept as on the wire (internal byte order), uint8 `[n, 32]`; people see them reversed, in hex.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.script.kind import ScriptKind

Array: TypeAlias = NDArray[Any]
LOOSE = -1
"""`tx_block` of a transaction that came without its block."""
NO_OUTPUT = 0xFFFFFFFF
"""`input_prev_index` of a coinbase's input."""


class MerkleState(IntEnum):
    """What the Merkle root of the header says of the transactions read."""

    WRONG = 0
    RIGHT = 1
    MUTATED = 2
    """Right, but two neighbours are equal: the list may be a forged twin (CVE-2012-2459)."""


class WitnessState(IntEnum):
    """What the witness commitment of the coinbase (BIP 141) says of the witness data read."""

    ABSENT = 0
    """No commitment and no witness data."""
    RIGHT = 1
    WRONG = 2
    MISSING = 3
    """Witness data, but no commitment to it."""
    NOT_COMPUTED = 4
    """Not asked for; or a commitment stands here and the block holds no witness data at all, as
    before segregated witness was in force or when the data were stripped."""


class TargetState(IntEnum):
    """Whether the block hash meets the target that its own header states."""

    ABOVE = 0
    """The hash is above the target, or the target is not a number that the rules allow."""
    MET = 1


BLOCK, TX, INPUT, OUTPUT, POOL, BLOCK_1, TX_1, OUTPUT_1 = range(8)
"""The tables; those with 1 have an entry more, for the end of the last row."""
LAYOUT: dict[str, tuple[int, type[np.generic], int]] = {
    "block_source": (BLOCK, np.int32, 0),
    "block_offset": (BLOCK, np.uint64, 0),
    "block_size": (BLOCK, np.uint32, 0),
    "block_hash": (BLOCK, np.uint8, 32),
    "block_version": (BLOCK, np.int32, 0),
    "block_prev": (BLOCK, np.uint8, 32),
    "block_merkle_root": (BLOCK, np.uint8, 32),
    "block_time": (BLOCK, np.uint32, 0),
    "block_bits": (BLOCK, np.uint32, 0),
    "block_nonce": (BLOCK, np.uint32, 0),
    "block_tx_start": (BLOCK_1, np.int64, 0),
    "block_merkle": (BLOCK, np.uint8, 0),
    "block_witness": (BLOCK, np.uint8, 0),
    "block_target": (BLOCK, np.uint8, 0),
    "block_height_claimed": (BLOCK, np.int32, 0),
    "tx_block": (TX, np.int32, 0),
    "tx_offset": (TX, np.uint64, 0),
    "tx_size": (TX, np.uint32, 0),
    "tx_id": (TX, np.uint8, 32),
    "tx_wid": (TX, np.uint8, 32),
    "tx_version": (TX, np.int32, 0),
    "tx_locktime": (TX, np.uint32, 0),
    "tx_segwit": (TX, np.uint8, 0),
    "tx_input_start": (TX_1, np.int64, 0),
    "tx_output_start": (TX_1, np.int64, 0),
    "input_prev_id": (INPUT, np.uint8, 32),
    "input_prev_index": (INPUT, np.uint32, 0),
    "input_sequence": (INPUT, np.uint32, 0),
    "output_value": (OUTPUT, np.int64, 0),
    "output_script": (OUTPUT, np.uint8, 0),
    "output_payload_start": (OUTPUT_1, np.int64, 0),
    "payload": (POOL, np.uint8, 0),
}
"""Each column: its table, its type, and its width where a row is more than one number."""
STARTS = {
    "block_tx_start": "tx_id",
    "tx_input_start": "input_prev_index",
    "tx_output_start": "output_value",
    "output_payload_start": "payload",
}
"""Each start column, and a column of the table its numbers point into."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Blocks `[nb]`, transactions `[nt]`, inputs `[ni]`, outputs `[no]` and the payload pool."""

    block_source: Array
    """int32 `[nb]`: number of the buffer or file that the block was read from."""
    block_offset: Array
    """uint64 `[nb]`: byte of the 80-byte header in its source."""
    block_size: Array
    """uint32 `[nb]`: bytes, header included."""
    block_hash: Array
    """uint8 `[nb, 32]`."""
    block_version: Array
    """int32 `[nb]`."""
    block_prev: Array
    """uint8 `[nb, 32]`: hash of the block before."""
    block_merkle_root: Array
    """uint8 `[nb, 32]`: as the header states it."""
    block_time: Array
    """uint32 `[nb]`: seconds since 1970 by the miner's clock; no more than that miner's word."""
    block_bits: Array
    """uint32 `[nb]`: the target, compact form."""
    block_nonce: Array
    """uint32 `[nb]`."""
    block_tx_start: Array
    """int64 `[nb + 1]`."""
    block_merkle: Array
    """uint8 `[nb]`: `MerkleState`."""
    block_witness: Array
    """uint8 `[nb]`: `WitnessState`."""
    block_target: Array
    """uint8 `[nb]`: `TargetState`."""
    block_height_claimed: Array
    """int32 `[nb]`: height in the coinbase (BIP 34), -1 none; a claim, not a check."""
    tx_block: Array
    """int32 `[nt]`: row of its block, -1 for a loose transaction."""
    tx_offset: Array
    """uint64 `[nt]`: first byte in its source."""
    tx_size: Array
    """uint32 `[nt]`: bytes, witness included."""
    tx_id: Array
    """uint8 `[nt, 32]`."""
    tx_wid: Array
    """uint8 `[nt, 32]`: hash with witness (BIP 141), zeros where not computed and, by the rule,
    for a coinbase within its block."""
    tx_version: Array
    """int32 `[nt]`."""
    tx_locktime: Array
    """uint32 `[nt]`."""
    tx_segwit: Array
    """uint8 `[nt]`: 1 if it carries witness data."""
    tx_input_start: Array
    """int64 `[nt + 1]`."""
    tx_output_start: Array
    """int64 `[nt + 1]`."""
    input_prev_id: Array
    """uint8 `[ni, 32]`: id of the transaction whose output it spends; zeros for a coinbase."""
    input_prev_index: Array
    """uint32 `[ni]`: which of its outputs; 0xffffffff for a coinbase."""
    input_sequence: Array
    """uint32 `[ni]`."""
    output_value: Array
    """int64 `[no]`: satoshi."""
    output_script: Array
    """uint8 `[no]`: `ScriptKind`."""
    output_payload_start: Array
    """int64 `[no + 1]`."""
    payload: Array
    """uint8 `[sum]`: key, hash, program or data of each output, by its own length."""

    @property
    def block_count(self) -> int:
        """Number of blocks."""
        return len(self.block_time)

    @property
    def tx_count(self) -> int:
        """Number of transactions."""
        return len(self.tx_version)

    @property
    def input_count(self) -> int:
        """Number of inputs."""
        return len(self.input_prev_index)

    @property
    def output_count(self) -> int:
        """Number of outputs."""
        return len(self.output_value)

    def payload_of(self, output: int) -> bytes:
        """The payload bytes of one output."""
        start, stop = self.output_payload_start[output], self.output_payload_start[output + 1]
        return self.payload[start:stop].tobytes()

    def script_at(self, output: int) -> tuple[ScriptKind, bytes]:
        """Kind and payload of the script of one output."""
        return ScriptKind(int(self.output_script[output])), self.payload_of(output)

    def payloads_of(self, outputs: Array) -> tuple[Array, Array, Array]:
        """Where payloads of outputs begin and end, int64 `[n]`, and the pool they are in."""
        return (
            self.output_payload_start[outputs],
            self.output_payload_start[outputs + 1],
            self.payload,
        )

    def payload_sizes(self, first: int, stop: int) -> Array:
        """The payload bytes of outputs first to stop - 1: int64."""
        return np.diff(self.output_payload_start[first : stop + 1])

    def names_of_scripts(self) -> tuple[Array, Array]:
        """Bytes that are the same for two outputs of one kind if their scripts are.

        Starts int64 `[no + 1]` and pool uint8, as payloads lie.
        """
        return self.output_payload_start, self.payload

    def slice_blocks(self, start: int, stop: int) -> Columns:
        """The rows of blocks start to stop - 1 alone, numbered anew from 0.

        Arrays are views where numbers stay the same. Loose transactions belong to no block and
        are left out.
        """
        if not 0 <= start <= stop <= self.block_count:
            raise IndexError(f"blocks {start} to {stop} of {self.block_count}")
        cut: dict[int, tuple[int, int]] = {BLOCK: (start, stop)}
        below = {
            TX: (BLOCK, self.block_tx_start),
            INPUT: (TX, self.tx_input_start),
            OUTPUT: (TX, self.tx_output_start),
            POOL: (OUTPUT, self.output_payload_start),
        }
        for table, (upper, starts) in below.items():
            first, last = cut[upper]
            cut[table] = int(starts[first]), int(starts[last])
        for table, upper in ((BLOCK_1, BLOCK), (TX_1, TX), (OUTPUT_1, OUTPUT)):
            cut[table] = cut[upper][0], cut[upper][1] + 1
        arrays: dict[str, Array] = {}
        for name, (table, dtype, _) in LAYOUT.items():
            array = getattr(self, name)[slice(*cut[table])]
            arrays[name] = (array - array[0]).astype(dtype) if name in STARTS else array
        arrays["tx_block"] = (arrays["tx_block"] - start).astype(np.int32)
        return Columns(**arrays)


def empty() -> Columns:
    """Columns with no rows."""
    arrays: dict[str, Array] = {}
    for name, (_, dtype, width) in LAYOUT.items():
        shape = (0, width) if width else (1 if name in STARTS else 0,)
        arrays[name] = np.zeros(shape, dtype=dtype)
    return Columns(**arrays)


def concat(parts: Sequence[Columns]) -> Columns:
    """Join columns one below the other; row numbers of later parts move up."""
    if not parts:
        return empty()
    if len(parts) == 1:
        return parts[0]
    return Columns(**joined(LAYOUT, parts))


def joined(names: Iterable[str], parts: Sequence[Any]) -> dict[str, Array]:
    """Join some columns of parts one below the other; row numbers of later parts move up.

    `parts`: `Columns`, or whatever has these columns and a `block_count`.
    """
    arrays: dict[str, Array] = {}
    for name in names:
        pieces = [getattr(part, name) for part in parts]
        if name in STARTS:
            pieces = _moved_starts(pieces)
        elif name == "tx_block":
            pieces = _moved_blocks(pieces, [part.block_count for part in parts])
        arrays[name] = np.concatenate(pieces)
    return arrays


def _moved_starts(pieces: list[Array]) -> list[Array]:
    moved, base = [np.zeros(1, dtype=np.int64)], 0
    for piece in pieces:
        moved.append(piece[1:] + base)
        base += int(piece[-1])
    return moved


def _moved_blocks(pieces: list[Array], counts: list[int]) -> list[Array]:
    moved, base = [], 0
    for piece, count in zip(pieces, counts, strict=True):
        moved.append(np.where(piece == LOOSE, LOOSE, piece + base).astype(np.int32))
        base += count
    return moved


def nbytes(columns: Columns) -> int:
    """The bytes that the arrays hold in memory."""
    return sum(getattr(columns, field.name).nbytes for field in fields(columns))

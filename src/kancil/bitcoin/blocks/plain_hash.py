"""The hashes of parsed blocks by Python's hashlib, for machines without libcrypto.

Same columns, same results as the kernels, at the speed of Python; `parse` calls it there only.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.script.kind import ScriptKind

from .columns import Columns, MerkleState, TargetState, WitnessState

Bytes = NDArray[np.uint8]
_COMMITMENT = bytes.fromhex("24aa21a9ed")


def double(data: bytes) -> bytes:
    """SHA-256 of SHA-256."""
    return sha256(sha256(data).digest()).digest()


def merkle(level: list[bytes]) -> tuple[bytes, bool]:
    """The Merkle root of hashes, and whether two neighbours were equal (CVE-2012-2459)."""
    mutated = False
    while len(level) > 1:
        mutated |= any(a == b for a, b in zip(level[::2], level[1::2], strict=False))
        if len(level) % 2:
            level = [*level, level[-1]]
        level = [double(a + b) for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0], mutated


def _witness_at(data: Bytes, start: int, columns: Columns, tx: int) -> int:
    """Walk a transaction again to where its witness data begin; it has been read before."""
    at = start + 6
    for start_column, ahead, behind in (
        (columns.tx_input_start, 36, 4),
        (columns.tx_output_start, 8, 0),
    ):
        at = _varint(data, at)[1]
        for _ in range(int(start_column[tx + 1] - start_column[tx])):
            length, at = _varint(data, at + ahead)
            at += length + behind
    return at


def _varint(data: Bytes, at: int) -> tuple[int, int]:
    first = int(data[at])
    width = {0xFD: 2, 0xFE: 4}.get(first, 0)
    if not width:
        return first, at + 1
    return int.from_bytes(data[at + 1 : at + 1 + width].tobytes(), "little"), at + 1 + width


def _hash_transaction(data: Bytes, columns: Columns, tx: int, full: bool) -> int:
    start, size = int(columns.tx_offset[tx]), int(columns.tx_size[tx])
    raw = data[start : start + size].tobytes()
    witness = 0
    if columns.tx_segwit[tx]:
        witness = _witness_at(data, start, columns, tx)
        stripped = raw[:4] + raw[6 : witness - start] + raw[-4:]
    else:
        stripped = raw
    columns.tx_id[tx] = np.frombuffer(double(stripped), np.uint8)
    if full:
        columns.tx_wid[tx] = np.frombuffer(double(raw), np.uint8)
    return witness


def hash_loose(data: Bytes, columns: Columns) -> None:
    """Fill in the ids of a single transaction."""
    _hash_transaction(data, columns, 0, full=True)


def hash_blocks(data: Bytes, columns: Columns, *, with_witness: bool) -> None:
    """Fill in ids, Merkle, witness and target states of blocks that were read without hashing."""
    for block in range(columns.block_count):
        at = int(columns.block_offset[block])
        columns.block_hash[block] = np.frombuffer(double(data[at : at + 80].tobytes()), np.uint8)
        first, last = columns.block_tx_start[block : block + 2].tolist()
        witness_at = [
            _hash_transaction(data, columns, tx, full=with_witness) for tx in range(first, last)
        ]
        if with_witness:
            columns.tx_wid[first] = 0
        root, mutated = merkle([columns.tx_id[tx].tobytes() for tx in range(first, last)])
        state = MerkleState.MUTATED if mutated else MerkleState.RIGHT
        right = root == columns.block_merkle_root[block].tobytes()
        columns.block_merkle[block] = state if right else MerkleState.WRONG
        columns.block_witness[block] = (
            _witness_state(data, columns, first, last, witness_at)
            if with_witness
            else WitnessState.NOT_COMPUTED
        )
        columns.block_target[block] = _target_state(columns, block)


def _witness_state(
    data: Bytes, columns: Columns, first: int, last: int, witness_at: list[int]
) -> WitnessState:
    outputs = columns.tx_output_start[first : first + 2].tolist()
    commitment = None
    for output in range(*outputs):
        payload = columns.payload_of(output)
        is_data = columns.output_script[output] == ScriptKind.OP_RETURN
        if is_data and len(payload) >= 37 and payload.startswith(_COMMITMENT):
            commitment = payload[5:37]
    if commitment is None:
        return WitnessState.MISSING if any(witness_at) else WitnessState.ABSENT
    if not any(witness_at):
        return WitnessState.NOT_COMPUTED
    reserved = data[witness_at[0] : witness_at[0] + 34].tobytes()
    if not witness_at[0] or not reserved.startswith(b"\x01\x20"):
        return WitnessState.WRONG
    root, _ = merkle([columns.tx_wid[tx].tobytes() for tx in range(first, last)])
    right = double(root + reserved[2:]) == commitment
    return WitnessState.RIGHT if right else WitnessState.WRONG


def _target_state(columns: Columns, block: int) -> TargetState:
    bits = int(columns.block_bits[block])
    size, word = bits >> 24, bits & 0x7FFFFF
    target = word << (8 * (size - 3)) if size > 3 else word >> (8 * (3 - size))
    if bits & 0x800000 or not 0 < target < 1 << 256:
        return TargetState.ABOVE
    value = int.from_bytes(columns.block_hash[block].tobytes(), "little")
    return TargetState.MET if value <= target else TargetState.ABOVE

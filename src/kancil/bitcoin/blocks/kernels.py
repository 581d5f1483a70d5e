"""The kernels that `parse` calls: blocks in, columns out, checked by hash.

Each block is read (`read`) and then hashed while it is still in the processor's cache: ids,
Merkle root, witness commitment, work. A block that cannot be read leaves a `Fault` and the byte
where reading stopped, and the next one goes on; nothing is raised.

One pass fills the columns. A block is begun only when the arrays have room for the most that its
size can hold, so no number written in a block decides how much memory is taken, and no pass is
needed only to count.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.compiled.memory import byte, copy, copy_hashes, kernel, part, u32, u64
from kancil.bitcoin.compiled.sha256 import (
    BATCH,
    HashWork,
    hash_messages,
    hash_pairs,
    merkle_root,
    put_message,
    put_tail,
)
from kancil.bitcoin.script.kind import ScriptKind

from .columns import MerkleState, TargetState, WitnessState
from .read import (
    COPY_SLACK,
    HEADER_BYTES,
    MAX_SIZE,
    MIN_INPUT,
    MIN_OUTPUT,
    MIN_TX,
    Fault,
    read_block,
    read_transaction,
)

ARENA_BYTES = 48 * 1024
"""Messages are hashed when they have filled this much, so that they are still in the cache."""


class Gap(IntEnum):
    """What stands in a block file and is no record; the words are `skip.block-file-<name>`."""

    GARBAGE = 0
    TRUNCATED = 1
    LENGTH = 2
    """The magic, then a length that no block has, or that reaches over the end."""


_NONE, _BLOCK_TOO_LARGE = int(Fault.NONE), int(Fault.TOO_LARGE)
_TRAILING, _GARBAGE = int(Fault.TRAILING_BYTES), int(Gap.GARBAGE)
_CUT, _LENGTH = int(Gap.TRUNCATED), int(Gap.LENGTH)
_OUTSIDE, _OP_RETURN = int(Fault.OUTSIDE_SOURCE), int(ScriptKind.OP_RETURN)
_MERKLE_WRONG, _MERKLE_RIGHT = int(MerkleState.WRONG), int(MerkleState.RIGHT)
_MUTATED, _ABSENT = int(MerkleState.MUTATED), int(WitnessState.ABSENT)
_RIGHT, _WRONG = int(WitnessState.RIGHT), int(WitnessState.WRONG)
_MISSING, _NOT_COMPUTED = int(WitnessState.MISSING), int(WitnessState.NOT_COMPUTED)
_ABOVE, _MET = int(TargetState.ABOVE), int(TargetState.MET)


class Work(NamedTuple):
    """Scratch arrays of the kernels."""

    hashes: HashWork
    owners: Any
    """int64 `[BATCH]`."""
    tree: Any
    """uint32 `[n + 2, 8]`, n transactions that the largest block can hold."""
    witness_at: Any
    """int64 `[n + 1]`."""


@kernel
def _flush(work, owners, count, tx_id, tx_wid):
    """Hash the messages gathered; owner i is twice the row of its transaction, plus 1 if full."""
    hash_messages(work, count)
    for i in range(count):
        target, row = (tx_wid if owners[i] & 1 else tx_id), owners[i] >> 1
        for j in range(8):
            target[row, j] = work.digests[i, j]


@part
def _put_stripped(work, i, at, buffer, start, size, witness):
    """Set a transaction without marker, flag and witness data as message i."""
    body = witness - start - 6
    copy(work.arena, at, buffer, start, 4)
    copy(work.arena, at + 4, buffer, start + 6, body)
    copy(work.arena, at + 4 + body, buffer, start + size - 4, 4)
    work.heads[i], work.head_blocks[i] = 0, 0
    return put_tail(work, i, at, body + 8, body + 8)


@kernel
def _hash_transactions(buffer, first, last, offsets, sizes, witness_at, with_witness, work, ids):
    """Compute the id (without witness data) of rows first to last - 1 and, if asked, wtxids.

    `with_witness`: 0 no wtxids; 1 all, zeros for the first row, which is the coinbase (BIP 141);
    2 all by hash.
    """
    tx_id, tx_wid = ids
    hashes, owners = work.hashes, work.owners
    # Bare numbers would have Numba compile what is called a second time, for just these numbers.
    count, at = np.int64(0), np.int64(0)
    for tx in range(first, last):
        start, size, witness = np.int64(offsets[tx]), np.int64(sizes[tx]), witness_at[tx - first]
        if count > BATCH - 2 or at > ARENA_BYTES:
            _flush(hashes, owners, count, tx_id, tx_wid)
            count, at = np.int64(0), np.int64(0)
        owners[count] = 2 * tx
        if witness == 0:
            at = put_message(hashes, count, at, buffer, start, size)
        else:
            at = _put_stripped(hashes, count, at, buffer, start, size, witness)
            if with_witness > (tx == first):
                count += 1
                owners[count] = 2 * tx + 1
                at = put_message(hashes, count, at, buffer, start, size)
        count += 1
    _flush(hashes, owners, count, tx_id, tx_wid)
    if with_witness == 1:
        for j in range(8):
            tx_wid[first, j] = 0
    if with_witness:
        for tx in range(first + (with_witness == 1), last):
            if witness_at[tx - first] == 0:
                for j in range(8):
                    tx_wid[tx, j] = tx_id[tx, j]


@kernel
def _meets_target(block_hash, bits, target):
    """Whether the hash is at or below the target in compact form (Core, arith_uint256).

    A target that is negative, zero or beyond 256 bits is met by nothing. `target`: scratch.
    """
    for j in range(8):
        target[j] = 0
    size, any_byte = bits >> 24, False
    for k in range(3):
        digit, place = (bits >> (8 * k)) & (0x7F if k == 2 else 0xFF), size - 3 + k
        if digit != 0 and place >= 0:
            if place > 31 or bits & 0x800000:
                return False
            target[place >> 2] |= np.uint32(digit << (8 * (place & 3)))
            any_byte = True
    if not any_byte:
        return False
    for j in range(7, -1, -1):
        if block_hash[j] != target[j]:
            return block_hash[j] < target[j]
    return True


@kernel
def _commitment(kinds, starts, pool, first, last):
    """Find the witness commitment among the coinbase's outputs: its place in the pool, or -1.

    The last output that fits counts (BIP 141).
    """
    for output in range(last - 1, first - 1, -1):
        at = starts[output]
        long_enough = kinds[output] == _OP_RETURN and starts[output + 1] - at >= 37
        if long_enough and byte(pool, at) == 0x24 and u32(pool, at + 1) == 0xEDA921AA:
            return at + 5
    return -1


@kernel
def _witness_state(buffer, tx_wid, first, last, witness_at, commitment, pool, work):
    """Compare the witness commitment with the witness data: a `WitnessState`."""
    carried = False
    for i in range(last - first):
        carried |= witness_at[i] != 0
    if commitment < 0:
        return _MISSING if carried else _ABSENT
    if not carried:
        return _NOT_COMPUTED
    at, tree = witness_at[0], work.tree
    if at == 0 or byte(buffer, at) != 1 or byte(buffer, at + 1) != 32:
        return _WRONG
    copy_hashes(tree, tx_wid, first, last - first)
    merkle_root(tree, last - first, work.hashes)
    for j in range(8):
        tree[1, j] = u32(buffer, at + 2 + 4 * j)
    hash_pairs(tree, np.int64(0), np.int64(0), work.hashes, np.int64(1))
    for j in range(8):
        if np.int64(tree[0, j]) != u32(pool, commitment + 4 * j):
            return _WRONG
    return _RIGHT


@part
def _check_block(buffer, rows, block, last, pool_top, witness_at, with_witness, work):
    """Fill in what hashing tells of a block that was read: ids, roots, commitment, target."""
    first, header = rows.block_tx_start[block], np.int64(rows.block_offset[block])
    ids = (rows.tx_id, rows.tx_wid)
    zero, one = np.int64(0), np.int64(1)
    put_message(work.hashes, zero, zero, buffer, header, np.int64(HEADER_BYTES))
    work.owners[0] = 2 * block
    _flush(work.hashes, work.owners, one, rows.block_hash, rows.block_hash)
    bits = np.int64(rows.block_bits[block])
    met = _meets_target(rows.block_hash[block], bits, work.tree[0])
    rows.block_target[block] = _MET if met else _ABOVE
    _hash_transactions(
        buffer, first, last, rows.tx_offset, rows.tx_size, witness_at, with_witness, work, ids
    )
    copy_hashes(work.tree, rows.tx_id, first, last - first)
    mutated = merkle_root(work.tree, last - first, work.hashes)
    right = True
    for j in range(8):
        right &= work.tree[0, j] == rows.block_merkle_root[block, j]
    rows.block_merkle[block] = (_MUTATED if mutated else _MERKLE_RIGHT) if right else _MERKLE_WRONG
    rows.block_witness[block] = _NOT_COMPUTED
    if with_witness:
        outputs = rows.tx_output_start[first], rows.tx_output_start[first + 1]
        rows.output_payload_start[rows.tx_output_start[last]] = pool_top
        commitment = _commitment(
            rows.output_script, rows.output_payload_start, rows.payload, outputs[0], outputs[1]
        )
        rows.block_witness[block] = _witness_state(
            buffer, rows.tx_wid, first, last, witness_at, commitment, rows.payload, work
        )


@kernel
def fill_blocks(buffer, spans, rows, counts, faults, work, hashing):
    """Read blocks from spans into rows until done or until the next might not fit.

    `buffer`: uint8, read-only. `spans`: int64 `[n, 2]`, first byte and size. `counts`: int64
    `[6]`: rows filled of blocks, transactions, inputs, outputs, pool; next span. `faults`: int64
    `[n, 2]`: `Fault` of each span and the byte where reading stopped. `hashing`: 0 none, 1 ids,
    2 also witness ids and commitment.
    """
    while counts[5] < len(spans):
        span = counts[5]
        at, size = spans[span, 0], spans[span, 1]
        faults[span, 1] = at
        if at < 0 or size < 0 or at > buffer.size or size > buffer.size - at:
            faults[span, 0] = _OUTSIDE
        elif size > MAX_SIZE:
            faults[span, 0] = _BLOCK_TOO_LARGE
        elif not _has_room(rows, counts, size):
            return
        else:
            fault, stopped = read_block(buffer, at, size, rows, counts, work.witness_at)
            faults[span, 0], faults[span, 1] = fault, stopped
            if fault == _NONE and hashing > 0:
                block = counts[0] - 1
                _check_block(
                    buffer, rows, block, counts[1], counts[4], work.witness_at, hashing - 1, work
                )
        counts[5] += 1


@part
def _has_room(rows, counts, size):
    return (
        counts[0] < rows.block_time.size
        and counts[1] + size // MIN_TX < rows.tx_version.size
        and counts[2] + size // MIN_INPUT < rows.input_sequence.size
        and counts[3] + size // MIN_OUTPUT < rows.output_value.size
        and counts[4] + size + COPY_SLACK < rows.payload.size
    )


@kernel
def fill_loose(buffer, rows, counts, work, hashing):
    """Read a transaction that is all of the buffer into row 0; give the fault and its byte."""
    at, witness, nexts, fault = read_transaction(buffer, 0, buffer.size, rows, 0, 0, 0, 0)
    if fault == _NONE and at != buffer.size:
        fault = _TRAILING
    if fault != _NONE:
        return fault, at
    counts[2], counts[3], counts[4] = nexts
    if hashing:
        work.witness_at[0] = witness
        _hash_transactions(
            buffer, 0, 1, rows.tx_offset, rows.tx_size, work.witness_at, 2, work,
            (rows.tx_id, rows.tx_wid),
        )  # fmt: skip
    return _NONE, at


@part
def _next_magic(buffer, magic, at):
    """Find the next place of the magic, the size of the buffer if there is none."""
    while at + 4 <= buffer.size:
        if u32(buffer, at) == magic:
            return at
        at += 1
    return buffer.size


@part
def _end_of_zeros(buffer, at):
    while at + 8 <= buffer.size and u64(buffer, at) == np.uint64(0):
        at += 8
    while at < buffer.size and byte(buffer, at) == 0:
        at += 1
    return at


@kernel
def scan_blocks(buffer, magic, state, spans, gaps):
    """Walk over the records of a block file until its end or until spans or gaps are full.

    `state`: int64 `[3]`: where to go on, spans and gaps found by this call. `spans`: int64
    `[n, 2]`, first byte and size of a block. `gaps`: int64 `[m, 3]`: `Gap`, first byte, size.
    """
    at, state[1], state[2] = state[0], 0, 0
    while at < buffer.size and state[1] < len(spans) and state[2] < len(gaps):
        kind = _GARBAGE
        if buffer.size - at >= 8 and u32(buffer, at) == magic:
            size = u32(buffer, at + 4)
            if HEADER_BYTES < size <= MAX_SIZE and size <= buffer.size - at - 8:
                spans[state[1], 0], spans[state[1], 1] = at + 8, size
                state[1] += 1
                at += 8 + size
                continue
            kind = _CUT if HEADER_BYTES < size <= MAX_SIZE else _LENGTH
        elif _end_of_zeros(buffer, at) == buffer.size:
            at = buffer.size
            break
        following = _next_magic(buffer, magic, at + 1)
        if kind == _CUT and following < buffer.size:
            kind = _LENGTH
        last = following
        if following == buffer.size and kind != _CUT:
            while byte(buffer, last - 1) == 0:
                last -= 1
        gaps[state[2], 0], gaps[state[2], 1], gaps[state[2], 2] = kind, at, last - at
        state[2] += 1
        at = following
    state[0] = at

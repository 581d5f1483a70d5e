"""The part of the kernels that reads: bytes of a block in, rows of columns out.

`kernels` calls it block by block and then checks hashes. Nothing is allocated and nothing raised:
what cannot be read gives a `Fault` and the byte where the field begins that could not be read.
The rules are those of Bitcoin Core's deserialisation (src/primitives/transaction.h,
src/serialize.h) and of its `Solver` for the forms of scripts; scripts are not run.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.compiled.memory import byte, copy, kernel, part, u16, u32, u64
from kancil.bitcoin.script.kind import ScriptKind

HEADER_BYTES = 80
MIN_INPUT, MIN_OUTPUT, MIN_TX = 41, 9, 60
"""Fewest bytes that an input, an output and a transaction with one of each can have."""
MAX_SIZE = 0x02000000
"""Largest length or count that a block may state (Bitcoin Core MAX_SIZE, src/serialize.h)."""
MAX_MONEY_SAT = 2_100_000_000_000_000
COPY_SLACK = 8
"""Bytes that must be free behind the payload pool."""


class Fault(IntEnum):
    """Why a block or transaction could not be read; the words are `skip.block-<name>`."""

    NONE = 0
    TRUNCATED = 1
    """The bytes end inside a field."""
    NOT_CANONICAL = 2
    """A length or count is written longer than needed."""
    NUMBER_TOO_LARGE = 3
    """A length or count above `MAX_SIZE`."""
    COUNT_TOO_LARGE = 4
    """A count of things that the rest of the block cannot hold."""
    NO_TRANSACTIONS = 5
    NO_INPUTS = 6
    NO_OUTPUTS = 7
    FLAG_UNKNOWN = 8
    """A segregated-witness flag other than 1."""
    WITNESS_EMPTY = 9
    """The witness form is used and no input has witness data."""
    VALUE_OUT_OF_RANGE = 10
    """An output of less than nothing or of more than all bitcoin."""
    TRAILING_BYTES = 11
    """Bytes follow the last transaction."""
    TOO_LARGE = 12
    """The block is larger than `MAX_SIZE`."""
    OUTSIDE_SOURCE = 13
    """The place of the block is not inside the bytes given."""


class Rows(NamedTuple):
    """The arrays to fill: those of `Columns`, hashes as words, with room for more rows."""

    block_source: Any
    block_offset: Any
    block_size: Any
    block_hash: Any
    block_version: Any
    block_prev: Any
    block_merkle_root: Any
    block_time: Any
    block_bits: Any
    block_nonce: Any
    block_tx_start: Any
    block_merkle: Any
    block_witness: Any
    block_target: Any
    block_height_claimed: Any
    tx_block: Any
    tx_offset: Any
    tx_size: Any
    tx_id: Any
    tx_wid: Any
    tx_version: Any
    tx_locktime: Any
    tx_segwit: Any
    tx_input_start: Any
    tx_output_start: Any
    input_prev_id: Any
    input_prev_index: Any
    input_sequence: Any
    output_value: Any
    output_script: Any
    output_payload_start: Any
    payload: Any


_NONE, _TRUNCATED, _COUNT = int(Fault.NONE), int(Fault.TRUNCATED), int(Fault.COUNT_TOO_LARGE)
_NOT_CANONICAL, _TOO_LARGE = int(Fault.NOT_CANONICAL), int(Fault.NUMBER_TOO_LARGE)
_NO_TXS, _NO_INPUTS = int(Fault.NO_TRANSACTIONS), int(Fault.NO_INPUTS)
_NO_OUTPUTS, _FLAG, _EMPTY = (
    int(Fault.NO_OUTPUTS),
    int(Fault.FLAG_UNKNOWN),
    int(Fault.WITNESS_EMPTY),
)
_VALUE, _TRAILING = int(Fault.VALUE_OUT_OF_RANGE), int(Fault.TRAILING_BYTES)

_NONSTANDARD, _P2PK = int(ScriptKind.NONSTANDARD), int(ScriptKind.P2PK)
_P2PKH, _P2SH = int(ScriptKind.P2PKH), int(ScriptKind.P2SH)
_P2WPKH, _P2WSH, _P2TR = int(ScriptKind.P2WPKH), int(ScriptKind.P2WSH), int(ScriptKind.P2TR)
_P2A, _FUTURE = int(ScriptKind.P2A), int(ScriptKind.WITNESS_FUTURE)
_MULTISIG, _OP_RETURN = int(ScriptKind.MULTISIG), int(ScriptKind.OP_RETURN)


@kernel
def _long_varint(buffer, at, end):
    """Read a CompactSize of more than one byte."""
    first = byte(buffer, at)
    if first == 0xFD:
        if end - at < 3:
            return 0, at, _TRUNCATED
        value, following, least = u16(buffer, at + 1), at + 3, 0xFD
    elif first == 0xFE:
        if end - at < 5:
            return 0, at, _TRUNCATED
        value, following, least = u32(buffer, at + 1), at + 5, 0x10000
    else:
        if end - at < 9:
            return 0, at, _TRUNCATED
        wide = u64(buffer, at + 1)
        if wide >> np.uint64(32) != np.uint64(0):
            return 0, at, _TOO_LARGE
        return 0, at, _NOT_CANONICAL
    if value < least:
        return 0, at, _NOT_CANONICAL
    if value > MAX_SIZE:
        return 0, at, _TOO_LARGE
    return value, following, _NONE


@part
def _varint(buffer, at, end):
    """Read a CompactSize: its value, the position behind it, a fault."""
    if at >= end:
        return 0, at, _TRUNCATED
    value = byte(buffer, at)
    if value < 0xFD:
        return value, at + 1, _NONE
    return _long_varint(buffer, at, end)


@part
def _count(buffer, at, end, least):
    """Read a count of things of at least that many bytes each."""
    value, following, fault = _varint(buffer, at, end)
    if fault == _NONE and value * least > end - following:
        return 0, at, _COUNT
    return value, following, fault


@part
def _read_inputs(buffer, at, end, rows, first, count):
    """Read inputs into rows first and on: the position behind them, a fault."""
    prev_id, prev_index, sequence = rows.input_prev_id, rows.input_prev_index, rows.input_sequence
    for i in range(first, first + count):
        if end - at < 36:
            return at, _TRUNCATED
        length, following, fault = _varint(buffer, at + 36, end)
        if fault != _NONE:
            return following, fault
        if length > end - following:
            return following, _TRUNCATED
        if length + 4 > end - following:
            return following + length, _TRUNCATED
        for j in range(4):
            prev_id[i, j] = u64(buffer, at + 8 * j)
        prev_index[i] = u32(buffer, at + 32)
        at = following + length
        sequence[i] = u32(buffer, at)
        at += 4
    return at, _NONE


@part
def _push(buffer, at, end):
    """Read one push of at most 75 bytes or by PUSHDATA: where its data begin, their length.

    The length is -1 if there is none.
    """
    if at >= end:
        return at, -1
    code = byte(buffer, at)
    at += 1
    if code == 0x4C and end - at >= 1:
        code, at = byte(buffer, at), at + 1
    elif code == 0x4D and end - at >= 2:
        code, at = u16(buffer, at), at + 2
    elif code == 0x4E and end - at >= 4:
        code, at = u32(buffer, at), at + 4
    elif code > 0x4B:
        return at, -1
    if code > end - at:
        return at, -1
    return at, code


@part
def _key_length_fits(first, length):
    """Whether a public key may have that first byte and length (Core, CPubKey::ValidSize)."""
    return (length == 33 and (first == 2 or first == 3)) or (
        length == 65 and (first == 4 or first == 6 or first == 7)
    )


@part
def _small_number(buffer, at, end):
    """Read OP_1 to OP_16, or 17 to 20 as a push: the number or -1, the position behind it."""
    if at >= end:
        return -1, at
    code = byte(buffer, at)
    if 0x51 <= code <= 0x60:
        return code - 0x50, at + 1
    if code == 1 and end - at >= 2 and 17 <= byte(buffer, at + 1) <= 20:
        return byte(buffer, at + 1), at + 2
    return -1, at


@kernel
def _read_multisig(buffer, at, end, pool, top):
    """Put m, n and the keys of bare multisig into the pool; give its new top, or -1.

    The rule is Core's MatchMultisig.
    """
    required, at = _small_number(buffer, at, end)
    if required < 0:
        return -1
    filled, keys = top + 2, 0
    while True:
        data, length = _push(buffer, at, end)
        if length < 33 or not _key_length_fits(byte(buffer, data), length):
            break
        pool[filled] = length
        copy(pool, filled + 1, buffer, data, length)
        filled += 1 + length
        keys += 1
        at = data + length
    stated, at = _small_number(buffer, at, end)
    if stated != keys or keys < required or at + 1 != end:
        return -1
    pool[top] = required
    pool[top + 1] = keys
    return filled


@kernel
def _read_rare_script(buffer, at, length, pool, top):
    """Classify a script that `_read_script` did not."""
    end, first = at + length, byte(buffer, at)
    if first == 0x6A:
        copy(pool, top, buffer, at + 1, length - 1)
        return _OP_RETURN, top + length - 1
    second = byte(buffer, at + 1) if length > 1 else 0
    if 4 <= length <= 42 and second == length - 2 and 0x51 <= first <= 0x60:
        if length == 4 and u32(buffer, at) == 0x734E0251:
            copy(pool, top, buffer, at + 2, 2)
            return _P2A, top + 2
        pool[top] = first - 0x50
        copy(pool, top + 1, buffer, at + 2, length - 2)
        return _FUTURE, top + length - 1
    last = byte(buffer, end - 1)
    if last == 0xAC and length == first + 2 and _key_length_fits(second, first):
        copy(pool, top, buffer, at + 1, first)
        return _P2PK, top + first
    if last == 0xAE:
        filled = _read_multisig(buffer, at, end, pool, top)
        if filled >= 0:
            return _MULTISIG, filled
    return _NONSTANDARD, top


@part
def _read_script(buffer, at, length, pool, top):
    """Classify an output script and put its payload into the pool: the kind, the new top."""
    if length == 25:
        if u32(buffer, at) & 0xFFFFFF == 0x14A976 and u16(buffer, at + 23) == 0xAC88:
            copy(pool, top, buffer, at + 3, 20)
            return _P2PKH, top + 20
    elif length == 23:
        if u16(buffer, at) == 0x14A9 and byte(buffer, at + 22) == 0x87:
            copy(pool, top, buffer, at + 2, 20)
            return _P2SH, top + 20
    elif length == 22:
        if u16(buffer, at) == 0x1400:
            copy(pool, top, buffer, at + 2, 20)
            return _P2WPKH, top + 20
    elif length == 34:
        start = u16(buffer, at)
        if start == 0x2000 or start == 0x2051:
            copy(pool, top, buffer, at + 2, 32)
            return (_P2WSH if start == 0x2000 else _P2TR), top + 32
    elif length == 0:
        return _NONSTANDARD, top
    return _read_rare_script(buffer, at, length, pool, top)


@part
def _read_outputs(buffer, at, end, rows, first, count, top):
    """Read outputs into rows first and on: the position behind them, the pool's top, a fault."""
    values, kinds, starts, pool = (
        rows.output_value, rows.output_script, rows.output_payload_start, rows.payload,
    )  # fmt: skip
    for i in range(first, first + count):
        if end - at < 8:
            return at, top, _TRUNCATED
        value = u64(buffer, at)
        if value > np.uint64(MAX_MONEY_SAT):
            return at, top, _VALUE
        length, following, fault = _varint(buffer, at + 8, end)
        if fault != _NONE:
            return following, top, fault
        if length > end - following:
            return following, top, _TRUNCATED
        values[i] = np.int64(value)
        starts[i] = top
        kind, top = _read_script(buffer, following, length, pool, top)
        kinds[i] = kind
        at = following + length
    return at, top, _NONE


@kernel
def _skip_witness(buffer, at, end, count):
    """Walk over the witness data of that many inputs: position behind, items seen, a fault."""
    seen = 0
    for _ in range(count):
        items, following, fault = _count(buffer, at, end, np.int64(1))
        if fault != _NONE:
            return following, seen, fault
        at = following
        seen += items
        for _ in range(items):
            length, following, fault = _varint(buffer, at, end)
            if fault != _NONE:
                return following, seen, fault
            if length > end - following:
                return following, seen, _TRUNCATED
            at = following + length
    return at, seen, _NONE


@part
def read_transaction(buffer, at, end, rows, tx, first_input, first_output, top):
    """Read one transaction into row tx.

    Gives: the position behind it (or of the fault), where its witness data begin (0 if none),
    the next input, the next output, the pool's top, the fault.
    """
    nothing, start = (first_input, first_output, top), at
    if end - at < 4:
        return at, 0, nothing, _TRUNCATED
    rows.tx_version[tx] = u32(buffer, at)
    at += 4
    segwit = end > at and byte(buffer, at) == 0
    if segwit:
        flag = byte(buffer, at + 1) if end - at >= 2 else -1
        if flag != 1:
            fault = _TRUNCATED if flag < 0 else (_NO_INPUTS if flag == 0 else _FLAG)
            return at + 1, 0, nothing, fault
        at += 2
    count, following, fault = _count(buffer, at, end, np.int64(MIN_INPUT))
    if fault != _NONE or count == 0:
        return at, 0, nothing, fault if fault != _NONE else _NO_INPUTS
    at, fault = _read_inputs(buffer, following, end, rows, first_input, count)
    if fault != _NONE:
        return at, 0, nothing, fault
    outputs, following, fault = _count(buffer, at, end, np.int64(MIN_OUTPUT))
    if fault != _NONE or outputs == 0:
        return at, 0, nothing, fault if fault != _NONE else _NO_OUTPUTS
    at, top, fault = _read_outputs(buffer, following, end, rows, first_output, outputs, top)
    if fault != _NONE:
        return at, 0, nothing, fault
    witness_at = 0
    if segwit:
        witness_at = at
        at, seen, fault = _skip_witness(buffer, at, end, count)
        if fault != _NONE or seen == 0:
            return at, 0, nothing, fault if fault != _NONE else _EMPTY
    if end - at < 4:
        return at, 0, nothing, _TRUNCATED
    rows.tx_locktime[tx] = u32(buffer, at)
    rows.tx_offset[tx], rows.tx_size[tx] = start, at + 4 - start
    rows.tx_segwit[tx] = 1 if segwit else 0
    rows.tx_input_start[tx + 1] = first_input + count
    rows.tx_output_start[tx + 1] = first_output + outputs
    return at + 4, witness_at, (first_input + count, first_output + outputs, top), _NONE


@part
def _read_header(buffer, at, size, rows, block):
    """Read the fields of a block header into row block."""
    rows.block_offset[block], rows.block_size[block] = at, size
    rows.block_version[block] = u32(buffer, at)
    for j in range(8):
        rows.block_prev[block, j] = u32(buffer, at + 4 + 4 * j)
        rows.block_merkle_root[block, j] = u32(buffer, at + 36 + 4 * j)
    rows.block_time[block] = u32(buffer, at + 68)
    rows.block_bits[block] = u32(buffer, at + 72)
    rows.block_nonce[block] = u32(buffer, at + 76)


@kernel
def _claimed_height(buffer, at, end, version):
    """Read the height that the coinbase claims (BIP 34), -1 if none; at: its first byte.

    Numbers from 100,000,000 are not taken for heights: that is 1,900 years of blocks, and early
    miners began the script with the target instead, which reads as more.
    """
    at += 6 if byte(buffer, at + 4) == 0 else 4
    count, at, _ = _varint(buffer, at, end)
    if version < 2 or count != 1 or u32(buffer, at + 32) != 0xFFFFFFFF:
        return -1
    for j in range(4):
        if u64(buffer, at + 8 * j) != np.uint64(0):
            return -1
    length, at, _ = _varint(buffer, at + 36, end)
    code = byte(buffer, at) if length > 0 else 0
    if 0x51 <= code <= 0x60:
        return code - 0x50
    if code < 1 or code > 4 or code >= length:
        return -1
    last = byte(buffer, at + code)
    before = byte(buffer, at + code - 1) if code > 1 else 0
    if last >= 0x80 or (last == 0 and before < 0x80):
        return -1
    height = 0
    for j in range(code):
        height |= byte(buffer, at + 1 + j) << (8 * j)
    return height if 16 < height < 100_000_000 else -1


@kernel
def read_block(buffer, at, size, rows, counts, witness_at):
    """Read one block into the rows behind `counts`, which move on only if all of it is good.

    `counts`: int64 `[5]`, rows filled so far of blocks, transactions, inputs, outputs, pool.
    `witness_at`: int64, for each transaction of this block where its witness data begin, 0 none.
    Gives the fault and the byte where reading stopped.
    """
    block, first_tx, end = counts[0], counts[1], at + size
    if size < HEADER_BYTES:
        return _TRUNCATED, at
    _read_header(buffer, at, size, rows, block)
    at += HEADER_BYTES
    count, following, fault = _count(buffer, at, end, np.int64(MIN_TX))
    if fault != _NONE or count == 0:
        return (fault if fault != _NONE else _NO_TXS), at
    at = following
    nexts = (counts[2], counts[3], counts[4])
    for i in range(count):
        tx = first_tx + i
        at, witness, nexts, fault = read_transaction(buffer, at, end, rows, tx, *nexts)
        if fault != _NONE:
            return fault, at
        witness_at[i] = witness
        rows.tx_block[tx] = block
    if at != end:
        return _TRAILING, at
    first = np.int64(rows.tx_offset[first_tx])
    version = np.int32(rows.block_version[block])
    rows.block_height_claimed[block] = _claimed_height(buffer, first, end, version)
    rows.block_tx_start[block + 1] = first_tx + count
    counts[0], counts[1] = block + 1, first_tx + count
    counts[2], counts[3], counts[4] = nexts
    return _NONE, at

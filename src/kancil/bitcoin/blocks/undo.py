"""Bitcoin Core's `rev*.dat`: what a node keeps of the outputs that each block spent, read plainly.

A record is magic, u32 size, that many bytes of `CBlockUndo`, and 32 bytes of checksum: SHA-256
twice over the hash of the block *before* and those bytes. For each transaction but the coinbase,
and each of its inputs, it has the output spent: value and script, both compressed. Bytes come from
`holdings.undo`; spent outputs go back to it. One value at a time, no kernel: only blocks whose
sources are not held are read.

Sources: Bitcoin Core, src/undo.h (TxInUndoFormatter, CTxUndo, CBlockUndo), src/compressor.h and
src/compressor.cpp (amounts, scripts), src/serialize.h (CompactSize, VARINT), src/node/
blockstorage.cpp (WriteBlockUndo, ReadBlockUndo: frame and checksum), src/pubkey.cpp (Decompress).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import classify
from kancil.ground.units import MAX_MONEY_SAT

from . import file as blockfile
from .merkle_proof import sha256d
from .raw import compact_size

UNDO_NAME = re.compile(r"rev\d+\.dat")
HEAD_BYTES = 8
"""Magic and size."""
CHECKSUM_BYTES = 32
MAX_RECORD_BYTES = 0x02000000
"""Core, src/serialize.h, MAX_SIZE."""
MAX_SCRIPT_BYTES = 10_000
"""Core, script.h, MAX_SCRIPT_SIZE: a longer script can never be spent, so none stands here."""
_SPECIAL_SCRIPTS = 6
_MAX_U32, _MAX_U64 = (1 << 32) - 1, (1 << 64) - 1
_FIELD = 2**256 - 2**32 - 977
"""secp256k1's p (SEC 2, version 2, section 2.4.1); p = 3 mod 4, so roots are powers."""
_STEP_BYTES = 1 << 20
MAX_GAPS = 1000
"""A file with more bad places than this is read no further; that is told as one more of them."""


class NoUndo(EOFError):
    """Bytes are no `CBlockUndo`; `offset`: byte in it where reading stopped."""

    def __init__(self, offset: int) -> None:
        """Keep the place."""
        self.offset = offset
        super().__init__(offset)


@dataclass(frozen=True, slots=True)
class Coin:
    """An output that was spent, as the node remembered it."""

    height: int
    """Of the block that made it, 0 where old versions of Core did not write it."""
    is_coinbase: bool
    value_sat: int
    kind: ScriptKind
    payload: bytes


# --- numbers --------------------------------------------------------------------------------------


def varint(raw: bytes, at: int, limit: int) -> tuple[int, int]:
    """Read Core's VARINT: base 128, most significant group first, each number written one way.

    Gives it and the next place. Raises NoUndo where the bytes end or the number is above the limit.
    """
    number, start = 0, at
    while at < len(raw):
        byte = raw[at]
        at += 1
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            if number > limit:
                break
            return number, at
        number += 1
        if number > limit:
            break
    raise NoUndo(start)


def amount_of(packed: int) -> int:
    """The satoshi that a compressed amount stands for (Core, DecompressAmount)."""
    if packed == 0:
        return 0
    rest, zeros = divmod(packed - 1, 10)
    if zeros == 9:
        return (rest + 1) * 10**9
    number, digit = divmod(rest, 9)
    return int((number * 10 + digit + 1) * 10**zeros)


# --- scripts --------------------------------------------------------------------------------------


def whole_key(x_bytes: bytes, *, is_odd: bool) -> bytes | None:
    """The 65-byte public key of an x coordinate and the parity of y; None if there is none.

    y is the square root of x^3 + 7 in secp256k1's field (SEC 1, version 2, section 2.3.4).
    """
    x = int.from_bytes(x_bytes, "big")
    if x >= _FIELD:
        return None
    square = (pow(x, 3, _FIELD) + 7) % _FIELD
    y = pow(square, (_FIELD + 1) // 4, _FIELD)
    if y * y % _FIELD != square:
        return None
    if y & 1 != is_odd:
        y = _FIELD - y
    return b"\x04" + x_bytes + y.to_bytes(32, "big")


def script_form(raw: bytes, at: int) -> tuple[ScriptKind, bytes, int]:
    """Read a compressed script: kind, payload, next place. Raises NoUndo (Core, ScriptCompression).

    Forms 0 and 1 are the hashes of a key and of a script, 2 and 3 a short public key, 4 and 5 a
    long one of which y was left out; a greater number less 6 is the length of a script as it is.
    """
    start = at
    form, at = varint(raw, at, _MAX_U32)
    length = (20 if form < 2 else 32) if form < _SPECIAL_SCRIPTS else form - _SPECIAL_SCRIPTS
    if length > MAX_SCRIPT_BYTES or at + length > len(raw):
        raise NoUndo(start)
    body, end = raw[at : at + length], at + length
    if form >= _SPECIAL_SCRIPTS:
        return *classify(body), end
    if form < 2:
        return (ScriptKind.P2SH if form else ScriptKind.P2PKH), body, end
    if form < 4:
        return ScriptKind.P2PK, bytes([form]) + body, end
    key = whole_key(body, is_odd=form == 5)
    if key is None:
        raise NoUndo(start)
    return ScriptKind.P2PK, key, end


# --- records --------------------------------------------------------------------------------------


def transaction_count(raw: bytes) -> int:
    """How many transactions a record states, the coinbase left out; -1 if it states none."""
    return compact_size(raw, 0)[0]


def read_undo(raw: bytes) -> list[list[Coin]]:
    """Read a record's `CBlockUndo` whole: for each transaction but the coinbase, its inputs' coins.

    Raises NoUndo where it cannot be read, or where bytes are left over.
    """
    count, at = _count(raw, 0)
    block: list[list[Coin]] = []
    for _ in range(count):
        inputs, at = _count(raw, at)
        coins: list[Coin] = []
        for _ in range(inputs):
            coin, at = _coin(raw, at)
            coins.append(coin)
        block.append(coins)
    if at != len(raw):
        raise NoUndo(at)
    return block


def _count(raw: bytes, at: int) -> tuple[int, int]:
    count, after = compact_size(raw, at)
    if not 0 <= count <= len(raw) - after:
        raise NoUndo(at)
    return count, after


def _coin(raw: bytes, at: int) -> tuple[Coin, int]:
    start = at
    code, at = varint(raw, at, _MAX_U32)
    if code >> 1:  # the transaction's version once stood here; since Core 0.15 it is zero
        _, at = varint(raw, at, _MAX_U32)
    packed, at = varint(raw, at, _MAX_U64)
    value_sat = amount_of(packed)
    if value_sat > MAX_MONEY_SAT:
        raise NoUndo(start)
    kind, payload, at = script_form(raw, at)
    return Coin(code >> 1, bool(code & 1), value_sat, kind, payload), at


def checksum(previous_hash: bytes, raw: bytes) -> bytes:
    """The checksum that stands behind a record of the block that follows `previous_hash`."""
    return sha256d(previous_hash + raw)


# --- files ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of a file that are no record; `reason`: `garbage`, `truncated` or `length`."""

    reason: str
    offset: int
    size_bytes: int


def find_records(
    data: blockfile.Bytes, magic: bytes, key: bytes
) -> tuple[list[tuple[int, int]], list[Gap]]:
    """Find the records of a file: first byte and size of each `CBlockUndo`, and what is none.

    `data`: as on disk; `key`: what it is XORed with. Zeros up to the end, on disk or in the clear,
    are the room that Core keeps ready and are not told.
    """
    records: list[tuple[int, int]] = []
    gaps: list[Gap] = []
    at, end = 0, _filled(data, key)
    while at < end:
        if len(gaps) == MAX_GAPS:
            gaps.append(Gap("garbage", at, end - at))
            break
        head = plain(data, key, at, HEAD_BYTES)
        size = int.from_bytes(head[4:], "little")
        if head[:4] != magic:
            following = _next_magic(data, magic, key, at + 1, end)
            gaps.append(Gap("garbage", at, following - at))
            at = following
        elif not 0 < size <= MAX_RECORD_BYTES:
            gaps.append(Gap("length", at, HEAD_BYTES))
            at += HEAD_BYTES
        elif at + HEAD_BYTES + size + CHECKSUM_BYTES > len(data):
            gaps.append(Gap("truncated", at, len(data) - at))
            at = _next_magic(data, magic, key, at + 1, end)
        else:
            records.append((at + HEAD_BYTES, size))
            at += HEAD_BYTES + size + CHECKSUM_BYTES
    return records, gaps


def plain(data: blockfile.Bytes, key: bytes, at: int, size: int) -> bytes:
    """Bytes of a file in the clear."""
    return blockfile.without_xor(data[at : at + size], key, at).tobytes()


def _filled(data: blockfile.Bytes, key: bytes) -> int:
    """Where the zeros begin that fill the end of a file."""
    end = _without_zeros(data, b"")
    return min(end, _without_zeros(data, key)) if any(key) else end


def _without_zeros(data: blockfile.Bytes, key: bytes) -> int:
    end = len(data)
    while end:
        start = max(0, end - _STEP_BYTES)
        kept = len(plain(data, key, start, end - start).rstrip(b"\x00"))
        if kept:
            return start + kept
        end = start
    return 0


def _next_magic(data: blockfile.Bytes, magic: bytes, key: bytes, at: int, end: int) -> int:
    while at < end:
        place = plain(data, key, at, _STEP_BYTES + len(magic) - 1).find(magic)
        if place >= 0:
            return min(end, at + place)
        at += _STEP_BYTES
    return end


def looks_like_undo(data: blockfile.Bytes, magic: bytes, key: bytes) -> bool:
    """Whether a file begins with a record of undo data, whatever it is called.

    A block's header, read as such a record, does not end where the block does.
    """
    head = plain(data, key, 0, HEAD_BYTES)
    size = int.from_bytes(head[4:], "little")
    if head[:4] != magic or not 0 < size <= len(data) - HEAD_BYTES - CHECKSUM_BYTES:
        return False
    try:
        read_undo(plain(data, key, HEAD_BYTES, size))
    except NoUndo:
        return False
    return True

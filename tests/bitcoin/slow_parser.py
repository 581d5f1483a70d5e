"""The slow plain twin of the parser: one byte string after another, hashlib, Python integers.

Written from the specifications alone: Bitcoin Core's serialisation (src/serialize.h,
src/primitives/transaction.h, src/primitives/block.h), BIPs 34, 141 and 144, and Core's
src/script/solver.cpp, src/consensus/merkle.cpp and src/arith_uint256.cpp. It says the same as the
kernels in plain lists, and the tests compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

MAX_SIZE = 0x02000000
MAX_MONEY = 21_000_000 * 100_000_000


class BadError(Exception):
    """Reading stopped; `fault` is the word, `at` the byte where the unreadable field begins."""

    def __init__(self, fault: str, at: int) -> None:
        """Keep both."""
        super().__init__(fault, at)
        self.fault, self.at = fault, at


class Reader:
    """Bytes of one block inside a larger buffer, read from the front."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        """Begin at start."""
        self.data, self.at, self.end = data, start, end

    def take(self, count: int) -> bytes:
        """The next count bytes."""
        if self.at + count > self.end:
            raise BadError("TRUNCATED", self.at)
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def number(self, count: int, *, signed: bool = False) -> int:
        """The next count bytes as a little-endian number."""
        return int.from_bytes(self.take(count), "little", signed=signed)

    def compact(self) -> int:
        """Read a CompactSize as ReadCompactSize does, faults told at its first byte."""
        start = self.at
        try:
            first = self.number(1)
            if first < 253:
                return first
            width = {253: 2, 254: 4, 255: 8}[first]
            value = self.number(width)
        except BadError as bad:
            raise BadError(bad.fault, start) from None
        if value < {2: 253, 4: 0x10000, 8: 0x100000000}[width]:
            raise BadError("NOT_CANONICAL", start)
        if value > MAX_SIZE:
            raise BadError("NUMBER_TOO_LARGE", start)
        return value

    def count(self, least: int) -> int:
        """Read a count of things that take at least that many bytes each."""
        start = self.at
        value = self.compact()
        if value * least > self.end - self.at:
            raise BadError("COUNT_TOO_LARGE", start)
        return value

    def string(self) -> bytes:
        """Read a length and that many bytes."""
        return self.take(self.compact())


@dataclass
class SlowTx:
    """One transaction as read."""

    offset: int
    size: int = 0
    version: int = 0
    locktime: int = 0
    segwit: bool = False
    inputs: list[tuple[bytes, int, bytes, int]] = field(default_factory=list)
    outputs: list[tuple[int, bytes]] = field(default_factory=list)
    stacks: list[list[bytes]] = field(default_factory=list)
    txid: bytes = b""
    wtxid: bytes = b""


@dataclass
class SlowBlock:
    """One block as read and checked."""

    offset: int
    size: int
    block_hash: bytes
    version: int
    prev: bytes
    root: bytes
    time: int
    bits: int
    nonce: int
    txs: list[SlowTx]
    merkle: int = 0
    witness: int = 4
    target: int = 0
    height: int = -1


def sha256d(data: bytes) -> bytes:
    """Double SHA-256."""
    return sha256(sha256(data).digest()).digest()


def compact(value: int) -> bytes:
    """Write a CompactSize."""
    if value < 253:
        return bytes([value])
    if value < 0x10000:
        return b"\xfd" + value.to_bytes(2, "little")
    return b"\xfe" + value.to_bytes(4, "little")


def read_tx(reader: Reader) -> SlowTx:
    """Read one transaction (BIP 144 form or the older one)."""
    tx = SlowTx(offset=reader.at)
    tx.version = reader.number(4, signed=True)
    where = reader.at
    inputs = reader.count(41)
    if inputs == 0:
        flag_at = reader.at
        flag = reader.number(1)
        if flag == 0:
            raise BadError("NO_INPUTS", flag_at)
        if flag != 1:
            raise BadError("FLAG_UNKNOWN", flag_at)
        tx.segwit = True
        where = reader.at
        inputs = reader.count(41)
        if inputs == 0:
            raise BadError("NO_INPUTS", where)
    for _ in range(inputs):
        prev, index = _outpoint(reader)
        script = reader.string()
        tx.inputs.append((prev, index, script, reader.number(4)))
    where = reader.at
    outputs = reader.count(9)
    if outputs == 0:
        raise BadError("NO_OUTPUTS", where)
    for _ in range(outputs):
        value_at = reader.at
        value = reader.number(8, signed=True)
        if not 0 <= value <= MAX_MONEY:
            raise BadError("VALUE_OUT_OF_RANGE", value_at)
        tx.outputs.append((value, reader.string()))
    if tx.segwit:
        for _ in range(inputs):
            tx.stacks.append([reader.string() for _ in range(reader.count(1))])
        if not any(tx.stacks):
            raise BadError("WITNESS_EMPTY", reader.at)
    tx.locktime = reader.number(4)
    tx.size = reader.at - tx.offset
    hash_tx(tx, reader.data)
    return tx


def _outpoint(reader: Reader) -> tuple[bytes, int]:
    start = reader.at
    whole = reader.take(36) if reader.at + 36 <= reader.end else None
    if whole is None:
        raise BadError("TRUNCATED", start)
    return whole[:32], int.from_bytes(whole[32:], "little")


def hash_tx(tx: SlowTx, data: bytes) -> None:
    """Compute both ids by writing the transaction anew, without and with witness data."""
    body = compact(len(tx.inputs))
    for prev, index, script, sequence in tx.inputs:
        body += prev + index.to_bytes(4, "little") + compact(len(script)) + script
        body += sequence.to_bytes(4, "little")
    body += compact(len(tx.outputs))
    for value, script in tx.outputs:
        body += value.to_bytes(8, "little") + compact(len(script)) + script
    stacks = b"".join(
        compact(len(stack)) + b"".join(compact(len(item)) + item for item in stack)
        for stack in tx.stacks
    )
    head, tail = tx.version.to_bytes(4, "little", signed=True), tx.locktime.to_bytes(4, "little")
    tx.txid = sha256d(head + body + tail)
    full = head + b"\0\1" + body + stacks + tail if tx.segwit else head + body + tail
    assert full == data[tx.offset : tx.offset + tx.size]
    tx.wtxid = sha256d(full)


def read_block(data: bytes, start: int, size: int, *, with_witness: bool = True) -> SlowBlock:
    """Read and check the block of that size at start; raises BadError."""
    if start < 0 or size < 0 or start + size > len(data):
        raise BadError("OUTSIDE_SOURCE", start)
    if size > MAX_SIZE:
        raise BadError("TOO_LARGE", start)
    if size < 80:
        raise BadError("TRUNCATED", start)
    reader = Reader(data, start, start + size)
    header = data[start : start + 80]
    block = SlowBlock(
        offset=start,
        size=size,
        block_hash=sha256d(header),
        version=reader.number(4, signed=True),
        prev=reader.take(32),
        root=reader.take(32),
        time=reader.number(4),
        bits=reader.number(4),
        nonce=reader.number(4),
        txs=[],
    )
    count = reader.count(60)
    if count == 0:
        raise BadError("NO_TRANSACTIONS", start + 80)
    block.txs = [read_tx(reader) for _ in range(count)]
    if reader.at != reader.end:
        raise BadError("TRAILING_BYTES", reader.at)
    root, mutated = merkle([tx.txid for tx in block.txs])
    block.merkle = (2 if mutated else 1) if root == block.root else 0
    block.target = int(meets_target(block.block_hash, block.bits))
    block.height = claimed_height(block)
    if with_witness:
        block.witness = witness_state(block)
    return block


def merkle(hashes: list[bytes]) -> tuple[bytes, bool]:
    """ComputeMerkleRoot, with its sign of CVE-2012-2459."""
    mutated = False
    while len(hashes) > 1:
        for i in range(0, len(hashes) - 1, 2):
            mutated |= hashes[i] == hashes[i + 1]
        if len(hashes) & 1:
            hashes = [*hashes, hashes[-1]]
        hashes = [sha256d(hashes[i] + hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0], mutated


def meets_target(block_hash: bytes, bits: int) -> bool:
    """SetCompact and CheckProofOfWork, without a network's own limit."""
    size, word = bits >> 24, bits & 0x007FFFFF
    if size <= 3:
        word >>= 8 * (3 - size)
        target = word
    else:
        target = word << (8 * (size - 3))
    negative = word != 0 and bits & 0x00800000 != 0
    overflow = word != 0 and (
        size > 34 or (word > 0xFF and size > 33) or (word > 0xFFFF and size > 32)
    )
    if negative or overflow or target == 0:
        return False
    return int.from_bytes(block_hash, "little") <= target


def claimed_height(block: SlowBlock) -> int:
    """BIP 34: the coinbase script starts with the height as the shortest push of it."""
    first = block.txs[0]
    if block.version < 2 or len(first.inputs) != 1:
        return -1
    prev, index, script, _ = first.inputs[0]
    if prev != bytes(32) or index != 0xFFFFFFFF or not script:
        return -1
    if 0x51 <= script[0] <= 0x60:
        return script[0] - 0x50
    if not 1 <= script[0] <= 4 or len(script) <= script[0]:
        return -1
    height = int.from_bytes(script[1 : 1 + script[0]], "little", signed=True)
    if not 16 < height < 100_000_000:
        return -1
    shortest = height.to_bytes(height.bit_length() // 8 + 1, "little")
    return height if script.startswith(bytes([len(shortest)]) + shortest) else -1


def witness_state(block: SlowBlock) -> int:
    """BIP 141, commitment structure: 0 none, 1 right, 2 wrong, 3 missing, 4 nothing to check."""
    marked = [
        script[6:38]
        for _, script in block.txs[0].outputs
        if len(script) >= 38 and script.startswith(bytes.fromhex("6a24aa21a9ed"))
    ]
    carried = any(tx.segwit for tx in block.txs)
    if not marked:
        return 3 if carried else 0
    if not carried:
        return 4
    stacks = block.txs[0].stacks
    if not stacks or len(stacks[0]) != 1 or len(stacks[0][0]) != 32:
        return 2
    root, _ = merkle([bytes(32), *(tx.wtxid for tx in block.txs[1:])])
    return 1 if sha256d(root + stacks[0][0]) == marked[-1] else 2


def classify(script: bytes) -> tuple[int, bytes]:
    """Kind and payload of an output script, as `ScriptKind` numbers them."""
    size = len(script)
    if script[:1] == b"\x6a":
        return 10, script[1:]
    if size == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return 2, script[3:23]
    if size == 23 and script[:2] == b"\xa9\x14" and script[22:] == b"\x87":
        return 3, script[2:22]
    if 4 <= size <= 42 and script[1] == size - 2 and (script[0] == 0 or 0x51 <= script[0] <= 0x60):
        return _witness_program(0 if script[0] == 0 else script[0] - 0x50, script[2:])
    if size in (35, 67) and script[0] == size - 2 and script[-1] == 0xAC and _is_key(script[1:-1]):
        return 1, script[1:-1]
    keys = _multisig(script)
    return (9, keys) if keys else (0, b"")


def _witness_program(version: int, program: bytes) -> tuple[int, bytes]:
    if version == 0:
        return {20: (4, program), 32: (5, program)}.get(len(program), (0, b""))
    if version == 1 and len(program) == 32:
        return 6, program
    if version == 1 and program == b"\x4e\x73":
        return 7, program
    return 8, bytes([version]) + program


def _is_key(data: bytes) -> bool:
    return (len(data) == 33 and data[0] in (2, 3)) or (len(data) == 65 and data[0] in (4, 6, 7))


def _operations(script: bytes) -> list[tuple[int, bytes]] | None:
    """Cut a script into operations: code and pushed data; None if a push runs over the end."""
    at, found = 0, []
    while at < len(script):
        code, at = script[at], at + 1
        length = code if code <= 75 else 0
        if code in (76, 77, 78):
            width = {76: 1, 77: 2, 78: 4}[code]
            if at + width > len(script):
                return None
            length, at = int.from_bytes(script[at : at + width], "little"), at + width
        if at + length > len(script):
            return None
        found.append((code, script[at : at + length]))
        at += length
    return found


def _small(operation: tuple[int, bytes]) -> int:
    code, data = operation
    if 0x51 <= code <= 0x60:
        return code - 0x50
    return data[0] if code == 1 and 17 <= data[0] <= 20 else -1


def _multisig(script: bytes) -> bytes:
    """MatchMultisig: m, n and the keys each with its length, or nothing."""
    found = _operations(script)
    if not found or len(found) < 4 or found[-1] != (0xAE, b""):
        return b""
    required, keys, stated = _small(found[0]), [data for _, data in found[1:-2]], _small(found[-2])
    if not all(map(_is_key, keys)) or not 1 <= required <= stated or stated != len(keys):
        return b""
    return bytes([required, stated]) + b"".join(bytes([len(key)]) + key for key in keys)


def find_records(data: bytes, magic: bytes) -> tuple[list[tuple[int, int]], list[tuple[str, int]]]:
    """Walk a block file: spans of blocks, and (kind, first byte) of what is no record."""
    spans: list[tuple[int, int]] = []
    gaps: list[tuple[str, int]] = []
    at = 0
    while at < len(data) and data[at:].strip(b"\0"):
        kind = "GARBAGE"
        if data.startswith(magic, at) and len(data) - at >= 8:
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            if 80 < size <= MAX_SIZE and at + 8 + size <= len(data):
                spans.append((at + 8, size))
                at += 8 + size
                continue
            kind = "TRUNCATED" if 80 < size <= MAX_SIZE else "LENGTH"
        gap, at = at, data.find(magic, at + 1)
        if at < 0:
            at = len(data)
        elif kind == "TRUNCATED":
            kind = "LENGTH"
        gaps.append((kind, gap))
    return spans, gaps

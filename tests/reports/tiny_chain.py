"""A plain reader of old-style blocks and a plain Merkle path, for tests: hashlib and slices."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FIRST_600 = Path(__file__).parents[1] / "data" / "reports" / "first-600"


def sha256d(data: bytes) -> bytes:
    """Hash twice, as bitcoin does."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def shown(digest: bytes) -> str:
    """Write a hash as people see it."""
    return digest[::-1].hex()


@dataclass(frozen=True)
class TinyTransaction:
    """One transaction without witness; inputs are (txid, index), outputs (value, script)."""

    raw: bytes
    txid: bytes
    inputs: list[tuple[bytes, int]]
    outputs: list[tuple[int, bytes]]


@dataclass(frozen=True)
class TinyBlock:
    """One block: its bytes, header, hash, transactions."""

    raw: bytes
    header: bytes
    hash: bytes
    transactions: list[TinyTransaction]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a CompactSize: value and next offset."""
    first = data[at]
    if first < 0xFD:
        return first, at + 1
    size = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
    return int.from_bytes(data[at + 1 : at + 1 + size], "little"), at + 1 + size


def read_transaction(data: bytes, at: int) -> tuple[TinyTransaction, int]:
    """Read one transaction that has no witness."""
    start, at = at, at + 4
    count, at = varint(data, at)
    inputs = []
    for _ in range(count):
        inputs.append((data[at : at + 32], int.from_bytes(data[at + 32 : at + 36], "little")))
        size, at = varint(data, at + 36)
        at += size + 4
    count, at = varint(data, at)
    outputs = []
    for _ in range(count):
        value = int.from_bytes(data[at : at + 8], "little")
        size, at = varint(data, at + 8)
        outputs.append((value, data[at : at + size]))
        at += size
    at += 4
    raw = data[start:at]
    return TinyTransaction(raw, sha256d(raw), inputs, outputs), at


def read_block(data: bytes) -> TinyBlock:
    """Read one block."""
    count, at = varint(data, 80)
    transactions = []
    for _ in range(count):
        transaction, at = read_transaction(data, at)
        transactions.append(transaction)
    assert at == len(data)
    return TinyBlock(data, data[:80], sha256d(data[:80]), transactions)


def first_600() -> list[TinyBlock]:
    """Read the first 600 mainnet blocks, in the order of their heights."""
    blocks: list[TinyBlock] = []
    for name in ("blk00000.dat", "blk00001.dat"):
        data = (FIRST_600 / name).read_bytes()
        at = 0
        while at < len(data) and data[at : at + 4] == bytes.fromhex("f9beb4d9"):
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            blocks.append(read_block(data[at + 8 : at + 8 + size]))
            at += 8 + size
    by_parent = {block.header[4:36]: block for block in blocks}
    ordered, parent = [], bytes(32)
    while parent in by_parent:
        ordered.append(by_parent[parent])
        parent = ordered[-1].hash
    return ordered


def merkle_path(place: int, leaves: list[bytes]) -> list[bytes]:
    """The sibling hashes from the leaf up."""
    path = []
    while len(leaves) > 1:
        if len(leaves) % 2:
            leaves = [*leaves, leaves[-1]]
        path.append(leaves[place ^ 1])
        leaves = [sha256d(leaves[n] + leaves[n + 1]) for n in range(0, len(leaves), 2)]
        place //= 2
    return path

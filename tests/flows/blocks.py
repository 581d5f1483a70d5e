"""Single blocks out of the sample's block files, and what other machines answer about them.

A block file holds records of magic, length and block (Bitcoin Core, node/blockstorage.cpp); a
`gettxoutproof` answer is a `merkleblock` message (BIP 37).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from tests.bitcoin.merkle_blocks import build_proof
from tests.cli.sample_unit import BLOCKS

MAGIC = bytes.fromhex("f9beb4d9")


@cache
def early_blocks() -> tuple[bytes, ...]:
    """The raw blocks 0-299, by height."""
    return tuple(_records((BLOCKS / "blk00000.dat").read_bytes()))


def _records(data: bytes) -> Iterator[bytes]:
    at = 0
    while data[at : at + 4] == MAGIC:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at + 8 : at + 8 + size]
        at += 8 + size


def transactions(block: bytes) -> list[bytes]:
    """Cut a block of before SegWit into its raw transactions."""
    reader = _Reader(block, 80)
    cut = []
    for _ in range(reader.size()):
        begin = reader.at
        reader.skip(4)
        for _ in range(reader.size()):
            reader.skip(36)
            reader.skip(reader.size())
            reader.skip(4)
        for _ in range(reader.size()):
            reader.skip(8)
            reader.skip(reader.size())
        reader.skip(4)
        cut.append(block[begin : reader.at])
    assert reader.at == len(block)
    return cut


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def skip(self, size: int) -> None:
        self.at += size

    def size(self) -> int:
        first = self.data[self.at]
        width = {0xFD: 2, 0xFE: 4, 0xFF: 8}.get(first, 0)
        begin = self.at + 1 if width else self.at
        self.at = begin + (width or 1)
        return int.from_bytes(self.data[begin : self.at], "little")


def txid(raw: bytes) -> str:
    """Compute a transaction's id, as people write it."""
    return hashlib.sha256(hashlib.sha256(raw).digest()).digest()[::-1].hex()


def proof(block: bytes, *places: int) -> bytes:
    """Write what `gettxoutproof` answers for the transactions at these places of a block."""
    txids = [bytes.fromhex(txid(raw))[::-1] for raw in transactions(block)]
    return build_proof(block[:80], txids, places)

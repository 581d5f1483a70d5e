"""Blocks of a private network, made and mined here: for forks, gaps, proofs and faults."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

BITS = 0x207FFFFF
TARGET = 0x7FFFFF << (8 * (0x20 - 3))
SUBSIDY_SAT = 50 * 100_000_000
ZERO = bytes(32)
GENESIS_HEADER = (
    (1).to_bytes(4, "little")
    + ZERO
    + bytes.fromhex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a")
    + (1296688602).to_bytes(4, "little")
    + BITS.to_bytes(4, "little")
    + (2).to_bytes(4, "little")
)
MAGIC = bytes.fromhex("fabfb5da")


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


GENESIS_HASH = sha256d(GENESIS_HEADER)


def size(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    return b"\xfd" + number.to_bytes(2, "little")


def p2pkh(number: int) -> bytes:
    """A script that pays a made-up key hash."""
    return bytes.fromhex("76a914") + number.to_bytes(20, "big") + bytes.fromhex("88ac")


@dataclass(frozen=True)
class Tx:
    """A transaction; outputs are (value in satoshi, script)."""

    inputs: tuple[tuple[bytes, int], ...]
    outputs: tuple[tuple[int, bytes], ...]
    signature: bytes = b"\x51"
    witness: tuple[bytes, ...] = ()

    def _body(self) -> bytes:
        ins = b"".join(
            txid + index.to_bytes(4, "little") + size(len(self.signature)) + self.signature
            + b"\xff\xff\xff\xff"
            for txid, index in self.inputs
        )  # fmt: skip
        outs = b"".join(
            value.to_bytes(8, "little") + size(len(script)) + script
            for value, script in self.outputs
        )
        return size(len(self.inputs)) + ins + size(len(self.outputs)) + outs

    @property
    def base(self) -> bytes:
        return (2).to_bytes(4, "little") + self._body() + bytes(4)

    @property
    def raw(self) -> bytes:
        if not self.witness:
            return self.base
        stack = size(len(self.witness)) + b"".join(size(len(w)) + w for w in self.witness)
        witness = stack * len(self.inputs)
        return (2).to_bytes(4, "little") + b"\x00\x01" + self._body() + witness + bytes(4)

    @property
    def txid(self) -> bytes:
        return sha256d(self.base)

    @property
    def shown(self) -> str:
        return self.txid[::-1].hex()


def pay(source: Tx, index: int, *outputs: tuple[int, int], signature: bytes = b"\x51") -> Tx:
    """Spend one output; outputs are (value, key number)."""
    return Tx(
        ((source.txid, index),),
        tuple((value, p2pkh(key)) for value, key in outputs),
        signature,
    )


def subsidy_sat(height: int) -> int:
    """The new coins that this network allows at a height."""
    return SUBSIDY_SAT >> height // 150


def coinbase(height: int, key: int, value: int | None = None, extra: bytes = b"") -> Tx:
    """Make new coins, all that may be made; the height is pushed first, as BIP 34 asks."""
    value = subsidy_sat(height) if value is None else value
    number = height.to_bytes(height.bit_length() // 8 + 1, "little")
    push = bytes([0x50 + height]) if height <= 16 else bytes([len(number)]) + number
    return Tx(((ZERO, 0xFFFFFFFF),), ((value, p2pkh(key)),), push + b"\x00" + extra)


def root_of(txids: list[bytes]) -> bytes:
    while len(txids) > 1:
        if len(txids) % 2:
            txids = [*txids, txids[-1]]
        txids = [sha256d(txids[i] + txids[i + 1]) for i in range(0, len(txids), 2)]
    return txids[0]


@dataclass(frozen=True)
class Block:
    header: bytes
    txs: tuple[Tx, ...] = field(repr=False)

    @property
    def hash(self) -> bytes:
        return sha256d(self.header)

    @property
    def shown(self) -> str:
        return self.hash[::-1].hex()

    @property
    def raw(self) -> bytes:
        return self.header + size(len(self.txs)) + b"".join(tx.raw for tx in self.txs)


def mine(
    previous: bytes,
    txs: list[Tx],
    *,
    time: int = 1_300_000_000,
    root: bytes | None = None,
    must_fail: bool = False,
) -> Block:
    """Make a block whose hash meets (or, if it must fail, misses) the network's easiest target."""
    root = root_of([tx.txid for tx in txs]) if root is None else root
    head = (
        (4).to_bytes(4, "little") + previous + root + time.to_bytes(4, "little")
        + BITS.to_bytes(4, "little")
    )  # fmt: skip
    nonce = 0
    while True:
        header = head + nonce.to_bytes(4, "little")
        if (int.from_bytes(sha256d(header), "little") > TARGET) == must_fail:
            return Block(header, tuple(txs))
        nonce += 1


def grow(previous: bytes, first_height: int, count: int, *, key: int = 1) -> list[Block]:
    """Mine a branch of blocks with nothing but their coinbases."""
    blocks: list[Block] = []
    for height in range(first_height, first_height + count):
        time = 1_300_000_000 + 600 * height
        blocks.append(mine(previous, [coinbase(height, key * 1000 + height)], time=time))
        previous = blocks[-1].hash
    return blocks


def block_file(blocks: list[Block], magic: bytes = MAGIC) -> bytes:
    """Write blocks as Bitcoin Core does."""
    return b"".join(magic + len(b.raw).to_bytes(4, "little") + b.raw for b in blocks)

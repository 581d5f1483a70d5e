"""Random small chains for property tests: regtest blocks with true roots and work, and gaps.

Every run of blocks hangs together by hash; between runs a few blocks were mined that nobody here
holds, so their transactions are unknown sources and unseen spends.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field

from tests.reports.tiny_chain import TinyBlock, TinyTransaction, read_block, sha256d

BITS = 0x207FFFFF
TARGET = 0x7FFFFF << 232
SUBSIDY_SAT = 5_000


@dataclass
class Mint:
    """A miner of random blocks."""

    random: random.Random
    parent: bytes = b"\x11" * 32
    time: int = 1_600_000_000
    count: int = 0
    unspent: list[tuple[bytes, int, int]] = field(default_factory=list)
    """Outputs that may be spent: txid, number, value."""

    def mine(self, payments: int) -> TinyBlock:
        """Mine one block on the last one."""
        self.time += 600
        self.count += 1
        raws = [self._coinbase(), *(self._payment() for _ in range(payments) if self.unspent)]
        block = self._seal(raws)
        self.parent = block.hash
        return block

    def _coinbase(self) -> bytes:
        script = struct.pack("<BHH", 4, self.count, self.random.randrange(1 << 16))
        outpoint = bytes(32) + b"\xff\xff\xff\xff"
        return self._transaction([(outpoint, script)], [SUBSIDY_SAT])

    def _payment(self) -> bytes:
        count = min(len(self.unspent), self.random.choice((1, 1, 2, 3)))
        spent = [self.unspent.pop(self.random.randrange(len(self.unspent))) for _ in range(count)]
        total = sum(value for _, _, value in spent)
        total -= self.random.choice((0, 0, 1, min(total, 7)))
        values = []
        for _ in range(self.random.choice((1, 2, 2, 3))):
            values.append(self.random.randint(0, total))
            total -= values[-1]
        values[-1] += total
        inputs = [(txid + struct.pack("<I", number), b"") for txid, number, _ in spent]
        return self._transaction(inputs, values)

    def _transaction(self, inputs: list[tuple[bytes, bytes]], values: list[int]) -> bytes:
        raw = struct.pack("<IB", 1, len(inputs))
        for outpoint, script in inputs:
            raw += outpoint + bytes([len(script)]) + script + b"\xff\xff\xff\xff"
        raw += bytes([len(values)])
        for value in values:
            key_hash = self.random.randbytes(20)
            raw += struct.pack("<Q", value) + b"\x19\x76\xa9\x14" + key_hash + b"\x88\xac"
        raw += struct.pack("<I", 0)
        txid = sha256d(raw)
        self.unspent.extend((txid, number, value) for number, value in enumerate(values) if value)
        return raw

    def _seal(self, raws: list[bytes]) -> TinyBlock:
        nodes = [sha256d(raw) for raw in raws]
        while len(nodes) > 1:
            nodes += nodes[-1:] if len(nodes) % 2 else []
            nodes = [sha256d(nodes[n] + nodes[n + 1]) for n in range(0, len(nodes), 2)]
        for nonce in range(1000):
            header = struct.pack("<I", 1) + self.parent + nodes[0]
            header += struct.pack("<III", self.time, BITS, nonce)
            if int.from_bytes(sha256d(header), "little") <= TARGET:
                break
        return read_block(header + bytes([len(raws)]) + b"".join(raws))


def random_slice(seed: int) -> list[TinyBlock]:
    """The held blocks of a random chain: one to three runs with gaps between."""
    return random_holdings(seed)[0]


def random_holdings(seed: int) -> tuple[list[TinyBlock], list[TinyTransaction]]:
    """Such blocks, and a few transactions of the gaps, as another machine might send them."""
    chance = random.Random(seed)
    mint = Mint(chance)
    held: list[TinyBlock] = []
    gaps: list[TinyTransaction] = []
    for run in range(chance.choice((1, 2, 2, 3))):
        if run:
            for _ in range(chance.choice((1, 2))):
                gaps += mint.mine(chance.randint(0, 4)).transactions[1:]
        held += [mint.mine(chance.randint(0, 5)) for _ in range(chance.randint(1, 5))]
    return held, chance.sample(gaps, min(len(gaps), chance.choice((0, 1, 2, 3))))

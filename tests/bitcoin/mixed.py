"""A small chain in which coins are prepared for a mix, mixed with three others, and paid on."""

from __future__ import annotations

from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, mine

POOL = 1_000_000
PIECE = POOL + 4_000
NOTE = b"\x6a\x40" + bytes(64)
TIME = 1_690_000_000


def p2wpkh(number: int) -> bytes:
    return b"\x00\x14" + number.to_bytes(20, "big")


class Mixed:
    """The transactions, in blocks of their own, and the block file."""

    def __init__(self) -> None:
        mined = coinbase(1, 1)
        self.first = Tx(
            ((mined.txid, 0),),
            ((5_000_000, p2wpkh(1)), (POOL, p2wpkh(2)), (POOL, p2wpkh(3)), (POOL, p2wpkh(4))),
        )
        self.tx0 = Tx(
            ((self.first.txid, 0),),
            ((0, NOTE), (50_000, p2wpkh(5)), (PIECE, p2wpkh(6)), (PIECE, p2wpkh(7)),
             (2_900_000, p2wpkh(8))),
        )  # fmt: skip
        others = tuple((self.first.txid, place) for place in (1, 2, 3))
        self.mix = Tx(
            ((self.tx0.txid, 2), (self.tx0.txid, 3), *others),
            tuple((POOL, p2wpkh(20 + place)) for place in range(5)),
        )
        self.paid = Tx(((self.mix.txid, 0),), ((POOL - 500, p2wpkh(40)),))
        blocks = [mine(GENESIS_HASH, [mined, self.first], time=TIME)]
        for height, tx in enumerate((self.tx0, self.mix, self.paid), 2):
            made = [coinbase(height, height), tx]
            blocks.append(mine(blocks[-1].hash, made, time=TIME + 600 * height))
        self.file = block_file(blocks)


MIXED = Mixed()
START = f"{MIXED.first.shown}:0"
"""What is prepared and mixed."""

"""A chain in which one address is paid twice from outside and pays itself change 72 times.

The truth: 9.52 BTC came in (5 and 4.52), 72 payments of 0.01 BTC went out, each with a fee of 1,000
satoshi. Its outputs add up to much more, for each change is one of them.
"""

from __future__ import annotations

from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    SUBSIDY_SAT,
    Tx,
    block_file,
    coinbase,
    mine,
    p2pkh,
    pay,
)

OWNER, PAYER, FRIEND = 7, 5, 6
IN_SAT = (500_000_000, 452_000_000)
RECEIVED_SAT = sum(IN_SAT)
PAID_SAT, FEE_SAT, PAYMENTS = 1_000_000, 1_000, 72
ON_AT = 36
"""The second deposit is spent from this payment on."""


def named(key: int) -> str:
    """The address of a made-up key."""
    return encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST) or ""


def blocks() -> bytes:
    """The blocks, as Bitcoin Core writes them."""
    first = coinbase(1, PAYER)
    deposit = pay(first, 0, (IN_SAT[0], OWNER), (SUBSIDY_SAT - IN_SAT[0] - 1_000, PAYER))
    second = pay(deposit, 1, (IN_SAT[1], OWNER), (deposit.outputs[1][0] - IN_SAT[1] - 1_000, PAYER))
    txs: list[Tx] = []
    coin = (deposit, 0)
    for number in range(PAYMENTS):
        inputs = [coin, (second, 0)] if number == ON_AT else [coin]
        held = sum(tx.outputs[place][0] for tx, place in inputs)
        spent = Tx(
            tuple((tx.txid, place) for tx, place in inputs),
            ((PAID_SAT, p2pkh(100 + number)), (held - PAID_SAT - FEE_SAT, p2pkh(OWNER))),
        )
        txs.append(spent)
        coin = (spent, 1)
    begun = mine(GENESIS_HASH, [first, deposit, second], time=1_300_000_600)
    return block_file([begun, mine(begun.hash, [coinbase(2, 9), *txs], time=1_300_001_200)])


def made(folder: Path) -> Chain:
    """The chain, ingested."""
    return chain_of(folder, {"blk00000.dat": blocks()})

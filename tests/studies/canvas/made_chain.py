"""A small made chain for the canvas: a payment with change, a joint payment, and a service.

new coins (1) --mined--> first: 30 to 11, 20 back to 1's next key 2
11 -> second: 29 to 21 (labelled service), 0.9 to 12
2 and 12 together -> joint: 15 to 31, 5 to 32
"""

from __future__ import annotations

from functools import cache

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.studies.canvas.picture import Material
from kancil.studies.canvas.view import ChainSource, View
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.runs import Runs
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    Tx,
    block_file,
    coinbase,
    mine,
    p2pkh,
    pay,
)
from tests.studies.moneygraph.sample_chain import folder, labels_of

COIN = 100_000_000
MINED = coinbase(1, 1)
FIRST = pay(MINED, 0, (30 * COIN, 11), (20 * COIN, 2))
SECOND = pay(FIRST, 0, (29 * COIN, 21), (90_000_000, 12))
JOINT = Tx(
    ((FIRST.txid, 1), (SECOND.txid, 1)),
    ((15 * COIN, p2pkh(31)), (5 * COIN, p2pkh(32))),
)
LAST = pay(JOINT, 0, (14 * COIN, 41))


def address_of(key: int) -> str:
    """The address of a made-up key hash."""
    found = encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST)
    assert found
    return found


@cache
def made_chain() -> Chain:
    """Four blocks."""
    one = mine(GENESIS_HASH, [MINED], time=1_300_000_600)
    two = mine(one.hash, [coinbase(2, 9), FIRST], time=1_300_001_200)
    three = mine(two.hash, [coinbase(3, 9), SECOND], time=1_300_001_800)
    four = mine(three.hash, [coinbase(4, 9), JOINT, LAST], time=1_300_002_400)
    blocks = block_file([one, two, three, four])
    return chain_of(folder() / "canvas", {"blk00000.dat": blocks})


@cache
def made_labels() -> LabelsUsed:
    """One label: the address of key 21 is a service's."""
    row = (address_of(21), "Example Exchange", "Example Publisher", "exchange")
    return labels_of(made_chain(), folder() / "canvas-labels", [row])


def material() -> Material:
    """What a view of this chain is drawn from."""
    return Material(made_chain(), made_labels(), runs=Runs())


def view_of(*starts: str) -> View:
    """A view of the chain around some starts."""
    return View(sources=(ChainSource(made_chain().name, starts),))

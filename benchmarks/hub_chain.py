"""A chain with a hub for the benchmarks: an address of a million deposits, and a tree of coins.

The hub is paid by a thousand transactions of a thousand outputs each, and nine million other
addresses are paid once, so that the chain has ten million outputs. Beside them stands a tree:
`WIDE` outputs whose coins divide in two, six transactions deep; of the deepest outputs one, the
last that a search meets, is paid to an address that can be labelled. Every value is conserved and
every block valid on the private network; keys are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    Block,
    Tx,
    block_file,
    coinbase,
    mine,
    p2pkh,
)

DEPOSITS, EACH = 1_000_000, 1_000
"""Outputs to the hub, and how many one transaction makes."""
OTHERS = 9_000_000
"""Outputs to addresses that are paid once."""
WIDE, DEEP = 500, 6
HUB, FOUND = 7, 3
"""Keys of the hub and of the labelled service."""
_FIRST_KEY, _FIRST_OTHER = 1_000, 1_000_000
_A_BLOCK = 100
"""Transactions of deposits in one block."""


@dataclass(frozen=True, slots=True)
class HubChain:
    """Where the chain's blocks are, and what in it is asked about."""

    path: Path
    """A file of blocks."""
    root: str
    """The transaction at which the tree begins."""
    payer: str
    """A transaction that pays the hub."""
    leaves: tuple[str, ...]
    """Some transactions of the tree."""

    @property
    def hub(self) -> str:
        """The hub's address."""
        return address_of(HUB)

    @property
    def service(self) -> str:
        """The address to be labelled."""
        return address_of(FOUND)


def address_of(key: int) -> str:
    """The address of a key's number."""
    found = encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST)
    if found is None:
        raise AssertionError("a hash of a key always has an address")
    return found


def hub_chain(folder: Path) -> HubChain:
    """Write the chain's blocks into a folder."""
    mined, rooted = coinbase(1, 1), coinbase(2, 2)
    count = DEPOSITS // EACH
    coin = mined.outputs[0][0] // count
    fan = Tx(((mined.txid, 0),), ((coin, p2pkh(1)),) * count)
    deposit = (coin // EACH, p2pkh(HUB))
    paying = [Tx(((fan.txid, n),), (deposit,) * EACH) for n in range(count)]
    waves = list(_tree(rooted))
    times = iter(range(1_300_000_600, 2_000_000_000, 600))
    blocks = [mine(GENESIS_HASH, [mined], time=next(times))]
    groups = [[fan], *(paying[n : n + _A_BLOCK] for n in range(0, count, _A_BLOCK)), *waves]
    for height, txs in enumerate(groups, start=2):
        made = rooted if height == 2 else coinbase(height, 5)
        blocks.append(mine(blocks[-1].hash, [made, *txs], time=next(times)))
    path = folder / "hub.dat"
    with path.open("wb") as file:
        file.write(block_file(blocks))
        for block in _others(blocks[-1].hash, len(blocks) + 1, times):
            file.write(block_file([block]))
    leaves = tuple(tx.shown for wave in waves[1:] for tx in wave[:: max(1, len(wave) // 20)])
    return HubChain(path, waves[0][0].shown, paying[0].shown, leaves)


@dataclass(frozen=True, slots=True)
class TreeChain:
    """Two waves of the tree as a chain of their own."""

    path: Path
    root: str
    """The transaction at which the tree begins."""
    addresses: tuple[str, ...]
    """Of its thousand last outputs."""


def tree_chain(folder: Path) -> TreeChain:
    """Write the first two waves of the tree into a folder, and nothing else."""
    rooted = coinbase(1, 2)
    root, wave = islice(_tree(rooted), 2)
    first = mine(GENESIS_HASH, [rooted], time=1_300_000_600)
    second = mine(first.hash, [coinbase(2, 5), *root], time=1_300_001_200)
    third = mine(second.hash, [coinbase(3, 5), *wave], time=1_300_001_800)
    path = folder / "tree.dat"
    path.write_bytes(block_file([first, second, third]))
    # The keys of a wave are numbers, one after the other.
    keys = range(_FIRST_KEY + WIDE, _FIRST_KEY + WIDE + 2 * len(wave))
    return TreeChain(path, root[0].shown, tuple(address_of(key) for key in keys))


def _others(last: bytes, height: int, times: Iterator[int]) -> Iterator[Block]:
    """Blocks whose transactions pay a thousand addresses each, one after the other."""
    own = coinbase(height, 6)
    count = OTHERS // EACH
    coin = own.outputs[0][0] // count
    fan = Tx(((own.txid, 0),), ((coin, p2pkh(1)),) * count)
    block, key = mine(last, [own, fan], time=next(times)), _FIRST_OTHER
    yield block
    for first in range(0, count, _A_BLOCK):
        height, txs = height + 1, [coinbase(height + 1, 6)]
        for n in range(first, min(count, first + _A_BLOCK)):
            paid = tuple((coin // EACH, p2pkh(key + each)) for each in range(EACH))
            txs.append(Tx(((fan.txid, n),), paid))
            key += EACH
        block = mine(block.hash, txs, time=next(times))
        yield block


def _tree(rooted: Tx) -> Iterator[list[Tx]]:
    """The transactions of the tree, wave by wave."""
    value, key = rooted.outputs[0][0], _FIRST_KEY
    # Smaller and smaller, so that the coins of the last are looked at last.
    shares = [value // WIDE - n for n in range(WIDE)]
    root = Tx(((rooted.txid, 0),), tuple((each, p2pkh(key + n)) for n, each in enumerate(shares)))
    yield [root]
    coins, key = [(root, n) for n in range(WIDE)], key + WIDE
    for depth in range(1, DEEP):
        wave = []
        for place, (tx, n) in enumerate(coins):
            half, is_last = tx.outputs[n][0] // 2, place == len(coins) - 1
            far = FOUND if is_last and depth == DEEP - 1 else key + 1
            wave.append(Tx(((tx.txid, n),), ((half, p2pkh(key)), (half - 1, p2pkh(far)))))
            key += 2
        yield wave
        coins = [(tx, n) for tx in wave for n in (0, 1)]

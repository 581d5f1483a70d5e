"""The chain of a lab read from its block file alone, by the slow parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.script import address_of_script
from tests.bitcoin.regtest import MAGIC
from tests.bitcoin.slow_parser import find_records, read_block
from tests.training.made_labs import Folder


@dataclass(frozen=True, slots=True)
class Tx:
    """A transaction as its bytes say."""

    time: int
    inputs: list[tuple[str, int]]
    """Transaction and place of what each spends."""
    outputs: list[tuple[int, str]]
    """Satoshi and address of each."""


def read_chain(lab: Folder) -> Mapping[str, Tx]:
    """Every transaction of the lab's block file by its id."""
    content = (lab.files / "blk00000.dat").read_bytes()
    spans, gaps = find_records(content, MAGIC)
    assert not gaps
    found: dict[str, Tx] = {}
    for start, size in spans:
        block = read_block(content, start, size)
        for tx in block.txs:
            found[tx.txid[::-1].hex()] = Tx(
                block.time,
                [(prev[::-1].hex(), n) for prev, n, _, _ in tx.inputs],
                [(value, address_of_script(script, REGTEST) or "") for value, script in tx.outputs],
            )
    return found


def spent(chain: Mapping[str, Tx], txid: str) -> list[tuple[int, str]]:
    """Satoshi and address of what each input of a transaction spends."""
    return [chain[source].outputs[n] for source, n in chain[txid].inputs]


def check_path(chain: Mapping[str, Tx], path: list[str]) -> None:
    """Each transaction spends an output of the one before it."""
    for before, after in pairwise(path):
        assert before in {source for source, _ in chain[after].inputs}
        assert chain[before].time < chain[after].time


def shares_of(chain: Mapping[str, Tx], path: list[str], start: int) -> dict[str, tuple[int, ...]]:
    """Satoshi of the victim in each output of the last transaction: by haircut, by FIFO.

    `start`: which output of the first is the victim's payment. A slow twin over the whole path:
    each satoshi is counted by its place, and haircut is rounded down at each step.
    """
    haircut: dict[tuple[str, int], int] = {(path[0], start): chain[path[0]].outputs[start][0]}
    fifo = {(path[0], start): [(0, chain[path[0]].outputs[start][0])]}
    for txid in path[1:]:
        tx = chain[txid]
        values = [value for value, _ in spent(chain, txid)]
        theirs = sum(haircut.get(source, 0) for source in tx.inputs)
        spans, at = [], 0
        for source, value in zip(tx.inputs, values, strict=True):
            spans += [(at + begin, at + end) for begin, end in fifo.get(source, [])]
            at += value
        at = 0
        for n, (value, _) in enumerate(tx.outputs):
            haircut[txid, n] = theirs * value // sum(values)
            cut = [(max(a, at) - at, min(b, at + value) - at) for a, b in spans]
            fifo[txid, n] = [(a, b) for a, b in cut if a < b]
            at += value
    last = path[-1]
    return {
        "haircut": tuple(haircut[last, n] for n in range(len(chain[last].outputs))),
        "fifo": tuple(
            sum(b - a for a, b in fifo[last, n]) for n in range(len(chain[last].outputs))
        ),
    }

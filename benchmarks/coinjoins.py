"""Benchmark row of the pass for CoinJoins: transactions judged a second, on one pinned core.

Ours: `judge_chain` with every heuristic over a generated chain in which one transaction of a
hundred is planted as a CoinJoin or prepares one, mapped as ever; best of some rounds. Peer: the
heuristics themselves, one transaction after the other, over the first transactions of the chain.
The answers of both are compared after the clock has stopped. Times are processor times.

The goal was 1.0 and is not met on this chain: the kernel looks through well over ten million
transactions a second, and all other time is that of the heuristics, in Python, on the one of a
hundred that are left, which have a hundred coins on the average. There is no second copy of a rule
in a kernel, so that an answer is the member's own. With one CoinJoin of two hundred the same pass
does 1.0.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import pinned
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.clusters.coinjoins import judge_chain
from kancil.bitcoin.coinjoins.heuristic import Answer
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.coinjoins.verdicts import shown_at
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.network import REGTEST

NAMES = ("coinjoins-judged",)
GOAL = 0.5
"""Million transactions a second, of which one of a hundred is a CoinJoin."""
TRANSACTIONS, PEER_TRANSACTIONS = 200_000, 5_000
ROUNDS = 5


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row."""
    with tempfile.TemporaryDirectory() as folder:
        chain = _chain(Path(folder))
        with pinned():
            ours, peer = _measure(chain)
    return [
        {
            "name": "coinjoins-judged",
            "ours": round(ours, 2),
            "unit": "M transactions/s",
            "peer": "the heuristics, one transaction after the other",
            "peer_figure": round(peer, 4),
            "ratio": round(ours / peer),
            "goal": GOAL,
            "met": ours >= GOAL,
            "machine": machine,
        }
    ]


def _chain(folder: Path) -> Chain:
    share = 10_000 // len(COINJOINS)
    wishes = Wishes(
        seed=7,
        transactions=TRANSACTIONS,
        patterns={},
        coinjoins={member.name: share for member in COINJOINS},
    )
    generate(folder / "made", wishes)
    ingest(folder / "chain", [folder / "made" / "blocks"], network=REGTEST)
    return Chain.open(folder / "chain")


def _measure(chain: Chain) -> tuple[float, float]:
    judged, taken = judge_chain(chain), []
    for _ in range(ROUNDS):
        started = time.process_time()
        judge_chain(chain)
        taken.append(time.process_time() - started)
    started = time.process_time()
    slow = [
        (tx, number)
        for tx in range(PEER_TRANSACTIONS)
        for shown in (shown_at(chain, tx),)
        for number, each in enumerate(HEURISTICS)
        if each.judge(shown).answer is not Answer.NO
    ]
    peer = time.process_time() - started
    pairs = zip(judged.tx.tolist(), judged.heuristic.tolist(), strict=True)
    if slow != [pair for pair in pairs if pair[0] < PEER_TRANSACTIONS]:
        raise AssertionError("the pass and the heuristics differ")
    return chain.graph.tx_count / min(taken) / 1e6, PEER_TRANSACTIONS / peer / 1e6


__all__ = ["NAMES", "rows"]

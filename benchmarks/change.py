"""Benchmark rows of the change heuristics: one member over a whole generated chain, on one core.

A chain of 200,000 transactions is generated, ingested and opened; the slowest member, and one-time
change with the numbering of addresses that it needs, are swept over all of it. Best of some rounds;
the answers of a part are compared with the members' own `judge` after the clock has stopped. The
peer is that `judge`, one transaction at a time in Python, since no program with these heuristics
runs today (BlockSci, which had them, ended in 2020).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import pinned
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.change.heuristic import Named
from kancil.bitcoin.change.heuristics import HEURISTICS, ONE_TIME
from kancil.bitcoin.change.run import NONE, NOT_ASKED, UNKNOWN, Sweep, change_of
from kancil.bitcoin.change.seen import Reader
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.network import REGTEST

NAMES = ("change-slowest", "change-one-time-with-ids")
GOAL = 0.2
"""Million transactions a second."""
TRANSACTIONS = 200_000
COMPARED = 5_000
ROUNDS = 5


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure both rows."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        generate(made, Wishes(11, TRANSACTIONS, {"peel-chain": 50_000}))
        ingest(Path(folder) / "chain", [made / "blocks"], network=REGTEST)
        chain = Chain.open(Path(folder) / "chain")
        with pinned():
            found = _rows(chain)
    return [{**row, "machine": machine} for row in found]


def _rows(chain: Chain) -> list[dict[str, Any]]:
    count = chain.columns.tx_count
    over = Sweep(chain)
    seconds, slowest = 0.0, HEURISTICS[0]
    for member in HEURISTICS:
        over.change_of(0, count, member)
        best = min(_timed(over.change_of, 0, count, member) for _ in range(ROUNDS))
        seconds, slowest = max((seconds, slowest), (best, member), key=lambda pair: pair[0])
    with_ids = min(_timed(change_of, chain, 0, count, ONE_TIME) for _ in range(ROUNDS))
    reader = Reader(chain, np.zeros(count, np.bool_))
    first = count // 2
    last = min(count, first + COMPARED)
    answers = {each.name: over.change_of(first, last, each) for each in HEURISTICS}
    start = time.process_time()
    for tx in range(first, last):
        seen = reader.seen_at(tx)
        for member in HEURISTICS:
            verdict = member.judge(seen)
            wanted = {Named.NONE: NONE, Named.UNKNOWN: UNKNOWN}.get(
                verdict.answer, int(chain.graph.tx_output_start[tx]) + (verdict.output or 0)
            )
            if int(answers[member.name][tx - first]) not in (wanted, NOT_ASKED):
                sys.exit(f"{member.name} and its kernel differ on transaction {tx}")
    plain = (last - first) * len(HEURISTICS) / (time.process_time() - start) / 1e6
    return [
        _row(NAMES[0], count / seconds / 1e6, f"{slowest.name}; its judge in Python", plain),
        _row(NAMES[1], count / with_ids / 1e6, "judge in Python", plain),
    ]


def _timed(work: Callable[..., Any], *given: Any) -> float:
    start = time.process_time()
    work(*given)
    return time.process_time() - start


def _row(name: str, ours: float, peer: str, figure: float) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 2),
        "unit": "M transactions/s",
        "peer": peer,
        "peer_figure": round(figure, 4),
        "ratio": round(ours / figure, 1),
        "goal": GOAL,
        "met": ours >= GOAL,
    }

"""Benchmark row of generated chains: outputs a second, planted patterns and truth included.

Ours: `generate` with every pattern and CoinJoin, warm, into a folder of the system's temporary
files. Peer: the same with the plain writer, which is the kernels' slow twin, on a smaller chain.
The goal is ten million outputs in five minutes, though a fifth of all transactions is planted.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any
from unittest import mock

from kancil.bitcoin.generator import generate as room
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.patterns import PATTERNS
from kancil.bitcoin.generator.plain import CounterKeys, PlainWriter
from kancil.bitcoin.generator.rows import Rows

NAMES = ("generate-outputs",)
GOAL = 33_334
TRANSACTIONS, PEER_TRANSACTIONS = 300_000, 2_000


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row, once: it takes long enough."""
    _outputs_a_second(200)
    ours = _outputs_a_second(TRANSACTIONS)
    with mock.patch.object(room, "writer_for", _plain):
        peer = _outputs_a_second(PEER_TRANSACTIONS)
    return [
        {
            "name": "generate-outputs",
            "ours": round(ours),
            "unit": "outputs/s",
            "peer": "the same plan, written by plain Python",
            "peer_figure": round(peer),
            "ratio": round(ours / peer, 1),
            "goal": GOAL,
            "met": ours > GOAL,
            "machine": machine,
        }
    ]


def _plain(seed: int, planned: Rows, *, signed: bool) -> PlainWriter:
    del signed
    return PlainWriter(planned, CounterKeys(seed))


def _outputs_a_second(transactions: int) -> float:
    wishes = Wishes(
        seed=7,
        transactions=transactions,
        patterns={member.name: 15_000 for member in PATTERNS},
        coinjoins={member.name: 5_000 for member in COINJOINS},
    )
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        told = generate(Path(folder) / "made", wishes)
        taken = time.perf_counter() - started
    return int(told["counts"]["outputs"]) / taken


__all__ = ["NAMES", "rows"]

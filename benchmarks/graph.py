"""Benchmark row of the money graph: opening a fold of the 71-hop chain of block 370661, warm.

Ours: what the server does when a person opens a fold, the trace kept from the first view. Peer: the
same picture drawn whole, nothing kept.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import MAINNET
from kancil.studies.labels_used import load_labels
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.runs import Runs

NAMES = ("graph-expand-370661",)
GOAL_MS = 60
BLOCK = Path(__file__).parent.parent / "sample" / "blocks" / "370661.raw"
START = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row; best over all folds of the picture."""
    with tempfile.TemporaryDirectory() as folder:
        ingest(Path(folder) / "chain", [BLOCK], network=MAINNET)
        chain = Chain.open(Path(folder) / "chain")
        labels = load_labels(Path(folder) / "labels", chain)
        query = GraphQuery(asked(START), policy="fifo")
        runs = Runs()
        folds = [n for n in explore(chain, labels, query, runs).nodes if n.kind == "chain"]
        if len(folds) < 5:
            raise AssertionError(f"the picture has {len(folds)} folded rows, not 5 or more")
        wanted = [query.opening(node.opens) for node in folds]
        ours = min(_ms(lambda one=one: explore(chain, labels, one, runs)) for one in wanted)  # type: ignore[misc]
        peer = min(_ms(lambda one=one: explore(chain, labels, one)) for one in wanted)  # type: ignore[misc]
    return [
        {
            "name": "graph-expand-370661",
            "ours": round(ours, 2),
            "unit": "ms",
            "peer": "the same picture drawn whole, nothing kept",
            "peer_figure": round(peer, 2),
            "ratio": round(ours / peer, 2),
            "goal": GOAL_MS,
            "met": ours < GOAL_MS,
            "machine": machine,
        }
    ]


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000

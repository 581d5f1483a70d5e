"""Benchmark row of the trace: the 71-hop chain of block 370661, in process and warm.

Ours: the answer under every policy and both orders, as `bitcoin trace` computes it. Peer: a plain
walk over dictionaries that only finds which outputs can be reached (what poison marks), no amounts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.parse import parse_blocks
from kancil.bitcoin.holdings.graph import Graph, build_graph
from kancil.bitcoin.tracing.result import Start
from kancil.bitcoin.tracing.trace import compare

NAMES = ("trace-370661",)
GOAL_MS = 100
ROUNDS = 5
BLOCK = Path(__file__).parent.parent / "sample" / "blocks" / "370661.raw"
START = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row; best of five."""
    graph, starts = _load()
    hops = max(row.hop for row in compare(graph, starts)["haircut"].transfers)
    if hops != 71:
        raise AssertionError(f"the trace has {hops} hops, not 71")
    spends = _spends(graph)
    reached = _walk(spends, starts)
    if reached != len(compare(graph, starts)["poison"].transfers):
        raise AssertionError("the peer reaches other outputs than poison")
    ours = _best_ms(lambda: compare(graph, starts))
    peer = _best_ms(lambda: _walk(spends, starts))
    return [
        {
            "name": "trace-370661",
            "ours": round(ours, 2),
            "unit": "ms",
            "peer": "plain dict walk, reach only",
            "peer_figure": round(peer, 3),
            "ratio": round(ours / peer, 1),
            "goal": GOAL_MS,
            "met": ours < GOAL_MS,
            "machine": machine,
        }
    ]


def _load() -> tuple[Graph, list[Start]]:
    data = np.fromfile(BLOCK, np.uint8)
    columns, skipped = parse_blocks(data, np.array([[0, len(data)]]))
    if skipped:
        raise AssertionError(skipped[0].code)
    graph = build_graph(columns)
    wanted = bytes.fromhex(START)[::-1]
    tx = next(row for row in range(columns.tx_count) if columns.tx_id[row].tobytes() == wanted)
    return graph, [Start(output) for output in graph.outputs_of(tx)]


def _spends(graph: Graph) -> dict[int, list[int]]:
    """For each output that is spent here the outputs of the transaction that spends it."""
    return {
        output: list(graph.outputs_of(graph.tx_of_input(int(number))))
        for output, number in enumerate(graph.output_spender)
        if number >= 0
    }


def _walk(spends: dict[int, list[int]], starts: list[Start]) -> int:
    seen: set[int] = set()
    waiting = [start.output for start in starts]
    while waiting:
        for output in spends.get(waiting.pop(), ()):
            if output not in seen:
                seen.add(output)
                waiting.append(output)
    return len(seen)


def _best_ms(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best * 1000

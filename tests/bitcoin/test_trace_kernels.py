"""Each kernel of the trace against its slow plain twin: a search from every transaction."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.tracing.kernels import earliest_unseen, latest_unknown
from kancil.bitcoin.tracing.pool import NEVER, own_unknown, own_unseen
from tests.bitcoin.worlds import Scene, scenes
from tests.examples import examples


def slow_latest(graph: Graph, own: list[int]) -> list[int]:
    """Look at every ancestor of every transaction."""
    answers = []
    for tx in range(graph.tx_count):
        seen, stack = {tx}, [tx]
        while stack:
            for number in graph.inputs_of(stack.pop()):
                source = int(graph.input_source[number])
                if source >= 0 and (maker := graph.tx_of_output(source)) not in seen:
                    seen.add(maker)
                    stack.append(maker)
        answers.append(max(own[one] for one in seen))
    return answers


def slow_earliest(graph: Graph, own: list[int]) -> list[int]:
    """Look at every descendant of every transaction."""
    answers = []
    for tx in range(graph.tx_count):
        seen, stack = {tx}, [tx]
        while stack:
            for output in graph.outputs_of(stack.pop()):
                spender = int(graph.output_spender[output])
                if spender >= 0 and (taker := graph.tx_of_input(spender)) not in seen:
                    seen.add(taker)
                    stack.append(taker)
        answers.append(min(own[one] for one in seen))
    return answers


def _arguments(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    outputs, inputs = np.diff(graph.tx_output_start), np.diff(graph.tx_input_start)
    rows = np.arange(graph.tx_count)
    return np.argsort(graph.tx_rank), np.repeat(rows, outputs), np.repeat(rows, inputs)


@examples(150)
@given(scene=scenes(has_loose=True))
def test_latest_unknown_is_the_greatest_over_all_ancestors(scene: Scene) -> None:
    graph, own = scene.held.graph, own_unknown(scene.held.graph)
    order, output_tx, _ = _arguments(graph)
    fast = latest_unknown(order, own, graph.tx_input_start, graph.input_source, output_tx)
    assert fast.tolist() == slow_latest(graph, own.tolist())


@examples(150)
@given(scene=scenes(has_loose=True))
def test_earliest_unseen_is_the_smallest_over_all_descendants(scene: Scene) -> None:
    graph, own = scene.held.graph, own_unseen(scene.held.graph)
    order, _, input_tx = _arguments(graph)
    fast = earliest_unseen(order, own, graph.tx_output_start, graph.output_spender, input_tx)
    assert fast.tolist() == slow_earliest(graph, own.tolist())
    assert all(0 <= one <= NEVER for one in fast.tolist()) or scene.held.graph.tx_run.min() < 0

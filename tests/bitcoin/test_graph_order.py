"""Transactions outside the runs whose order is known: circles, copies, whose word counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kancil.bitcoin.holdings.graph import NO_RANK, NO_SPEND_SEEN, UNKNOWN, Graph, build_graph
from kancil.bitcoin.holdings.graph_order import ChainOrder
from tests.bitcoin.graphs import World, WorldTx, hold, make_columns

CHAIN = World(
    (
        WorldTx((), (50,), 0),
        WorldTx(((0, 0),), (50,), 2),
        WorldTx(((1, 0),), (50,), 2),
        WorldTx(((2, 0),), (50,), 4),
    )
)


def graph_of(world: World, blocks: list[int], rows: list[int], ordered: list[bool]) -> Graph:
    """Hold world transactions; `ordered` says of which blocks the order is known."""
    known = np.array(ordered, dtype=bool)
    places = np.arange(len(blocks))
    chain = ChainOrder(
        order=places,
        active=np.ones(len(blocks), dtype=bool),
        height=np.where(known, places, -1),
        ordered=known,
    )
    return build_graph(make_columns(world, blocks, rows), chain=chain)


def test_a_run_of_unknown_place_comes_after_its_sources_and_keeps_its_order() -> None:
    held = hold(CHAIN, adrift={2: 9})
    graph, row = held.graph, held.row_of
    assert graph.tx_run.tolist() == [0, 0, 0, 1]
    assert graph.tx_run_after.tolist() == [0, 3, 3, 1]
    assert graph.tx_rank[[row[n] for n in range(4)]].tolist() == [0, 1, 2, 3]
    assert (graph.input_source >= 0).sum() == 3
    assert held.columns.tx_block[row[1]] == graph.tx_block[row[1]] == 1


def test_all_of_a_run_comes_after_the_source_of_any_of_it() -> None:
    world = World((WorldTx((), (50,), 0), WorldTx((), (50,), 2), WorldTx(((0, 0),), (50,), 2)))
    graph = hold(world, adrift={2: 0}).graph
    assert graph.tx_run.tolist() == [0, 0, 0]
    assert graph.tx_run_after.tolist() == [0, 2, 2]


def test_a_transaction_of_a_block_of_known_place_has_no_second_place() -> None:
    # One of two blocks with the same transaction is stale: coins do not rest there.
    twice = make_columns(CHAIN, [0, 2, 4, 9], [0, 1, 2, 3, 1])
    columns = replace(twice, tx_block=np.array([0, 1, 1, 2, 3], dtype=np.int32))
    for known in ([True, True, True, False], [True, False, True, True]):
        chain = ChainOrder(
            order=np.arange(4),
            active=np.ones(4, dtype=bool),
            height=np.arange(4),
            ordered=np.array(known),
        )
        graph = build_graph(columns, chain=chain)
        out, kept = (4, 1) if known[1] else (1, 4)
        assert graph.tx_rank[out] == NO_RANK
        assert graph.output_spender[0] == kept
        assert graph.output_spender[out] == NO_SPEND_SEEN
        assert graph.conflicts == 0


def test_two_copies_without_a_place_are_one() -> None:
    twice = make_columns(CHAIN, [0, 2, 9], [0, 1, 1])
    columns = replace(twice, tx_block=np.array([0, 1, 2], dtype=np.int32))
    chain = ChainOrder(
        order=np.arange(3),
        active=np.ones(3, dtype=bool),
        height=np.array([0, -1, -1]),
        ordered=np.array([True, False, False]),
    )
    graph = build_graph(columns, chain=chain)
    assert sorted(graph.tx_rank.tolist()) == [NO_RANK, 0, 1]


def test_the_word_of_a_block_of_known_place_counts_first() -> None:
    world = World(
        (WorldTx((), (50,), 0), WorldTx(((0, 0),), (50,), 2), WorldTx(((0, 0),), (9,), 4))
    )
    graph = graph_of(world, [0, 2, 4], [0, 1, 2], [True, False, True])
    assert graph.tx_rank.tolist() == [0, 1, 2]
    assert graph.output_spender[0] == 2
    assert (graph.input_source[1], graph.conflicts) == (UNKNOWN, 1)
    assert graph.last_block == 2


def test_runs_that_spend_from_one_another_in_a_circle_end_the_work_all_the_same() -> None:
    # No true chain holds this: each run would be earlier than the other.
    world = World(
        (
            WorldTx((), (50,), 0),
            WorldTx(((2, 0),), (50,), 0),
            WorldTx((), (50,), 2),
            WorldTx(((0, 0),), (50,), 2),
        )
    )
    graph = graph_of(world, [0, 2], [0, 1, 2, 3], [False, False])
    assert graph.tx_rank.tolist() == [0, 1, 2, 3]
    assert graph.input_source[[1, 3]].tolist() == [UNKNOWN, 0]


def test_the_last_block_is_one_of_known_place_if_there_is_one() -> None:
    assert graph_of(CHAIN, [0, 2, 4], [0, 1, 2, 3], [True, True, False]).last_block == 1
    assert graph_of(CHAIN, [0, 2, 4], [0, 1, 2, 3], [False, False, False]).last_block == 2

"""Joining inputs to outputs: order, runs, gaps, repeats, conflicts."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.holdings.errors import SpentValueContradicts, ValueOutOfRange
from kancil.bitcoin.holdings.graph import COINBASE, NO_RANK, NO_SPEND_SEEN, UNKNOWN, build_graph
from tests.bitcoin.graphs import World, WorldTx, hold, make_columns, txid_of
from tests.bitcoin.worlds import Scene, scenes
from tests.examples import examples

CHAIN = World(
    (
        WorldTx((), (50,), 0),
        WorldTx(((0, 0),), (30, 19), 1),
        WorldTx(((1, 0),), (30,), 2),
        WorldTx(((1, 1), (2, 0)), (49,), 3),
    )
)


def test_inputs_find_the_outputs_they_spend() -> None:
    held = hold(CHAIN)
    assert held.graph.input_source.tolist() == [COINBASE, 0, 1, 2, 3]
    assert held.graph.output_spender.tolist() == [1, 2, 3, 4, NO_SPEND_SEEN]
    assert held.graph.input_value.tolist() == [50, 50, 30, 19, 30]
    assert [held.graph.fee_of(tx) for tx in range(4)] == [None, 1, 0, 0]


def test_a_source_in_a_block_not_held_is_unknown_and_its_value_too() -> None:
    graph = hold(CHAIN, hidden_blocks={1}).graph
    assert graph.input_source.tolist() == [COINBASE, UNKNOWN, UNKNOWN, 1]
    assert graph.input_value.tolist() == [50, UNKNOWN, UNKNOWN, 30]
    assert graph.output_spender.tolist() == [NO_SPEND_SEEN, 3, NO_SPEND_SEEN]
    assert graph.fee_of(1) is None


def test_a_spent_outputs_file_gives_values_but_no_sources() -> None:
    graph = hold(CHAIN, hidden_blocks={1}, known_values={(1, 0), (1, 1)}).graph
    assert graph.input_source.tolist() == [COINBASE, UNKNOWN, UNKNOWN, 1]
    assert graph.input_value.tolist() == [50, 30, 19, 30]
    assert graph.fee_of(1) == 0


def test_blocks_that_follow_by_hash_are_one_run_and_a_gap_begins_another() -> None:
    assert hold(CHAIN).graph.tx_run.tolist() == [0, 0, 0, 0]
    assert hold(CHAIN, hidden_blocks={1}).graph.tx_run.tolist() == [0, 1, 1]


def test_a_loose_transaction_comes_after_its_sources_and_before_no_one_knows_what() -> None:
    held = hold(CHAIN, hidden_blocks={1, 2}, loose={1, 2})
    graph, row = held.graph, held.row_of
    assert graph.tx_run[row[1]] == 0
    assert graph.tx_run_after[row[1]] > 1
    assert graph.tx_rank[row[0]] < graph.tx_rank[row[1]] < graph.tx_rank[row[2]]
    assert graph.tx_rank[row[2]] < graph.tx_rank[row[3]]
    assert (graph.input_source >= 0).sum() == 4


def test_a_merkle_proof_puts_a_loose_transaction_between_two_runs() -> None:
    held = hold(CHAIN, hidden_blocks={1}, loose={1})
    graph = build_graph(held.columns, block_order=np.array([0, 2, 3]), loose_order=[(1, 5)])
    assert (graph.tx_run[3], graph.tx_run_after[3]) == (0, 1)


def test_a_stale_block_stays_out() -> None:
    columns = make_columns(CHAIN, [0, 1, 2, 3], [0, 1, 2, 3])
    graph = build_graph(columns, active=np.array([True, True, True, False]))
    assert graph.tx_rank.tolist() == [0, 1, 2, NO_RANK]
    assert graph.output_spender.tolist() == [1, 2, NO_SPEND_SEEN, NO_SPEND_SEEN, NO_SPEND_SEEN]
    assert graph.input_source.tolist()[3:] == [UNKNOWN, UNKNOWN]
    assert graph.last_block == 2


def test_a_loose_copy_of_a_transaction_in_a_block_stays_out() -> None:
    columns = make_columns(CHAIN, [0, 1, 2, 3], [0, 1, 2, 3, 1])
    blocks = np.array([0, 1, 2, 3, -1], dtype=np.int32)
    graph = build_graph(replace(columns, tx_block=blocks))
    assert graph.tx_rank.tolist() == [0, 1, 2, 3, NO_RANK]
    assert graph.output_spender[0] == 1


def test_the_last_block_is_told_though_a_loose_transaction_stands_first() -> None:
    columns = make_columns(CHAIN, [0], [1, 0])
    assert build_graph(columns).last_block == 0
    assert build_graph(make_columns(CHAIN, [], [1, 0])).last_block == -1


def test_a_repeated_coinbase_gives_the_latest_before_the_spender() -> None:
    # As at heights 91722 and 91880: the same id twice; what is spent is the later one (BIP 30).
    world = World((WorldTx((), (50,), 0), WorldTx((), (50,), 1), WorldTx(((0, 0),), (50,), 2)))
    columns = make_columns(world, [0, 1, 2], [0, 1, 2])
    ids = columns.tx_id.copy()
    ids[1] = ids[0]
    graph = build_graph(replace(columns, tx_id=ids))
    assert graph.input_source.tolist() == [COINBASE, COINBASE, 1]
    between = build_graph(replace(columns, tx_id=ids), block_order=np.array([0, 2, 1]))
    assert between.input_source.tolist() == [COINBASE, COINBASE, 0]


def test_ids_that_share_their_first_bytes_are_told_apart() -> None:
    columns = make_columns(CHAIN, [0, 1, 2, 3], [0, 1, 2, 3])
    ids, prevs = columns.tx_id.copy(), columns.input_prev_id.copy()
    for number in range(4):
        mine = (columns.input_prev_id == np.frombuffer(txid_of(number), np.uint8)).all(axis=1)
        ids[number, :8] = 7
        prevs[mine, :8] = 7
    graph = build_graph(replace(columns, tx_id=ids, input_prev_id=prevs))
    assert graph.input_source.tolist() == hold(CHAIN).graph.input_source.tolist()


def test_a_loose_transaction_whose_coins_went_elsewhere_stays_out() -> None:
    world = World((*CHAIN.txs, WorldTx(((0, 0),), (50,), 9)))
    columns = make_columns(world, [0, 1, 2, 3], [0, 1, 2, 3, 4])
    graph = build_graph(columns)
    assert graph.tx_rank[4] == NO_RANK
    assert graph.output_spender[0] == 1
    assert graph.conflicts == 1


def test_an_output_spent_twice_in_blocks_is_told_and_kept_once() -> None:
    world = World((*CHAIN.txs, WorldTx(((0, 0),), (50,), 4)))
    graph = build_graph(make_columns(world, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]))
    assert graph.conflicts == 1
    assert graph.output_spender[0] == 1
    assert graph.input_source[5] == UNKNOWN


def test_a_source_that_stands_later_is_no_source() -> None:
    columns = make_columns(CHAIN, [0, 1, 2, 3], [0, 1, 2, 3])
    graph = build_graph(columns, block_order=np.array([0, 3, 2, 1]))
    assert (graph.input_source[2:] == UNKNOWN).all()


def test_an_output_index_that_does_not_exist_is_unknown() -> None:
    columns = make_columns(CHAIN, [0, 1, 2, 3], [0, 1, 2, 3])
    places = columns.input_prev_index.copy()
    places[1] = 1
    assert build_graph(replace(columns, input_prev_index=places)).input_source[1] == UNKNOWN


@pytest.mark.parametrize("value", [-1, 21_000_000 * 100_000_000 + 1])
def test_an_impossible_value_stops_the_work(value: int) -> None:
    columns = make_columns(CHAIN, [0], [0])
    wrong = replace(columns, output_value=np.array([value], dtype=np.int64))
    with pytest.raises(ValueOutOfRange) as caught:
        build_graph(wrong)
    assert caught.value.params["output"] == f"{bytes(wrong.tx_id[0])[::-1].hex()}:0"


def test_a_spent_value_that_contradicts_the_output_held_stops_the_work() -> None:
    columns = make_columns(CHAIN, [0, 1], [0, 1])
    with pytest.raises(SpentValueContradicts) as caught:
        build_graph(columns, spent_values=np.array([-1, 49]))
    name = f"{bytes(columns.tx_id[0])[::-1].hex()}:0"
    assert caught.value.params == {"output": name, "stated_sat": 49, "held_sat": 50}


@examples(150)
@given(scene=scenes(has_loose=True, has_adrift=True))
def test_links_are_those_of_the_world_and_sources_stand_before_spenders(scene: Scene) -> None:
    held, graph = scene.held, scene.held.graph
    for number, row in held.row_of.items():
        for place, point in enumerate(scene.world.txs[number].inputs):
            source = int(graph.input_source[held.input(number, place)])
            if point[0] in held.row_of:
                assert source == held.output(point)
                assert graph.output_spender[source] == held.input(number, place)
                assert graph.tx_rank[held.row_of[point[0]]] < graph.tx_rank[row]
            else:
                assert source == UNKNOWN


def test_a_million_inputs_are_joined_in_seconds() -> None:
    graph_input_count = 1_000_000
    columns = _long_columns(graph_input_count)
    began = time.process_time()
    graph = build_graph(columns)
    assert (graph.input_source[1:] == np.arange(graph_input_count - 1)).all()
    assert time.process_time() - began < 20


def _long_columns(count: int) -> Columns:
    """Make one block in which each transaction spends the one before."""
    base = make_columns(World((WorldTx((), (50,), 0),)), [0], [0])
    ids = np.random.default_rng(7).integers(0, 256, (count, 32), dtype=np.uint8)
    prev = np.zeros((count, 32), dtype=np.uint8)
    prev[1:] = ids[:-1]
    index = np.zeros(count, dtype=np.uint32)
    index[0] = 0xFFFFFFFF
    return replace(
        base,
        tx_id=ids,
        tx_block=np.zeros(count, dtype=np.int32),
        tx_version=np.ones(count, dtype=np.int32),
        tx_input_start=np.arange(count + 1),
        tx_output_start=np.arange(count + 1),
        input_prev_id=prev,
        input_prev_index=index,
        output_value=np.full(count, 50),
        output_script=np.full(count, 2, dtype=np.uint8),
    )

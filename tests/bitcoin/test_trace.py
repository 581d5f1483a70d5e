"""The trace: real payments, limits, services, coins that come back, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.columns import Columns, concat
from kancil.bitcoin.blocks.parse import find_blocks, parse_blocks
from kancil.bitcoin.holdings.graph import Graph, build_graph
from kancil.bitcoin.tracing.errors import (
    PolicyUnknown,
    ServicePassWithoutReason,
    TraceLimitWrong,
    TraceShareWrong,
    TraceStartMissing,
    TransactionOverspends,
)
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.bitcoin.tracing.result import Bounds, Fetch, Start, TraceResult
from kancil.bitcoin.tracing.trace import compare, policy_named, trace
from tests.bitcoin.graphs import Held, World, WorldTx, hold
from tests.bitcoin.worlds import Scene, scenes
from tests.examples import examples

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "blocks"
MAGIC = bytes.fromhex("f9beb4d9")
BTC = 100_000_000
conserving = pytest.mark.parametrize("policy", ["haircut", "fifo", "lifo"])
every = pytest.mark.parametrize("policy", [policy.name for policy in POLICIES])


@dataclass(frozen=True)
class ServiceLabel:
    """A label of the tests."""

    category: str = "exchange"
    publisher: str = "someone"
    is_service: bool = True


# --- real payments --------------------------------------------------------------------------------


@cache
def _first_600() -> tuple[Columns, Graph]:
    parts = []
    for name in ("blk00000.dat", "blk00001.dat"):
        buffer = np.fromfile(SAMPLE / name, dtype=np.uint8)
        spans, _ = find_blocks(buffer, MAGIC)
        parts.append(parse_blocks(buffer, spans)[0])
    columns = concat(parts)
    return columns, build_graph(columns, block_order=_heights(columns))


def _heights(columns: Columns) -> np.ndarray[Any, Any]:
    """Follow the hashes from the block that follows none held."""
    after = {columns.block_prev[row].tobytes(): row for row in range(columns.block_count)}
    heights = np.zeros(columns.block_count, dtype=np.int64)
    row, height = after[bytes(32)], 0
    while True:
        heights[row] = height
        name = columns.block_hash[row].tobytes()
        if name not in after:
            return heights
        row, height = after[name], height + 1


@cache
def _single(height: int) -> tuple[Columns, Graph]:
    buffer = np.fromfile(SAMPLE / f"{height}.raw", dtype=np.uint8)
    columns, skipped = parse_blocks(buffer, np.array([[0, len(buffer)]], dtype=np.int64))
    assert not skipped
    return columns, build_graph(columns)


def _tx(columns: Columns, txid: str) -> int:
    wanted = np.frombuffer(bytes.fromhex(txid)[::-1], dtype=np.uint8)
    return int(np.flatnonzero((columns.tx_id == wanted).all(axis=1))[0])


@every
def test_the_coins_of_block_9_go_on_over_six_hops_and_meet_others_in_block_496(policy: str) -> None:
    columns, graph = _first_600()
    heights = _heights(columns)
    (block_9,) = np.flatnonzero(heights == 9)
    (coinbase,) = np.flatnonzero(columns.tx_block == block_9)
    start = graph.outputs_of(int(coinbase))
    result = trace(graph, [Start(output) for output in start], policy=policy)
    first = result.transfers[0]
    assert (heights[columns.tx_block[first.tx]], first.value_sat) == (170, 10 * BTC)
    assert max(row.hop for row in result.transfers) == 6
    assert len(result.steps) + 1 == 9
    last = result.transfers[-1]
    assert (heights[columns.tx_block[last.tx]], last.value_sat) == (496, 61 * BTC)
    if policy == "poison":
        assert last.lower == last.upper == 61 * BTC
    else:
        assert last.lower == last.upper == 11 * BTC
        assert result.totals.resting == Bounds(50 * BTC, 50 * BTC)
        assert result.totals.undetermined == 0


@every
def test_the_chain_of_71_hops_in_block_370661_is_followed_to_its_end(policy: str) -> None:
    columns, graph = _single(370661)
    tx = _tx(columns, "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f")
    result = trace(graph, [Start(output) for output in graph.outputs_of(tx)], policy=policy)
    assert max(step.hop for step in result.steps) == 71
    # Sources of other inputs lie before this block, so none can hold coins that left within it.
    assert all(row.lower == row.upper for row in result.transfers)
    totals = result.totals
    assert totals.may_return == totals.undetermined == 0
    assert totals.start == 952_982_782
    assert totals.resting.lower + totals.fees.lower == totals.start


@every
def test_both_sources_of_the_payment_to_a_listed_address_lie_outside_the_slice(
    policy: str,
) -> None:
    columns, graph = _single(574200)
    tx = _tx(columns, "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad")
    listed = graph.outputs_of(tx)[0]
    result = trace(graph, [Start(listed)], policy=policy, direction="backward")
    assert result.totals.start == 38_796_959
    assert {row.output for row in result.transfers} == {-1}
    wanted = {Fetch("source", -1, number) for number in graph.inputs_of(tx)}
    if policy in ("poison", "haircut"):
        assert len(wanted) == 2
        assert set(result.fetch_list) == wanted
    else:
        assert set(result.fetch_list) <= wanted
    assert {holding.state for holding in result.holdings} == {"unknown-source"}


# --- many starts ----------------------------------------------------------------------------------

MIXED = World(
    (
        WorldTx((), (60,), 0),
        WorldTx((), (40,), 1),
        WorldTx(((0, 0), (1, 0)), (50, 45), 2),
        WorldTx(((2, 0),), (20, 30), 3),
        WorldTx(((2, 1), (3, 0)), (65,), 4),
    )
)


def _ask(held: Held, *starts: Start, **options: Any) -> TraceResult:
    return trace(held.graph, list(starts), **{"policy": "haircut", **options})


@conserving
def test_starts_that_meet_are_merged_exactly(policy: str) -> None:
    held = hold(MIXED)
    starts = [Start(held.output((0, 0))), Start(held.output((1, 0)))]
    result = trace(held.graph, starts, policy=policy)
    # All coins are traced, so every output holds its whole value and the fee of 5 is traced.
    assert all(row.lower == row.upper == row.value_sat for row in result.transfers)
    assert result.totals.resting == Bounds(95, 95)
    assert result.totals.fees == Bounds(5, 5)


def test_a_start_reached_by_other_traced_coins_counts_them_once() -> None:
    held = hold(MIXED)
    result = _ask(held, Start(held.output((0, 0))), Start(held.output((2, 0))))
    totals = result.totals
    assert totals.start == 110
    # Haircut brings 60 * 50 / 100 = 30 to the output of 50 that is a start as a whole.
    assert totals.overlap == Bounds(30, 30)
    assert totals.undetermined == 0
    parts = (totals.overlap, totals.resting, totals.fees, totals.left_out)
    assert sum(part.lower for part in parts) == totals.start


def test_two_victims_may_share_one_output_up_to_its_value() -> None:
    held = hold(MIXED)
    output = held.output((0, 0))
    shared = _ask(held, Start(output, 20, "first victim"), Start(output, 30, "second victim"))
    assert shared.totals.start == 50
    with pytest.raises(TraceShareWrong) as caught:
        _ask(held, Start(output, 40, "first victim"), Start(output, 30, "second victim"))
    assert caught.value.params == {
        "reference": "second victim",
        "share_sat": 70,
        "value_sat": 60,
    }


@every
def test_the_order_of_the_starts_does_not_matter(policy: str) -> None:
    held = hold(MIXED)
    starts = [Start(held.output((0, 0)), 30), Start(held.output((1, 0)))]
    there = trace(held.graph, starts, policy=policy)
    back = trace(held.graph, starts[::-1], policy=policy)
    assert (there.transfers, there.totals) == (back.transfers, back.totals)


# --- limits and services --------------------------------------------------------------------------


def test_hops_stop_the_trace_and_say_what_was_left() -> None:
    held = hold(MIXED)
    result = _ask(held, Start(held.output((0, 0))), hops=1)
    assert {row.hop for row in result.transfers} == {1}
    assert {row.limit for row in result.left_out} == {"hops"}
    # 60 of 100 go in; 30 and 27 go on, 3 are fee.
    assert result.totals.left_out == Bounds(57, 57)
    assert result.totals.fees == Bounds(3, 3)


def test_small_amounts_are_not_followed_but_told() -> None:
    held = hold(MIXED)
    result = _ask(held, Start(held.output((0, 0))), min_sat=28)
    assert [(row.limit, row.lower) for row in result.left_out] == [("min-sat", 27), ("min-sat", 12)]
    assert result.totals.undetermined == 0


@pytest.mark.parametrize(("limit", "shift", "steps"), [("until", 2, 1), ("since", 3, 0)])
def test_a_time_window_stops_the_trace(limit: str, shift: int, steps: int) -> None:
    held = hold(MIXED)
    moment = datetime.fromtimestamp(1_000_000 + 600 * shift, tz=UTC)
    result = _ask(held, Start(held.output((0, 0))), **{limit: moment})
    assert len(result.steps) == steps
    assert {row.limit for row in result.left_out} == {limit}
    assert result.totals.undetermined == 0


def _labelled(output: int) -> Any:
    return lambda asked: (ServiceLabel(),) if asked == output else ()


def test_a_labelled_service_stops_the_trace_by_default() -> None:
    held = hold(MIXED)
    service = held.output((2, 0))
    result = _ask(held, Start(held.output((0, 0))), label_of=_labelled(service))
    (stopped,) = result.left_out
    assert (stopped.limit, stopped.output, stopped.lower) == ("service", service, 30)
    assert stopped.labels == (ServiceLabel(),)
    assert not any(row.after_service for row in result.transfers)


def test_passing_a_service_marks_every_later_row() -> None:
    held = hold(MIXED)
    result = _ask(
        held,
        Start(held.output((0, 0))),
        label_of=_labelled(held.output((2, 0))),
        pass_services="the exchange confirmed in writing that it holds no pool",
    )
    after = {row.output: row.after_service for row in result.transfers}
    assert not after[held.output((2, 0))]
    assert not after[held.output((2, 1))]
    assert after[held.output((3, 0))]
    assert after[held.output((4, 0))]
    assert result.parameters["pass_services"].startswith("the exchange confirmed")


def test_a_start_at_a_service_is_stopped_forward_and_asked_backward() -> None:
    held = hold(MIXED)
    output = held.output((2, 0))
    forward = _ask(held, Start(output), label_of=_labelled(output))
    assert [row.limit for row in forward.left_out] == ["service"]
    backward = _ask(held, Start(output), label_of=_labelled(output), direction="backward")
    assert backward.totals.newly_issued == Bounds(50, 50)


def test_backward_ends_at_newly_issued_coins() -> None:
    held = hold(MIXED)
    result = _ask(held, Start(held.output((4, 0))), direction="backward")
    assert {holding.state for holding in result.holdings} == {"newly-issued"}
    assert result.totals.newly_issued == Bounds(65, 65)
    assert result.totals.fees == Bounds(0, 0)


def test_coins_on_an_output_that_cannot_be_spent_are_not_waited_for() -> None:
    held = hold(MIXED)
    graph = replace(held.graph, output_spendable=np.zeros(len(held.graph.output_value), bool))
    result = trace(graph, [Start(held.output((4, 0)))], policy="fifo")
    assert [holding.state for holding in result.holdings] == ["unspendable"]
    assert not result.fetch_list


# --- coins that go out of sight and come back -----------------------------------------------------

RETURNING = World(
    (
        WorldTx((), (10,), 0),
        WorldTx(((0, 0),), (6, 4), 1),
        WorldTx(((1, 0),), (6,), 2),
        WorldTx(((1, 1), (2, 0)), (10,), 3),
    )
)


def test_an_unknown_input_after_a_gap_may_hold_what_went_out_of_sight() -> None:
    held = hold(RETURNING, hidden_blocks={2}, known_values={(2, 0)})
    result = _ask(held, Start(held.output((0, 0))))
    (back,) = [row for row in result.transfers if row.tx == held.row_of[3]]
    # The 4 are known to come; the 6 that rest unseen may have come back as the unknown input.
    assert (back.lower, back.upper, back.reason) == (4, 10, "unknown-source")
    assert Fetch("source", -1, held.input(3, 1)) in result.fetch_list
    assert Fetch("spender", held.output((1, 0)), -1) in result.fetch_list


def test_without_a_gap_an_unknown_input_holds_none_of_the_coins() -> None:
    held = hold(RETURNING, hidden_blocks={0})
    # Block 0 is not held, but 1 to 3 are, one after the other: nothing can have come back.
    result = _ask(held, Start(held.output((1, 0))), Start(held.output((1, 1))))
    assert all(row.lower == row.upper for row in result.transfers)


def test_a_value_from_a_known_file_narrows_the_bounds() -> None:
    unknown = hold(RETURNING, hidden_blocks={2})
    known = hold(RETURNING, hidden_blocks={2}, known_values={(2, 0)})
    lowers = []
    for held in (unknown, known):
        result = _ask(held, Start(held.output((1, 1))))
        lowers.append(result.transfers[-1].lower)
    assert lowers == [0, 4]


def test_a_loose_transaction_may_stand_after_coins_that_left_the_same_run() -> None:
    world = World(
        (
            WorldTx((), (10,), 0),
            WorldTx(((0, 0),), (6, 4), 1),
            WorldTx(((1, 0),), (6,), 2),
            WorldTx(((1, 1), (2, 0)), (10,), 3),
        )
    )
    held = hold(world, hidden_blocks={2, 3}, loose={3}, known_values={(2, 0)})
    result = _ask(held, Start(held.output((0, 0))))
    (row,) = [row for row in result.transfers if row.tx == held.row_of[3]]
    assert (row.lower, row.upper) == (4, 10)


def test_coins_that_may_have_gone_round_unseen_are_told_as_a_number() -> None:
    world = World((*RETURNING.txs[:3], WorldTx(((2, 0),), (6,), 3)))
    held = hold(world, hidden_blocks={2}, known_values={(2, 0)})
    result = _ask(held, Start(held.output((0, 0))))
    assert held.row_of[3] not in {row.tx for row in result.transfers}
    assert result.totals.may_return == 10


def test_what_descends_from_an_unknown_input_is_doubtful_too() -> None:
    world = World(
        (
            *RETURNING.txs[:3],
            WorldTx(((2, 0),), (6,), 3),
            WorldTx(((1, 1), (3, 0)), (10,), 4),
        )
    )
    held = hold(world, hidden_blocks={2}, known_values={(2, 0)})
    result = _ask(held, Start(held.output((0, 0))))
    (row,) = [row for row in result.transfers if row.tx == held.row_of[4]]
    assert (row.lower, row.upper, row.reason) == (4, 10, "unknown-source")
    assert Fetch("source", -1, held.input(3, 0)) in result.fetch_list


def test_backward_an_output_without_a_seen_spend_may_be_part_of_an_unknown_source() -> None:
    held = hold(RETURNING, hidden_blocks={2}, known_values={(2, 0)})
    result = _ask(held, Start(held.output((3, 0))), direction="backward")
    rows = {row.input: row for row in result.transfers}
    assert (rows[held.input(3, 1)].lower, rows[held.input(3, 1)].output) == (6, -1)
    first = rows[held.input(1, 0)]
    assert (first.lower, first.upper, first.reason) == (4, 10, "unknown-spender")


# --- properties -----------------------------------------------------------------------------------


def _starts(scene: Scene) -> list[Start]:
    return [Start(scene.held.output(p), len(places)) for p, places in scene.starts.items()]


@conserving
@pytest.mark.parametrize("direction", ["forward", "backward"])
@examples(120)
@given(scene=scenes(has_loose=True), hops=st.none() | st.integers(1, 3), least=st.integers(0, 3))
def test_satoshi_are_conserved(
    policy: str, direction: Any, scene: Scene, hops: int | None, least: int
) -> None:
    assume(scene.starts)
    straight = trace(
        scene.held.graph,
        _starts(scene),
        policy=policy,
        direction=direction,
        hops=hops,
        min_sat=least,
    )
    for result in (straight, straight.reversed_order or straight):
        totals = result.totals
        parts = (
            totals.overlap,
            totals.resting,
            totals.newly_issued,
            totals.unknown_source,
            totals.fees,
            totals.left_out,
        )
        assert sum(part.lower for part in parts) + totals.undetermined == totals.start
        assert totals.undetermined >= 0
        assert sum(part.upper for part in parts) >= totals.start
        if all(part.lower == part.upper for part in parts):
            assert totals.undetermined == 0


@pytest.mark.parametrize("direction", ["forward", "backward"])
@examples(150)
@given(scene=scenes(has_loose=True))
def test_poison_reaches_whatever_any_policy_reaches(direction: Any, scene: Scene) -> None:
    assume(scene.starts)
    results = compare(scene.held.graph, _starts(scene), direction=direction)

    def reach(result: TraceResult) -> set[tuple[int, int, int]]:
        return {(row.tx, row.input, row.output) for row in result.transfers}

    for name, result in results.items():
        assert reach(result) <= reach(results["poison"]), name
        if result.reversed_order:
            assert reach(result.reversed_order) <= reach(results["poison"]), name


# --- transactions that stop it --------------------------------------------------------------------


def test_a_coinjoin_stops_the_trace_before_it_and_is_not_divided() -> None:
    held = hold(MIXED)
    stop, start = 2, held.output((0, 0))
    forward = _ask(held, Start(start), stops_at=lambda tx: tx == stop)
    (left,) = forward.left_out
    assert (left.limit, left.output, left.lower, left.spend_seen) == ("coinjoin", start, 60, True)
    assert not forward.transfers
    assert not forward.steps
    own = _ask(held, Start(held.output((2, 0))), stops_at=lambda tx: tx == stop)
    assert own.transfers, "what a CoinJoin paid is followed on from where it was asked"
    backward = _ask(
        held, Start(held.output((4, 0))), direction="backward", stops_at=lambda tx: tx == stop
    )
    assert {held.graph.tx_of_output(row.output) for row in backward.left_out} == {stop}
    assert stop not in {step.tx for step in backward.steps}
    asked = held.output((2, 0))
    whole = _ask(held, Start(asked), direction="backward", stops_at=lambda tx: tx == stop)
    assert [(row.limit, row.output) for row in whole.left_out] == [("coinjoin", asked)]


@conserving
@pytest.mark.parametrize("direction", ["forward", "backward"])
@examples(60)
@given(scene=scenes(has_loose=True), stops=st.sets(st.integers(0, 30), max_size=4))
def test_a_trace_that_stops_shows_a_part_of_the_one_that_goes_through(
    policy: str, direction: Any, scene: Scene, stops: set[int]
) -> None:
    assume(scene.starts)
    asked: Any = {"policy": policy, "direction": direction}
    graph = scene.held.graph
    stopped = trace(graph, _starts(scene), **asked, stops_at=lambda tx: tx in stops)
    through = trace(graph, _starts(scene), **asked)
    assert not stops & {step.tx for step in stopped.steps}
    reached = {(row.tx, row.input, row.output) for row in through.transfers}
    assert {(row.tx, row.input, row.output) for row in stopped.transfers} <= reached
    totals = stopped.totals
    parts = (
        totals.overlap, totals.resting, totals.newly_issued, totals.unknown_source, totals.fees,
        totals.left_out,
    )  # fmt: skip
    assert sum(part.lower for part in parts) + totals.undetermined == totals.start
    assert totals.undetermined >= 0


def test_compare_answers_under_every_policy_and_both_orders() -> None:
    held = hold(MIXED)
    results = compare(held.graph, [Start(held.output((0, 0)))])
    assert list(results) == ["poison", "haircut", "fifo", "lifo"]
    assert {name for name, result in results.items() if result.reversed_order} == {"fifo", "lifo"}
    turned = results["fifo"].reversed_order
    assert turned is not None
    assert turned.parameters["order"] == "reversed"
    # First in first out: the 60 fill the output of 50 and 10 of the other; reversed, the 40 go
    # first, so the 60 fill what is left of the 45 that is laid first, and the 50, less the fee.
    straight = {row.output: row.lower for row in results["fifo"].transfers}
    other = {row.output: row.lower for row in turned.transfers}
    assert (straight[held.output((2, 0))], straight[held.output((2, 1))]) == (50, 10)
    assert (other[held.output((2, 0))], other[held.output((2, 1))]) == (50, 5)


# --- what is refused ------------------------------------------------------------------------------


def test_what_has_no_meaning_is_refused() -> None:
    held = hold(MIXED)
    start = Start(held.output((0, 0)))
    naive = datetime(2026, 3, 9)  # noqa: DTZ001
    early, late = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    with pytest.raises(TraceStartMissing):
        _ask(held)
    with pytest.raises(ServicePassWithoutReason):
        _ask(held, start, pass_services="  ")
    with pytest.raises(PolicyUnknown):
        policy_named("guess")
    for wrong in ({"hops": 0}, {"min_sat": -1}, {"since": naive}, {"since": late, "until": early}):
        with pytest.raises(TraceLimitWrong):
            _ask(held, start, **wrong)
    with pytest.raises(TraceShareWrong):
        _ask(held, Start(held.output((0, 0)), -1))


def test_a_transaction_that_pays_out_more_than_it_takes_in_stops_the_work() -> None:
    held = hold(World((WorldTx((), (10,), 0), WorldTx(((0, 0),), (11,), 1))))
    with pytest.raises(TransactionOverspends) as caught:
        _ask(held, Start(held.output((0, 0))))
    txid = bytes(held.columns.tx_id[held.row_of[1]])[::-1].hex()
    assert caught.value.params == {"txid": txid}


def test_a_chain_of_twenty_thousand_transactions_is_followed_to_its_end() -> None:
    txs = [WorldTx((), (10**12,), 0)]
    txs += [WorldTx(((n, 0),), (10**12 - 3 * n - 3, 2), 0) for n in range(20_000)]
    held = hold(World(tuple(txs)))
    result = _ask(held, Start(held.output((0, 0))))
    assert len(result.steps) == 20_000
    assert result.totals.undetermined == 0

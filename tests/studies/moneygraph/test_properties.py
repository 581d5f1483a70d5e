"""What holds of every money graph: its size, its bytes, its sums, its rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.bitcoin.tracing.result import Bounds, Start, TraceResult
from kancil.studies.moneygraph.composing import Composed, compose
from kancil.studies.moneygraph.folding import MOST_NODES, TIGHTER, Measure, fold, measure_of
from kancil.studies.moneygraph.lines import Writer
from kancil.studies.moneygraph.model import Edge, Node, sum_bounds
from kancil.studies.moneygraph.net import Net, Sight
from kancil.studies.moneygraph.parts import Folded
from tests.bitcoin.graphs import hold
from tests.bitcoin.worlds import Scene, scenes
from tests.studies.moneygraph.worlds import large_world, reach_of, sight_of, starts_of

FOLDS = {"ends", "chain", "stage", "below"}
policies = st.sampled_from(("haircut", "fifo", "lifo", "poison"))
directions = st.sampled_from(("forward", "backward"))
measures = st.sampled_from((*TIGHTER, Measure(2, 1, 2), Measure(3, 0, 0)))


def composed_of(sight: Sight, net: Net, folded: Folded, second: str = "") -> Composed:
    writer = Writer(is_backward=net.is_backward, is_traced=True, second=second)
    return compose(sight, net, folded, writer, second, ())


def bytes_of(composed: Composed) -> bytes:
    told = [
        [node.as_dict() for node in composed.nodes],
        [edge.as_dict() for edge in composed.edges],
    ]
    return json.dumps([told, composed.axis]).encode()


def row_bounds(result: TraceResult, rows: Sequence[int]) -> Bounds:
    found = [result.transfers[row - 1] for row in rows]
    return sum_bounds([Bounds(row.lower, row.upper) for row in found])


def all_open(sight: Sight, net: Net, measure: Measure) -> tuple[Folded, list[str]]:
    """Open every fold, and what comes out of it, until none is left."""
    opened: list[str] = []
    while True:
        folded = fold(sight, net, opened, (), measure)
        found = [part.opens for part in folded.parts.values() if part.kind in FOLDS]
        if not found:
            return folded, opened
        assert not set(found) & set(opened)
        opened += found


@given(scenes(has_loose=True, has_adrift=True), policies, directions, st.integers(1, 4))
def test_every_row_of_the_trace_is_one_strand_with_its_very_bounds(
    scene: Scene, policy: str, direction: str, hops: int
) -> None:
    if not scene.starts:
        return
    for limit in (None, hops):
        reach = reach_of(scene.held, starts_of(scene), [policy], direction, limit)
        (result,) = reach.results
        net = reach.net()
        told = {strand.shares[0].row: strand for strand in net.strands if strand.shares[0].row}
        assert sorted(told) == [row.number for row in result.transfers]
        for row in result.transfers:
            share = told[row.number].shares[0]
            side = share.spent if direction == "backward" else share.made
            assert side == (row.lower, row.upper)
            assert share.after_service == row.after_service


@given(scenes(has_loose=True), policies, directions, measures)
def test_folds_and_arrows_hold_the_sum_of_their_rows(
    scene: Scene, policy: str, direction: str, measure: Measure
) -> None:
    if not scene.starts:
        return
    reach = reach_of(scene.held, starts_of(scene), [policy], direction)
    (result,) = reach.results
    sight, net = sight_of(scene.held), reach.net()
    composed = composed_of(sight, net, fold(sight, net, (), (), measure))
    starts = {start.output for start in result.starts}
    by_row = {strand.shares[0].row: strand for strand in net.strands}
    every: list[Node | Edge] = [*composed.nodes, *composed.edges]
    for one in every:
        is_whole = one.count == len(one.rows) and not any(
            by_row[row].output in starts for row in one.rows
        )
        if one.amount.share is not None and is_whole and getattr(one, "kind", "ends") == "ends":
            assert one.amount.share == row_bounds(result, one.rows)
        if one.amount.share is None:
            assert policy == "poison"


@given(scenes(hides=False, whole_starts=True), st.sampled_from(("haircut", "fifo", "lifo")))
def test_what_comes_into_a_node_goes_out_of_it_or_to_fees(scene: Scene, policy: str) -> None:
    """With all blocks held and whole starts that do not flow into each other."""
    if len(scene.starts) != 1:
        return
    reach = reach_of(scene.held, starts_of(scene), [policy], "forward")
    sight, net = sight_of(scene.held), reach.net()
    for measure in (TIGHTER[0], Measure(2, 1, 1)):
        composed = composed_of(sight, net, fold(sight, net, (), (), measure))
        fees = {f"tx-{sight.names.txid(tx)}": fee[0] for tx, fee in net.fees.items()}
        for node in composed.nodes:
            if node.kind != "tx":
                continue
            entering = [e.amount.share for e in composed.edges if e.target == node.id]
            leaving = [e.amount.share for e in composed.edges if e.source == node.id]
            assert sum(share.lower for share in entering if share) == sum(
                share.lower for share in (*leaving, fees[node.id]) if share
            )


@given(scenes(), policies, directions, measures)
def test_the_same_net_gives_the_same_bytes(
    scene: Scene, policy: str, direction: str, measure: Measure
) -> None:
    if not scene.starts:
        return
    pictures = []
    for is_turned in (False, True):
        reach = reach_of(scene.held, starts_of(scene), [policy], direction)
        sight, net = sight_of(scene.held), reach.net()
        if is_turned:
            net.strands.reverse()
        pictures.append(bytes_of(composed_of(sight, net, fold(sight, net, (), (), measure))))
    assert pictures[0] == pictures[1]


@given(scenes(), policies, directions, measures)
def test_opening_everything_leaves_no_fold_and_loses_no_coin(
    scene: Scene, policy: str, direction: str, measure: Measure
) -> None:
    if not scene.starts:
        return
    reach = reach_of(scene.held, starts_of(scene), [policy], direction)
    sight, net = sight_of(scene.held), reach.net()
    folded, _ = all_open(sight, net, measure)
    assert sorted(tx for part in folded.parts.values() for tx in part.txs) == sorted(net.hops)
    shown = Counter(strand.key for part in folded.parts.values() for strand in part.strands)
    tied = {strand.key for tie in folded.ties for strand, _ in tie.strands}
    assert set(shown) | tied == {strand.key for strand in net.strands}
    assert not any(part.inside for part in folded.parts.values())
    assert max(shown.values(), default=1) == 1


@given(scenes(), directions, measures)
def test_every_arrow_joins_two_nodes_that_are_there(
    scene: Scene, direction: str, measure: Measure
) -> None:
    if not scene.starts:
        return
    reach = reach_of(scene.held, starts_of(scene), ["haircut", "poison"], direction)
    sight, net = sight_of(scene.held), reach.net()
    composed = composed_of(sight, net, fold(sight, net, (), (), measure), "poison")
    ids = [node.id for node in composed.nodes]
    assert len(set(ids)) == len(ids)
    assert len({edge.id for edge in composed.edges}) == len(composed.edges)
    places = {node.id: node for node in composed.nodes}
    for edge in composed.edges:
        assert edge.source != edge.target
        if not edge.goes_back:
            assert places[edge.source].layer < places[edge.target].layer
            assert edge.points[0][0] == places[edge.source].x + places[edge.source].width
            assert edge.points[-1][0] == places[edge.target].x


@settings(max_examples=20)
@given(scenes(max_txs=9), directions)
def test_nodes_of_one_layer_do_not_overlap(scene: Scene, direction: str) -> None:
    if not scene.starts:
        return
    reach = reach_of(scene.held, starts_of(scene), ["haircut"], direction)
    sight, net = sight_of(scene.held), reach.net()
    composed = composed_of(sight, net, fold(sight, net, (), (), TIGHTER[0]))
    for above, below in zip(composed.nodes, composed.nodes[1:], strict=False):
        if above.layer == below.layer:
            assert above.y + above.height <= below.y


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_of_any_chain_has_at_most_five_hundred_nodes(seed: int) -> None:
    held = hold(large_world(seed))
    sight = sight_of(held)
    for policy in ("poison", "haircut"):
        net = reach_of(held, [Start(0)], [policy], "forward").net()
        assert len(net.hops) > 300
        measure = measure_of(sight, net, ())
        composed = composed_of(sight, net, fold(sight, net, (), (), measure))
        assert len(composed.nodes) <= MOST_NODES
        assert sum(node.count for node in composed.nodes if node.hops) == len(net.hops)


@pytest.mark.parametrize("measure", TIGHTER, ids=lambda measure: f"{measure.hubs} hubs")
def test_even_the_tightest_fold_says_how_much_it_holds(measure: Measure) -> None:
    held = hold(large_world(1, 600))
    sight = sight_of(held)
    reach = reach_of(held, [Start(0)], ["haircut"], "forward")
    net = reach.net()
    composed = composed_of(sight, net, fold(sight, net, (), (), measure))
    rests = [node for node in composed.nodes if node.state == "no-spend-seen"]
    resting = reach.results[0].totals.resting
    assert sum_bounds([node.amount.share for node in rests if node.amount.share]) == resting

"""By address, and by entity, every arrow of a random chain is what a slow reading of it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.holdings.graph import COINBASE
from kancil.studies.moneygraph.browsed import BrowsedReach, begun_of
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.levelled import fold_level
from kancil.studies.moneygraph.net import Net, Sight
from kancil.studies.moneygraph.parts import JUNCTION
from kancil.studies.moneygraph.query import GraphQuery, asked
from tests.bitcoin.graphs import Held, hold
from tests.bitcoin.worlds import Scene, scenes
from tests.studies.moneygraph.worlds import WorldNames, large_world, sight_of


class Addressed(WorldNames):
    """A world in which outputs pay a few addresses, some none."""

    def __init__(self, held: Held, seed: int, count: int = 4) -> None:
        super().__init__(held)
        self._seed, self._count = seed, count

    def address(self, output: int) -> str:
        place = (output * 2_654_435_761 + self._seed) % 2**16 % (self._count + 1)
        return f"a{place}" if place < self._count else ""


def seen(held: Held, seed: int, count: int = 4) -> Sight:
    return replace(sight_of(held), names=Addressed(held, seed, count), chain="w")


def whole(sight: Sight) -> Net:
    """All of a small world, browsed without a limit."""
    txs = [tx for tx in range(sight.graph.tx_count) if int(sight.graph.tx_rank[tx]) >= 0]
    return BrowsedReach(sight, begun_of((), txs), GraphQuery(asked("x"), hops=1)).net()


def slowly(sight: Sight, net: Net) -> Counter[tuple[str, str]]:
    """Whole values from payer to payee, and of what nobody settles, output by output."""
    graph, names = sight.graph, sight.names

    def holder(output: int) -> str:
        address = names.address(output)
        return f"addr-w-{address}" if address else f"out-{names.outpoint(output).replace(':', '-')}"

    found: Counter[tuple[str, str]] = Counter()
    for tx in net.hops:
        inputs = [int(graph.input_source[number]) for number in graph.inputs_of(tx)]
        payers = {holder(source) for source in inputs if source >= 0}
        is_new = len(inputs) == 1 and inputs[0] == COINBASE
        junction = f"tx-{names.txid(tx)}"
        if is_new:
            payer = f"new-{names.txid(tx)}-0"
        elif len(payers) == 1 and all(source >= 0 for source in inputs):
            (payer,) = payers
        else:
            payer = junction
            for source in inputs:
                if source >= 0:
                    found[holder(source), junction] += int(graph.output_value[source])
        for output in graph.outputs_of(tx):
            if payer != holder(output):
                found[payer, holder(output)] += int(graph.output_value[output])
    return found


@given(scenes(has_loose=False), st.integers(0, 9_999))
def test_arrows_between_addresses_are_those_of_a_slow_reading(scene: Scene, seed: int) -> None:
    sight = seen(scene.held, seed)
    net = whole(sight)
    folded = fold_level(sight, net, ())
    fast: Counter[tuple[str, str]] = Counter()
    for tie in folded.ties:
        if tie.source.startswith("new-") and folded.parts[tie.target].kind == JUNCTION:
            continue  # coins whose source is not held
        for strand, _ in tie.strands:
            fast[tie.source, tie.target] += max(0, strand.value_sat)
    wanted = slowly(sight, net)
    assert {pair: value for pair, value in fast.items() if value} == {
        pair: value for pair, value in wanted.items() if value
    }


@given(scenes(has_loose=True), st.integers(0, 9_999))
def test_no_coin_is_lost_or_drawn_twice_by_address(scene: Scene, seed: int) -> None:
    sight = seen(scene.held, seed)
    net = whole(sight)
    folded = fold_level(sight, net, ())
    held = Counter(
        strand.key for part in folded.parts.values() for strand in (*part.strands, *part.inside)
    )
    ties = {strand.key for tie in folded.ties for strand, _ in tie.strands}
    assert set(held) | ties == {strand.key for strand in net.strands}
    assert all(count == 1 for count in held.values())
    ends = {end for tie in folded.ties for end in (tie.source, tie.target)}
    assert ends <= set(folded.parts)


def test_a_wide_world_is_folded_to_what_a_picture_holds() -> None:
    for seed in range(3):
        held = hold(large_world(seed))
        sight = seen(held, seed, 40_000)
        net = whole(sight)
        folded = fold_level(sight, net, ())
        assert len(folded.parts) <= MOST_NODES
        keys = {
            strand.key for part in folded.parts.values() for strand in (*part.strands, *part.inside)
        } | {strand.key for tie in folded.ties for strand, _ in tie.strands}
        assert keys == {strand.key for strand in net.strands}

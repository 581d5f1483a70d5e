"""Folding by cluster: exact sums, nothing lost, never a CoinJoin, one owner never claimed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import kept_clusters, kept_numbers, open_clusters
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.folding import TIGHTER, fold
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.net import Net
from kancil.studies.moneygraph.parts import CLUSTER, Folded
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.selection import selected_of
from kancil.studies.moneygraph.twin import write_csv
from tests.bitcoin.chains import chain_of
from tests.bitcoin.mixed import MIXED
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, mine, p2pkh
from tests.bitcoin.worlds import Scene, scenes
from tests.studies.moneygraph.sample_chain import labels_of, no_labels
from tests.studies.moneygraph.stepping import collapse, expand
from tests.studies.moneygraph.worlds import reach_of, sight_of, starts_of


@dataclass
class Guessed:
    """Outputs put into clusters by the fall of dice: each output an address of its own."""

    seed: int
    aside: frozenset[int] = frozenset()

    def address_of(self, output: int) -> int:
        return output

    def of(self, output: int) -> int:
        return random.Random(f"{self.seed} {output}").choice((-1, 0, 0, 1, 2))

    def is_set_aside(self, tx: int, address: int) -> bool:
        return tx in self.aside

    def name_of(self, number: int) -> str:
        return f"address {number}"


def keys(folded: Folded) -> set[int]:
    parts = {one.key for part in folded.parts.values() for one in (*part.strands, *part.inside)}
    return parts | {one.key for tie in folded.ties for one, _ in tie.strands}


def spent(net: Net, folded: Folded, ident: str) -> tuple[int, int]:
    """What comes into a node, and what goes out of it, to fees, or stays."""
    part = folded.parts[ident]

    def share(strand: object, *, is_spent: bool) -> int:
        told = strand.shares[0]  # type: ignore[attr-defined]
        return int(told.spent.lower if is_spent else told.made.lower)

    comes = sum(share(one, is_spent=flag) for tie in folded.ties if tie.target == ident
                for one, flag in tie.strands)  # fmt: skip
    goes = sum(share(one, is_spent=flag) for tie in folded.ties if tie.source == ident
               for one, flag in tie.strands)  # fmt: skip
    fees = sum(net.fees[tx][0].lower for tx in part.txs)
    stays = sum(share(one, is_spent=False) for one in (*part.strands, *part.inside)
                if one.spent_by < 0)  # fmt: skip
    return comes, goes + fees + stays


@given(scenes(hides=False, whole_starts=True), st.integers(0, 999), st.sampled_from(TIGHTER))
def test_what_comes_into_a_cluster_goes_out_stays_or_is_a_fee(
    scene: Scene, seed: int, measure: object
) -> None:
    if len(scene.starts) != 1:
        return
    sight = sight_of(scene.held)
    for policy in ("haircut", "fifo"):
        net = reach_of(scene.held, starts_of(scene), [policy], "forward").net()
        folded = fold(sight, net, (), (), measure, Guessed(seed))  # type: ignore[arg-type]
        for part in folded.parts.values():
            if part.kind == CLUSTER:
                comes, goes = spent(net, folded, part.id)
                assert comes == goes


@given(scenes(has_loose=True), st.integers(0, 999), st.sampled_from(("forward", "backward")))
def test_no_coin_and_no_transaction_is_lost_and_opening_all_gives_the_picture_without(
    scene: Scene, seed: int, direction: str
) -> None:
    if not scene.starts:
        return
    sight = sight_of(scene.held)
    net = reach_of(scene.held, starts_of(scene), ["haircut"], direction).net()
    guessed = Guessed(seed)
    folded = fold(sight, net, (), (), TIGHTER[0], guessed)
    assert keys(folded) == {strand.key for strand in net.strands}
    shown = Counter(tx for part in folded.parts.values() for tx in part.txs)
    assert shown == Counter(list(net.hops))
    ends = {end for tie in folded.ties for end in (tie.source, tie.target)}
    assert ends <= set(folded.parts)
    assert all(tie.source != tie.target for tie in folded.ties)
    opened = [part.opens for part in folded.parts.values() if part.kind == CLUSTER]
    again = fold(sight, net, opened, (), TIGHTER[0], guessed)
    assert not any(part.kind == CLUSTER for part in again.parts.values())
    assert keys(again) == keys(folded)


@given(scenes(), st.integers(0, 999))
def test_what_was_kept_out_of_the_clusters_is_never_folded(scene: Scene, seed: int) -> None:
    if not scene.starts:
        return
    sight = sight_of(scene.held)
    net = reach_of(scene.held, starts_of(scene), ["haircut"], "forward").net()
    aside = frozenset(net.hops)
    folded = fold(sight, net, (), (), TIGHTER[0], Guessed(seed, aside))
    assert not any(part.txs for part in folded.parts.values() if part.kind == CLUSTER)


# --- on a chain -----------------------------------------------------------------------------------

COIN = 100_000_000


class Spent:
    """Addresses 11 to 13 are spent together, pay 31 and 32, which are spent together too."""

    def __init__(self) -> None:
        mined = coinbase(1, 1)
        self.paid = Tx(
            ((mined.txid, 0),),
            ((3 * COIN, p2pkh(11)), (4 * COIN, p2pkh(12)), (5 * COIN, p2pkh(13))),
        )
        self.first = Tx(
            ((self.paid.txid, 0), (self.paid.txid, 1)),
            ((2 * COIN, p2pkh(31)), (5 * COIN - 700, p2pkh(11))),
        )
        self.second = Tx(
            ((self.first.txid, 1), (self.paid.txid, 2)),
            ((4 * COIN, p2pkh(32)), (6 * COIN - 1_500, p2pkh(13))),
        )
        self.last = Tx(((self.first.txid, 0), (self.second.txid, 0)), ((6 * COIN - 90, p2pkh(50)),))
        blocks = [mine(GENESIS_HASH, [mined, self.paid], time=1_300_000_000)]
        for height, tx in enumerate((self.first, self.second, self.last), 2):
            made = [coinbase(height, height), tx]
            blocks.append(mine(blocks[-1].hash, made, time=1_300_000_000 + 600 * height))
        self.file = block_file(blocks)


SPENT = Spent()
PLAIN = GraphQuery(asked(SPENT.paid.shown), direction="forward", hops=9)
FOLDED = replace(PLAIN, clusters=True)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    made = chain_of(tmp_path_factory.mktemp("spent"), {"blk": SPENT.file})
    open_clusters(made, no_labels(made).index, exclude_coinjoins())
    return made


def draw(chain: Chain, query: GraphQuery) -> MoneyGraph:
    return explore(chain, no_labels(chain), query)


def clusters_of(graph: MoneyGraph) -> list[Node]:
    return [node for node in graph.nodes if node.kind == "cluster"]


def test_addresses_spent_together_are_one_node_with_exact_sums(chain: Chain) -> None:
    graph = draw(chain, FOLDED)
    payer, payee = clusters_of(graph)
    assert [line.text for line in payer.lines] == [
        "Cluster: 3 addresses", "one owner is not proved", payer.lines[2].text,
        "3 of them drawn here", "2011-03-13", "2 payments folded", "fee 1\u202f500 sat",
        "12 BTC come in", "not followed: 5.999985 BTC",
    ]  # fmt: skip
    paid = {(edge.source, edge.target): edge for edge in graph.edges}
    assert paid[payer.id, payee.id].amount.value_sat == 6 * COIN
    assert paid[payer.id, payee.id].count == 2
    assert paid[f"tx-{SPENT.paid.shown}", payer.id].amount.value_sat == 12 * COIN
    assert payer.count == 3
    assert (payee.count, payee.amount.value_sat) == (2, 6 * COIN)


def test_a_cluster_never_claims_one_owner_and_tells_its_method(chain: Chain) -> None:
    graph = draw(chain, FOLDED)
    for node in clusters_of(graph):
        (heard,) = node.heuristics
        assert (heard.heuristic, heard.version) == ("multi-input", "1")
        assert heard.error == "This heuristic has no known error rate."
        assert "Meiklejohn" in heard.source
        assert "one owner is not proved" in heard.told
        assert "not proved" in " ".join(heard.whys)
        assert heard.sentence in write_csv(graph).decode()


def test_a_cluster_opens_and_folds_back_to_the_same_picture(chain: Chain) -> None:
    graph = draw(chain, FOLDED)
    payer = clusters_of(graph)[0]
    opened = expand(chain, no_labels(chain), FOLDED, payer.id)
    assert {node.txid for node in opened.nodes} >= {SPENT.first.shown, SPENT.second.shown}
    inner = next(node for node in opened.nodes if node.txid == SPENT.first.shown)
    back = collapse(chain, no_labels(chain), opened.query, inner.id)
    assert back.as_dict() == graph.as_dict()


def test_labels_of_the_cluster_say_on_which_address_they_are(
    chain: Chain, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row = chain.output_row(SPENT.paid.txid, 1)
    address = chain.address_of(row or 0) or ""
    where = tmp_path_factory.mktemp("cluster-labels")
    labels = labels_of(chain, where, [(address, "Shop", "Someone", "merchant")])
    payer = clusters_of(explore(chain, labels, FOLDED))[0]
    assert payer.labels[0].label == f"Shop (on {address}, an address of the cluster)"
    open_clusters(chain, no_labels(chain).index, exclude_coinjoins())


def test_without_clusters_kept_nothing_is_made_and_the_picture_says_how(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = chain_of(tmp_path_factory.mktemp("not-made"), {"blk": SPENT.file})
    graph = draw(made, FOLDED)
    assert not clusters_of(graph)
    assert any("on the page Clusters" in note for note in graph.notes)
    assert kept_numbers(made) is None
    # Clusters in which CoinJoins join are not taken either.
    open_clusters(made, no_labels(made).index)
    assert kept_numbers(made) is not None
    assert kept_clusters(made, no_labels(made).index, exclude_coinjoins()) is None
    assert not clusters_of(draw(made, FOLDED))


def test_a_coinjoin_is_never_folded(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = chain_of(tmp_path_factory.mktemp("never"), {"blk": MIXED.file})
    open_clusters(made, no_labels(made).index, exclude_coinjoins())
    query = GraphQuery(asked(MIXED.first.shown), hops=9, clusters=True, stops_at=())
    graph = draw(made, query)
    (mix,) = [node for node in graph.nodes if node.txid == MIXED.mix.shown]
    assert mix.tone == "coinjoin"


def test_a_selected_cluster_stands_for_the_rows_of_the_trace_that_it_holds(chain: Chain) -> None:
    start = f"{SPENT.paid.shown}:0"
    plain = draw(chain, GraphQuery(asked(start), policy="haircut"))
    graph = draw(chain, GraphQuery(asked(start), policy="haircut", clusters=True))
    payer, payee = clusters_of(graph)
    held, of_payee = selected_of(graph, [payer.id, payee.id])
    every = {row for node in plain.nodes for row in node.rows}
    assert set(held.rows) | set(of_payee.rows) == every
    assert held.why == "held"
    paid = next(edge for edge in graph.edges if (edge.source, edge.target) == (payer.id, payee.id))
    assert set(paid.rows) <= set(held.rows)
    assert payee.amount.share == paid.amount.share

"""Joins whose owners are known: what heuristics say, and whom real clusters make one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters, Excluding, build_clusters, find_address
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.coinjoins.heuristic import Answer
from kancil.bitcoin.coinjoins.heuristics import (
    EQUAL_OUTPUT,
    EQUAL_OUTPUT_1,
    JOINMARKET,
    JOINMARKET_1,
)
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import Tx, coinbase, mine
from tools.emulated_joins import JOINS, SMALL, Join, OwnCoin, answers, joins, left_in, pairs

BEFORE, NOW = (JOINMARKET_1, EQUAL_OUTPUT_1), (JOINMARKET, EQUAL_OUTPUT)


def test_no_join_is_a_no_since_version_2() -> None:
    made = list(joins())
    assert answers(made, JOINMARKET_1)[Answer.NO] >= SMALL
    assert answers(made, JOINMARKET) == {
        Answer.YES: JOINS - SMALL, Answer.UNSURE: SMALL, Answer.NO: 0, Answer.UNKNOWN: 0
    }  # fmt: skip
    assert left_in(made, BEFORE, unsure_join=False)
    assert left_in(made, NOW, unsure_join=False) == []


def test_joins_are_made_as_coins_allow() -> None:
    """Every coin is spent once, and nobody but the taker has less in the end."""
    made = list(joins())
    spent = [coin.number for join in made for coin in join.inputs]
    assert len(spent) == len(set(spent))
    for join in made:
        won: Counter[str] = Counter()
        for coin in join.outputs:
            won[coin.owner] += coin.value
        for coin in join.inputs:
            won[coin.owner] -= coin.value
        assert {owner.split()[0] for owner, gain in won.items() if gain < 0} == {"taker"}
    assert any(join.shown.repeated_values > 1 for join in made)


def chain_with(folder: Path, made: list[Join]) -> Chain:
    """Put the joins into a chain, behind one payment of all coins that are there at first."""
    paid = {coin.number for join in made for coin in join.outputs}
    first = [coin for join in made for coin in join.inputs if coin.number not in paid]
    start = coinbase(1, 9_999)
    spread = Tx(((start.txid, 0),), tuple(output(coin) for coin in first))
    places = {coin.number: (spread.txid, place) for place, coin in enumerate(first)}
    txs = [start, spread]
    for join in made:
        tx = Tx(
            tuple(places[coin.number] for coin in join.inputs),
            tuple(output(coin) for coin in join.outputs),
        )
        places |= {coin.number: (tx.txid, place) for place, coin in enumerate(join.outputs)}
        txs.append(tx)
    block = mine(regtest.GENESIS_HASH, txs)
    return chain_of(folder, {"blk00000.dat": regtest.block_file([block])})


def output(coin: OwnCoin) -> tuple[int, bytes]:
    return coin.value, b"\x00\x14" + coin.script


def joined(chain: Chain, made: list[Join], excluding: Excluding | None) -> tuple[int, int]:
    """Count the pairs of spent addresses in one cluster: of one owner, and of two."""
    clusters: Clusters = build_clusters(chain, None, excluding)
    coins = [coin for join in made for coin in join.inputs]
    of = {
        coin.number: find_address(chain, clusters.of_row, ScriptKind.P2WPKH, coin.script)
        for coin in coins
    }
    right = wrong = 0
    for one, other in combinations(coins, 2):
        number = int(clusters.cluster[of[one.number]])
        if number >= 0 and number == int(clusters.cluster[of[other.number]]):
            right += one.owner == other.owner
            wrong += one.owner != other.owner
    return right, wrong


def test_clusters_of_a_chain_join_the_pairs_that_are_counted(tmp_path: Path) -> None:
    made = list(joins())
    chain = chain_with(tmp_path, made)
    before = pairs(left_in(made, BEFORE, unsure_join=False))
    assert before[1] > 10 * before[0], "strangers, above all"
    assert joined(chain, made, exclude_coinjoins(BEFORE)) == before
    assert joined(chain, made, None) == pairs(made)
    assert joined(chain, made, exclude_coinjoins()) == (0, 0)


def test_clusters_say_how_many_are_only_unsure(tmp_path: Path) -> None:
    made = list(joins())
    chain = chain_with(tmp_path, made)
    joinmarket_alone = exclude_coinjoins((JOINMARKET,))
    assert build_clusters(chain, None, joinmarket_alone).told["unsure"] == SMALL
    with_unsure = exclude_coinjoins((JOINMARKET,), unsure_join=True)
    clusters = build_clusters(chain, None, with_unsure)
    assert (clusters.told["unsure"], clusters.told["excluded"]) == (0, JOINS - SMALL)
    assert clusters.told["method"] == "joinmarket 2; unsure ones join"

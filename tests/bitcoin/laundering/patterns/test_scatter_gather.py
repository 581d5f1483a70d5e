"""Scatter-gather: split, sent on one by one, together again."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.scatter_gather import SCATTER_GATHER
from tests.bitcoin.tiny_chain import NEW, Tx, found, tx


def scattered(sinks: list[int]) -> list[Tx]:
    split = tx([(0, 0)], [(10 + n, 1_000) for n in range(len(sinks))], 1)
    forwards = [tx([(1, n)], [(sink, 990)], 10 + n) for n, sink in enumerate(sinks)]
    return [tx([NEW], [(9, 9_000)], 0), split, *forwards]


def test_coins_that_come_to_one_address_are_found() -> None:
    (one,) = found(SCATTER_GATHER, scattered([5, 5, 5, 6])).found
    assert (one.at, one.rule) == (1, "address")
    assert one.why.params == {"coins": 3, "value": 3_000, "minutes": 11}
    assert [step.tx for step in one.steps] == [1, 2, 3, 4]


def test_coins_that_one_transaction_spends_are_found() -> None:
    txs = scattered([5, 6, 7])
    txs.append(tx([(2, 0), (3, 0), (4, 0)], [(8, 2_900)], 60))
    (one,) = found(SCATTER_GATHER, txs).found
    assert (one.rule, one.steps[-1].tx, one.steps[-1].role) == ("spend", 5, "collect")


def test_coins_that_go_different_ways_are_not_found() -> None:
    assert not found(SCATTER_GATHER, scattered([5, 5, 6, 7])).total


def test_a_carrier_that_adds_a_coin_of_its_own_is_not_followed() -> None:
    txs = scattered([5, 5])
    txs.append(tx([NEW], [(30, 500)], 20))
    txs[1] = tx([(0, 0)], [(10, 1_000), (11, 1_000), (12, 1_000)], 1)
    txs.append(tx([(1, 2), (4, 0)], [(5, 1_490)], 21))
    assert not found(SCATTER_GATHER, txs).total

"""Fan-out: few coins, many addresses."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.fan_out import FAN_OUT
from tests.bitcoin.tiny_chain import NEW, found, tx


def test_ten_payees_out_of_one_coin_are_found() -> None:
    pays = [(n + 1, 100 + n) for n in range(10)]
    (one,) = found(FAN_OUT, [tx([NEW], [(50, 9_000)], 0), tx([(0, 0)], pays, 5)]).found
    assert one.at == 1
    assert one.why.params == {"payees": 10, "inputs": 1, "value": 1_045}
    assert len(one.outputs) == 10


def test_an_address_paid_twice_counts_once_and_change_does_not_count() -> None:
    pays = [(n + 1, 100) for n in range(8)] + [(1, 100), (50, 5_000)]
    txs = [tx([NEW], [(50, 9_000)], 0), tx([(0, 0)], pays, 5)]
    assert not found(FAN_OUT, txs, least_payees=9).total
    assert found(FAN_OUT, txs, least_payees=8).total == 1


def test_payouts_of_new_coins_are_left_out() -> None:
    assert not found(FAN_OUT, [tx([NEW], [(n, 10) for n in range(30)], 0)]).total


def test_many_inputs_are_no_few_coins() -> None:
    start = tx([NEW], [(50 + n, 900) for n in range(4)], 0)
    spread = tx([(0, n) for n in range(4)], [(n + 1, 100) for n in range(12)], 5)
    assert not found(FAN_OUT, [start, spread]).total
    assert found(FAN_OUT, [start, spread], most_inputs=4).total == 1

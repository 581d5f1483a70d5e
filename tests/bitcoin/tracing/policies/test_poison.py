"""Poison, by the worked example of Anderson, Shumailov, Ahmed (2018)."""

from __future__ import annotations

from kancil.bitcoin.tracing.policies.poison import POISON
from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Spend
from kancil.ground.units import MAX_MONEY_SAT


def test_three_stolen_and_seven_clean_make_ten_reached() -> None:
    spend = Spend([3, 7], [10], [Coins(3, 3), NOTHING], [False, False])
    assert POISON.forward(spend).arms == [Coins(10, 10)]


def test_an_output_of_no_value_is_not_reached() -> None:
    spend = Spend([3], [0, 3], [Coins(3, 3)], [False])
    assert POISON.forward(spend).arms == [NOTHING, Coins(3, 3)]


def test_doubt_reaches_all_or_nothing() -> None:
    spend = Spend([4, 5], [9], [NOTHING, POISON.doubt(5, 1)], [False, True])
    split = POISON.forward(spend)
    assert split.arms == [Coins(0, 9)]
    assert split.reason == "unknown-source"


def test_backward_reaches_every_input() -> None:
    spend = Spend([4, 5, UNKNOWN_VALUE], [2, 8], [Coins(2, 2), NOTHING], [False, False])
    split = POISON.backward(spend)
    assert split.arms == [Coins(4, 4), Coins(5, 5), Coins(1, MAX_MONEY_SAT - 9)]
    assert split.reason == "unknown-value"


def test_a_start_of_no_satoshi_reaches_nothing() -> None:
    assert POISON.begin(10, 0) == NOTHING
    assert POISON.begin(10, 1) == Coins(10, 10)

"""First in, first out: worked examples and what stays fixed when a value is not known."""

from __future__ import annotations

from kancil.bitcoin.tracing.policies.fifo import FIFO
from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Spend


def whole(value: int) -> Coins:
    return FIFO.begin(value, value)


def amounts(coins: list[Coins]) -> list[tuple[int, int]]:
    return [(coin.lower, coin.upper) for coin in coins]


def test_three_stolen_then_seven_clean_pay_the_first_three_out() -> None:
    # The worked example of Anderson, Shumailov, Ahmed (2018): the first out is the first in.
    spend = Spend([3, 7], [2, 2, 6], [whole(3), NOTHING], [False, False])
    split = FIFO.forward(spend)
    assert amounts(split.arms) == [(2, 2), (1, 1), (0, 0)]
    assert split.arms[1].certain == ((0, 1),)
    assert not split.reason


def test_the_fee_takes_the_last_places() -> None:
    spend = Spend([7, 3], [9], [NOTHING, whole(3)], [False, False])
    split = FIFO.forward(spend)
    assert amounts(split.arms) == [(2, 2)]
    assert split.fee == Coins(1, 1)


def test_the_reversed_order_turns_inputs_and_outputs_but_not_the_fee() -> None:
    spend = Spend([3, 7], [2, 7], [whole(3), NOTHING], [False, False], is_reversed=True)
    split = FIFO.forward(spend)
    # 7 clean then 3 traced fill the 7, then the 2, then the fee of 1.
    assert amounts(split.arms) == [(2, 2), (0, 0)]
    assert split.fee == Coins(1, 1)


def test_what_comes_before_an_unknown_value_keeps_its_place() -> None:
    spend = Spend(
        [3, UNKNOWN_VALUE, 4], [3, 5], [whole(3), NOTHING, NOTHING], [False, False, False]
    )
    split = FIFO.forward(spend)
    assert amounts(split.arms) == [(3, 3), (0, 0)]
    assert not split.reason


def test_what_comes_after_an_unknown_value_slides() -> None:
    spend = Spend([UNKNOWN_VALUE, 4], [3, 5], [NOTHING, whole(4)], [False, False])
    split = FIFO.forward(spend)
    # At least 4 came in before, so the first output holds none of it; the rest is open.
    assert amounts(split.arms) == [(0, 0), (0, 4)]
    assert split.reason == "unknown-value"


def test_a_part_of_a_start_is_a_range_until_all_of_it_arrives_together() -> None:
    part = FIFO.begin(10, 4)
    apart = FIFO.forward(Spend([10], [5, 5], [part], [False]))
    assert amounts(apart.arms) == [(0, 4), (0, 4)]
    assert apart.reason == "share-place"
    together = FIFO.forward(Spend([10], [10], [part], [False]))
    assert amounts(together.arms) == [(4, 4)]


def test_backward_gives_the_inputs_whose_places_were_taken() -> None:
    spend = Spend([3, 7], [5, 4], [whole(5), NOTHING], [False, False])
    assert amounts(FIFO.backward(spend).arms) == [(3, 3), (2, 2)]


def test_backward_with_an_unknown_value_first_bounds_what_follows() -> None:
    spend = Spend([UNKNOWN_VALUE, 7], [5, 4], [whole(5), NOTHING], [False, False])
    # The unknown input holds 2 at least, so at most 3 of the first 5 came after it.
    split = FIFO.backward(spend)
    assert amounts(split.arms) == [(2, 5), (0, 3)]
    assert split.reason == "unknown-value"

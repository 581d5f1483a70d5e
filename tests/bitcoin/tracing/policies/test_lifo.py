"""Last in, first out: worked examples; the inputs are a stack of single satoshi."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.tracing.policies.fifo import FIFO
from kancil.bitcoin.tracing.policies.lifo import LIFO
from kancil.bitcoin.tracing.policy import NOTHING, Coins, Spend


def whole(value: int) -> Coins:
    return LIFO.begin(value, value)


def amounts(coins: list[Coins]) -> list[tuple[int, int]]:
    return [(coin.lower, coin.upper) for coin in coins]


def test_three_stolen_then_seven_clean_pay_the_last_three_out() -> None:
    spend = Spend([3, 7], [2, 2, 6], [whole(3), NOTHING], [False, False])
    assert amounts(LIFO.forward(spend).arms) == [(0, 0), (0, 0), (3, 3)]


def test_the_fee_is_what_lies_at_the_bottom() -> None:
    spend = Spend([3, 7], [9], [whole(3), NOTHING], [False, False])
    split = LIFO.forward(spend)
    assert amounts(split.arms) == [(2, 2)]
    assert split.fee == Coins(1, 1)


def test_places_inside_a_coin_come_out_turned() -> None:
    first_two = Coins(2, 2, ((0, 2),), ((0, 2),))
    split = LIFO.forward(Spend([5], [5], [first_two], [False]))
    assert split.arms[0].certain == ((3, 5),)


def test_backward_is_the_way_forward_turned_round() -> None:
    spend = Spend([3, 7], [5, 4], [whole(5), NOTHING], [False, False])
    assert amounts(LIFO.backward(spend).arms) == [(0, 0), (5, 5)]


@given(
    inputs=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    marked=st.integers(0, 3),
    cuts=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_lifo_in_both_orders_is_fifo_with_whole_coins_laid_the_other_way(
    inputs: list[int], marked: int, cuts: list[int]
) -> None:
    # With whole coins only their order counts: last-in of a row is first-in of the row turned.
    outputs = cuts if sum(cuts) <= sum(inputs) else [sum(inputs)]
    traced = [whole(v) if n == marked else NOTHING for n, v in enumerate(inputs)]
    lifo = LIFO.forward(Spend(inputs, outputs, traced, [False] * len(inputs)))
    fifo = FIFO.forward(Spend(inputs[::-1], outputs, traced[::-1], [False] * len(inputs)))
    assert amounts(lifo.arms) == amounts(fifo.arms)
    assert lifo.fee == fifo.fee

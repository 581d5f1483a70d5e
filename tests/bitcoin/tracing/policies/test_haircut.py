"""Haircut: worked examples, exact satoshi, and the paradox that its bounds must survive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.tracing.policies.haircut import HAIRCUT, largest_remainder
from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Spend
from kancil.ground.units import MAX_MONEY_SAT
from tests.bitcoin.slow_trace import by_largest_remainder


def test_three_stolen_and_seven_clean_make_thirty_percent() -> None:
    # The worked example of Anderson, Shumailov, Ahmed (2018), in satoshi.
    spend = Spend([3, 7], [10], [Coins(3, 3), NOTHING], [False, False])
    assert HAIRCUT.forward(spend).arms == [Coins(3, 3)]


def test_haircut_keeps_the_total() -> None:
    spend = Spend([10, 10], [7, 7, 5], [Coins(10, 10), NOTHING], [False, False])
    split = HAIRCUT.forward(spend)
    # Exact shares 3.5, 3.5, 2.5 and 0.5 for the fee: two satoshi are left for four equal rests.
    assert [arm.lower for arm in split.arms] == [4, 4, 2]
    assert split.fee == Coins(0, 0)
    assert not split.reason


@given(
    amount=st.integers(0, 10**9), weights=st.lists(st.integers(0, 2**51), min_size=1, max_size=9)
)
def test_largest_remainder_gives_what_fractions_give(amount: int, weights: list[int]) -> None:
    if not sum(weights):
        return
    parts = largest_remainder(amount, weights)
    assert parts == by_largest_remainder(amount, weights)
    assert sum(parts) == amount


def test_the_alabama_paradox_stays_within_the_bounds() -> None:
    # With weights 6, 6, 2 the third part of 10 is 2, of 11 it is 1: more to divide, less for it.
    assert largest_remainder(10, [6, 6, 2]) == [4, 4, 2]
    assert largest_remainder(11, [6, 6, 2]) == [5, 5, 1]
    split = HAIRCUT.forward(Spend([14], [6, 6, 2], [Coins(10, 11)], [False]))
    assert split.arms[2].lower <= 1
    assert split.arms[2].upper >= 2
    assert split.reason == "carried"


def test_an_unknown_value_leaves_a_range_and_is_never_split_over_the_known() -> None:
    # 5 traced of 5 known; 10 are paid out, so at least 5 more came in, perhaps very many.
    spend = Spend([5, UNKNOWN_VALUE], [10], [Coins(5, 5), NOTHING], [False, False])
    split = HAIRCUT.forward(spend)
    assert split.arms == [Coins(0, 5)]
    assert split.fee == Coins(0, 5)
    assert split.reason == "unknown-value"


def test_a_known_value_from_an_unknown_source_is_exact_when_nothing_can_have_come_back() -> None:
    spend = Spend([5, 5], [10], [Coins(5, 5), NOTHING], [False, False])
    assert HAIRCUT.forward(spend).arms == [Coins(5, 5)]


def test_coins_out_of_sight_raise_the_upper_bound_most_where_the_unknown_input_is_as_large() -> (
    None
):
    # 2 traced of 4 known, at most 6 out of sight: with U = 6 in, 8 of 10 are traced; of the
    # output of 5 that makes 4. With U at its least, 1, only 3 of 5 would be.
    spend = Spend([4, UNKNOWN_VALUE], [5], [Coins(2, 2), Coins(0, 6)], [False, True], 6)
    assert HAIRCUT.forward(spend).arms[0].upper == 4


def test_backward_shares_by_the_value_of_the_inputs() -> None:
    spend = Spend([6, 3], [8], [Coins(8, 8)], [False])
    # Exact shares 5.33 and 2.67.
    assert HAIRCUT.backward(spend).arms == [Coins(5, 5), Coins(3, 3)]


def test_backward_a_lone_unknown_input_holds_all() -> None:
    spend = Spend([UNKNOWN_VALUE], [8, 1], [Coins(8, 8), NOTHING], [False, False])
    assert HAIRCUT.backward(spend).arms == [Coins(8, 8)]


def test_backward_unknown_values_share_between_bounds() -> None:
    spend = Spend([4, UNKNOWN_VALUE], [8], [Coins(8, 8)], [False])
    split = HAIRCUT.backward(spend)
    # At least 4 came from the unknown input, so at most half of the 8 is the known one's.
    assert split.arms == [Coins(0, 4), Coins(4, 8)]


def test_backward_two_unknown_inputs_have_no_lower_bound() -> None:
    spend = Spend([UNKNOWN_VALUE, UNKNOWN_VALUE], [8], [Coins(8, 8)], [False])
    assert HAIRCUT.backward(spend).arms == [Coins(0, 8), Coins(0, 8)]


def test_products_beyond_64_bits_stay_exact() -> None:
    whole = MAX_MONEY_SAT
    spend = Spend([whole], [whole - 1, 1], [Coins(whole - 1, whole - 1)], [False])
    assert [arm.lower for arm in HAIRCUT.forward(spend).arms] == [whole - 2, 1]

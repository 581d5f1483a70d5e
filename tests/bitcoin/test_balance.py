"""Sums that balance: the search for pairs against the plain one, and against chance."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.coinjoins.balance import are_makers_paid, balanced, gain_of, has_sum
from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.bitcoin.coinjoins.heuristics import JOINMARKET
from kancil.bitcoin.evaluation.labelled import open_labelled
from tests.bitcoin.made_coinjoins import made


@given(
    values=st.lists(st.integers(0, 60), max_size=9), least=st.integers(0, 120),
    width=st.integers(0, 9),
)  # fmt: skip
def test_has_sum_finds_what_trying_all_pairs_finds(
    values: list[int], least: int, width: int
) -> None:
    sums = [*values, *(left + right for left, right in combinations(values, 2))]
    plain = any(least <= total <= least + width for total in sums)
    assert has_sum(sorted(values), least, least + width) == plain


def test_only_a_gain_within_the_bound_counts() -> None:
    amount, change = 30_000_000, 7_777_777
    gain = gain_of(amount)
    assert gain == 10_000
    assert gain_of(1) == 5_000
    for earned, counts in ((0, 1), (gain, 1), (gain + 1, 0), (-1, 0)):
        shown = made([amount + change - earned, 900_000], [amount, amount, change])
        assert balanced(shown) == counts


def test_without_values_of_inputs_nothing_balances() -> None:
    assert balanced(made([None, 5], [9, 9, 1])) == 0
    assert not are_makers_paid(made([5], [9, 9]), 0)


def test_real_makers_earn_far_more_often_than_chance_has_it(shared_data: Path) -> None:
    """The placebo: the same windows, moved to where nobody earns, over all joins of the form."""
    folder = shared_data / "bitcoin" / "coinjoin"
    joins = [
        shown
        for one in open_labelled([folder / "dumplings__jm_202406.zip"]).sets
        for shown in one.transactions()
        if isinstance(shown, Shown) and JOINMARKET.judge(shown).rule
    ]
    assert len(joins) == 148
    real = chance = below = 0
    for shown in joins:
        amount, count = shown.most_common
        others, gain = len(shown.outputs) - count, gain_of(amount)
        real += are_makers_paid(shown, others)
        chance += balanced(shown, moved=5 * gain) * 2 >= others
        below += balanced(shown, moved=-gain - 1_000) * 2 >= others
    assert (real, chance, below) == (124, 1, 2)

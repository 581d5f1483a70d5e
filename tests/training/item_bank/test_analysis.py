"""Figures of tests: worked examples of others, and a slow twin written another way."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.item_bank.analysis import Gain, analyse, gained

WUENSCH = """
1111110110 1011011101 1111011001 0010001000 0000010010
1110111111 1101110111 1111111101 0101111101 1101101110
"""
"""Ten students, ten items: K. L. Wuensch, *The Kuder-Richardson 20*, East Carolina University,
core.ecu.edu/wuenschk/StatHelp/KR20.txt."""


def test_kr20_and_difficulties_of_a_worked_example() -> None:
    found = analyse([[digit == "1" for digit in row] for row in WUENSCH.split()])
    assert found.items is not None
    assert [float(each.difficulty) for each in found.items] == [
        0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6,
    ]  # fmt: skip
    # Wuensch's table: the sum of pq is 2.18, the variance of the totals 5.84
    assert found.kr20 == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))


def test_the_discrimination_of_a_worked_example() -> None:
    """Of 40 the upper 27 % are 11, of whom 9 were right, and 3 of the lower 11: D = 0.55.

    examoo.com, question 6797.
    """
    fillers = 12
    upper = [[number < 9] + [True] * fillers for number in range(11)]
    middle = [[number % 2 == 0] + [True] * 6 + [False] * 6 for number in range(18)]
    lower = [[number < 3] + [False] * fillers for number in range(11)]
    found = analyse([*upper, *middle, *lower])
    assert found.edge == 11
    assert found.items is not None
    assert found.items[0].discrimination == Fraction(6, 11)


def test_the_gain_of_a_worked_example() -> None:
    """BMC Medical Education 21:210 (2021), table 1: 11.1 of 20 points more, g = 0.73.

    Its relative gain, 225.8 % of the pre-test, puts the pre-test at 4.916 of 20.
    """
    pre = {str(each): Fraction("4.916") / 20 for each in range(6)}
    post = {each: mark + Fraction("11.1") / 20 for each, mark in pre.items()}
    found = gained(pre, post)
    assert found.paired == 6
    assert found.gain is not None
    assert float(found.gain) == pytest.approx(0.73, abs=0.01)


def test_who_sat_one_test_is_in_no_average() -> None:
    pre = {str(each): Fraction(1, 2) for each in range(12)}
    post = {str(each): Fraction(3, 4) for each in range(7)}
    found = gained({**pre, "x": Fraction(0)}, post)
    assert (found.paired, found.pre_only, found.post_only) == (7, 6, 0)
    assert [found.pre, found.post, found.gain] == [Fraction(50), Fraction(75), Fraction(1, 2)]


@pytest.mark.parametrize("of", [1, 2, 3, 4])
def test_a_group_under_five_is_hidden(of: int) -> None:
    found = analyse([[True, False]] * of)
    assert (found.of, found.items, found.kr20) == (of, None, None)
    marks = {str(each): Fraction(1, 2) for each in range(of)}
    assert gained(marks, marks) == Gain(None, 0, 0, None, None, None)


def test_nothing_is_left_to_gain_where_all_was_right_before() -> None:
    marks = {str(each): Fraction(1) for each in range(5)}
    assert gained(marks, marks).gain is None


_TABLES = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.booleans(), min_size=k, max_size=k), min_size=5, max_size=14)
)


def _slow_alpha(rows: list[list[bool]]) -> float | None:
    """KR-20 as Cronbach's alpha of 0 and 1, by the variances themselves."""
    k = len(rows[0])
    whole = statistics.pvariance([float(sum(row)) for row in rows])
    if whole == 0:
        return None
    parts = sum(statistics.pvariance([float(row[item]) for row in rows]) for item in range(k))
    return k / (k - 1) * (1 - parts / whole)


@settings(max_examples=40)
@given(_TABLES)
def test_the_figures_are_those_of_a_slow_twin(rows: list[list[bool]]) -> None:
    found = analyse(rows)
    assert found.items is not None
    slow = _slow_alpha(rows)
    assert found.kr20 == (None if slow is None else pytest.approx(slow))
    for place, item in enumerate(found.items):
        column = [float(row[place]) for row in rows]
        rest = [float(sum(row) - row[place]) for row in rows]
        if len(set(column)) == 1 or len(set(rest)) == 1:
            assert item.point_biserial is None
        else:
            assert item.point_biserial == pytest.approx(statistics.correlation(column, rest))


@settings(max_examples=40)
@given(_TABLES, st.randoms(use_true_random=False))
def test_the_order_of_trainees_changes_nothing(rows: list[list[bool]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert analyse(rows) == analyse(shuffled)


@settings(max_examples=40)
@given(_TABLES)
def test_discrimination_is_that_of_all_orders_within_a_tie(rows: list[list[bool]]) -> None:
    """Twin: take the groups from a sorted list, once with each tie the one way and the other."""
    found = analyse(rows)
    assert found.items is not None
    for place, item in enumerate(found.items):
        bounds = []
        for sign in (1, -1):
            best = sorted(rows, key=lambda row: (sum(row), sign * row[place]))
            top = sum(row[place] for row in best[-found.edge :])
            worst = sorted(rows, key=lambda row: (sum(row), sign * row[place]))
            bottom = sum(row[place] for row in worst[: found.edge])
            bounds.append(Fraction(top - bottom, found.edge))
        assert min(bounds) <= item.discrimination <= max(bounds)

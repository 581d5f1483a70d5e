"""Clopper and Pearson's interval against whole numbers, and against known tables."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.evaluation.interval import MILLION, Interval, clopper_pearson


def slow_low(count: int, total: int) -> int:
    """The lower bound by whole numbers alone, from the definition."""

    def is_unlikely(ppm: int) -> bool:
        tail = sum(
            comb(total, seen) * ppm**seen * (MILLION - ppm) ** (total - seen)
            for seen in range(count, total + 1)
        )
        return bool(40 * tail <= MILLION**total)

    low, high = 0, MILLION
    while count and low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_unlikely(middle) else (low, middle - 1)
    return low


@given(st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_bounds_are_those_of_whole_numbers(pair: tuple[int, int]) -> None:
    count, total = pair
    expected = Interval(slow_low(count, total), MILLION - slow_low(total - count, total))
    assert clopper_pearson(count, total) == expected


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Textbook values, R's binom.test: 0.0000-0.3085, 0.1871-0.8129, 0.0253-0.5561.
        (0, 10, 0, 308_498),
        (5, 10, 187_086, 812_914),
        (2, 10, 25_210, 556_096),
    ],
)
def test_the_bounds_are_those_of_the_tables(count: int, total: int, low: int, high: int) -> None:
    assert clopper_pearson(count, total) == Interval(low, high)


def test_none_missed_of_many_is_not_certainty() -> None:
    # 1 - (1/40)^(1/1403) = 0.002625...: even with no miss one in 380 may be missed.
    assert clopper_pearson(1_403, 1_403) == Interval(997_374, MILLION)


def test_of_nothing_there_is_no_share() -> None:
    assert clopper_pearson(0, 0) is None

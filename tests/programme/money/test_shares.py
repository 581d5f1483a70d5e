"""Shares: the parts make the whole, and a credit takes back what it was."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.errors import SharesNotWhole
from kancil.programme.money.shares import WHOLE_BP, rounded_together, split

SHARES = st.lists(st.integers(0, WHOLE_BP), max_size=6).map(
    lambda cuts: {
        n: high - low
        for n, (low, high) in enumerate(
            zip([0, *sorted(cuts)], [*sorted(cuts), WHOLE_BP], strict=True)
        )
    }
)


def test_a_third_each_leaves_the_cent_to_the_largest_remainder() -> None:
    assert split(100, {"a": 3333, "b": 3333, "c": 3334}) == {"a": 33, "b": 33, "c": 34}
    assert split(30_001, {"a": 6000, "b": 4000}) == {"a": 18_001, "b": 12_000}
    assert split(1, {"a": 5000, "b": 5000}) == {"a": 1, "b": 0}


@given(st.integers(-(10**15), 10**15), SHARES)
def test_the_parts_make_the_whole_and_none_is_off_by_one(
    minor: int, shares: dict[int, int]
) -> None:
    parts = split(minor, shares)
    assert sum(parts.values()) == minor
    for key, share in shares.items():
        assert abs(parts[key] - Fraction(minor * share, WHOLE_BP)) < 1
    assert split(-minor, shares) == {key: -part for key, part in parts.items()}


@given(st.dictionaries(st.integers(), st.fractions(-1000, 1000), max_size=8))
def test_rounded_parts_make_the_rounded_whole(parts: dict[int, Fraction]) -> None:
    found = rounded_together(parts)
    assert sum(found.values()) == round(sum(parts.values(), Fraction(0)))
    assert all(abs(found[key] - part) < 1 for key, part in parts.items())


@pytest.mark.parametrize("shares", [{}, {"a": 9000}, {"a": 11_000}, {"a": 11_000, "b": -1000}])
def test_shares_that_are_not_the_whole_are_refused(shares: dict[str, int]) -> None:
    with pytest.raises(SharesNotWhole):
        split(1, shares)

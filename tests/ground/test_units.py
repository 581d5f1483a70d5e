"""Rounding: one rule for shares and means."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kancil.ground.units import half_up


def test_halves_are_rounded_up_away_from_nothing() -> None:
    assert [str(half_up(Fraction(each, 20), 1)) for each in (1, 3, 5, -1)] == [
        "0.1", "0.2", "0.3", "-0.1",
    ]  # fmt: skip
    assert [int(half_up(Decimal(each))) for each in ("2.5", "2.4999", "0")] == [3, 2, 0]
    assert str(half_up(Fraction(2, 3), 2)) == "0.67"

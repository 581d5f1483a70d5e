"""`fee` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import Fate
from kancil.bitcoin.change.heuristics import FEE
from tests.bitcoin.change.examples import (
    MINE,
    names_the_output_whose_spender_bears_the_mark,
    said,
    two,
)
from tests.bitcoin.changing import spender


def test_fee_names_the_one_output_whose_spender_bears_the_mark() -> None:
    names_the_output_whose_spender_bears_the_mark(FEE)


def test_a_fee_that_is_not_known_is_not_compared() -> None:
    assert said(FEE, two(MINE, Fate(spender(fee_sat=None)))) == "unknown"

"""`peeling` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import Fate, Shape
from kancil.bitcoin.change.heuristics import PEELING
from tests.bitcoin.change.examples import (
    BTC,
    THEIRS,
    said,
    two,
)
from tests.bitcoin.changing import coin, seen, spender


def test_peeling_names_the_larger_output_in_a_row_of_peels() -> None:
    peel = Shape(1, 2)
    assert said(PEELING, two(maker=peel)) == 0
    assert PEELING.judge(two(maker=peel)).rule == "peel-before"
    after = Fate(spender(shape=peel))
    assert PEELING.judge(two(Fate(), after)).rule == "peel-after"
    assert said(PEELING, two(THEIRS, THEIRS, maker=Shape(2, 2))) == "none"
    assert said(PEELING, two(THEIRS, THEIRS)) == "unknown"
    assert said(PEELING, two(THEIRS, maker=Shape(2, 2))) == "unknown"
    equal = seen([coin(BTC, 1)], [coin(7, 2), coin(7, 3)], maker=peel)
    assert said(PEELING, equal) == "none"
    assert said(PEELING, two(inputs=[coin(1, 1), coin(2, 4)], maker=peel)) == "none"

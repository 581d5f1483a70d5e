"""`optimal-change` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristics import OPTIMAL_CHANGE
from kancil.bitcoin.coinjoins.heuristic import Coin
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.change.examples import (
    said,
    two,
)
from tests.bitcoin.changing import coin


def test_optimal_change_names_the_one_smaller_than_every_input() -> None:
    inputs = [coin(50_000_000, 1), coin(50_000_000, 4)]
    assert said(OPTIMAL_CHANGE, two(inputs=inputs)) == 1
    assert said(OPTIMAL_CHANGE, two()) == "none"  # of one input every output is smaller
    assert said(OPTIMAL_CHANGE, two(inputs=[coin(39_990_000, 1), *inputs])) == "none"
    assert said(OPTIMAL_CHANGE, two(inputs=[*inputs, Coin(None, ScriptKind.P2PKH)])) == "unknown"

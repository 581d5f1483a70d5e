"""`reuse` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristics import REUSE
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.change.examples import (
    BTC,
    said,
    two,
)
from tests.bitcoin.changing import UNKNOWN, coin, seen


def test_reuse_names_the_one_output_to_an_inputs_script() -> None:
    back = [coin(60_000_000, 2), coin(39_990_000, 1)]
    assert said(REUSE, seen([coin(BTC, 1)], back)) == 1
    assert said(REUSE, seen([coin(BTC, 1), coin(5, 2)], back)) == "none"
    assert said(REUSE, two()) == "none"
    assert said(REUSE, seen([coin(BTC, 1), UNKNOWN], back)) == "unknown"
    same_hash = [coin(60_000_000, 2), coin(39_990_000, 1, ScriptKind.P2PKH)]
    assert said(REUSE, seen([coin(BTC, 1)], same_hash)) == "none"

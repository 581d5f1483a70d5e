"""`address-type` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristics import ADDRESS_TYPE
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.change.examples import (
    BTC,
    said,
    two,
)
from tests.bitcoin.changing import UNKNOWN, coin, seen


def test_address_type_names_the_one_of_the_inputs_form() -> None:
    outputs = [coin(1, 2, ScriptKind.P2PKH), coin(2, 3)]
    assert said(ADDRESS_TYPE, seen([coin(BTC, 1)], outputs)) == 1
    assert said(ADDRESS_TYPE, two()) == "none"
    mixed = [coin(BTC, 1), coin(BTC, 5, ScriptKind.P2PKH)]
    assert said(ADDRESS_TYPE, seen(mixed, outputs)) == "none"
    assert said(ADDRESS_TYPE, seen([coin(BTC, 1), UNKNOWN], outputs)) == "unknown"

"""`round-amount` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristics import ROUND_AMOUNT
from tests.bitcoin.change.examples import (
    BTC,
    said,
    two,
)
from tests.bitcoin.changing import UNKNOWN, coin, seen


def test_round_amount_names_the_one_that_is_not_round() -> None:
    assert said(ROUND_AMOUNT, two()) == 1
    assert said(ROUND_AMOUNT, two(inputs=[UNKNOWN])) == 1
    odd = [coin(60_000_001, 2), coin(39_990_000, 3)]
    assert said(ROUND_AMOUNT, seen([coin(BTC, 1)], odd)) == "none"
    even = [coin(60_000_000, 2), coin(39_000_000, 3)]
    assert said(ROUND_AMOUNT, seen([coin(BTC, 1)], even)) == "none"

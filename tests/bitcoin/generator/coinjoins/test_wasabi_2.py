"""Wasabi 2: outputs of standard values only, of two forms."""

from __future__ import annotations

from kancil.bitcoin.generator.coinjoins.wasabi_2 import DENOMINATIONS
from tests.bitcoin.generator.reading import Made


def test_every_output_has_a_standard_value_and_stays_with_its_participant(made: Made) -> None:
    for one in made.instances("wasabi-2"):
        (step,) = one.steps
        assert {piece.value for piece in step.outputs} <= set(DENOMINATIONS)
        owners = {piece.owner for piece in step.inputs}
        assert len(owners) == len(step.inputs) >= 15
        assert {piece.owner for piece in step.outputs} <= owners
        for owner in owners:
            spent = sum(piece.value for piece in step.inputs if piece.owner == owner)
            kept = sum(piece.value for piece in step.outputs if piece.owner == owner)
            assert kept < spent
        heads = {made.txs[step.tx].outputs[piece.n][1][:2] for piece in step.outputs}
        assert heads == {b"\0\x14", b"\x51\x20"}


def test_the_standard_values_are_those_of_the_scheme() -> None:
    assert {5_000, 6_561, 8_192, 10_000, 13_122, 20_000, 100_000_000} <= set(DENOMINATIONS)
    assert list(DENOMINATIONS) == sorted(set(DENOMINATIONS), reverse=True)

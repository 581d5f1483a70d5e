"""Structuring: many deposits just under a threshold."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_every_deposit_is_just_under_the_threshold(made: Made) -> None:
    for one in made.instances("structuring"):
        threshold = one.facts["threshold_sat"]
        deposits = one.by_role("deposit")
        assert len(deposits) >= 3
        assert str(threshold).rstrip("0") in set("123456789")
        for step in deposits:
            (paid,) = [piece for piece in step.outputs if piece.role == "deposit"]
            assert threshold * 85 // 100 <= paid.value < threshold
            assert made.owner_role[paid.owner] == "exchange"

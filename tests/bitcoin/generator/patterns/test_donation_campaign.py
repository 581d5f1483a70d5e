"""Donation campaign: one address, small gifts for long."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_one_address_takes_all_gifts_and_is_emptied_now_and_then(made: Made) -> None:
    for one in made.instances("donation-campaign"):
        gifts, collects = one.by_role("gift"), one.by_role("collect")
        campaign = {piece.address for step in collects for piece in step.inputs}
        assert len(campaign) == 1
        assert len(gifts) >= 3
        assert len(collects) >= 1
        assert all(campaign & {piece.address for piece in step.outputs} for step in gifts)
        spent = [piece.tx for step in collects for piece in step.inputs]
        assert sorted(spent) == sorted(step.tx for step in gifts)
        assert gifts[-1].height - gifts[0].height >= len(gifts) // 2

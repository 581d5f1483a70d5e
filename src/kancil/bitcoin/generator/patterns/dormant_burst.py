"""Dormant, then burst: coins lie still for a long time and are then all spent within minutes."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class DormantBurst:
    """Coins rest for a quarter to half of the chain's planned length; then one spend a block."""

    name = "dormant-burst"
    version = "1"
    source = "FATF, Virtual Assets Red Flag Indicators, 2020 (dormant wallets that become active)"
    least, most = 4, 24

    def play(self, stage: Stage) -> Iterator[int]:
        """Take in, sleep, spend."""
        draw, owner = stage.draw, stage.actor("sleeper")
        coins = []
        for _ in range(stage.room // 2):
            address = stage.address(owner, "dormant")
            coins.append(stage.entry(address, stage.about(1500), "entry"))
            yield draw.below(2)
        asleep = stage.horizon * draw.between(250, 500) // 1000 + 1
        stage.plant.facts["blocks_asleep"] = asleep
        yield asleep
        for coin in draw.shuffled(coins):
            at_exchange = draw.chance(500_000)
            to = stage.account(owner, "burst") if at_exchange else stage.outsider("burst")
            what = OutputRole.DEPOSIT if at_exchange else OutputRole.PAYMENT
            stage.send_all([coin], to, "burst", what)
            yield draw.below(2)


DORMANT_BURST = DormantBurst()

"""Structuring: one sum goes to an exchange in many deposits, each just under a threshold."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class Structuring:
    """Deposits of 85 to 99 per cent of a round threshold, which the truth names."""

    name = "structuring"
    version = "1"
    source = "FATF, Virtual Assets Red Flag Indicators, 2020 (amounts below reporting thresholds)"
    least, most = 4, 30

    def play(self, stage: Stage) -> Iterator[int]:
        """Deposit again and again under the threshold."""
        draw, owner = stage.draw, stage.actor("structurer")
        coin = stage.entry(stage.address(owner, "start"), stage.about(5000), "entry")
        deposits = stage.room - 1
        share, threshold = coin.value // (deposits + 1), 1
        while threshold * 10 <= share:
            threshold *= 10
        threshold *= share // threshold
        stage.plant.facts["threshold_sat"] = threshold
        exchange = draw.below(stage.exchanges) if draw.chance(500_000) else None
        for _ in range(deposits):
            yield draw.between(1, 8)
            value = threshold * draw.between(850, 990) // 1000
            to = stage.account(owner, "deposit", exchange)
            change = stage.address(owner, "rest")
            coin = stage.spend([coin], [(to, value, OutputRole.DEPOSIT)], "deposit", change=change)[
                -1
            ]


STRUCTURING = Structuring()

"""Fan-in: many who do not know each other pay one address, which is emptied at once."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class FanIn:
    """Victims pay one collector within a few blocks; all goes to an exchange."""

    name = "fan-in"
    version = "1"
    source = "Altman et al., Realistic Synthetic Financial Transactions, NeurIPS 2023 (fan-in)"
    least, most = 4, 60

    def play(self, stage: Stage) -> Iterator[int]:
        """Collect, then send all on."""
        draw, owner = stage.draw, stage.actor("collector")
        collector = stage.address(owner, "collector")
        asked, coins = stage.about(300), []
        for _ in range(draw.between(3, stage.room - 1) if stage.room > 4 else 3):
            value = asked * draw.between(900, 1100) // 1000
            coins.append(stage.entry(collector, value, "payer"))
            yield draw.below(3)
        account = stage.account(owner, "cash-out")
        stage.send_all(coins, account, "collect", OutputRole.DEPOSIT)


FAN_IN = FanIn()

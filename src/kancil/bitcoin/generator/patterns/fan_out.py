"""Fan-out: one coin is spread over many addresses of people who play no other part."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class FanOut:
    """A distributor pays many in a few large transactions, the change of one into the next."""

    name = "fan-out"
    version = "1"
    source = "Altman et al., Realistic Synthetic Financial Transactions, NeurIPS 2023 (fan-out)"
    least, most = 2, 6

    def play(self, stage: Stage) -> Iterator[int]:
        """Pay 8 to 40 in each transaction."""
        draw, owner = stage.draw, stage.actor("distributor")
        coin = stage.entry(stage.address(owner, "source"), stage.about(8000), "entry")
        rounds = stage.room - 1
        for left in range(rounds, 0, -1):
            yield draw.between(1, 4)
            values = draw.parts(coin.value * 8 // (10 * left), draw.between(8, 40))
            payees = [(stage.outsider("payee"), value, OutputRole.PAYMENT) for value in values]
            change = stage.address(owner, "source")
            coin = stage.spend([coin], payees, "spread", change=change)[-1]


FAN_OUT = FanOut()

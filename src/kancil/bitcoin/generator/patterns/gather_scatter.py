"""Gather-scatter: many pay into one hub, which then pays out to many others."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class GatherScatter:
    """A hub is paid at several addresses of its own and spreads all of it in one transaction."""

    name = "gather-scatter"
    version = "1"
    source = "Altman et al., Realistic Synthetic Financial Transactions, NeurIPS 2023"
    least, most = 4, 40

    def play(self, stage: Stage) -> Iterator[int]:
        """Gather over some blocks, wait, scatter."""
        draw, owner = stage.draw, stage.actor("hub")
        coins = []
        for _ in range(stage.room - 1):
            coins.append(stage.entry(stage.address(owner, "gather"), stage.about(400), "gather"))
            yield draw.below(4)
        yield draw.between(1, 6)
        count = draw.between(3, 30)
        payees = [stage.outsider("scatter") for _ in range(count)]
        total = sum(coin.value for coin in coins)
        spare = stage.fee(coins, [to.form for to in payees])
        values = draw.parts(total - spare, count)
        paid = [(to, value, OutputRole.PAYMENT) for to, value in zip(payees, values, strict=True)]
        stage.spend(coins, paid, "scatter")


GATHER_SCATTER = GatherScatter()

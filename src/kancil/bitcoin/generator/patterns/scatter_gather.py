"""Scatter-gather: one coin is split over many of the same hand, which all pay one sink."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class ScatterGather:
    """A source splits to mules, each mule pays the sink on its own, some blocks later."""

    name = "scatter-gather"
    version = "1"
    source = "Altman et al., Realistic Synthetic Financial Transactions, NeurIPS 2023"
    least, most = 5, 40

    def play(self, stage: Stage) -> Iterator[int]:
        """Split, forward one by one, gather."""
        draw, owner, sink = stage.draw, stage.actor("source"), stage.actor("sink")
        coin = stage.entry(stage.address(owner, "source"), stage.about(4000), "entry")
        yield draw.between(1, 5)
        count = stage.room - 2
        mules = [stage.address(stage.actor("mule"), "mule") for _ in range(count)]
        values = draw.parts(coin.value - stage.fee([coin], [to.form for to in mules]), count)
        paid = [(to, value, OutputRole.PAYMENT) for to, value in zip(mules, values, strict=True)]
        coins = stage.spend([coin], paid, "scatter")
        target = stage.address(sink, "sink")
        for one in draw.shuffled(coins):
            yield draw.below(4)
            stage.send_all([one], target, "gather", OutputRole.PAYMENT)


SCATTER_GATHER = ScatterGather()

"""Layering: a coin is split, its parts go through layer after layer within minutes, and join."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class Layering:
    """Two or three strands, each spent in the block it came in or one of the next two."""

    name = "layering"
    version = "1"
    source = "FATF, Virtual Assets Red Flag Indicators, 2020, paragraphs on rapid transfers"
    least, most = 7, 50

    def play(self, stage: Stage) -> Iterator[int]:
        """Split, pass on through layers, join, cash out."""
        draw, owner = stage.draw, stage.actor("launderer")
        coin = stage.entry(stage.address(owner, "start"), stage.about(4000), "entry")
        yield draw.below(3)
        width = draw.between(2, 3)
        first = [stage.address(owner, "layer") for _ in range(width)]
        values = draw.parts(coin.value - stage.fee([coin], [to.form for to in first]), width)
        paid = [(to, value, OutputRole.OWN) for to, value in zip(first, values, strict=True)]
        strands = stage.spend([coin], paid, "split")
        for _ in range((stage.room - 3) // width):
            yield draw.below(3)
            strands = [
                stage.send_all([one], stage.address(owner, "layer"), "pass", OutputRole.OWN)
                for one in strands
            ]
        yield draw.below(3)
        stage.send_all(strands, stage.account(owner, "cash-out"), "join", OutputRole.DEPOSIT)


LAYERING = Layering()

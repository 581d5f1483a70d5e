"""Pass-through: an address forwards, within a block or two, nearly all of whatever it is paid."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class PassThrough:
    """A mule's one address is paid again and again; 90 to 99 per cent go on, the rest is kept."""

    name = "pass-through"
    version = "1"
    source = "Europol, European Money Mule Action; FATF, Virtual Assets Red Flag Indicators, 2020"
    least, most = 2, 20

    def play(self, stage: Stage) -> Iterator[int]:
        """Take in, forward, and again."""
        draw, mule, boss = stage.draw, stage.actor("mule"), stage.actor("receiver")
        address, form = stage.address(mule, "mule"), stage.change_form
        target = stage.address(boss, "receiver")
        for _ in range(stage.room // 2):
            coin = stage.entry(address, stage.about(700), "entry")
            yield draw.below(3)
            value = coin.value * draw.between(900, 990) // 1000
            value -= stage.fee([coin], [target.form, form])
            kept = stage.address(mule, "kept", form)
            stage.spend([coin], [(target, value, OutputRole.PAYMENT)], "forward", change=kept)
            yield draw.between(1, 10)


PASS_THROUGH = PassThrough()

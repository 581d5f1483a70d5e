"""Peel chain: one coin passes from address to address, and a little is peeled off at each."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class PeelChain:
    """A launderer pays 2 to 12 per cent out at each hop, to an exchange or to somebody."""

    name = "peel-chain"
    version = "1"
    source = "Meiklejohn et al., A Fistful of Bitcoins, IMC 2013, section 5.1 (peeling chains)"
    least, most = 4, 80

    def play(self, stage: Stage) -> Iterator[int]:
        """Peel until the room is used or too little is left."""
        draw, thief = stage.draw, stage.actor("launderer")
        form = stage.change_form
        coin = stage.entry(stage.address(thief, "start", form), stage.about(6000), "entry")
        for _ in range(stage.room - 1):
            yield draw.between(1, 3)
            peel = coin.value * draw.between(20, 120) // 1000
            at_exchange = draw.chance(600_000)
            to = stage.account(thief, "peel") if at_exchange else stage.outsider("peel")
            what = OutputRole.DEPOSIT if at_exchange else OutputRole.PAYMENT
            following = stage.address(thief, "hop", form)
            coin = stage.spend([coin], [(to, peel, what)], "peel", change=following)[-1]


PEEL_CHAIN = PeelChain()

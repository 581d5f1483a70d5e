"""Mixer: coins go into a custodial mixer's pool, and other coins of the pool come out."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage


class Mixer:
    """A client pays in; payouts to their new addresses come from what other customers paid in."""

    name = "mixer"
    version = "1"
    source = "Möser, Böhme, Breuker, An Inquiry into Money Laundering Tools, eCrime 2013"
    least, most = 7, 20

    def play(self, stage: Stage) -> Iterator[int]:
        """Others pay in, the client pays in, payouts leave in parts, the client cashes out."""
        draw, client, mixer = stage.draw, stage.actor("client"), stage.actor("mixer")
        dirty = stage.entry(stage.address(client, "client-in"), stage.about(1200), "entry")
        payouts = min(3, (stage.room - 3) // 2)
        pool = []
        for _ in range(payouts):
            deposit = stage.address(mixer, "mixer-deposit")
            pool.append(stage.entry(deposit, dirty.value, "other-customer"))
            yield draw.between(1, 3)
        deposit = stage.address(mixer, "mixer-deposit")
        stage.send_all([dirty], deposit, "mix-in", OutputRole.PAYMENT)
        kept = draw.between(10, 30)
        stage.plant.facts["fee_thousandths"] = kept
        owed = draw.parts(dirty.value * (1000 - kept) // 1000, payouts)
        clean = []
        for coin, value in zip(draw.shuffled(pool), owed, strict=True):
            yield draw.between(2, 12)
            to, rest = stage.address(client, "client-out"), stage.address(mixer, "mixer-pool")
            paid = min(value, coin.value * 9 // 10)
            made = stage.spend([coin], [(to, paid, OutputRole.PAYMENT)], "mix-out", change=rest)
            clean.append(made[0])
        yield draw.between(2, 20)
        account = stage.account(client, "cash-out")
        stage.send_all(clean, account, "cash-out", OutputRole.DEPOSIT)


MIXER = Mixer()

"""Service hopping: coins go into one exchange and come out of it, into the next, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Stage, Starved

_PATIENCE = 12


class ServiceHopping:
    """Each deposit is followed by a withdrawal of about the same value from other coins."""

    name = "service-hopping"
    version = "1"
    source = "FATF, Virtual Assets Red Flag Indicators, 2020 (moving through several providers)"
    least, most = 5, 21

    def play(self, stage: Stage) -> Iterator[int]:
        """Deposit, withdraw elsewhere in the chain of services, deposit at the next."""
        draw, owner = stage.draw, stage.actor("hopper")
        coin = stage.entry(stage.address(owner, "start"), stage.usual(5000), "entry")
        exchange = draw.below(stage.exchanges)
        for _ in range((stage.room - 1) // 2):
            yield draw.between(1, 4)
            value = coin.value
            account = stage.account(owner, "deposit", exchange)
            stage.send_all([coin], account, "deposit", OutputRole.DEPOSIT)
            yield draw.between(1, 10)
            value = value * draw.between(970, 995) // 1000
            to, waits = stage.address(owner, "withdrawn"), 0
            while True:
                try:
                    coin = stage.entry(to, value, "withdrawal", exchange)
                    break
                except Starved:
                    # Its hot wallet is empty: the exchange lets its customer wait for a sweep.
                    waits += 1
                    if waits > _PATIENCE:
                        raise
                yield draw.between(2, 10)
            exchange = (exchange + 1) % stage.exchanges


SERVICE_HOPPING = ServiceHopping()

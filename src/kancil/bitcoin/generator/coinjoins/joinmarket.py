"""JoinMarket: a taker pays makers to join; all get one equal output, and change beside it."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Payment, Stage


class JoinMarket:
    """The taker's change is less by miners' and makers' fees, each maker's is more by its fee."""

    name = "joinmarket"
    version = "1"
    source = "Möser, Böhme, Join Me on a Market for Anonymity, WEIS 2016, section 3"
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One join of 3 to 10."""
        draw = stage.draw
        value = stage.usual(300)
        found = stage.participants(draw.between(3, 10), 3, value * 5 // 4 + 60 * stage.dust)
        coins = sorted(found, key=lambda coin: (-coin.value, coin.tx, coin.n))
        taker, makers = coins[0], coins[1:]
        stage.plant.facts["taker"] = taker.address.owner
        form = draw.pick((Form.WPKH, Form.NESTED))
        payments: list[Payment] = []
        paid = 0
        for coin in makers:
            fee = value * draw.between(0, 20) // 100_000
            paid += fee
            equal = stage.same_owner(coin, "maker joined", form)
            change = stage.same_owner(coin, "maker change", form)
            payments.append((equal, value, OutputRole.JOINED))
            payments.append((change, coin.value - value + fee, OutputRole.CHANGE))
        payments.append((stage.same_owner(taker, "taker joined", form), value, OutputRole.JOINED))
        rest = taker.value - value - paid - stage.fee(coins, [form] * (2 * len(coins)))
        if rest >= stage.dust:
            change = stage.same_owner(taker, "taker change", form)
            payments.append((change, rest, OutputRole.CHANGE))
        stage.spend(draw.shuffled(coins), payments, "coinjoin", kind=TxRole.COINJOIN)
        yield 0


JOINMARKET = JoinMarket()

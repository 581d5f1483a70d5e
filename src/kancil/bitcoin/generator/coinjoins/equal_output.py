"""Equal output: a CoinJoin of no known protocol, an equal output and change for each who joins."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Payment, Stage


class EqualOutput:
    """Participants share the fee; forms of address stay what each participant's wallet has."""

    name = "equal-output"
    version = "2"
    source = "G. Maxwell, CoinJoin: Bitcoin privacy for the real world, 2013"
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One join of 3 to 30."""
        draw = stage.draw
        value = stage.usual(300)
        found = stage.participants(draw.between(3, 30), 3, value * 5 // 4 + 20 * stage.dust)
        coins = [purse.coins[0] for purse in found]
        share = stage.fee(coins, [Form.WSH] * (2 * len(coins))) // len(coins) + 1
        payments: list[Payment] = []
        for coin in coins:
            form = coin.address.form
            payments.append((stage.same_owner(coin, "joined", form), value, OutputRole.JOINED))
            rest = coin.value - value - share
            if rest >= stage.dust:
                change = stage.same_owner(coin, "change", form)
                payments.append((change, rest, OutputRole.CHANGE))
        stage.spend(draw.shuffled(coins), payments, "coinjoin", kind=TxRole.COINJOIN)
        yield 0


EQUAL_OUTPUT = EqualOutput()

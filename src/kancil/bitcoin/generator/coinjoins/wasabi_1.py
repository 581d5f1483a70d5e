"""Wasabi 1: many participants, as many equal outputs near a base value, change, a coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Payment, Stage

_BASE_SAT = 10_000_000
_FEE_TEN_THOUSANDTHS = 3


class Wasabi1:
    """Equal outputs of about 0.1 BTC or, where users hold less, of less; native witness keys only.

    Each participant pays three ten-thousandths of its equal output for each participant, as the
    coordinator's fee grew with the crowd.
    """

    name = "wasabi-1"
    version = "1"
    source = "Stütz et al., Decentralized CoinJoin Implementations in Bitcoin, AFT 2022, section 2"
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One round."""
        draw = stage.draw
        base = min(_BASE_SAT, stage.usual(400))
        value = base * draw.between(950, 1050) // 1000
        coins = stage.participants(draw.between(10, 60), 8, value * 5 // 4)
        fee = max(1, value * _FEE_TEN_THOUSANDTHS * len(coins) // 10_000)
        share = stage.fee(coins, [Form.WPKH] * (2 * len(coins) + 1)) // len(coins) + 1
        payments: list[Payment] = []
        for coin in coins:
            equal = stage.same_owner(coin, "joined", Form.WPKH)
            payments.append((equal, value, OutputRole.JOINED))
            rest = coin.value - value - fee - share
            if rest >= stage.dust:
                change = stage.same_owner(coin, "change", Form.WPKH)
                payments.append((change, rest, OutputRole.CHANGE))
        taken = stage.address(stage.actor("coordinator"), "coordinator fee", Form.WPKH)
        payments.append((taken, max(stage.dust, fee * len(coins)), OutputRole.PAYMENT))
        stage.spend(draw.shuffled(coins), payments, "coinjoin", kind=TxRole.COINJOIN)
        yield 0


WASABI_1 = Wasabi1()

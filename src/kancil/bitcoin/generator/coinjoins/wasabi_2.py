"""Wasabi 2 (WabiSabi): many participants, outputs of standard denominations and of two forms."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Coin, Payment, Stage

_LEAST_SAT = 5_000
_MOST_OUTPUTS = 8


def _denominations() -> tuple[int, ...]:
    """Give the standard values, largest first: 2^n, 3^n, 2·3^n, 10^n, 2·10^n, 5·10^n satoshi."""
    found = {2**n for n in range(41)} | {3**n for n in range(26)} | {2 * 3**n for n in range(26)}
    found |= {many * 10**n for many in (1, 2, 5) for n in range(12)}
    return tuple(sorted((value for value in found if value >= _LEAST_SAT), reverse=True))


DENOMINATIONS = _denominations()
_ASCENDING = DENOMINATIONS[::-1]


class Wasabi2:
    """Each participant's coin is cut greedily into standard values; what is too small is fee.

    No output is the coordinator's. The first piece is the largest standard value below a drawn
    share of the coin, so that participants of like coins do not all get the same pieces.
    """

    name = "wasabi-2"
    version = "1"
    source = "Ficsór et al., WabiSabi, 2021; Wasabi Wallet 2.0 documentation, output decomposition"
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One round."""
        draw = stage.draw
        coins = stage.participants(draw.between(20, 80), 15, 20 * _LEAST_SAT)
        payments: list[Payment] = []
        for coin in coins:
            payments += _cut(stage, coin)
        stage.spend(draw.shuffled(coins), payments, "coinjoin", kind=TxRole.COINJOIN)
        yield 0


def _cut(stage: Stage, coin: Coin) -> list[Payment]:
    """Give the outputs of one participant, paid for by its coin."""
    each = stage.fee([], [Form.TR]) - stage.fee([], [])
    left = coin.value - stage.fee([coin], [Form.TR])
    ceiling = left * stage.draw.between(300, 1000) // 1000
    paid: list[Payment] = []
    place = bisect_right(_ASCENDING, min(left - each, ceiling))
    while place and len(paid) < _MOST_OUTPUTS:
        value = _ASCENDING[place - 1]
        form = Form.TR if stage.draw.chance(500_000) else Form.WPKH
        paid.append((stage.same_owner(coin, "joined", form), value, OutputRole.JOINED))
        left -= value + each
        place = bisect_right(_ASCENDING, left - each, 0, place)
    return paid


WASABI_2 = Wasabi2()

"""Wasabi 1: many equal outputs near 0.1 BTC, doubles of it, change, one fee to the coordinator.

The protocol is ZeroLink (Ficsór, TDevD, 2017); the form is that of the coordinator's code
(WalletWasabi 1.1, CoordinatorRound, Coordinator and CoordinatorRoundConfig): P2WPKH alone, up to
100 participants of up to seven coins; the equal value is what the smallest of them can pay, at
least the base of 0.1 BTC, which is lowered by the cost of joining again so that the outputs of the
round before can; whoever brings more also gets two, four, eight times the base, if at least two
do; 0.003 % of each equal output for each who has one goes to the coordinator; inputs and outputs
stand by value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Payment, Purse, Stage

BASE_SAT, _LEAST_BASE_SAT = 10_000_000, 1_000_000
_LEVELS = 10
"""Doublings of the base at most."""
_FEE_HUNDRED_THOUSANDTHS = 3
_LEAST_CHANGE_SAT, _LEAST_CHANGE_THOUSANDTHS = 10_000, 7
_LEAST_FEE_SAT = 30_000
_MOST_COINS = 7
_FEWEST_PEERS, _MOST_PEERS = 20, 100
"""The code takes two or more; how many came together is a choice here."""
_AGAIN_PER_MILLION = 400_000


class Wasabi1:
    """Some of those who were in a round wait with their equal output for the next."""

    name = "wasabi-1"
    version = "2"
    source = (
        "Ficsór, TDevD, ZeroLink: The Bitcoin Fungibility Framework, 2017; WalletWasabi 1.1, "
        "CoordinatorRound, Coordinator, CoordinatorRoundConfig"
    )
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One round."""
        draw = stage.draw
        stage.software(version=1)
        waiting = stage.waiting(self.name)
        base = waiting.value_sat or BASE_SAT
        costs = 2 * stage.fee_out(Form.WPKH)
        wanted = draw.between(30, _MOST_PEERS)
        least = base + costs + stage.fee_in(Form.WPKH)
        usable = [coin for coin in waiting.coins if coin.value >= least]
        joining = [coin for coin in usable if stage.is_confirmed(coin)][: wanted // 2]
        purses = [Purse((coin,)) for coin in joining]
        others = [coin for coin in waiting.coins if coin not in joining]
        found = stage.participants(
            wanted - len(purses), max(1, _FEWEST_PEERS - len(purses)),
            base + costs + _MOST_COINS * stage.fee_in(Form.WPKH),
            forms=(Form.WPKH,), most=_MOST_COINS, without={purse.owner for purse in purses},
        )  # fmt: skip
        stage.join(purses)
        purses += found
        payments, equal = _outputs(stage, purses, base)
        stage.plant.facts["denomination_sat"] = equal
        inputs = draw.shuffled([coin for purse in purses for coin in purse.coins])
        inputs.sort(key=lambda coin: coin.value)
        made = stage.spend(
            inputs, payments, "coinjoin", kind=TxRole.COINJOIN, key=lambda payment: payment[1]
        )
        waiting.coins.clear()
        for coin in made[: len(purses)]:
            (waiting.coins if draw.chance(_AGAIN_PER_MILLION) else others).append(coin)
        stage.release(others)
        waiting.value_sat = _lowered(base, equal - costs - stage.fee_in(Form.WPKH))
        yield 0


def _lowered(base: int, possible: int) -> int:
    """The base of the next round (Coordinator, after a round that succeeded)."""
    return possible if _LEAST_BASE_SAT < possible < base else base


def _fee(value: int, peers: int) -> int:
    """What each who has an output of this value pays the coordinator for it."""
    return value * _FEE_HUNDRED_THOUSANDTHS * peers // 100_000


def _outputs(stage: Stage, purses: Sequence[Purse], base: int) -> tuple[list[Payment], int]:
    """All outputs, the equal ones first in the order of the purses, and the equal value."""
    each, peers = stage.fee_out(Form.WPKH), len(purses)
    free = [purse.value - len(purse.coins) * stage.fee_in(Form.WPKH) - 2 * each for purse in purses]
    equal = min(free)
    rest = [value - equal - _fee(equal, peers) for value in free]
    payments: list[Payment] = [
        (stage.own(purse, "joined", Form.WPKH, waits=True), equal, OutputRole.JOINED)
        for purse in purses
    ]
    taken = _fee(equal, peers) * peers
    for level in range(1, _LEVELS + 1):
        value = base << level
        able = [i for i, left in enumerate(rest) if left >= value + each + _fee(value, peers)]
        if len(able) < 2:
            break
        fee = _fee(value, len(able))
        for i in able:
            to = stage.own(purses[i], "joined more", Form.WPKH)
            payments.append((to, value, OutputRole.JOINED))
            rest[i] -= value + each + fee
        taken += fee * len(able)
    smallest = max(_LEAST_CHANGE_SAT, equal * _LEAST_CHANGE_THOUSANDTHS // 1_000)
    for purse, left in zip(purses, rest, strict=True):
        if left < smallest:
            # Too little for change, or even for the coordinator's fee, which is then less.
            taken += left
        else:
            payments.append((stage.own(purse, "change", Form.WPKH), left, OutputRole.CHANGE))
    if taken > _LEAST_FEE_SAT:
        to = stage.address(stage.actor("coordinator"), "coordinator fee", Form.WPKH)
        payments.append((to, taken, OutputRole.PAYMENT))
    return payments, equal


WASABI_1 = Wasabi1()

"""JoinMarket: a taker pays makers to join; all get one equal output, and change beside it.

The form is that of joinmarket-clientserver: taker.py (each maker's change is what it brought, less
the amount and its part of the mining fee, and its own fee more, and at least 27,300 sat; the taker
pays the rest; inputs and outputs stand in a drawn order), cli_options.py (8 to 10 makers unless
told otherwise), configure.py and yieldgenerator.py (4 makers at least; offers of 0.002 % or of 500
sat, each a tenth more or less, by which a maker always earns; amounts from 100,000 sat) and its
wallets, which hold one form of script. The amount goes to another account of the taker, or pays
somebody else; a sweep leaves the taker no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Payment, Purse, Stage, Starved

LEAST_SAT = 100_000
_LEAST_MAKER_CHANGE_SAT, _LEAST_CHANGE_SAT = 27_300, 2_730
_FEWEST_MAKERS, _MOST_PEERS = 4, 11
_MOST_COINS = 6
_WALLETS = (Form.WPKH, Form.WPKH, Form.NESTED, Form.PKH)
_SWEEP_PER_MILLION, _PAYMENT_PER_MILLION = 150_000, 400_000


class JoinMarket:
    """The taker's change is less by miners' and makers' fees, each maker's is more by its fee."""

    name = "joinmarket"
    version = "2"
    source = (
        "joinmarket-clientserver, taker.py, cli_options.py, configure.py; Möser, Böhme, Join Me on "
        "a Market for Anonymity, WEIS 2016, section 3"
    )
    least, most = 1, 1

    def play(self, stage: Stage) -> Iterator[int]:
        """One join of 5 to 11."""
        draw = stage.draw
        stage.software(version=draw.between(1, 2))
        form = draw.pick(_WALLETS)
        value = max(LEAST_SAT, stage.usual(300))
        mining = _MOST_PEERS * (3 * stage.fee_in(form) + 2 * stage.fee_out(form))
        purses = stage.participants(
            1 + draw.between(8, 10), 1 + _FEWEST_MAKERS,
            value * 21 // 20 + 2 * _LEAST_MAKER_CHANGE_SAT + mining, forms=(form,),
            most=_MOST_COINS,
        )  # fmt: skip
        offers = [_offer(stage, value) for _ in purses[1:]]
        is_sweep = draw.chance(_SWEEP_PER_MILLION)
        if is_sweep:
            purses, value = _sweep(stage, purses, [fee for fee, _ in offers], form)
        taker, makers = purses[0], purses[1:]
        stage.plant.facts["taker"] = taker.owner
        owed = _mining(stage, purses, form)
        payments: list[Payment] = []
        for purse, (fee, part) in zip(makers, offers, strict=False):
            change = purse.value - value - part + fee
            owed += fee - part
            payments += [
                (stage.own(purse, "maker joined", form), value, OutputRole.JOINED),
                (stage.own(purse, "maker change", form), change, OutputRole.CHANGE),
            ]
        payments.append(_paid(stage, taker, value, form))
        rest = taker.value - value - owed
        if rest > _LEAST_CHANGE_SAT and not is_sweep:
            to = stage.own(taker, "taker change", form)
            payments.append((to, rest, OutputRole.CHANGE))
        inputs = draw.shuffled([coin for purse in purses for coin in purse.coins])
        stage.spend(inputs, payments, "coinjoin", kind=TxRole.COINJOIN)
        yield 0


def _offer(stage: Stage, value: int) -> tuple[int, int]:
    """What a maker asks, a share of the amount or a fixed fee, and what it adds for miners.

    No offer is for so little that it would not earn half as much again (yieldgenerator, minsize).
    """
    draw = stage.draw
    fee = draw.between(450, 550)
    if draw.chance(500_000):
        fee = value * draw.between(18, 22) // 1_000_000
    return fee, min(draw.below(131), fee * 2 // 3)


def _mining(stage: Stage, purses: Sequence[Purse], form: Form) -> int:
    coins = [coin for purse in purses for coin in purse.coins]
    return stage.fee(coins, [form] * (2 * len(purses)))


def _paid(stage: Stage, taker: Purse, value: int, form: Form) -> Payment:
    """The taker's equal output: to another account of its own, or to somebody else."""
    if stage.draw.chance(_PAYMENT_PER_MILLION):
        return stage.outsider("payee"), value, OutputRole.PAYMENT
    return stage.own(taker, "taker joined", form), value, OutputRole.JOINED


def _sweep(
    stage: Stage, purses: Sequence[Purse], fees: Sequence[int], form: Form
) -> tuple[list[Purse], int]:
    """Have whoever has least empty an account; give all who can join so, and the amount.

    Makers whose change would be too small are let go. Raises Starved.
    """
    taker, *others = sorted(purses, key=lambda purse: (purse.value, purse.owner))
    value = taker.value - _mining(stage, purses, form) - sum(fees)
    makers = [one for one in others if one.value - value >= 2 * _LEAST_MAKER_CHANGE_SAT]
    if len(makers) < _FEWEST_MAKERS or value < LEAST_SAT:
        stage.release(coin for purse in purses for coin in purse.coins)
        raise Starved
    stage.release(coin for one in others if one not in makers for coin in one.coins)
    return [taker, *makers], value


JOINMARKET = JoinMarket()

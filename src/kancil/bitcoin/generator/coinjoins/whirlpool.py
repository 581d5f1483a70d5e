"""Whirlpool: tx0 cuts coins into equal pieces, then mixes of exactly five in and five out."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Coin, Payment, Stage

_POOLS = (50_000_000, 5_000_000, 1_000_000, 100_000)
_FEE_THOUSANDTHS, _MIX_FEE_SAT = 35, 3_000
_SIZE = 5


class Whirlpool:
    """A pool's denomination; tx0 with pool fee, OP_RETURN, pieces and change; mixes with remixers.

    In the first mix all five pieces are new, in each later one two or three are, and the others
    were in the mix before. What nobody takes further goes back to its owner's ordinary coins.
    """

    name = "whirlpool"
    version = "1"
    source = "Stütz et al., Decentralized CoinJoin Implementations in Bitcoin, AFT 2022, section 2"
    least, most = 6, 30

    def play(self, stage: Stage) -> Iterator[int]:
        """Five or more tx0, then mixes."""
        draw, coordinator = stage.draw, stage.actor("coordinator")
        count = min(draw.between(_SIZE, 9), stage.room - 1)
        denomination, coins = _find(stage, count)
        pieces: list[list[Coin]] = []
        for coin in coins:
            yield draw.below(2)
            pieces.append(_cut(stage, coin, denomination, coordinator))
        mixed: list[Coin] = []
        for _ in range(stage.room - count):
            again = draw.shuffled(mixed)[: draw.between(2, 3)]
            owners = {coin.address.owner for coin in again}
            free = [owned for owned in pieces if owned and owned[0].address.owner not in owners]
            if len(again) + len(free) < _SIZE:
                break
            yield draw.between(1, 4)
            stage.release(coin for coin in mixed if coin not in again)
            new = [owned.pop() for owned in draw.shuffled(free)[: _SIZE - len(again)]]
            mixed = _mix(stage, draw.shuffled([*new, *again]), denomination)
        stage.release([*mixed, *(coin for owned in pieces for coin in owned)])


def _find(stage: Stage, count: int) -> tuple[int, list[Coin]]:
    """Give the largest pool's denomination for which so many users hold enough, and their coins."""
    for denomination in _POOLS[:-1]:
        if denomination < stage.usual(1000):
            return denomination, stage.participants(count, _SIZE, denomination * 3 // 2)
    return _POOLS[-1], stage.participants(count, _SIZE, _POOLS[-1] * 3 // 2)


def _cut(stage: Stage, coin: Coin, denomination: int, coordinator: int) -> list[Coin]:
    """Make one tx0; give its pieces."""
    piece, fee = denomination + _MIX_FEE_SAT, denomination * _FEE_THOUSANDTHS // 1000
    forms = [Form.WPKH] * 8
    free = coin.value - fee - stage.fee([coin], [*forms, Form.DATA])
    many = max(1, min(stage.draw.between(1, 5), free // piece))
    owner = coin.address.owner
    payments: list[Payment] = [
        (stage.address(owner, "premix", Form.WPKH), piece, OutputRole.OWN) for _ in range(many)
    ]
    payments.append((stage.address(coordinator, "pool fee", Form.WPKH), fee, OutputRole.PAYMENT))
    payments.append(stage.data())
    change = stage.same_owner(coin, "toxic change", Form.WPKH)
    made = stage.spend([coin], payments, "tx0", change=change)
    wallet = coin.address.wallet
    for one in made[:many]:
        one.address.home = wallet
    return list(made[:many])


def _mix(stage: Stage, inputs: list[Coin], denomination: int) -> list[Coin]:
    """Make one mix: each of the five gets exactly the denomination at a new address."""
    payments: list[Payment] = []
    for coin in inputs:
        to = stage.address(coin.address.owner, "postmix", Form.WPKH)
        to.home = coin.address.home
        payments.append((to, denomination, OutputRole.JOINED))
    return stage.spend(inputs, payments, "mix", kind=TxRole.COINJOIN)


WHIRLPOOL = Whirlpool()

"""Whirlpool: tx0 cuts coins into equal pieces, then mixes of five in and five equal out, or more.

Pools, what they ask for a tx0, and the most pieces: Samourai's documentation (docs.samourai.io,
Whirlpool, pools and pool fees) and the fees of its last years; whirlpool-server, README (a new
entrant brings the pool's size and a share of the mining fee, one who remixes the size alone; no two
coins of one transaction or one client in a mix); whirlpool-client, Tx0Service (size of a piece,
P2WPKH, BIP 69); whirlpool-protocol, WhirlpoolFee (64 bytes after OP_RETURN; later versions 80).
"""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.rows import OutputRole, TxRole
from kancil.bitcoin.generator.stage import Coin, Payment, Purse, Stage, Starved

POOLS = {50_000_000: 1_750_000, 5_000_000: 175_000, 1_000_000: 50_000, 100_000: 5_000}
"""Size of a pool, and the coordinator's fee for one tx0, in satoshi."""
MOST_PIECES = 70
_SIZE, _MOST_SIZE = 5, 8
_MUST_MIX = 2
"""New entrants who pay for a mix."""
_MOST_COINS = 5
_SURGE_PER_MILLION = 300_000
_MOST_WAITING = 40
"""Coins that wait in a pool to be mixed again; others go back to their owners' wallets."""


class Whirlpool:
    """tx0s with pool fee, OP_RETURN, pieces and change; mixes of new pieces and of mixed coins.

    Coins that were mixed wait in their pool, also for mixes of later instances. The first mix of a
    pool has nothing to mix again, so all five are new. In some instances more than three are mixed
    again, up to eight in all (Samourai, Introducing Whirlpool Surge Cycles, 2023).
    """

    name = "whirlpool"
    version = "2"
    source = (
        "Samourai: whirlpool-server, README; whirlpool-client, Tx0Service; whirlpool-protocol, "
        "WhirlpoolFee; Introducing Whirlpool Surge Cycles (2023)"
    )
    least, most = 6, 30

    def play(self, stage: Stage) -> Iterator[int]:
        """Five or more tx0, then mixes."""
        draw, coordinator = stage.draw, stage.actor("coordinator")
        stage.software(version=1)
        count = min(draw.between(_SIZE, 9), stage.room - 1)
        is_surge = draw.chance(_SURGE_PER_MILLION)
        note = Form.DATA_80 if draw.chance(500_000) else Form.DATA_64
        size, purses = _find(stage, count)
        pool = stage.waiting(f"whirlpool {size}").coins
        pieces: list[list[Coin]] = []
        for place, purse in enumerate(purses):
            yield draw.below(2)
            try:
                pieces.append(_cut(stage, purse, size, coordinator, note))
            except Starved:
                stage.release(coin for one in purses[place:] for coin in one.coins)
                raise
        yield 1
        for _ in range(stage.room - count):
            yield draw.below(3)
            if pool and not any(stage.is_confirmed(coin) for coin in pool):
                continue
            inputs = _register(stage, pool, pieces, _MOST_SIZE if is_surge else _SIZE)
            if not inputs:
                break
            pool += _mix(stage, stage.in_order(inputs), size)
            while len(pool) > _MOST_WAITING:
                stage.release([pool.pop(draw.below(len(pool)))])
        stage.release(coin for owned in pieces for coin in owned)


def _share(stage: Stage) -> int:
    """What a new entrant brings above the pool's size (Tx0Service, computePremixValue)."""
    fee = _SIZE * (stage.fee_in(Form.WPKH) + stage.fee_out(Form.WPKH)) + stage.fee([], [])
    return -(-fee // _MUST_MIX)


def _find(stage: Stage, count: int) -> tuple[int, list[Purse]]:
    """A pool that enough users can enter, and what they bring."""
    sizes = list(POOLS)
    for size in sizes[stage.draw.below(len(sizes)) :]:
        costs = 40 * stage.fee_out(Form.WPKH)
        least = size + _share(stage) + POOLS[size] + costs
        try:
            return size, stage.participants(
                count, _SIZE, least, forms=(Form.WPKH,), most=_MOST_COINS
            )
        except Starved:
            continue
    raise Starved


def _cut(stage: Stage, purse: Purse, size: int, coordinator: int, note: Form) -> list[Coin]:
    """Make one tx0; give its pieces."""
    piece, first = size + _share(stage), purse.coins[0]
    free = purse.value - POOLS[size] - stage.fee(purse.coins, [Form.WPKH, Form.WPKH, note])
    many = max(1, min(MOST_PIECES, free // (piece + stage.fee_out(Form.WPKH))))
    payments: list[Payment] = [
        (stage.address(purse.owner, "premix", Form.WPKH), piece, OutputRole.OWN)
        for _ in range(many)
    ]
    fee = stage.address(coordinator, "pool fee", Form.WPKH)
    payments += [(fee, POOLS[size], OutputRole.PAYMENT), stage.data(note)]
    change = stage.same_owner(first, "toxic change", Form.WPKH)
    inputs = stage.in_order(purse.coins)
    made = stage.spend(inputs, payments, "tx0", change=change, key=stage.by_value)
    for one in made[:many]:
        one.address.home = first.address.wallet
    return list(made[:many])


def _register(stage: Stage, pool: list[Coin], pieces: list[list[Coin]], most: int) -> list[Coin]:
    """Take the inputs of a mix out of pool and pieces; none if too few can be had."""
    draw = stage.draw
    again: list[Coin] = []
    for coin in draw.shuffled(pool):
        if len(again) == most - _MUST_MIX:
            break
        if stage.is_confirmed(coin) and not any(_are_akin(coin, one) for one in again):
            again.append(coin)
    entering = [owned for owned in pieces if owned]
    owners = {coin.address.owner for coin in again}
    strangers = [owned for owned in entering if owned[0].address.owner not in owners]
    count = max(_MUST_MIX, _SIZE - len(again))
    chosen = draw.shuffled(strangers if len(strangers) >= count else entering)[:count]
    # Nobody meets themselves: whoever enters anew does not mix again.
    owners = {owned[0].address.owner for owned in chosen}
    again = [coin for coin in again if coin.address.owner not in owners]
    if len(chosen) < _MUST_MIX or len(chosen) + len(again) < _SIZE:
        return []
    for coin in again:
        pool.remove(coin)
    return [*again, *(owned.pop() for owned in chosen)]


def _are_akin(one: Coin, other: Coin) -> bool:
    """Whether two coins are of one transaction or of one owner."""
    return one.tx == other.tx or one.address.owner == other.address.owner


def _mix(stage: Stage, inputs: list[Coin], size: int) -> list[Coin]:
    """Make one mix: each gets exactly the pool's size at a new address."""
    payments: list[Payment] = []
    for coin in inputs:
        to = stage.address(coin.address.owner, "postmix", Form.WPKH)
        to.home = coin.address.home
        payments.append((to, size, OutputRole.JOINED))
    return stage.spend(inputs, payments, "mix", kind=TxRole.COINJOIN, key=stage.by_value)


WHIRLPOOL = Whirlpool()

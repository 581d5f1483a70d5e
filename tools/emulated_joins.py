"""Emulate JoinMarket joins with known owners: makers of equal balance, and small amounts.

What is emulated is a market as its program makes one on a test network: every maker is funded with
the same coins and asks the same fee, so their change is equal too; the amounts of most joins lie
under 75,000 sat. `joins` is made from numbers that always come out the same. Rules of the program
(joinmarket-clientserver, taker.py, yieldgenerator.py): each maker's change is what it brought, less
the amount, and its fee more; the taker pays fees and miners; each coin goes to a fresh script.

Whom an address belongs to is known here, as it never is on the real chain: `pairs` counts how many
pairs of addresses clusters would join of one owner, and of two.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin, Heuristic, Shown
from kancil.bitcoin.script.kind import ScriptKind

JOINS, SMALL = 32, 20
"""How many joins, and how many of them of less than 75,000 sat."""
MAKERS, FUNDED, COIN_SAT = 8, 6, 2_000_000
"""Makers, coins that each begins with, and the value of each of these coins."""
FEE_SAT, MINING_SAT = 250, 1_500


@dataclass(frozen=True, slots=True)
class OwnCoin:
    """A coin whose owner is known; its script is its number."""

    number: int
    value: int
    owner: str

    @property
    def script(self) -> bytes:
        """The hash in its P2WPKH script."""
        return self.number.to_bytes(20, "big")


@dataclass(frozen=True, slots=True)
class Join:
    """One emulated transaction."""

    inputs: tuple[OwnCoin, ...]
    outputs: tuple[OwnCoin, ...]

    @property
    def shown(self) -> Shown:
        """The transaction as a heuristic sees it."""
        inputs, outputs = (
            tuple(Coin(coin.value, ScriptKind.P2WPKH, coin.script) for coin in coins)
            for coins in (self.inputs, self.outputs)
        )
        return Shown(f"{self.outputs[0].number:064x}", inputs, outputs)


def joins(seed: int = 20_260_301) -> Iterator[Join]:
    """The joins, one after the other; coins of one may be spent in the next."""
    draw, numbers = random.Random(seed), count(1)  # noqa: S311 (the same numbers each time)
    wallets = {
        f"maker {n}": [OwnCoin(next(numbers), COIN_SAT, f"maker {n}") for _ in range(FUNDED)]
        for n in range(MAKERS)
    }
    for place in range(JOINS):
        is_small = place < SMALL
        amount = draw.randrange(20_000, 75_000) if is_small else draw.randrange(100_000, 900_000)
        taker = f"taker {place}"
        brought = [[OwnCoin(next(numbers), 3 * COIN_SAT, taker)]]
        for maker in draw.sample(sorted(wallets), draw.randint(2, 4)):
            brought.append(_chosen(wallets[maker], amount, two=draw.random() < 0.08))
        yield _joined(draw, numbers, wallets, brought, amount)


def _chosen(wallet: list[OwnCoin], amount: int, *, two: bool) -> list[OwnCoin]:
    """Take a maker's largest coins out of its wallet: what the default maker offers."""
    wallet.sort(key=lambda coin: (coin.value, -coin.number))
    coins = [wallet.pop() for _ in range(2 if two else 1)]
    if sum(coin.value for coin in coins) <= amount:
        raise ValueError(f"a maker has no coin above {amount} sat")
    return coins


def _joined(
    draw: random.Random,
    numbers: Iterator[int],
    wallets: dict[str, list[OwnCoin]],
    brought: Sequence[Sequence[OwnCoin]],
    amount: int,
) -> Join:
    paid = []
    for place, coins in enumerate(brought):
        earned = -FEE_SAT * (len(brought) - 1) - MINING_SAT if place == 0 else FEE_SAT
        change = sum(coin.value for coin in coins) - amount + earned
        paid += [(amount, coins[0].owner), (change, coins[0].owner)]
    inputs = [coin for coins in brought for coin in coins]
    draw.shuffle(inputs)
    draw.shuffle(paid)
    outputs = tuple(OwnCoin(next(numbers), value, owner) for value, owner in paid)
    for coin in outputs:
        if coin.owner in wallets:
            wallets[coin.owner].append(coin)
    return Join(tuple(inputs), outputs)


def answers(made: Iterable[Join], heuristic: Heuristic) -> dict[Answer, int]:
    """Count what a heuristic answers."""
    found = dict.fromkeys(Answer, 0)
    for join in made:
        found[heuristic.judge(join.shown).answer] += 1
    return found


def left_in(
    made: Iterable[Join], heuristics: Sequence[Heuristic], *, unsure_join: bool
) -> list[Join]:
    """The joins that clusters do not leave out."""
    out = {Answer.YES} if unsure_join else {Answer.YES, Answer.UNSURE}
    return [join for join in made if not out & {one.judge(join.shown).answer for one in heuristics}]


def pairs(left: Iterable[Join]) -> tuple[int, int]:
    """Count pairs of addresses of one owner, and of two, that these transactions would join.

    Scripts are fresh, so no address is spent from twice and each transaction is a cluster.
    """
    right = wrong = 0
    for join in left:
        for one, other in combinations(join.inputs, 2):
            right += one.owner == other.owner
            wrong += one.owner != other.owner
    return right, wrong


__all__ = ["Join", "OwnCoin", "answers", "joins", "left_in", "pairs"]

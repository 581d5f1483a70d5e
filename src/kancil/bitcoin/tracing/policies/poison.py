"""Poison: one traced satoshi among the inputs, and every output is reached, whole.

Source: Möser, Böhme, Breuker, "Towards Risk Scoring of Bitcoin Transactions", Financial
Cryptography and Data Security Workshops 2014, LNCS 8438, pp. 16-32.

It answers "could coins have come this far?", and overstates on purpose: amounts are whole
values of the outputs reached and must not be added up or set against the loss.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Spend, Split, reason_of
from kancil.ground.units import MAX_MONEY_SAT


@dataclass(frozen=True, slots=True)
class Poison:
    """The member; see the module."""

    name: str = "poison"
    version: str = "1"
    source: str = (
        "Möser, Böhme, Breuker: Towards Risk Scoring of Bitcoin Transactions. FC 2014 Workshops, "
        "LNCS 8438, pp. 16-32"
    )
    words: tuple[str, ...] = ("method.poison.1", "method.poison.2", "method.poison.3")
    conserves: bool = False
    has_order: bool = False

    def begin(self, value: int, share: int) -> Coins:
        """The whole value: poison knows no parts."""
        return Coins(value, value) if share else NOTHING

    def doubt(self, value: int, most: int) -> Coins:
        """Nothing or all."""
        if not most:
            return NOTHING
        return Coins(0, MAX_MONEY_SAT if value == UNKNOWN_VALUE else value)

    def join(self, flow: Coins, start: Coins, value: int) -> Coins:
        """The whole value."""
        return Coins(max(flow.lower, start.lower), max(flow.upper, start.upper))

    def forward(self, spend: Spend) -> Split:
        """Reach every output that has a value, and the fee."""
        reached = _reached(spend)
        arms = [_whole(value, value, reached) for value in spend.output_values]
        least, most = spend.unknown_range()
        left = spend.known_total - spend.output_total
        fee = _whole(left + least, left + most, reached)
        reason = reason_of(spend, [*arms, fee], by_place=False, backward=False)
        return Split(arms, fee, reason)

    def backward(self, spend: Spend) -> Split:
        """Reach every input: all that ever flowed into the coins asked about."""
        reached = _reached(spend)
        least, most = spend.unknown_range()
        alone = spend.unknown_count == 1
        arms = [
            _whole(least if alone else 0, most, reached)
            if value == UNKNOWN_VALUE
            else _whole(value, value, reached)
            for value in spend.input_values
        ]
        return Split(arms, NOTHING, reason_of(spend, arms, by_place=False, backward=True))


def _reached(spend: Spend) -> tuple[bool, bool]:
    """Whether a traced satoshi is surely, and is possibly, in this transaction."""
    return (
        any(coins.lower for coins in spend.traced),
        any(coins.upper for coins in spend.traced),
    )


def _whole(least: int, most: int, reached: tuple[bool, bool]) -> Coins:
    surely, possibly = reached
    return Coins(least if surely else 0, most) if possibly else NOTHING


POISON = Poison()

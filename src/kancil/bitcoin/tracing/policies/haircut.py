"""Haircut: every output carries the traced coins in proportion to its value.

Source: Möser, Böhme, Breuker, "Towards Risk Scoring of Bitcoin Transactions", Financial
Cryptography and Data Security Workshops 2014, LNCS 8438, pp. 16-32. Exact satoshi by the
largest remainder; the paper works with fractions and leaves rounding open.

It proves nothing of which coin went where: it shares the loss evenly, as a court does that
divides a mixed fund rateably. Its error is not measurable, since no true answer exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kancil.bitcoin.tracing.policy import (
    UNKNOWN_VALUE,
    Coins,
    Spend,
    Split,
    join_amounts,
    reason_of,
    tighten,
)
from kancil.ground.units import MAX_MONEY_SAT

Bounds = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Haircut:
    """The member; see the module."""

    name: str = "haircut"
    version: str = "1"
    source: str = (
        "Möser, Böhme, Breuker: Towards Risk Scoring of Bitcoin Transactions. FC 2014 Workshops, "
        "LNCS 8438, pp. 16-32"
    )
    words: tuple[str, ...] = ("method.haircut.1", "method.haircut.2", "method.haircut.3")
    conserves: bool = True
    has_order: bool = False

    def begin(self, value: int, share: int) -> Coins:
        """The share as it is: amounts have no places."""
        return Coins(share, share)

    def doubt(self, value: int, most: int) -> Coins:
        """0 to what the arm can hold."""
        return Coins(0, most if value == UNKNOWN_VALUE else min(value, most))

    def join(self, flow: Coins, start: Coins, value: int) -> Coins:
        """Bounds: the flow and the start may be the same coins."""
        return Coins(*join_amounts(flow, start, value))

    def forward(self, spend: Spend) -> Split:
        """Share the traced coins over outputs and fee; the fee counts as the last output."""
        lower, upper = spend.traced_range()
        if not spend.unknown_count:
            weights = [*spend.output_values, spend.known_total - spend.output_total]
            parts = _by_weight(lower, upper, weights)
        else:
            parts = tighten(_forward_unknown(spend, lower), lower, upper)
        arms = [Coins(*part) for part in parts]
        return Split(arms[:-1], arms[-1], reason_of(spend, arms, by_place=False, backward=False))

    def backward(self, spend: Spend) -> Split:
        """Share the asked coins over the inputs, each by its part of the whole."""
        lower, upper = spend.traced_range()
        if not spend.unknown_count:
            parts = _by_weight(lower, upper, spend.input_values)
        else:
            parts = tighten(_backward_unknown(spend, lower, upper), lower, upper)
        arms = [Coins(*part) for part in parts]
        reason = reason_of(spend, arms, by_place=False, backward=True)
        return Split(arms, Coins(0, 0), reason)


def largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide `amount` satoshi by weight, exactly (Hamilton's method); ties go to the lowest index.

    Each part is the exact share rounded down, or one more. `weights` add up to more than 0.
    """
    whole = sum(weights)
    parts, rests = [], []
    for index, weight in enumerate(weights):
        part, rest = divmod(amount * weight, whole)
        parts.append(part)
        rests.append((-rest, index))
    left = amount - sum(parts)
    if left:
        rests.sort()
        for _, index in rests[:left]:
            parts[index] += 1
    return parts


def _by_weight(lower: int, upper: int, weights: Sequence[int]) -> Bounds:
    """Divide a range by known weights.

    A range is not divided at its two ends: the largest remainder is not monotone (more to
    divide can leave one part smaller, the Alabama paradox), so each part is only known to be
    its exact share rounded down or up.
    """
    whole = sum(weights)
    if not whole:
        return [(0, 0)] * len(weights)
    if lower == upper:
        return [(part, part) for part in largest_remainder(lower, weights)]
    bounds = [(lower * w // whole, min(w, _up(upper * w, whole))) for w in weights]
    return tighten(bounds, lower, upper)


def _up(dividend: int, divisor: int) -> int:
    """Divide, rounding up; nothing by nothing is nothing."""
    return -(-dividend // divisor) if divisor else 0


def _forward_unknown(spend: Spend, lower: int) -> Bounds:
    """Bound each output and the fee when the value of an input is not known.

    With K known and U unknown satoshi in, an output of value o takes (T + t) * o / (K + U),
    where T is traced in known inputs and t at most min(U, cap) in the unknown ones. That grows
    with U up to the cap and falls after it; the fee's part grows with U.
    """
    known, out = spend.known_total, spend.output_total
    least, most = spend.unknown_range()
    sure, hidden, fixed_doubt = 0, 0, 0
    for value, coins, doubtful in zip(
        spend.input_values, spend.traced, spend.doubtful, strict=True
    ):
        if value == UNKNOWN_VALUE:
            hidden += coins.upper
        elif doubtful:
            fixed_doubt += coins.upper
        else:
            sure += coins.upper
    cap = MAX_MONEY_SAT if spend.doubtful_cap is None else spend.doubtful_cap
    hidden = min(hidden, cap)
    sure += min(fixed_doubt, cap)
    best = min(max(hidden, least), most)
    traced = sure + min(best, hidden)
    bounds = [
        (lower * o // (known + most), min(o, _up(traced * o, known + best)))
        for o in spend.output_values
    ]
    fee_most = _up((sure + min(most, hidden)) * (known + most - out), known + most)
    fee_least = lower * (known + least - out) // (known + least) if known + least else 0
    return [*bounds, (fee_least, fee_most)]


def _backward_unknown(spend: Spend, lower: int, upper: int) -> Bounds:
    """Bound each input's part when the value of an input is not known."""
    known = spend.known_total
    least, most = spend.unknown_range()
    alone = spend.unknown_count == 1
    bounds = []
    for value in spend.input_values:
        if value != UNKNOWN_VALUE:
            part = lower * value // (known + most)
            bounds.append((part, min(value, _up(upper * value, known + least))))
        elif alone:
            part = lower * least // (known + least) if known + least else 0
            bounds.append((part, _up(upper * most, known + most)))
        else:
            bounds.append((0, upper))
    return bounds


HAIRCUT = Haircut()

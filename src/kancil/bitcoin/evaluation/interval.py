"""Bounds of a share that was counted: the exact interval of Clopper and Pearson.

Source: Clopper, Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26(4), 1934. It covers the true share in at least the stated part of all
samples, whatever the share; approximations (Wilson, Wald) may cover less. It holds for a random
sample: of a list that somebody chose it says nothing beyond the list.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import NamedTuple

MILLION = 1_000_000
LEVEL_PERCENT = 95
_TAIL = Decimal(100 - LEVEL_PERCENT) / 200
"""Chance outside, on each side."""
_SUM = Context(prec=60, Emin=-(10**15), Emax=10**15)
_NOTHING = Decimal(10) ** -50


class Interval(NamedTuple):
    """Bounds of a share in parts of a million, rounded outward."""

    low_ppm: int
    high_ppm: int


def clopper_pearson(count: int, total: int) -> Interval | None:
    """The 95 % bounds of a share of which `count` of `total` were seen; None of nothing."""
    if not total:
        return None
    return Interval(_low(count, total), MILLION - _low(total - count, total))


def _low(count: int, total: int) -> int:
    """The largest share (ppm) at which `count` or more are too many to have been likely."""
    if not count:
        return 0
    ways = Decimal(math.comb(total, count))
    low, high = 0, MILLION * count // total
    while low < high:
        middle = (low + high + 1) // 2
        if _at_least(count, total, middle, ways) <= _TAIL:
            low = middle
        else:
            high = middle - 1
    return low


def _at_least(count: int, total: int, share_ppm: int, ways: Decimal) -> Decimal:
    """The chance of `count` or more of `total` where each comes by chance `share_ppm`.

    `share_ppm` is at most count / total, so each term is smaller than the one before; the sum ends
    where the terms no longer count.
    """
    share = Decimal(share_ppm) / MILLION
    other = 1 - share
    if not other:
        return Decimal(1)
    term = _SUM.multiply(
        _SUM.multiply(ways, _SUM.power(share, count)), _SUM.power(other, total - count)
    )
    odds = _SUM.divide(share, other)
    result = term
    for seen in range(count, total):
        term = _SUM.multiply(term, _SUM.multiply(odds, Decimal(total - seen) / (seen + 1)))
        result = _SUM.add(result, term)
        if term < result * _NOTHING:
            break
    return result

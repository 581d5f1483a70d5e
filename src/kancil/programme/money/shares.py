"""Amounts split so that the parts make the whole: by shares, and where sums are rounded.

The method of the largest remainder (Hamilton): each part is rounded down, and the units that are
left go to the largest remainders, of equal ones to the first.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import floor
from typing import TypeVar

from kancil.programme.errors import SharesNotWhole

from .terms import Period

WHOLE_BP = 10_000
"""The whole, in hundredths of a percent."""
Key = TypeVar("Key", bound=Hashable)


def split(minor: int, shares: Mapping[Key, int]) -> dict[Key, int]:
    """An amount by shares in hundredths of a percent, which are 100 % together.

    A credit is split as the amount that it takes back was. Raises SharesNotWhole.
    """
    if sum(shares.values()) != WHOLE_BP or any(each < 0 for each in shares.values()):
        raise SharesNotWhole(percent=str(Fraction(sum(shares.values()), 100)))
    sign, whole = (-1, -minor) if minor < 0 else (1, minor)
    down = {key: whole * share // WHOLE_BP for key, share in shares.items()}
    left = whole - sum(down.values())
    order = sorted(shares, key=lambda key: -(whole * shares[key] % WHOLE_BP)) if left else ()
    for key in order[:left]:
        down[key] += 1
    return {key: sign * part for key, part in down.items()}


def rounded_together(parts: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Whole numbers that together are the rounded sum of the parts, each less than one off."""
    down = {key: floor(part) for key, part in parts.items()}
    left = round(sum(parts.values(), Fraction(0))) - sum(down.values())
    order = sorted(parts, key=lambda key: down[key] - parts[key])
    for key in order[:left]:
        down[key] += 1
    return down


def by_days(minor: int, line: Period, period: Period) -> int:
    """How much of a budget line falls into a period: each of its days bears the same.

    What periods that follow one another get is together the line.
    """
    days = (line.ends_on - line.begins_on).days + 1
    before = min(max((period.begins_on - line.begins_on).days, 0), days)
    until = min(max((period.ends_on - line.begins_on).days + 1, 0), days)
    return minor * until // days - minor * before // days

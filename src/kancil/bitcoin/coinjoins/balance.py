"""Who gets out more than they put in: the mark of a market in which those who help are paid.

In JoinMarket each maker gets the equal amount and change, together a little more than the coins it
put in; in rounds with a coordinator every participant pays, and none gets more. The sums are those
of Goldfeder, Kalodner, Reisman, Narayanan, "When the cookie meets the blockchain", PETS 2018, and
of BlockSci, whose bound is wider: at most a hundredth of the equal amount. That lets chance sums
in, so the bound here is narrow (`docs/reference/heuristics.md` sets it against the same sums moved
to where nobody earns). A sign, not a proof: each change output is looked at by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from .heuristic import Shown

GAIN_PART = 3_000
"""A maker is taken to earn at most this part of the equal amount, or `LEAST_GAIN_SAT`."""
LEAST_GAIN_SAT = 5_000


def gain_of(value: int) -> int:
    """The most, in satoshi, that a maker is taken to earn where `value` is paid equally."""
    return max(LEAST_GAIN_SAT, value // GAIN_PART)


def balanced(shown: Shown, moved: int = 0, equal: int | None = None) -> int:
    """Count change outputs that, with the equal amount, are a little more than 1 or 2 inputs.

    `equal`: the equal amount; else the value most outputs share. 0 where the value of an input is
    not known. `moved` shifts the sums by so many satoshi: what is then counted is chance.
    """
    if shown.input_values is None:
        return 0
    values = sorted(shown.input_values)
    equal = shown.most_common[0] if equal is None else equal
    gain = gain_of(equal)
    found = 0
    for change in shown.output_values:
        if change != equal:
            most = change + equal + moved
            found += has_sum(values, most - gain, most)
    return found


def has_sum(values: Sequence[int], least: int, most: int) -> bool:
    """Whether one or two of ascending values make something from `least` to `most`."""
    place = bisect_left(values, least)
    if place < len(values) and values[place] <= most:
        return True
    low, high = 0, min(place, len(values)) - 1
    while low < high:
        total = values[low] + values[high]
        if total < least:
            low += 1
        elif total > most:
            high -= 1
        else:
            return True
    return False


def are_makers_paid(shown: Shown, others: int, equal: int | None = None) -> bool:
    """Whether at least half of `others`, the outputs beside the equal ones, balance so."""
    return others > 0 and balanced(shown, equal=equal) * 2 >= others

"""What a named set or path earns: the one rule by which naming everybody earns nothing.

Our own choice, in docs/reference/marking.md: each right element counts 1, each innocent party that
is named counts against it as two, each other wrong element as a half. Without an accusation nobody
falls below nothing; with one, a question can cost as much as it could have earned.
"""

from __future__ import annotations

from collections.abc import Sequence

HUNDREDTHS = 100
"""Marks are whole hundredths of a point: no fraction is ever rounded twice."""
ACCUSATION, WRONG = 2, 1
"""An innocent party named costs two right elements; any other wrong element a half (1 of 2)."""


def share_hundredths(points: int, *, hits: int, accusations: int, wrong: int, expected: int) -> int:
    """Points × (hits - 2 · accusations - ½ · wrong) / expected, in hundredths, half rounded up.

    Not below 0 where nobody is accused, else not below -points. Where nothing is expected, the
    empty answer counts as one hit of one.
    """
    if not expected:
        hits, expected = 1, 1
    halves = 2 * hits - 2 * ACCUSATION * accusations - WRONG * wrong
    halves = max(halves, -2 * expected if accusations else 0)
    halves = min(halves, 2 * expected)
    return (2 * HUNDREDTHS * points * halves + 2 * expected) // (4 * expected)


def in_order(right: Sequence[str], named: Sequence[str]) -> int:
    """Length of the longest common subsequence: what of `right` is named in its order.

    Wagner & Fischer, "The String-to-String Correction Problem", JACM 21 (1974), by rows.
    """
    row = [0] * (len(named) + 1)
    for each in right:
        before = 0
        for at, other in enumerate(named, start=1):
            above = row[at]
            row[at] = before + 1 if each == other else max(above, row[at - 1])
            before = above
    return row[-1]


def percent(part: int, whole: int) -> int:
    """Whole percent, down to the next; 100 of nothing, since nothing is missing."""
    return 100 * part // whole if whole else 100

"""Groups under five are hidden, and further ones where a hidden number could be computed.

One rule for every package. A population of known size is split into cells. A cell of one to four is
hidden; a zero is shown, since nobody is in it. Whoever has the size subtracts what is shown and
learns what the hidden cells hold together, so the smallest shown cells are hidden as well until no
hidden number follows from that sum, even for a reader who knows this rule and which cells were
small. Where that cannot be reached, or nobody is in a larger group, no cell of the split is shown.

Method: primary and complementary cell suppression, with the audit of the ranges that remain
(Hundepool and others, *Statistical Disclosure Control*, Wiley 2012, chapter 4). What several
packages tell together is not looked at here: their periods may not overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

LEAST = 5
"""The smallest group that is shown."""
RULE = "under-five-and-complements/1"
"""The name of this rule, as a package states it."""

Key = TypeVar("Key", bound=Hashable)


def is_small(count: int) -> bool:
    """Whether somebody is in a group, and fewer than five are."""
    return 0 < count < LEAST


def alone(count: int) -> int | None:
    """A number as it may be shown where no sum is shown that it is a part of."""
    return None if is_small(count) else count


def split(
    cells: Mapping[Key, int], *, total: int | None, last: Collection[Key] = ()
) -> dict[Key, int | None]:
    """The cells of a population as they may be shown; None: hidden.

    `total`: the size as it is shown elsewhere; None: it is hidden, and so is every cell. `last`:
    large cells that are hidden for the others' sake only after all the rest.
    """
    hidden = {key for key, count in cells.items() if is_small(count)}
    large = (key for key in cells if cells[key] >= LEAST)
    free = sorted(large, key=lambda key: (key in last, cells[key]))
    if total is None or (hidden and not free):
        return dict.fromkeys(cells)
    while hidden and not _stays_open(cells, hidden, last):
        if not free:
            return dict.fromkeys(cells)
        hidden.add(free.pop(0))
    return {key: None if key in hidden else count for key, count in cells.items()}


def is_open(cells: Sequence[int | None], total: int | None) -> bool:
    """Whether a reader can compute no hidden cell, as far as what is shown says so.

    For what others made: they know which cells were small, the reader of a package does not.
    """
    hidden = sum(each is None for each in cells)
    if hidden == len(cells):
        return True
    left = (total or 0) - sum(each or 0 for each in cells)
    return total is not None and (left == 0 if not hidden else hidden > 1 and left > hidden)


def _stays_open(cells: Mapping[Key, int], hidden: set[Key], last: Collection[Key]) -> bool:
    """Whether each hidden cell has two values at least, for a reader who knows the small ones."""
    left = sum(cells[key] for key in hidden)
    shown = (cells[key] for key in cells if key not in hidden and key not in last and cells[key])
    most = min((each - 1 for each in shown), default=left)  # of two alike the first is hidden
    ranges = {key: (1, LEAST - 1) if is_small(cells[key]) else (LEAST, most) for key in hidden}
    lows = sum(low for low, _ in ranges.values())
    highs = sum(high for _, high in ranges.values())
    return all(
        max(low, left - (highs - high)) < min(high, left - (lows - low))
        for low, high in ranges.values()
    )

"""Words looked for in the texts of a case's examined disks, by whoever may read them.

What is shown around the words comes from the index of each disk. A rank says which text of one disk
holds most of what was asked; those of two disks cannot be compared, so each has its own answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kancil.evidence.search.index import Hit, Listed, SearchIndex

from .examination import Examination
from .files import Wanted, fitting
from .timeline import Line


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found on one disk."""

    line: Line
    total: int
    hits: tuple[Hit, ...]
    """The first of `total`, the best first."""


def search(
    lines: Sequence[Line], typed: str, wanted: Wanted, under: str, most: int
) -> list[Searched]:
    """The texts in which words stand, disk by disk; raises SearchNotUnderstood.

    `wanted`: which files are looked through. `under`: beginning of their path.
    """
    found = []
    for line in lines:
        with SearchIndex(line.examination.outcome.index) as index:
            allowed = _allowed(line.examination, wanted)
            hits = index.search(typed, allowed=allowed, under=under, most=most)
        found.append(Searched(line, hits.total, hits.hits))
    return found


def search_list(
    lines: Sequence[Line], words: Sequence[str], wanted: Wanted
) -> list[tuple[Line, list[Listed]]]:
    """Every line of a list on every disk: how often it stands there, and where first."""
    found = []
    for line in lines:
        with SearchIndex(line.examination.outcome.index) as index:
            listed = index.search_list(words, allowed=_allowed(line.examination, wanted))
        found.append((line, listed))
    return found


def _allowed(found: Examination, wanted: Wanted) -> list[int] | None:
    """Numbers of the entries that are looked through; None: all."""
    if wanted == Wanted():
        return None
    numbers: list[int] = (np.sort(fitting(found, wanted)) + 1).tolist()
    return numbers

"""How the provisions of an instrument are spread: answered as in law all, some, none, or unknown.

Counts of one kind of provision within one instrument, side by side and never added together, and
no average: where a scale has no order, nothing is said. What was answered need not be the law: how
many answers cite one, rest on one assessor or are disputed is counted beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kancil.assessment.law.matrix import Row, RowStatus, is_in_law
from kancil.assessment.protocol import Protocol


class Spread(StrEnum):
    """What the answers to a group of provisions come to."""

    ALL = "all"
    """Everything that was answered was answered as in law."""
    SOME = "some"
    NONE = "none"
    DISPUTED = "disputed"
    """Nothing has an answer that counts, and something is disputed."""
    UNKNOWN = "unknown"
    """Nothing was answered, or it is not known."""


@dataclass(frozen=True, slots=True)
class Group:
    """Provisions of one kind in one instrument."""

    asked: int
    answered: int
    """With a value that is not disputed."""
    covered: int
    """Of those, at the second highest stage of the scale or above: answered as in law."""
    cited: int = 0
    """Of those that are answered, how many cite a law."""
    alone: int = 0
    """Of those that are answered, how many by one assessor alone."""
    disputed: int = 0

    @property
    def spread(self) -> Spread:
        """What it comes to."""
        if not self.answered:
            return Spread.DISPUTED if self.disputed else Spread.UNKNOWN
        if self.covered == self.answered:
            return Spread.ALL
        return Spread.SOME if self.covered else Spread.NONE


def spreads(protocol: Protocol, rows: Iterable[Row]) -> dict[tuple[str, str], Group]:
    """Count provisions by instrument and category; those that do not apply are left out."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        does_apply = row.status not in (RowStatus.NOT_APPLICABLE, RowStatus.NOT_ASKED)
        if row.article is not None and does_apply:
            place = (row.article.instrument, row.article.category)
            found.setdefault(place, []).append(row)
    return {place: _group(protocol, each) for place, each in found.items()}


def _group(protocol: Protocol, rows: list[Row]) -> Group:
    said = [(row, _is_covered(protocol, row)) for row in rows]
    answered = [row for row, is_covered in said if is_covered is not None]
    return Group(
        asked=len(rows),
        answered=len(answered),
        covered=sum(is_covered is True for _, is_covered in said),
        cited=sum(bool(row.extracts) for row in answered),
        alone=sum(row.is_alone for row in answered),
        disputed=sum(row.status is RowStatus.DISPUTED for row in rows),
    )


def _is_covered(protocol: Protocol, row: Row) -> bool | None:
    """Whether a provision was answered as in law; None: that is not known."""
    if row.status is RowStatus.DISPUTED:
        return None
    return is_in_law(protocol, protocol.indicators[row.indicator], row.given)

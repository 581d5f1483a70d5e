"""How the provisions of an instrument are spread: all in law, some, none, or nothing known.

Counts of one kind of provision within one instrument, side by side and never added together, and
no average: where a scale has no order, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .answer import Kind
from .legal import Row, RowStatus
from .protocol import Protocol, ScaleKind


class Spread(StrEnum):
    """What the answers to a group of provisions come to."""

    ALL = "all"
    """Everything that was answered is in law."""
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"
    """Nothing was answered, or it is disputed or not known."""


@dataclass(frozen=True, slots=True)
class Group:
    """Provisions of one kind in one instrument."""

    asked: int
    answered: int
    """With a value that is not disputed."""
    covered: int
    """Of those, at the second highest stage of the scale or above: in law."""

    @property
    def spread(self) -> Spread:
        """Say what it comes to."""
        if not self.answered:
            return Spread.UNKNOWN
        if self.covered == self.answered:
            return Spread.ALL
        return Spread.SOME if self.covered else Spread.NONE


def spreads(protocol: Protocol, rows: Iterable[Row]) -> dict[tuple[str, str], Group]:
    """Count provisions by instrument and category; those that do not apply are left out."""
    found: dict[tuple[str, str], list[bool | None]] = {}
    for row in rows:
        does_apply = row.status not in (RowStatus.NOT_APPLICABLE, RowStatus.NOT_ASKED)
        if row.article is not None and does_apply:
            place = (row.article.instrument, row.article.category)
            found.setdefault(place, []).append(_is_covered(protocol, row))
    return {
        place: Group(
            len(each),
            sum(one is not None for one in each),
            sum(one is True for one in each),
        )
        for place, each in found.items()
    }


def _is_covered(protocol: Protocol, row: Row) -> bool | None:
    """Say whether a provision is in law, as was answered; None: that is not known."""
    scale = protocol.scales.get(protocol.indicators[row.indicator].scale or "")
    if scale is None or scale.kind is not ScaleKind.ORDERED or row.given is None:
        return None
    if row.status is RowStatus.DISPUTED or row.given.kind is not Kind.VALUE:
        return None
    values = sorted(int(each.value) for each in scale.values)
    return int(str(row.given.value)) >= values[-2 if len(values) > 1 else -1]

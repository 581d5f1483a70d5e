"""Offences as a unit keeps their texts, and two of them side by side.

Whether both laws make the same conduct a crime is never computed here: an officer pairs the
elements, and states it with a reason (Budapest art. 25 and UNCC art. 35 look at the conduct,
not at the name; general knowledge, verify).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kancil.ground.phrase import Phrase

from .errors import ElementNotFound


class Part(StrEnum):
    """What an element of an offence is, in the order in which two offences are compared."""

    CONDUCT = "conduct"
    OBJECT = "object"
    RESULT = "result"
    CIRCUMSTANCE = "circumstance"
    MENTAL = "mental"
    EXCLUSION = "exclusion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that the law asks for."""

    id: str
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class OffenceText:
    """A text of law, as an officer entered it."""

    id: str
    country: str
    """Two letters."""
    law: str
    article: str
    title: str
    text: str
    """In the language of the law."""
    language: str
    maximum_penalty: str
    in_force_on: date
    source: str
    verified_on: date
    """When an officer last compared it with the source."""
    translation: str | None = None
    translation_by: str | None = None
    repealed_on: date | None = None
    elements: tuple[Element, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """An element of each offence that an officer paired, or one that stands alone."""

    part: Part
    left: Element | None
    right: Element | None

    @property
    def is_paired(self) -> bool:
        """Whether an officer ticked it."""
        return self.left is not None and self.right is not None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two offences compared; says nothing of whether dual criminality is met."""

    left: OffenceText
    right: OffenceText
    rows: tuple[Beside, ...]

    @property
    def alone(self) -> int:
        """How many elements have no counterpart."""
        return sum(not row.is_paired for row in self.rows)

    @property
    def answer(self) -> Phrase:
        """What was paired, and who has to say the rest."""
        params = {"paired": len(self.rows) - self.alone, "alone": self.alone}
        return Phrase("law.side-by-side" if self.rows else "law.side-by-side-no-elements", params)


def side_by_side(
    left: OffenceText, right: OffenceText, pairs: Sequence[tuple[str, str]] = ()
) -> SideBySide:
    """Pair the elements that an officer ticked, by their ids; the others stand alone, by part.

    Raises ElementNotFound.
    """
    lefts = {each.id: each for each in left.elements}
    rights = {each.id: each for each in right.elements}
    for pair in pairs:
        for name, known, offence in zip(pair, (lefts, rights), (left, right), strict=True):
            if name not in known:
                raise ElementNotFound(element=name[:80], offence=offence.id)
    rows = [Beside(lefts[a].part, lefts[a], rights[b]) for a, b in pairs]
    paired = {a for a, _ in pairs}, {b for _, b in pairs}
    rows += [Beside(each.part, each, None) for each in left.elements if each.id not in paired[0]]
    rows += [Beside(each.part, None, each) for each in right.elements if each.id not in paired[1]]
    order = list(Part)
    rows.sort(key=lambda row: order.index(row.part))
    return SideBySide(left, right, tuple(rows))

"""The texts of a report that people write: which there are, and how long each may be.

A brief has two pages, whatever is written: so a text that is too long for its place is refused when
it is written, and never cut when it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kancil.assessment.protocol import Protocol, Shape
from kancil.ground.phrase import Phrase


class Genre(StrEnum):
    """What a text is."""

    NARRATIVE = "narrative"
    FINDING = "finding"
    RECOMMENDATION = "recommendation"
    TITLE = "title"
    OWNER = "owner"
    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"
    SUCCESS = "success"
    """What an item of the plan says, in another language than its own."""


AUDIENCE, HEADLINE, SITUATION, STRENGTHS = "audience", "headline", "situation", "strengths"
"""Sections of the brief; each holds a narrative alone."""
_AREA, _PLAN = "area", "plan"
OF_ITEM = {
    Genre.TITLE: 300, Genre.OWNER: 200, Genre.OUTPUT: 500, Genre.OUTCOME: 500, Genre.IMPACT: 500,
    Genre.SUCCESS: 500,
}  # fmt: skip
"""The texts of an item of the plan, each named as its field, with their room."""


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a text stands, and how much room there is."""

    section: str
    """`headline`, `area/capability-2026.2/lf`."""
    genre: Genre
    most_signs: int
    most_lines: int = 0
    """0: as many as there are."""

    def fault(self, text: str) -> Phrase | None:
        """Why a text cannot stand there; None: it can. An empty one takes back what stood."""
        if len(text) > self.most_signs:
            return Phrase("why.text-too-long", {"most": self.most_signs, "has": len(text)})
        lines = len([each for each in text.splitlines() if each.strip()])
        if self.most_lines and lines > self.most_lines:
            return Phrase("why.text-too-many-lines", {"most": self.most_lines, "has": lines})
        return None


BRIEF = (
    TextPlace(AUDIENCE, Genre.NARRATIVE, 80, 1),
    TextPlace(HEADLINE, Genre.NARRATIVE, 170, 1),
    TextPlace(SITUATION, Genre.NARRATIVE, 520),
    TextPlace(STRENGTHS, Genre.NARRATIVE, 420, 3),
)
"""The places on the first page of a brief."""
_ROOM = {Genre.FINDING: (230, 1), Genre.NARRATIVE: (4000, 0), Genre.RECOMMENDATION: (1200, 0)}
"""Of an area: its finding is one sentence, which stands in the brief, too."""


def area_section(protocol: str, area: str) -> str:
    """The section of an area of a protocol, which is given by its name."""
    return f"{_AREA}/{protocol}/{area}"


def area_of(section: str) -> tuple[str, str] | None:
    """Protocol and area of a section; None: it is of the whole round."""
    kind, _, rest = section.partition("/")
    protocol, _, area = rest.partition("/")
    return (protocol, area) if kind == _AREA and area else None


def plan_section(item: str) -> str:
    """The section of an item of the plan, which is given by its id."""
    return f"{_PLAN}/{item}"


def item_of(section: str) -> str:
    """The id of the item that a section is of; empty: it is of none."""
    kind, _, item = section.partition("/")
    return item if kind == _PLAN else ""


def places(
    protocols: Iterable[Protocol], section: str = "", items: Iterable[str] = ()
) -> list[TextPlace]:
    """The places of a round's report in their order; of one section alone, if it is named.

    `items`: ids of the items of its plan.
    """
    found = list(BRIEF)
    for protocol in protocols:
        if protocol.shape is not Shape.QUESTIONNAIRE:
            for area in protocol.areas:
                name = area_section(protocol.name, area)
                found += [TextPlace(name, genre, *room) for genre, room in _ROOM.items()]
    for item in items:
        found += [TextPlace(plan_section(item), genre, most, 1) for genre, most in OF_ITEM.items()]
    return [each for each in found if section in ("", each.section)]

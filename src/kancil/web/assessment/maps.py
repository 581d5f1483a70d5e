"""Small maps of regions: the reader's own countries are links, marked by a shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kancil.assessment.country import RegionMap, maps, regions
from kancil.ground.phrase import Phrase

_DOT = 10
"""Radius of a mark, in the units of a map."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a map says of one country."""

    url: str
    state: str
    """`open`: a square, `closed`: a dot, `none`."""
    said: Phrase
    """The same in words."""


def map_named(region: str) -> RegionMap | None:
    """The map of a region by its name; None: it has none."""
    return next(
        (maps()[each.id] for each in regions() if each.name == region and each.id in maps()), None
    )


def drawn_map(drawn: RegionMap, marks: Mapping[str, Mark]) -> dict[str, Any]:
    """The picture of a region, for `kancil/_map.html`; `marks`: by the country's three letters."""
    mine = []
    for outline in drawn.countries:
        mark = marks.get(outline.iso3)
        if mark is None:
            continue
        left, top = outline.at
        mine.append(
            {
                "outline": outline, "mark": mark, "left": left, "top": top, "dot": _DOT,
                "square": (left - _DOT, top - _DOT, 2 * _DOT),
            }
        )  # fmt: skip
    others = [each for each in drawn.countries if each.iso3 not in marks]
    return {"drawn": drawn, "mine": mine, "others": others}

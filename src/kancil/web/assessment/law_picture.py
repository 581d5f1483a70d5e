"""The legal heat map: instruments by kind of provision, drawn, and as a table with its counts."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from kancil.assessment.legal import Row
from kancil.assessment.protocol import Protocol
from kancil.assessment.spread import Group, Spread, spreads
from kancil.desk.assessment.access import Sight
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.assessment.charts import Category, HeatRow, Look, heat_map
from kancil.web.cells import Section, chart, link
from kancil.web.parts import Cell, Column

from .figures import abouts
from .protocols import said

_LOOKS = {
    Spread.ALL: Look.FULL,
    Spread.SOME: Look.STRIPED,
    Spread.NONE: Look.OPEN,
    Spread.UNKNOWN: Look.UNKNOWN,
}


def heat_sections(sight: Sight, asked: Protocol, rows: Iterable[Row]) -> list[Section]:
    """Show how far each instrument is in law by kind of provision: the picture and its twin."""
    found = spreads(asked, rows)
    if not found:
        return []
    kinds = list(
        dict.fromkeys(
            each.article.category for each in asked.indicators.values() if each.article is not None
        )
    )
    kinds = [kind for kind in kinds if any(kind == one for _, one in found)]
    there = [id for id in asked.instruments if any(id == one for one, _ in found)]
    names = [words(f"web.matrix-kind-{kind.replace('_', '-')}") for kind in kinds]
    urls = {id: reverse("matrix_instrument", args=[sight.round, asked.name, id]) for id in there}
    drawn = [
        HeatRow(
            said(asked.instruments[id].short),
            [found[id, kind].spread.value if (id, kind) in found else None for kind in kinds],
            urls[id],
        )
        for id in there
    ]
    categories = {
        each.value: Category(
            words(f"web.matrix-letter-{each.value}"), words(f"web.matrix-spread-{each.value}"), look
        )
        for each, look in _LOOKS.items()
    }
    title, desc = words("web.matrix.heat"), words("web.matrix.heat-desc")
    wide, _ = abouts("heat", title, desc, 980)
    told: list[tuple[Cell, ...]] = [
        (
            link(urls[id], said(asked.instruments[id].short)),
            *(_told(found.get((id, kind))) for kind in kinds),
        )
        for id in there
    ]
    twin: Section = {
        "kind": "table",
        "heading": Phrase("web.matrix.heat-table"),
        "columns": [Column(Phrase("web.column.law-instrument")), *(Column(name) for name in names)],
        "rows": told,
        "pages": None,
        "scroll": True,
    }
    picture = chart(
        "web.matrix.heat",
        heat_map(names, drawn, categories, wide),  # on a phone it would be no narrower
        text=Phrase("web.matrix.heat-text"),
    )
    return [picture, twin]


def _told(group: Group | None) -> Cell:
    if group is None:
        return "–"
    given = {"covered": group.covered, "answered": group.answered, "asked": group.asked}
    return Phrase("web.matrix.counts", given)

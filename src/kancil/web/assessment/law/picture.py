"""The legal heat map: instruments by kind of provision, drawn, and as a table with its counts."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from kancil.assessment.law.matrix import Row
from kancil.assessment.law.spread import Group, spreads
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.country.law_glance import law_heat, law_kind_names, law_kinds
from kancil.web.assessment.figures.figures import abouts
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, chart, link
from kancil.web.parts import Cell, Column

_WIDE = 840


def heat_sections(sight: Sight, asked: Protocol, rows: Iterable[Row]) -> list[Section]:
    """Show what was answered of each instrument by kind of provision: the picture and its twin."""
    found = spreads(asked, rows)
    if not found:
        return []
    kinds = law_kinds(asked, found)
    there = [id for id in asked.instruments if any(id == one for one, _ in found)]
    urls = {id: reverse("matrix_instrument", args=[sight.round, asked.name, id]) for id in there}
    title, desc = words("name.law-heat"), words("note.law-heat-desc")
    wide, small = abouts("heat", title, desc, _WIDE)
    twin: Section = {
        "kind": "folded",
        "heading": Phrase("web.matrix.heat-table"),
        "columns": [Column(Phrase("web.column.law-instrument"))]
        + [Column(Phrase(f"web.column.heat-{each}"), right=each != "kind") for each in _COUNTS],
        "rows": _twin(asked, found, there, urls, kinds),
        "pages": None,
        "scroll": True,
    }
    picture = chart(
        "name.law-heat",
        law_heat(asked, found, wide, urls),
        law_heat(asked, found, small, urls),
        text=Phrase("note.law-heat"),
    )
    return [picture, twin]


_COUNTS = ("kind", "asked", "answered", "covered", "cited", "alone", "disputed")


def _twin(
    asked: Protocol,
    found: dict[tuple[str, str], Group],
    there: Iterable[str],
    urls: dict[str, str],
    kinds: list[str],
) -> list[tuple[Cell, ...]]:
    names = dict(zip(kinds, law_kind_names(kinds), strict=True))
    return [
        (
            link(urls[id], said(asked.instruments[id].short)),
            names[kind],
            *(str(getattr(found[id, kind], each)) for each in _COUNTS[1:]),
        )
        for id in there
        for kind in kinds
        if (id, kind) in found
    ]

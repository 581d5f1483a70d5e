"""Figures of a round: where they stand, and what the pages of figures have in common."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.method import Figure, percent_text
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.answers import KEPT_BACK
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import About
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, empty, show, tag
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

GROUPS = ("area", "instrument", "sector")
"""What figures are of, in the order in which they are shown."""
NARROW = 330
"""Width of a chart on a phone."""


@page("rounds/<str:round>/figures/", "figures", may=READING, of="round", menu="round", order=25)
def figures_page(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Which figures a round has, protocol by protocol."""
    sections: list[Section] = []
    for asked in protocols_in(sight):
        acts = _acts(sight, asked)
        if acts:
            heading = said(asked.title)
            sections.append({"kind": "acts", "heading": heading, "rows": acts})
    if not sections:
        there = reverse("round", kwargs={"round": sight.round})
        sections.append(empty("web.figures.none", url=there))
    return show(request, Phrase("web.room.figures"), sections, crumbs=way(sight),
                lead=Phrase("web.figures.lead"))  # fmt: skip


def _acts(sight: Sight, asked: Protocol) -> list[dict[str, object]]:
    names = []
    if asked.scoring is not None:
        names.append("profile")
    if asked.shape is Shape.THREATS:
        names.append("threats")
    names.append("compare")
    found: list[dict[str, object]] = [
        {
            "url": reverse(name, kwargs={"round": sight.round, "protocol": asked.name}),
            "name": Phrase(f"web.room.{name}"),
            "text": Phrase(f"web.figures-about.{name}"),
        }
        for name in names
    ]
    if asked.shape is Shape.QUESTIONNAIRE:
        found.append(
            {
                "url": reverse("study", kwargs={"protocol": asked.name}),
                "name": Phrase("web.room.study"),
                "text": Phrase("web.figures-about.study"),
            }
        )
    return found


def figure_name(protocol: Protocol, of: str, id: str) -> str:
    """Name what a figure is of, in the reader's language."""
    if of == "sector" and id in protocol.sectors:
        return said(protocol.sectors[id].title)
    if of == "instrument" and id in protocol.instruments:
        return said(protocol.instruments[id].short)
    if of == "area" and id in protocol.areas:
        return said(protocol.areas[id].title)
    return id


def full_name(protocol: Protocol, figure: Figure, several: bool) -> str:
    """Name a figure, with its scale where one name has figures on `several` scales."""
    name = figure_name(protocol, figure.of, figure.id)
    return f"{name} · {said(protocol.scales[figure.scale].title)}" if several else name


def names_said(names: Iterable[str]) -> str:
    """List indicators; those that are kept back from the person are said to be some."""
    said_so = words("web.figures.others-held")
    return ", ".join(said_so if name == KEPT_BACK else name for name in names)


def percent(share: Fraction | None) -> str | None:
    """Write a percentage with its sign; None is unknown."""
    return None if share is None else f"{percent_text(share)}\u202f%"


def percent_cell(protocol: Protocol, figure: Figure) -> Cell:
    """Show a figure's percentage and the band it stands in, or that there is none."""
    if figure.percent is None:
        return tag("unknown", "web.figures.no-figure")
    bands = protocol.scoring.bands if protocol.scoring else ()
    band = next((said(each.title) for each in bands if each.id == figure.band), "")
    shown = percent(figure.percent) or ""
    return f"{shown} · {band}" if band else shown


def abouts(key: str, title: str, desc: str, wide: int = 760) -> tuple[About, About]:
    """What a chart is, for a desk and for a phone."""
    return About(key, title, desc, wide), About(f"{key}-small", title, desc, NARROW)

"""The country report as a document: all its sections in their order."""

from __future__ import annotations

from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import PROGRAMME, Document
from kancil.reports.document.language import document_language

from .annex import annexes
from .areas import areas_section
from .board import board_section
from .compared import compared_section
from .front import cover, mark_of, period, unchecked_section
from .law import law_section
from .plan import plan_section
from .profile import profile_section
from .road import road_section
from .threats import threats_section


def country_report(papers: RoundPapers, opening: Document) -> Document:
    """The report of a round, in the spoken language. `opening`: its brief, which stands first."""
    row = papers.row
    sections = (
        profile_section(papers.whole.protocols),
        areas_section(papers),
        law_section(papers),
        road_section(papers),
        threats_section(papers),
        plan_section(papers),
        board_section(papers),
        compared_section(papers),
        unchecked_section(papers),
        annexes(papers),
    )
    return Document(
        kind=render("name.paper-country-report"),
        title=row.country_name,
        subtitle=f"{row.title}, {period(papers)}",
        language=document_language("name.paper-country-report"),
        author=render("name.paper-author"),
        description=render("note.paper-description", country=row.country_name, round=row.title),
        mark=mark_of(papers),
        cover=tuple(cover(papers, render("note.paper-what"))),
        sections=tuple(each for each in sections if each is not None),
        accent=PROGRAMME,
        footer=render("note.paper-footer", version=papers.whole.kancil),
        opening=opening,
    )

"""The country report as a document: all its sections in their order."""

from __future__ import annotations

from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import Document
from kancil.reports.document.language import document_language

from .annex import annex_section
from .board import board_section
from .compared import compared_section
from .evidence import evidence_section
from .front import cover, mark_of, period, reading_section, unchecked_section
from .law import law_section
from .plan import gaps_section, plan_section
from .profile import profile_section
from .road import road_section
from .threats import threats_section


def country_report(papers: RoundPapers) -> Document:
    """The report of a round, in the spoken language."""
    row = papers.row
    sections = (
        reading_section(papers),
        profile_section(papers.whole.protocols),
        law_section(papers),
        road_section(papers),
        threats_section(papers),
        gaps_section(papers),
        plan_section(papers),
        board_section(papers),
        compared_section(papers),
        evidence_section(papers),
        unchecked_section(papers),
        annex_section(papers),
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
        footer=render("note.paper-footer", version=papers.whole.kancil),
    )

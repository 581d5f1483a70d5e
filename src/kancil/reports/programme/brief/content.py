"""The brief: two pages for a minister, in plain words.

The team's own sentences stand first; what it has not written is counted from the round's answers,
and said to be so. It has no figure for the whole country, and compares it with none.
"""

from __future__ import annotations

from kancil.assessment.narrative import AUDIENCE, HEADLINE
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import PROGRAMME, Document, Paragraph, section
from kancil.reports.document.language import document_language
from kancil.reports.programme.country.front import mark_of, period, warnings
from kancil.reports.programme.country.signed import countrys_word
from kancil.reports.programme.country.texts import row_text

from .facts import counted_headline, main_protocol
from .findings import findings, gaps_and_law, next_section, unchecked
from .first import asked_for, basis, first_half, opening, priorities


def brief(papers: RoundPapers) -> Document:
    """The brief of a round, in the spoken language."""
    row = papers.row
    main = main_protocol(papers.whole.protocols)
    headline = row_text(papers.text(HEADLINE))
    audience = row_text(papers.text(AUDIENCE))
    counted = counted_headline(main, row.country_name)
    about = " ".join([_made(papers), *countrys_word(papers), *warnings(papers)])
    return Document(
        kind=render("name.brief-for", audience=audience) if audience else render("name.brief"),
        title=headline or counted,
        subtitle=f"{row.country_name} · {row.title} · {period(papers)}",
        language=document_language("name.brief-strengths"),
        author=render("name.paper-author"),
        description=render("note.paper-description", country=row.country_name, round=row.title),
        mark=mark_of(papers),
        cover=(
            *([] if headline else [Paragraph(render("note.brief-no-headline"), "muted")]),
            *opening(papers, main),
        ),
        sections=(
            section("", first_half(papers, main), starts_page=True),
            priorities(papers),
            asked_for(papers),
            section("", Paragraph(basis(papers), "muted"), Paragraph(about, "muted")),
            findings(papers, main),
            gaps_and_law(papers, main),
            next_section(papers),
            unchecked(papers),
        ),
        accent=PROGRAMME,
        footer=render("note.paper-footer", version=papers.whole.kancil),
        has_contents=False,
        is_short=True,
    )


def _made(papers: RoundPapers) -> str:
    """On which day it was made, and whether the round was closed by then."""
    today, closed = papers.today.isoformat(), papers.row.closed_at
    if closed is None:
        return render("note.brief-made-open", on=today)
    return render("note.brief-made-closed", on=today, closed=papers.day_of(closed).isoformat())

"""The country's own voice beside the team's: its comments, and what the team replied."""

from __future__ import annotations

from collections.abc import Iterable

from kancil.assessment.export import OneProtocol
from kancil.assessment.narrative import area_section
from kancil.assessment.voice import CommentSaid
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import Block, Heading, Paragraph, Voice

from .saying import asked_words


def who_said(papers: RoundPapers, comment: CommentSaid) -> str:
    """For whom a comment speaks, on which day, and what became of it."""
    who = comment.office or render("name.paper-of-country")
    said = render("note.paper-said-by", who=who, on=papers.day_of(comment.at).isoformat())
    if not comment.replies:
        return f"{said} {render('note.paper-no-reply')}"
    return f"{said} {render(f'note.paper-reply-{comment.replies[-1].outcome.value}')}"


def said_beside(papers: RoundPapers, one: OneProtocol, area: str) -> Iterable[Block]:
    """The country's comments on an area's texts and answers, in a box, if there are any."""
    protocol = one.protocol
    section = area_section(protocol.name, area)
    found: list[Block] = []
    for each in papers.comments:
        indicator = protocol.indicators.get(each.indicator) if (
            each.protocol == protocol.name
        ) else None  # fmt: skip
        is_here = each.section == section or (indicator is not None and indicator.area == area)
        if not is_here:
            continue
        of = render("note.paper-comment-of", asked=asked_words(protocol, indicator)) if (
            indicator
        ) else ""  # fmt: skip
        quote = render("note.paper-quoted", text=each.text)
        found.append(Paragraph(" ".join(filter(None, (of, quote, who_said(papers, each))))))
        if each.replies and each.replies[-1].text:
            found.append(Paragraph(render("note.paper-reply", text=each.replies[-1].text), "muted"))
    if found:
        title = render("name.paper-voice", country=papers.row.country_name)
        yield Voice((Heading(title, 3), *found))

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


def said_of(protocols: Iterable[OneProtocol], comment: CommentSaid) -> str:
    """On what an answer was asked of which a comment is; empty: it is of a text of the report."""
    for one in protocols:
        if one.protocol.name == comment.protocol:
            indicator = one.protocol.indicators.get(comment.indicator)
            if indicator is not None:
                asked = asked_words(one.protocol, indicator)
                return render("note.paper-comment-of", asked=asked)
    return ""


def said_beside(papers: RoundPapers, one: OneProtocol, area: str) -> Iterable[Block]:
    """The country's comments on an area's texts and answers, in a box, if there are any."""
    protocol = one.protocol
    section = area_section(protocol.name, area)
    found: list[Block] = []
    for each in papers.comments:
        indicator = protocol.indicators.get(each.indicator)
        is_here = each.protocol == protocol.name and indicator and indicator.area == area
        if each.section != section and not is_here:
            continue
        quote = render("note.paper-quoted", text=each.text)
        words = (said_of([one], each), quote, who_said(papers, each))
        found.append(Paragraph(" ".join(filter(None, words))))
        if each.replies and each.replies[-1].text:
            found.append(Paragraph(render("note.paper-reply", text=each.replies[-1].text), "muted"))
    if found:
        title = render("name.paper-voice", country=papers.row.country_name)
        yield Voice((Heading(title, 3), *found))

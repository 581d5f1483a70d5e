"""Annexes: all questions with what was agreed, the law article by article, evidence, method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.export import OneProtocol
from kancil.assessment.protocol import Indicator, Shape
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    cell,
    muted,
    section,
    strong,
    table,
)

from .evidence import evidence_blocks
from .front import reading_blocks
from .law import law_blocks
from .saying import (
    DASH,
    comment_of,
    confidence_words,
    given_words,
    meaning,
    outcome_words,
    plain,
    told,
)


def annexes(papers: RoundPapers) -> Section:
    """All data that the report rests on, in small letters: answers, law, evidence, method."""
    blocks: list[Block] = [Paragraph(render("note.paper-annex"), "muted")]
    for one in papers.whole.protocols:
        if one.matrix is None and one.protocol.shape is not Shape.THREATS:
            blocks.append(Heading(plain(one.protocol.title)))
            blocks += [
                _answers(one, asked, plain(area.title))
                for area in one.protocol.areas.values()
                if (asked := [each for each in one.asked if each.area == area.id])
            ]
    blocks += [*law_blocks(papers), *evidence_blocks(papers), *reading_blocks(papers)]
    made = section(render("name.paper-annex"), *blocks, starts_page=True)
    return replace(made, is_small=True)


def _answers(one: OneProtocol, asked: Sequence[Indicator], caption: str) -> Block:
    return table(
        caption,
        (
            Column(render("name.paper-col-question"), 0.36),
            Column(render("name.paper-col-answer"), 0.46),
            Column(render("name.paper-col-outcome"), 0.18),
        ),
        [_row(one, each, one.settled.get(each.id)) for each in asked],
    )


def _row(one: OneProtocol, indicator: Indicator, settled: Settled | None) -> Sequence[Cell]:
    answer = settled.answer if settled else None
    sure = answer.confidence if answer else None
    return (
        cell(
            told(indicator.question),
            muted(render("name.paper-is-critical")) if indicator.critical else None,
        ),
        cell(*_said(one, indicator, settled)) or cell(DASH),
        cell(
            outcome_words(settled),
            muted(render("note.paper-sureness", level=confidence_words(sure))) if sure else None,
        ),
    )


def _said(one: OneProtocol, indicator: Indicator, settled: Settled | None) -> list[Line | None]:
    answer = settled.answer if settled else None
    if answer is None or settled is None:
        return []
    found: list[Line | None] = []
    if answer.given is not None:
        scale = one.protocol.scales.get(indicator.scale or "")
        found += [strong(given_words(scale, answer.given))]
        found += [meaning(one.protocol, indicator, answer.given)]
    for part in indicator.parts:
        scale = one.protocol.scales.get(part.scale)
        given = answer.parts.get(part.id)
        words = given_words(scale, given) if given else render("name.paper-open")
        found.append(
            Line(render("note.paper-element", question=plain(part.question), answer=words))
        )
    comment = comment_of(settled)
    if comment:
        found.append(muted(render("note.paper-comment", comment=comment)))
    if settled.note and settled.outcome is Outcome.AGREED:
        key = "note.paper-ruled" if settled.ruled else "note.paper-settled"
        found.append(muted(render(key, note=settled.note)))
    return found

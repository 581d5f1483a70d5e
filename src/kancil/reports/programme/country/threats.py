"""The threat situation: what is met how often, how much harm it does, and how sure that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.export import OneProtocol
from kancil.assessment.naming import threat_name
from kancil.assessment.planning.plan import IMPACT, PREVALENCE
from kancil.assessment.protocol import Indicator, Protocol, Shape
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
    table,
)

from .evidence import titles_of
from .pictures import CONFIDENCE, TREND, threats_picture
from .saying import DASH, given_words, outcome_words, plain, told

_ASKED = (PREVALENCE, IMPACT, TREND, CONFIDENCE)


def threats_section(papers: RoundPapers) -> Section | None:
    """What a round says of threats; None: it has no such protocol."""
    blocks: list[Block] = []
    for one in papers.whole.protocols:
        if one.protocol.shape is Shape.THREATS:
            blocks += [Heading(plain(one.protocol.title)), Paragraph(render("note.paper-threats"))]
            drawn = threats_picture(one)
            blocks += [drawn] if drawn else []
            blocks.append(_threats(one, papers.whole.withheld))
    if not blocks:
        return None
    return section(render("name.paper-threats"), *blocks, starts_page=True)


def _threats(one: OneProtocol, withheld: Collection[str]) -> Block:
    return table(
        render("name.paper-threats"),
        (
            Column(render("name.paper-col-threat"), 0.3),
            *(Column(render(f"name.paper-col-{name}"), 0.13) for name in _ASKED),
            Column(render("name.paper-col-sources"), 0.18),
        ),
        [
            _row(one.protocol, each, place, one.settled.get(each.id), withheld)
            for place, each in enumerate(one.protocol.indicators.values(), start=1)
        ],
    )


def _row(
    protocol: Protocol,
    indicator: Indicator,
    place: int,
    now: Settled | None,
    withheld: Collection[str],
) -> Sequence[Cell]:
    answer = now.answer if now else None
    parts = {each.id: each for each in indicator.parts}
    question = told(indicator.question)
    cells = [cell(Line(f"{place}. {threat_name(question.text)}", language=question.language))]
    for name in _ASKED:
        given = answer.parts.get(name) if answer else None
        scale = protocol.scales[parts[name].scale] if name in parts else None
        cells.append(cell(given_words(scale, given)))
    titles = titles_of(answer.evidence if answer else (), protocol, withheld)
    if now is None or now.outcome is Outcome.DISPUTED:
        return (*cells[:1], *[cell(DASH)] * len(_ASKED), cell(muted(outcome_words(now))))
    return (*cells, cell(*titles) or cell(DASH))

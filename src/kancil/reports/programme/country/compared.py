"""Compared with the older round: what moved, and what evidence moved it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from kancil.assessment.answer import Settled
from kancil.assessment.comparing import Comparison, FigureMoved, Move, Moved
from kancil.assessment.export import OneProtocol
from kancil.assessment.protocol import Protocol
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
from kancil.reports.programme.charts import MovedBar

from .evidence import titles_of
from .pictures import comparison_picture, short
from .saying import DASH, asked_words, figure_title, given_words, outcome_words, percent, plain

_QUIET = (Move.SAME, Move.UNKNOWN_IN_BOTH)


def compared_section(papers: RoundPapers) -> Section | None:
    """What moved since the older round; None: it is compared with none."""
    if not papers.older_title:
        return None
    blocks: list[Block] = [
        Paragraph(render("note.paper-compared", older=papers.older_title), "muted")
    ]
    for one in papers.whole.protocols:
        if one.comparison is not None:
            blocks += _of_protocol(one, one.comparison, papers.whole.withheld)
    if len(blocks) == 1:
        blocks.append(Paragraph(render("note.paper-not-compared")))
    return section(render("name.paper-compared"), *blocks, starts_page=True)


def _of_protocol(
    one: OneProtocol, comparison: Comparison, withheld: Collection[str]
) -> list[Block]:
    protocol = one.protocol
    counted = Counter(each.move for each in comparison.indicators)
    said = ", ".join(
        f"{render(f'name.paper-move-{move.value}')}: {counted[move]}"
        for move in Move
        if counted[move]
    )
    blocks: list[Block] = [
        Heading(plain(protocol.title)),
        Paragraph(
            render("note.paper-versions", older=comparison.older, newer=comparison.newer), "muted"
        ),
        Paragraph(said, "muted"),
    ]
    figures = [each for each in comparison.figures if (each.before, each.now) != (None, None)]
    for of in ("area", "instrument", "sector"):
        rows = [each for each in figures if each.of == of]
        if rows:
            title = render(f"name.paper-by-{of}")
            bars = [
                MovedBar(short(figure_title(protocol, of, each.id)), each.before, each.now)
                for each in rows
            ]
            drawn = comparison_picture(protocol, bars, f"moved-{of}", title)
            blocks += [drawn] if drawn and of != "sector" else []
            blocks.append(_figures(protocol, rows, f"{plain(protocol.title)}: {title}"))
    moved = [each for each in comparison.indicators if each.move not in _QUIET]
    if moved:
        blocks.append(_moved(protocol, moved, withheld))
    return blocks


def _figures(protocol: Protocol, rows: Sequence[FigureMoved], caption: str) -> Block:
    return table(
        caption,
        (
            Column(render("name.paper-col-area"), 0.4),
            Column(render("name.paper-col-before"), 0.15, is_number=True),
            Column(render("name.paper-col-now"), 0.15, is_number=True),
            Column(render("name.paper-col-compared"), 0.15, is_number=True),
            Column(render("name.paper-col-left-out"), 0.15, is_number=True),
        ),
        [
            (
                cell(strong(figure_title(protocol, each.of, each.id))),
                cell(Line(percent(each.before), figure=_name(protocol, each, "before"))),
                cell(Line(percent(each.now), figure=_name(protocol, each, "now"))),
                cell(str(each.compared)),
                cell(str(each.left_out)),
            )
            for each in rows
        ],
    )


def _name(protocol: Protocol, figure: FigureMoved, member: str) -> str:
    return f"{protocol.name}/compared/{figure.of}/{figure.id}/{figure.scale}/{member}"


def _moved(protocol: Protocol, moved: Sequence[Moved], withheld: Collection[str]) -> Block:
    return table(
        render("name.paper-moved"),
        (
            Column(render("name.paper-col-question"), 0.4),
            Column(render("name.paper-col-move"), 0.15),
            Column(render("name.paper-col-then-now"), 0.2),
            Column(render("name.paper-col-new-evidence"), 0.25),
        ),
        [_row(protocol, each, withheld) for each in moved],
    )


def _row(protocol: Protocol, moved: Moved, withheld: Collection[str]) -> Sequence[Cell]:
    indicator = protocol.indicators.get(moved.indicator or "")
    titles = titles_of(moved.evidence_added, protocol, withheld)
    is_unsaid = moved.has_moved and not titles
    without = [strong(render("name.paper-no-new-evidence"))] if is_unsaid else []
    return (
        cell(
            asked_words(protocol, indicator)
            if indicator
            else muted(render("name.paper-move-dropped")),
        ),
        cell(render(f"name.paper-move-{moved.move.value}")),
        cell(
            *(muted(each) for each in _answer(protocol, moved, moved.before, moved.now)),
            *_answer(protocol, moved, moved.now, moved.before),
        ) or cell(DASH),
        cell(*without, *titles) or cell(DASH),
    )  # fmt: skip


def _answer(
    protocol: Protocol, moved: Moved, settled: Settled | None, other: Settled | None
) -> list[str]:
    """An answer; of what is asked in parts, the parts that differ from the other round's."""
    indicator = protocol.indicators.get(moved.indicator or "")
    if settled is None or settled.answer is None or indicator is None:
        return [outcome_words(settled)]
    answer = settled.answer
    found = []
    if answer.given is not None:
        found.append(given_words(protocol.scales.get(indicator.scale or ""), answer.given))
    before = other.answer.parts if other is not None and other.answer is not None else {}
    for part in indicator.parts:
        given = answer.parts.get(part.id)
        if given is not None and given != before.get(part.id):
            found.append(
                f"{plain(part.question)}: {given_words(protocol.scales[part.scale], given)}"
            )
    return found or [render("name.paper-in-parts")]

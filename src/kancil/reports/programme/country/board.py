"""The cross-government board: who is responsible, how often they meet, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kancil.assessment.export import BodySaid, MatterSaid, WholeRound
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Column,
    Line,
    Paragraph,
    Section,
    cell,
    muted,
    section,
    strong,
    table,
)

from .saying import DASH, day, plain


def board_section(papers: RoundPapers) -> Section:
    """The bodies of the response by sector, and the sectors for which none is named."""
    titles, bodies = sector_titles(papers), board_of(papers.whole)
    if not bodies:
        none = Paragraph(render("note.paper-no-board"))
        return section(render("name.paper-board"), none)
    blocks: list[Block] = [_bodies(bodies, titles)]
    named = {each.sector for each in bodies}
    missing = [title for id, title in titles.items() if id not in named]
    if missing:
        said = render("note.paper-board-missing", sectors=", ".join(missing))
        blocks.append(Paragraph(said, "warn"))
    return section(render("name.paper-board"), *blocks)


def board_of(whole: WholeRound) -> list[BodySaid]:
    """The bodies that there still are."""
    return [each for each in whole.board if each.ended_on is None]


def sector_titles(papers: RoundPapers) -> dict[str, str]:
    """The titles of sectors by id, of all protocols of the round."""
    return {
        id: plain(each.title)
        for one in papers.whole.protocols
        for id, each in one.protocol.sectors.items()
    }


def _bodies(bodies: Sequence[BodySaid], titles: Mapping[str, str]) -> Block:
    order = [*titles]
    ranked = sorted(
        bodies,
        key=lambda each: (
            order.index(each.sector) if each.sector in order else len(order), each.name,
        ),
    )  # fmt: skip
    return table(
        render("name.paper-board"),
        (
            Column(render("name.paper-col-body"), 0.3),
            Column(render("name.paper-col-responsible"), 0.2),
            Column(render("name.paper-col-meets"), 0.2),
            Column(render("name.paper-col-open"), 0.3),
        ),
        [
            (
                cell(
                    muted(titles.get(each.sector, each.sector)),
                    strong(each.name),
                    each.mandate,
                ),
                cell(each.responsible),
                cell(*_meetings(each)),
                cell(*_open(each.matters)) or cell(DASH),
            )
            for each in ranked
        ],
    )


def _meetings(body: BodySaid) -> list[Line]:
    every = body.meets_every_months
    return [
        Line(render("note.paper-every", count=every) if every else render("name.paper-no-rhythm")),
        muted(
            render("note.paper-met", on=day(body.last_met_on))
            if body.last_met_on
            else render("name.paper-never-met")
        ),
        strong(render("note.paper-meeting-late", on=day(body.next_due_on)))
        if body.is_late
        else Line(""),
    ]


def _open(matters: Sequence[MatterSaid]) -> list[Line]:
    found: list[Line] = []
    for each in matters:
        if each.closed_on is None:
            key = "note.paper-matter-late" if each.is_late else "note.paper-matter"
            found.append(Line(render(key, title=each.title, owner=each.owner, on=day(each.due_on))))
    return found

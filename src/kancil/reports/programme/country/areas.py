"""Area by area: what the team writes, what the country says beside it, and what is short.

Gaps are statements of where the country is, each with the reasons for its place and its weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kancil.assessment.export import OneProtocol
from kancil.assessment.method import Figure
from kancil.assessment.narrative import Genre, area_section
from kancil.assessment.planning.plan import Gap, first_unserved
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.queries.papers import RoundPapers, other_language
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

from .plan import reasons_of, served_by, threat_names
from .saying import percent, plain, stage_label, statement
from .voice import said_beside

_FIRST = 12
"""So many gaps stand in their order over all areas, before each area has its own."""
_SHAPES = (Shape.INDICATORS, Shape.RESPONSE)


def areas_section(papers: RoundPapers) -> Section:
    """The areas of the protocols of indicators, each with its texts and gaps."""
    blocks: list[Block] = []
    titles = threat_names(papers.whole.protocols)
    for one in papers.whole.protocols:
        if one.profile is not None and one.protocol.shape in _SHAPES:
            blocks += _of_protocol(papers, one, titles)
    if not blocks:
        blocks = [Paragraph(render("note.paper-profile-none"))]
    return section(render("name.paper-areas"), *blocks, starts_page=True)


def _of_protocol(
    papers: RoundPapers, one: OneProtocol, titles: Mapping[str, str]
) -> Iterable[Block]:
    yield Heading(plain(one.protocol.title))
    yield Paragraph(render("note.paper-gaps"), "muted")
    unserved = first_unserved(one.gaps, served_by(papers.whole.plan))
    if unserved:
        names = "; ".join(
            statement(one.protocol, one.protocol.indicators[each.indicator], each.current)
            for each in one.gaps
            if each.indicator in unserved
        )
        yield Paragraph(render("note.paper-first-unserved", names=names), "warn")
    if len(one.protocol.areas) > 1 and len(one.gaps) > _FIRST:
        yield _gaps(one, one.gaps[:_FIRST], titles, render("name.paper-first-gaps", count=_FIRST))
    figures = {each.id: each for each in one.profile.figures if each.of == "area"} if (
        one.profile
    ) else {}  # fmt: skip
    for area in one.protocol.areas.values():
        yield Heading(plain(area.title), 3)
        if area.id in figures:
            yield Paragraph(_figure(figures[area.id]), "muted")
        none = Paragraph(render("note.paper-no-text"), "muted")
        yield from written(papers, area_section(one.protocol.name, area.id)) or [none]
        yield from said_beside(papers, one, area.id)
        own = [each for each in one.gaps
               if one.protocol.indicators[each.indicator].area == area.id]  # fmt: skip
        if own:
            yield _gaps(one, own, titles, render("name.paper-short-here"))
        count = sum(one.protocol.indicators[each].area == area.id for each in one.unanswered)
        not_answered = [render("note.brief-unanswered", count=count)] if count else []
        if not own:
            not_answered.insert(0, render("note.paper-answered-reached"))
        if not_answered:
            yield Paragraph(" ".join(not_answered), "muted")


def _figure(figure: Figure) -> str:
    if figure.percent is None:
        return render("note.paper-area-none", coverage=percent(figure.coverage))
    return render(
        "note.paper-area-figure",
        percent=percent(figure.percent),
        coverage=percent(figure.coverage),
        confirmed=percent(figure.confirmed),
    )


def written(papers: RoundPapers, name: str) -> list[Block]:
    """The team's texts of a section, with their authors."""
    found: list[Block] = []
    for genre in (Genre.FINDING, Genre.NARRATIVE, Genre.RECOMMENDATION):
        row = papers.text(name, genre.value)
        if row is None:
            continue
        label = render(f"name.paper-text-{genre.value}")
        by = render("note.paper-text-by", label=label, name=row.author,
                    on=papers.day_of(row.at).isoformat())  # fmt: skip
        found.append(
            Paragraph(row.text, "lead" if genre is Genre.FINDING else "plain", other_language(row))
        )
        found.append(Paragraph(by, "muted"))
    return found


def _gaps(one: OneProtocol, gaps: Sequence[Gap], titles: Mapping[str, str], caption: str) -> Block:
    return table(
        caption,
        (
            Column(render("name.paper-col-short"), 0.46),
            Column(render("name.paper-col-now-wanted"), 0.16),
            Column(render("name.paper-col-reasons"), 0.38),
        ),
        [_gap_row(one, each, titles) for each in gaps],
    )


def _gap_row(one: OneProtocol, gap: Gap, titles: Mapping[str, str]) -> Sequence[Cell]:
    indicator = one.protocol.indicators[gap.indicator]
    wanted = stage_label(one.protocol, indicator, gap.target)
    return (
        cell(strong(statement(one.protocol, indicator, gap.current))),
        cell(
            stage_label(one.protocol, indicator, gap.current),
            muted(render("note.paper-wanted", stage=wanted)),
        ),
        cell(Line(reasons_of(gap, titles), "muted")),
    )

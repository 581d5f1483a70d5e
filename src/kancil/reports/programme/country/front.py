"""The cover, how to read a report, and what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kancil.assessment.answer import Outcome
from kancil.assessment.export import OneProtocol
from kancil.assessment.methods import METHODS
from kancil.assessment.protocol import Protocol, ScaleKind, Standing
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.days import span
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import render, spoken
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    bullets,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)

from .saying import DASH, plain, told, value_words
from .signed import countrys_word
from .texts import mixed_names


def cover(papers: RoundPapers, note: str) -> list[Block]:
    """What stands on the first page. `note`: what this document is, in a sentence or two."""
    row, whole = papers.row, papers.whole
    team = [
        Line(render("note.paper-member", name=each.name, part=part_name(each.part)))
        for each in whole.team
    ]
    blocks: list[Block] = [Paragraph(note)]
    blocks += [Paragraph(each, "warn") for each in warnings(papers)]
    blocks.append(
        facts(
            render("name.paper-about"),
            [
                (render("name.paper-country"), cell(f"{row.country_name} ({row.country})")),
                (render("name.paper-round"), cell(row.title)),
                (render("name.paper-period"), cell(period(papers))),
                (render("name.paper-scope"), cell(row.scope)),
                (render("name.paper-state"), cell(_state(papers))),
                (render("name.paper-team"), cell(*team) or cell(DASH)),
                (render("name.paper-respondents"), _respondents(papers)),
                (render("name.paper-made-on"), cell(papers.today.isoformat())),
                (render("name.paper-version"), cell(f"Kancil {whole.kancil}")),
            ],
        )
    )
    blocks += [_protocols(whole.protocols), Paragraph(render("note.paper-nobody"), "muted")]
    return blocks


def period(papers: RoundPapers) -> str:
    """Write the period of a round."""
    row = papers.row
    return span(row.period_from, row.period_to)


def is_draft(papers: RoundPapers) -> bool:
    """Whether answers may still change."""
    return papers.row.closed_at is None


def mark_of(papers: RoundPapers) -> str:
    """The words that stand on every page of a draft, or of an invented country's report."""
    found = [render("name.paper-mark-invented")] if papers.is_invented else []
    found += [render("name.paper-mark-draft")] if is_draft(papers) else []
    return " · ".join(found)


def part_name(part: str) -> str:
    """Name what somebody does in a team."""
    return render(f"name.paper-part-{part}")


def warnings(papers: RoundPapers) -> list[str]:
    """What every reader must know before reading on."""
    found = []
    if papers.is_invented:
        found.append(render("note.paper-invented"))
    if is_draft(papers):
        found.append(render("note.paper-draft"))
    if any(each.protocol.standing is Standing.PROPOSAL for each in papers.whole.protocols):
        found.append(render("note.paper-proposals"))
    if not is_signed_off(spoken()):
        found.append(render("note.paper-language"))
    if rows := papers.in_other_languages():
        protocols = [each.protocol for each in papers.whole.protocols]
        found.append(render("note.paper-mixed", texts=mixed_names(rows, protocols)))
    return found


def _state(papers: RoundPapers) -> str:
    closed = papers.row.closed_at
    if closed is None:
        said = render("name.paper-open-round")
    else:
        said = render("note.paper-closed", on=papers.day_of(closed).isoformat())
    return " ".join([said, *countrys_word(papers)])


def _respondents(papers: RoundPapers) -> Cell:
    lines = []
    for each in papers.whole.respondents:
        lines.append(Line(f"{each.organisation}{f', {each.office}' if each.office else ''}"))
    return cell(*lines) or cell(render("name.paper-none-named"))


def _protocols(protocols: Sequence[OneProtocol]) -> Block:
    return table(
        render("name.paper-protocols"),
        (
            Column(render("name.paper-col-protocol"), 0.34),
            Column(render("name.paper-col-standing"), 0.2),
            Column(render("name.paper-col-digest"), 0.46),
        ),
        [
            (
                cell(told(each.protocol.title, "strong"), each.protocol.name),
                cell(_standing(each.protocol)),
                cell(mono(each.protocol.sha256)),
            )
            for each in protocols
        ],
    )


def _standing(protocol: Protocol) -> str:
    said = render(f"name.paper-standing-{protocol.standing.value}")
    if protocol.reviewed is None:
        return said
    by = plain(protocol.reviewed.by)
    return render("note.paper-reviewed", by=by, on=protocol.reviewed.on.isoformat())


# --- how to read it -------------------------------------------------------------------------------


def reading_blocks(papers: RoundPapers) -> list[Block]:
    """How figures, scales, grades and caps are to be read, and what is known of the method."""
    return [
        Heading(render("name.paper-reading")),
        bullets(
            render(f"note.paper-read-{name}")
            for name in ("figure", "coverage", "confirmed", "no-total", "no-rank", "dispute")
        ),
        Heading(render("name.paper-method"), 3),
        *_methods(papers.whole.protocols),
        Heading(render("name.paper-scales"), 3),
        *_scales(papers.whole.protocols),
        Heading(render("name.paper-grades"), 3),
        Paragraph(render("note.paper-grades"), "muted"),
        *_grades(papers.whole.protocols),
        Heading(render("name.paper-standing"), 3),
        *(
            Paragraph(
                f"{each.protocol.name}: {plain(each.protocol.standing_note)}", "muted",
                told(each.protocol.standing_note).language,
            )
            for each in papers.whole.protocols
        ),
    ]  # fmt: skip


def _methods(protocols: Sequence[OneProtocol]) -> list[Block]:
    used = {each.profile.method for each in protocols if each.profile is not None}
    found: list[Block] = [
        Paragraph(render("note.paper-method", name=each.name, source=each.source))
        for each in METHODS
        if each.name in used
    ]
    return [*found, Paragraph(render("note.paper-error"), "warn")]


def _scales(protocols: Sequence[OneProtocol]) -> list[Block]:
    """The ordered scales once each, and the bands of figures."""
    rows: dict[str, Sequence[Cell]] = {}
    bands: dict[str, Sequence[Cell]] = {}
    for one in protocols:
        for scale in one.protocol.scales.values():
            if scale.kind is ScaleKind.ORDERED:
                said = " / ".join(value_words(scale, each.value) for each in scale.values)
                key = f"{plain(scale.title)} {said}"
                values = [
                    Line(
                        value_words(scale, each.value)
                        + (f": {plain(each.meaning)}" if each.meaning else "")
                    )
                    for each in scale.values
                ]
                rows.setdefault(key, (cell(told(scale.title, "strong")), cell(*values)))
        if one.protocol.scoring is not None and one.protocol.scoring.bands:
            said = ", ".join(
                render("note.paper-band", band=plain(each.title), at_least=f"{each.min:g}")
                for each in one.protocol.scoring.bands
            )
            bands[one.protocol.name] = (cell(strong(plain(one.protocol.title))), cell(said))
    columns = (
        Column(render("name.paper-col-scale"), 0.3), Column(render("name.paper-col-values"), 0.7),
    )  # fmt: skip
    names = (
        Column(render("name.paper-col-protocol"), 0.3), Column(render("name.paper-col-bands"), 0.7),
    )  # fmt: skip
    return [
        table(render("name.paper-scales"), columns, rows.values()),
        table(render("name.paper-bands"), names, bands.values(), empty=DASH),
    ]


def _grades(protocols: Sequence[OneProtocol]) -> list[Block]:
    rows: dict[str, Sequence[Cell]] = {}
    for one in protocols:
        for grade in one.protocol.grades.values():
            confirms = "name.paper-confirms" if grade.confirmed else "name.paper-confirms-not"
            rows.setdefault(
                f"{plain(grade.label)} {plain(grade.meaning)}",
                (
                    cell(told(grade.label, "strong")),
                    cell(told(grade.meaning)),
                    cell(render(confirms)),
                ),
            )
    return [
        table(
            render("name.paper-grades"),
            (
                Column(render("name.paper-col-grade"), 0.28),
                Column(render("name.paper-col-meaning"), 0.5),
                Column(render("name.paper-col-confirms"), 0.22),
            ),
            rows.values(),
        )
    ]


# --- what was not checked -------------------------------------------------------------------------


def unchecked_section(papers: RoundPapers) -> Section:
    """What a reader might take for granted and must not."""
    blocks: list[Block] = [
        Paragraph(render("note.paper-unchecked"), "muted"),
        _open_answers(papers.whole.protocols),
        bullets(
            [
                *_articles(papers),
                *(render(f"note.paper-unchecked-{name}") for name in _unchecked(papers)),
            ]
        ),
    ]
    return section(render("name.paper-unchecked"), *blocks)


def _unchecked(papers: RoundPapers) -> list[str]:
    found = ["method", "evidence", "interviews"]
    if any(each.matrix is not None for each in papers.whole.protocols):
        found.append("treaties")
        found.append("law")
    if any(each.signed is not None for each in papers.whole.protocols):
        found.append("signature")
    if papers.packaged:
        found.append("packaged")
    if papers.whole.plan:
        found.append("costs")
    if not is_signed_off(spoken()):
        found.append("language")
    return [*found, "words"]


def _articles(papers: RoundPapers) -> list[str]:
    """How many provisions lawyers compared with the official text."""
    return [
        render(
            "note.paper-articles",
            protocol=plain(one.protocol.title),
            count=len(one.protocol.indicators),
            checked=counts.compared if (counts := papers.compared.get(one.protocol.name)) else 0,
        )
        for one in papers.whole.protocols
        if one.matrix is not None
    ]


def _open_answers(protocols: Sequence[OneProtocol]) -> Block:
    """Count how far each protocol is answered."""
    rows = []
    for one in protocols:
        asked = one.asked
        counted = Counter(
            now.outcome if (now := one.settled.get(each.id)) else None for each in asked
        )
        name = f"{one.protocol.name}/answers"
        numbers = [
            (len(asked), "asked"),
            (counted[Outcome.AGREED], "agreed"),
            (counted[Outcome.ALONE], "alone"),
            (counted[Outcome.DISPUTED], "disputed"),
            (counted[None], "open"),
        ]
        rows.append(
            (
                cell(strong(plain(one.protocol.title)), muted(one.protocol.name)),
                *(cell(Line(str(count), figure=f"{name}/{key}")) for count, key in numbers),
            )
        )
    heads = (
        render("name.paper-col-asked"), render("name.paper-col-agreed"), render("name.paper-alone"),
        render("name.paper-disputed"), render("name.paper-open"),
    )  # fmt: skip
    return table(
        render("name.paper-answers-given"),
        (
            Column(render("name.paper-col-protocol"), 0.35),
            *(Column(each, 0.13, is_number=True) for each in heads),
        ),
        rows,
    )

"""The legal matrix as a lawyer reads it: each provision with its question, elements and law.

Written from the same matrix as the JSON file, whose SHA-256 is what the lawyer signs; this paper
has another digest, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from kancil.assessment.law.matrix import Matrix, Row, RowStatus, matrix_sha256
from kancil.assessment.protocol import Duty, Protocol
from kancil.desk.assessment.queries.texts import ComparedCounts
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    PROGRAMME,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Section,
    cell,
    facts,
    mono,
    muted,
    section,
    table,
)
from kancil.reports.document.language import document_language

from .law import (
    bills_of,
    contradictions_of,
    law_cited,
    law_compared,
    law_extracts,
    law_statuses,
    row_status,
)
from .saying import DASH, given_words, plain, told


def matrix_file_name(country: str) -> str:
    """Name the file that has the matrix's digest. `country`: its code."""
    return f"legal-matrix-{country}.json"


def law_paper(
    protocol: Protocol,
    matrix: Matrix,
    country: str,
    packaged: frozenset[str],
    compared: ComparedCounts | None,
) -> Document:
    """The paper of a matrix.

    `country`: its name. `packaged`: instruments whose status nobody there has looked at.
    `compared`: provisions that lawyers compared with official texts; None: not known.
    """
    digest = matrix_sha256(matrix)
    sections = [
        section(
            render("name.paper-treaties"),
            law_statuses(protocol, matrix, packaged),
        )
    ]
    for instrument in protocol.instruments.values():
        if rows := matrix.asked_of(instrument.id):
            sections.append(_instrument(protocol, matrix, plain(instrument.title), rows))
    sections.append(section(render("name.paper-extracts"), *law_extracts(matrix)[1:]))
    sections.append(section(render("name.law-paper-digest"), *_digest(protocol, matrix, digest)))
    title = render("name.law-paper-title", country=country)
    return Document(
        kind=render("name.law-paper"),
        title=title,
        subtitle=plain(protocol.title),
        language=document_language("name.law-paper"),
        author="",
        description=render("note.law-paper"),
        mark="",
        cover=(
            Paragraph(render("note.law-paper")),
            Paragraph(render("note.paper-law"), "muted"),
            *law_compared(compared),
            *_digest(protocol, matrix, digest),
        ),
        sections=tuple(sections),
        accent=PROGRAMME,
        footer=f"{title} · SHA-256 {digest}",
    )


def _digest(protocol: Protocol, matrix: Matrix, digest: str) -> list[Block]:
    """Which file this was written from, and how to check it; at the top and at the foot."""
    name = matrix_file_name(matrix.country)
    return [
        facts(
            render("name.law-paper-digest"),
            [
                (render("name.law-paper-file"), cell(name)),
                (render("name.law-paper-sha256"), cell(mono(digest))),
                (render("name.law-paper-protocol"), cell(protocol.name, mono(protocol.sha256))),
            ],
        ),
        Paragraph(render("note.law-paper-check", file=name), "warn"),
        Paragraph(render("note.law-covers"), "muted"),
    ]


def _instrument(protocol: Protocol, matrix: Matrix, title: str, rows: Iterable[Row]) -> Section:
    blocks: list[Block] = []
    for row in rows:
        blocks += _provision(protocol, matrix, row)
    return section(title, *blocks, starts_page=True)


def _provision(protocol: Protocol, matrix: Matrix, row: Row) -> list[Block]:
    indicator = protocol.indicators[row.indicator]
    article = row.article
    number = f"{article.number} {plain(article.title)}" if article else row.indicator
    scale = protocol.scales.get(indicator.scale or "")
    blocks: list[Block] = [
        Heading(number, 3),
        Paragraph(plain(row.question)),
        facts(
            render("name.law-paper-answer"),
            [
                (render("name.law-paper-answer"), cell(given_words(scale, row.given))),
                (render("name.law-paper-stands"), cell(row_status(row))),
                (render("name.law-paper-contradicts"), cell(*contradictions_of(row))),
                (render("name.paper-kind-bill"), cell(*bills_of(protocol, matrix, row))),
                (
                    render("name.law-paper-cited"),
                    cell(*law_cited(matrix, row)) or cell(render("name.law-paper-no-law")),
                ),
                (render("name.law-paper-comment"), cell(row.comment)),
            ],
        ),
    ]
    if row.elements:
        blocks.append(
            table(
                render("name.paper-col-elements"),
                (
                    Column(render("name.law-paper-element"), 0.7),
                    Column(render("name.law-paper-answer"), 0.3),
                ),
                _elements(protocol, row),
            )
        )
    return blocks


def _elements(protocol: Protocol, row: Row) -> list[tuple[Cell, ...]]:
    parts = {part.id: part for part in protocol.indicators[row.indicator].parts}
    found: list[tuple[Cell, ...]] = []
    for each in row.elements:
        part = parts[each.part]
        said: Line | str = given_words(protocol.scales[part.scale], each.given)
        if each.given is None:
            said = muted(_unanswered(row))
        kind = muted(render(f"name.law-element-{each.kind.replace('_', '-')}"))
        duty = [muted(render("name.law-good-practice"))] if part.duty is Duty.GOOD_PRACTICE else []
        found.append((cell(told(each.question), kind, *duty), cell(said) or cell(DASH)))
    return found


def _unanswered(row: Row) -> str:
    if row.status is RowStatus.DISPUTED:
        return render("name.paper-elements-disputed")
    if row.status is RowStatus.NOT_APPLICABLE:
        return render("name.paper-na")
    return render("name.paper-open")

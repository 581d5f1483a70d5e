"""The law: what is provided for each instrument, and where the country stands with it.

A matrix is a draft unless an admitted lawyer signed it as it is. Instruments are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kancil.assessment.answer import Kind
from kancil.assessment.export import OneProtocol, SignatureSaid
from kancil.assessment.law.bills import closed_by
from kancil.assessment.law.consent import consent_standing
from kancil.assessment.law.matrix import (
    Extract,
    InstrumentStatus,
    Matrix,
    Row,
    RowStatus,
    matrix_sha256,
)
from kancil.assessment.narrative import area_section
from kancil.assessment.protocol import Instrument, Protocol, Scale
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.desk.assessment.queries.texts import ComparedCounts
from kancil.ground.words import render, render_phrase
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
from kancil.reports.document.language import language_tag

from .areas import written
from .law_glance import law_counts, law_picture
from .saying import DASH, day, given_words, plain, stage_label
from .voice import said_beside


def law_section(papers: RoundPapers) -> Section | None:
    """The legal matrix by instrument and the status of each; None: no such protocol."""
    blocks: list[Block] = []
    for one in papers.whole.protocols:
        if one.matrix is not None:
            blocks += _of_protocol(papers, one, one.matrix)
    if not blocks:
        return None
    return section(render("name.paper-law"), *blocks, starts_page=True)


def _of_protocol(papers: RoundPapers, one: OneProtocol, matrix: Matrix) -> list[Block]:
    protocol = one.protocol
    blocks: list[Block] = [
        *_signed(papers, one.signed, matrix),
        *law_compared(papers.compared.get(protocol.name)),
        Paragraph(render("note.paper-law")),
        Heading(render("name.paper-treaties")),
        Paragraph(render("note.paper-treaties"), "muted"),
        law_statuses(protocol, matrix, papers.packaged),
        Heading(render("name.paper-law-at-a-glance")),
    ]
    drawn = law_picture(one, matrix)
    if drawn:
        blocks += [Paragraph(render("note.law-heat"), "muted"), drawn]
    blocks.append(law_counts(one, matrix))
    for instrument in protocol.instruments.values():
        rows = matrix.asked_of(instrument.id)
        if not rows:
            continue
        binding = "name.paper-binding" if instrument.binding else "name.paper-not-binding"
        blocks += [
            Heading(plain(instrument.short)),
            Paragraph(
                render(
                    "note.paper-instrument",
                    title=plain(instrument.title),
                    ref=instrument.ref,
                    year=instrument.year,
                    binding=render(binding),
                ),
                "muted",
            ),
        ]
        for area in protocol.areas.values():
            if area.instrument == instrument.id:
                blocks += written(papers, area_section(protocol.name, area.id))
                blocks += said_beside(papers, one, area.id)
        blocks.append(_short_of(one, rows))
    return blocks


def _short_of(one: OneProtocol, rows: Sequence[Row]) -> Block:
    """The provisions of an instrument that are not in law, by what was answered, as one list."""
    found: dict[str, list[str]] = {}
    for row in rows:
        indicator = one.protocol.indicators[row.indicator]
        scale = one.protocol.scales.get(indicator.scale or "")
        wanted = sorted(int(each.value) for each in scale.values)[-2:][0] if scale else 0
        value = row.given.value if row.given and row.given.kind is Kind.VALUE else None
        if isinstance(value, int) and value >= wanted:
            continue
        if row.status in (RowStatus.NOT_APPLICABLE, RowStatus.NOT_ASKED):
            continue
        said = row_status(row)
        if isinstance(value, int):
            said = stage_label(one.protocol, indicator, value)
        found.setdefault(said, []).append(_name(row))
    if not found:
        return Paragraph(render("note.paper-law-all"))
    return bullets(f"{said}: {'; '.join(names)}." for said, names in found.items())


def _name(row: Row) -> str:
    article = row.article
    return f"{article.number} {plain(article.title)}" if article else ""


def law_blocks(papers: RoundPapers) -> list[Block]:
    """The law article by article, and the pieces of law that are cited: for an annex."""
    blocks: list[Block] = []
    for one in papers.whole.protocols:
        matrix = one.matrix
        if matrix is None:
            continue
        blocks += [
            Heading(plain(one.protocol.title)),
            Paragraph(render("note.paper-law-annex"), "muted"),
        ]
        for instrument in one.protocol.instruments.values():
            if rows := matrix.asked_of(instrument.id):
                blocks.append(_matrix_table(one, matrix, rows, plain(instrument.short)))
        blocks += law_extracts(matrix)
    return blocks


def law_compared(counts: ComparedCounts | None) -> list[Block]:
    """How many provisions lawyers compared with the official text; nothing where not known."""
    if counts is None:
        return []
    said = render(
        "note.paper-provisions-compared", compared=counts.compared, older=counts.older, of=counts.of
    )
    return [Paragraph(said, "muted" if counts.compared == counts.of else "warn")]


def _signed(papers: RoundPapers, signature: SignatureSaid | None, matrix: Matrix) -> list[Block]:
    if signature is None:
        return [Paragraph(render("note.paper-matrix-draft"), "warn")]
    signed_on = signature.signed_on
    said = render(
        "note.paper-matrix-signed",
        day=papers.day_of(signature.at).isoformat(),
        by=signature.recorded_by or render("name.paper-by-team"),
        lawyer=signature.lawyer,
        admitted=signature.admitted,
        signed_on=signed_on.isoformat() if signed_on else render("name.paper-no-day"),
    )
    return [
        Paragraph(said),
        Paragraph(render("note.paper-signature-not-checked"), "warn"),
        facts(
            render("name.paper-signed"),
            [
                (render("name.paper-digest"), cell(mono(matrix_sha256(matrix)))),
                (render("name.paper-signed-file"), cell(mono(signature.sha256))),
            ],
        ),
    ]


def law_statuses(protocol: Protocol, matrix: Matrix, packaged: frozenset[str]) -> Block:
    """Where the country stands with each instrument, or that nobody consents to it."""
    known = {each.instrument: each for each in matrix.instruments}
    return table(
        render("name.paper-treaties"),
        (
            Column(render("name.paper-col-instrument"), 0.26),
            Column(render("name.paper-col-signed"), 0.12),
            Column(render("name.paper-col-consent"), 0.2),
            Column(render("name.paper-col-in-force"), 0.12),
            Column(render("name.paper-col-source"), 0.3),
        ),
        [
            _status_row(each, known.get(each.id), each.id in packaged)
            for each in protocol.instruments.values()
        ],
        empty=render("note.paper-no-treaties"),
    )


def _status_row(
    instrument: Instrument, status: InstrumentStatus | None, is_packaged: bool
) -> Sequence[Cell]:
    title = plain(instrument.short)
    nothing = None if instrument.takes_consent else render("name.paper-consent-nothing")
    if status is None:
        unknown = _day(None)
        consent = cell(nothing) if nothing else unknown
        days = cell(DASH) if nothing else unknown
        return cell(strong(title)), days, consent, days, cell(DASH)
    consent_words = render(
        f"name.paper-consent-{consent_standing(status.consent, status.signed_on)}"
    )
    if nothing and status.consent in ("", "none"):
        consent_words = nothing
    notes = [
        f"{render(f'name.paper-said-{name}')}: {text}"
        for name, text in (
            ("reservations", status.reservations),
            ("declarations", status.declarations),
            ("authorities", status.authorities),
        )
        if text
    ]
    return (
        cell(strong(title), *map(muted, notes)),
        _day(status.signed_on),
        cell(consent_words, day(status.consent_on) if status.consent_on else None),
        _day(status.in_force_on),
        cell(
            render("note.paper-as-of", on=day(status.as_of)),
            muted(status.source),
            muted(render("note.paper-packaged")) if is_packaged else None,
        ),
    )


def _day(value: date | None) -> Cell:
    """Write a day of a status; none means that it is not known."""
    return cell(day(value)) if value else cell(muted(render("name.paper-not-known")))


# --- article by article ---------------------------------------------------------------------------


def _matrix_table(one: OneProtocol, matrix: Matrix, rows: Sequence[Row], instrument: str) -> Block:
    return table(
        render("name.paper-matrix-of", instrument=instrument),
        (
            Column(render("name.paper-col-article"), 0.36),
            Column(render("name.law-paper-answer"), 0.2),
            Column(render("name.paper-col-outcome"), 0.44),
        ),
        [
            (
                cell(_name(row)),
                cell(given_words(_scale(one, row), row.given) if row.given else DASH),
                cell(
                    muted(row_status(row)),
                    *bills_of(one.protocol, matrix, row),
                    *contradictions_of(row),
                    *law_cited(matrix, row),
                    muted(row.comment) if row.comment and row.status is RowStatus.AGREED else None,
                ),
            )
            for row in rows
        ],
    )


def _scale(one: OneProtocol, row: Row) -> Scale | None:
    return one.protocol.scales.get(one.protocol.indicators[row.indicator].scale or "")


def row_status(row: Row) -> str:
    """How far a provision is, and whether one assessor alone answered it."""
    said = render(f"name.paper-row-{row.status.value}")
    is_said = not row.is_alone or row.status is RowStatus.ALONE
    return said if is_said else f"{said}; {render('name.paper-row-alone')}"


def contradictions_of(row: Row) -> list[Line]:
    """What in an answer does not go together."""
    said = [render_phrase(each) for each in row.contradictions]
    return [strong(render("note.paper-contradicts", what=each)) for each in said]


def bills_of(protocol: Protocol, matrix: Matrix, row: Row) -> list[Line]:
    """The bills that would close the gap of a provision, once they were law."""
    return [
        Line(render("note.paper-bill-closes", law=each.law, article=each.article))
        for each in closed_by(protocol, matrix, row)
    ]


def law_cited(matrix: Matrix, row: Row) -> list[Line]:
    """Name the pieces of law that an answer cites."""
    return [
        Line(
            render(
                "note.paper-cited-bill" if matrix.extracts[each].is_bill else "note.paper-cited",
                law=matrix.extracts[each].law,
                article=matrix.extracts[each].article,
            )
        )
        if each in matrix.extracts
        else Line(render("note.paper-extract-missing"), "muted")
        for each in row.extracts
    ]


def law_extracts(matrix: Matrix) -> list[Block]:
    """A heading, and the pieces of law that are cited, word for word."""
    if not matrix.extracts and not matrix.missing:
        return [Heading(render("name.paper-extracts")), Paragraph(render("note.paper-no-extracts"))]
    blocks: list[Block] = [
        Heading(render("name.paper-extracts")),
        table(
            render("name.paper-extracts"),
            (
                Column(render("name.paper-col-law"), 0.28),
                Column(render("name.paper-col-text"), 0.44),
                Column(render("name.paper-col-source"), 0.28),
            ),
            [_extract_row(each) for each in matrix.extracts.values()],
        ),
    ]
    if matrix.missing:
        said = render("note.paper-missing-extracts", count=len(matrix.missing))
        blocks.append(Paragraph(said, "warn"))
    return blocks


def _extract_row(extract: Extract) -> Sequence[Cell]:
    return (
        cell(
            strong(extract.law),
            extract.citation,
            extract.article,
            strong(render("name.paper-bill")) if extract.is_bill else None,
        ),
        cell(
            Line(extract.text, language=language_tag(extract.language)),
            Line(extract.translation, "muted"),
            muted(render("note.paper-translated", by=extract.translated_by))
            if extract.translated_by
            else None,
        ),
        cell(
            extract.source,
            render("note.paper-in-force", on=day(extract.in_force_on))
            if extract.in_force_on
            else None,
            mono(extract.sha256),
        ),
    )

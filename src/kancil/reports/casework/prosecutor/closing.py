"""How to check the report without trusting anybody, and what its words mean."""

from __future__ import annotations

from collections.abc import Sequence

from kancil.ground.digests import sha256_hex
from kancil.ground.words import render
from kancil.reports.casework.bundle.write import PAGE_FILE
from kancil.reports.document.blocks import (
    Block,
    Column,
    Commands,
    Heading,
    Paragraph,
    Section,
    Table,
    bullets,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.pdf.typeset import Attachment

from .gather import Order

TERMS = (
    "address", "block", "transaction", "output", "satoshi", "hop", "trace", "policy", "bounds",
    "label", "confidence", "finding", "exhibit", "digest", "ledger", "checkpoint", "bundle",
    "intact",
)  # fmt: skip
_FILES = ("pdfdetach -saveall REPORT.pdf", "sha256sum *.csv *.json *.txt *.pem")


def checking_section(
    order: Order,
    attachments: Sequence[Attachment],
    *,
    analysis_sha256: str,
    trusted: Sequence[tuple[str, str]],
    is_preview: bool,
) -> Section:
    """How to check signature, attached files, analysis and ledger with other people's tools.

    `trusted`: names and SHA-256 of the certificates by which the file is signed.
    """
    page = sha256_hex(PAGE_FILE.read_bytes()) if PAGE_FILE.is_file() else ""
    signature, analysis, ledger = (
        render(f"note.pdf-check-{what}") for what in ("signature", "analysis", "ledger")
    )
    blocks: list[Block] = [Paragraph(render("note.pdf-check-what")), Heading(signature)]
    if is_preview:
        blocks.append(Paragraph(render("note.pdf-check-preview"), "warn"))
    else:
        blocks.append(Paragraph(render("note.pdf-check-signature-how")))
        blocks.append(Commands(("pdfsig REPORT.pdf", "kancil verify REPORT.pdf")))
        blocks.append(facts(signature, ((name, cell(mono(digest))) for name, digest in trusted)))
    blocks.append(Heading(render("note.pdf-check-files")))
    blocks.append(Paragraph(render("note.pdf-check-files-how")))
    blocks.append(Commands(_FILES))
    blocks.append(_files(attachments))
    blocks.append(Heading(analysis))
    blocks.append(Paragraph(render("note.pdf-check-analysis-how")))
    blocks.append(
        facts(
            analysis,
            (
                (render("name.pdf-analysis"), cell(mono(analysis_sha256))),
                (render("name.pdf-page"), cell(mono(page))),
            ),
        )
    )
    blocks.append(Paragraph(render("note.pdf-check-page"), "muted"))
    blocks.append(Heading(ledger))
    blocks.append(Paragraph(render("note.pdf-check-ledger-how")))
    checkpoint = order.checkpoint
    blocks.append(
        facts(
            ledger,
            (
                (render("name.pdf-entries"), cell(str(checkpoint.size))),
                (render("name.pdf-root"), cell(mono(checkpoint.root.hex()))),
                (render("name.pdf-checkpoint"), cell(mono(checkpoint.sha256))),
            ),
        )
    )
    blocks.append(Commands(_checkpoint_commands()))
    blocks.append(bullets([render("note.pdf-check-not"), render("note.report-cannot-intact")]))
    return section(render("note.pdf-check"), *blocks, starts_page=True)


def _checkpoint_commands() -> tuple[str, ...]:
    """The lines by which openssl checks the note's signature (docs/formats/ledger.md)."""
    return (
        "head -n 4 checkpoint.txt > note",
        "tail -n 1 checkpoint.txt | cut -d ' ' -f 3 | base64 -d | tail -c 64 > note.sig",
        "openssl pkeyutl -verify -pubin -inkey unit-key.pem -rawin -in note -sigfile note.sig",
    )


def _files(attachments: Sequence[Attachment]) -> Table:
    return table(
        render("note.pdf-check-files"),
        (
            Column(render("note.pdf-col-file"), 0.46),
            Column(render("note.pdf-col-hash"), 0.54),
        ),
        [
            (cell(strong(one.name), muted(one.description)), cell(mono(sha256_hex(one.data))))
            for one in attachments
        ],
    )


def glossary_section() -> Section:
    """What the report's words mean."""
    rows = [
        (render(f"note.pdf-term-{term}"), cell(render(f"note.pdf-means-{term}"))) for term in TERMS
    ]
    title = render("note.pdf-glossary")
    return section(title, facts(title, rows))

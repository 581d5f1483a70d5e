"""The certificate as PDF: what the credential says, its QR code, and how a stranger checks it.

The paper proves nothing by itself: the code does, and the credential that lies inside the PDF.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from kancil.ground.days import span
from kancil.ground.words import render as words
from kancil.reports.document.blocks import Document
from kancil.reports.document.language import document_language
from kancil.reports.document.printed import shown, template, tree_of
from kancil.reports.document.qr import qr_svg
from kancil.reports.pdf.sign import PdfKey, sign_pdf
from kancil.reports.pdf.typeset import Attachment, typeset
from kancil.training.badges.certificate import Marked, SignedCertificate, credential_bytes
from kancil.training.badges.reading import code_text

_PAGE = Path(__file__).parent / "certificate.typ"
_LANGUAGE = "certificate.check"
ACCENT = "#31508f"
"""Of the classroom: neither the unit's nor the programme's."""
ATTACHED = "certificate.credential.json"


def print_certificate(signed: SignedCertificate, *, at: datetime) -> bytes:
    """The unsigned PDF/A-3, with the credential inside; `at`: its date. Raises ReportNotPrinted."""
    said = signed.certificate
    kind = words(f"certificate.kind-{said.achievement.value}")
    document = Document(
        kind, said.taken.title, said.name, document_language(_LANGUAGE), said.issuer,
        words("note.badge-no-expert"), "", (), footer=words("note.badge-no-expert"),
        has_contents=False, accent=ACCENT,
    )  # fmt: skip
    tree = tree_of(document) | _said(signed)
    attached = Attachment(
        ATTACHED, credential_bytes(signed), "application/json", words("certificate.attached")
    )
    return typeset(template(_PAGE), shown(tree), [attached], at=at).pdf


def signed_pdf(signed: SignedCertificate, key: PdfKey, *, at: datetime) -> bytes:
    """The PDF, signed as the unit's reports are."""
    pdf = print_certificate(signed, at=at)
    issuer = signed.certificate.issuer
    kind = words(f"certificate.kind-{signed.certificate.achievement.value}")
    return sign_pdf(pdf, key, at=at, reason=kind, name=issuer)


def _said(signed: SignedCertificate) -> dict[str, Any]:
    """What stands on the page, in words; for the template."""
    said, taken = signed.certificate, signed.certificate.taken
    days = span(taken.since, taken.until)
    return {
        "issuer": said.issuer,
        "name": said.name,
        "took": words(f"certificate.took-{said.achievement.value}"),
        "passing": ""
        if said.pass_percent is None
        else words("certificate.passing", percent=said.pass_percent),
        "course": words("certificate.course", hours=taken.hours, days=days, version=taken.version),
        "marked_lead": words("certificate.marked"),
        "columns": [words(f"column.marked-{name}") for name in ("what", "title", "on", "percent")],
        "marked": [_row(each) for each in said.marked],
        "no_marks": ""
        if any(each.percent is not None for each in said.marked)
        else words("certificate.no-marks"),
        "no_expert": words("certificate.no-expert"),
        "check": words("certificate.check"),
        "steps": [words(f"certificate.step-{step}") for step in ("scan", "page", "key", "list")],
        "facts": [
            [words("column.badge-issued"), said.issued_at.strftime("%Y-%m-%d %H:%M UTC")],
            [words("column.badge-id"), said.id],
            [words("column.badge-key"), signed.fingerprint],
        ],
        "svg": qr_svg(code_text(signed), error="l"),
        "svg_alt": words("certificate.code"),
    }


def _row(each: Marked) -> list[str]:
    percent = "–" if each.percent is None else f"{each.percent} %"
    what = words(f"name.marked-{each.kind.value}")
    return [what, f"{each.title} ({each.version})", each.on.isoformat(), percent]

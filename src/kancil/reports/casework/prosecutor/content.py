"""What the printed report says, from page one to the glossary, as data for its template.

From the case's facts and the traces' answers to words in the spoken language, and to no markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kancil.bitcoin.network import Network, network_named
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import render
from kancil.reports.casework.bundle.answers import Answers
from kancil.reports.casework.bundle.content import ReportContent, report_content
from kancil.reports.casework.views import ShownView
from kancil.reports.document.blocks import (
    Cell,
    Document,
    Section,
    bullets,
    cell,
    cut,
    section,
)
from kancil.reports.document.printed import tree_of
from kancil.reports.pdf.sign import PdfKey
from kancil.reports.pdf.typeset import Attachment
from kancil.studies.drawing.picture import TOKENS

from .closing import checking_section, glossary_section
from .disclosure import disclosure_section, withheld_blocks
from .exhibits import exhibits_section
from .front import front_page
from .gather import CaseFacts, Order
from .money import flow_section, labels_section, methods_section, transfers_section
from .reported import reported_section
from .studies import study_section
from .views import view_section

_COLOUR = re.compile(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})\b")


def report_tree(
    facts: CaseFacts,
    answers: Answers,
    order: Order,
    attachments: Sequence[Attachment],
    *,
    labels: tuple[str, ...],
    studies: tuple[str, ...] = (),
    analysis_sha256: str,
    key: PdfKey | None,
    views: tuple[ShownView, ...] = (),
) -> dict[str, Any]:
    """The whole report.

    `labels`, `studies`: names of its traces and studies; `views`: saved views that it prints;
    `key`: by which it will be signed, None
    for a preview.
    """
    content = report_content(answers)
    network = network_named(answers.material.network) if answers.material.has_chain else None
    mark, watermark = _marks(
        network, is_preview=key is None, is_training=answers.material.is_training
    )
    title = facts.stated.case.title if facts.stated.case is not None else None
    case = f"{facts.label}. {title or render('note.stated-not')}"
    kind = render(f"note.pdf-kind-{order.kind}")
    unit = facts.stated.unit or render("note.stated-not")
    checking = checking_section(
        order,
        attachments,
        analysis_sha256=analysis_sha256,
        trusted=_certificates(key),
        is_preview=key is None,
    )
    document = Document(
        kind=kind,
        title=case,
        subtitle="",
        language=order.language,
        author=unit,
        description=render("note.pdf-description", sha256=analysis_sha256),
        mark=mark,
        cover=(),
        sections=(
            *_sections(facts, answers, content, order, labels, studies, views),
            checking,
            glossary_section(),
        ),
    )
    front = front_page(
        facts,
        answers,
        content,
        order,
        labels=labels,
        studies=studies,
        sealed_by=_sealed_by(key),
        warning=_warning(key, order, network, facts),
    )
    own = {
        "colours": colours(),
        "words": {
            "page": render("note.pdf-page", page="{page}", count="{count}"),
            "analysis": render("name.pdf-analysis"),
            "replaced": render("note.pdf-replaced", count="{count}"),
        },
        "header": f"{cut(unit, 60)} \u00b7 {cut(case, 60)} \u00b7 {kind}",
        "analysis": analysis_sha256,
        "watermark": watermark,
        "front": front,
    }
    return tree_of(document) | own


def _sections(
    facts: CaseFacts,
    answers: Answers,
    content: ReportContent,
    order: Order,
    labels: tuple[str, ...],
    studies: tuple[str, ...],
    views: tuple[ShownView, ...],
) -> list[Section]:
    """The sections from the flow to the exhibits, and for the defence what follows them."""
    printed = [
        study_section(label, study, facts.zone, starts_page=not number)
        for number, (label, study) in enumerate(zip(studies, content.studies, strict=True))
    ]
    if answers.material.has_chain:
        sections = [
            flow_section(content, labels),
            transfers_section(content, answers, labels, facts.zone, order.prices),
            labels_section(content),
            methods_section(content, labels),
            *printed,
        ]
    else:
        limits = section(render("note.report-limits"), bullets(content.limits))
        sections = [*printed, limits]
    if (said := order.shown_reports) is not None:
        sections.append(reported_section(said, facts.zone))
    sections += [view_section(one, facts) for one in views]
    kept_back = withheld_blocks(facts) if order.is_disclosure or facts.withheld else ()
    if not order.is_disclosure:
        return [*sections, exhibits_section(facts, *kept_back)]
    told = disclosure_section(facts, answers, order, labels, studies, *kept_back)
    return [*sections, exhibits_section(facts), told]


def _marks(network: Network | None, *, is_preview: bool, is_training: bool) -> tuple[str, str]:
    """The words at the foot of each page and across it; empty for a signed report."""
    if is_training:
        name = render("name.training")
        mark, _ = _marks(network, is_preview=is_preview, is_training=False)
        return " \u00b7 ".join(filter(None, (name, mark))), name
    if is_preview:
        return render("note.pdf-mark-preview"), render("note.pdf-watermark-preview")
    if network is not None and not network.is_real_money:
        return (
            render("note.pdf-mark-network", network=network.name),
            render("note.pdf-watermark-network", network=network.name),
        )
    return "", ""


def colours() -> dict[str, str]:
    """Read the colours of the light theme from the house's tokens."""
    text = TOKENS.read_text(encoding="utf-8")
    return dict(_COLOUR.findall(text[: text.index("}")]))


def _sealed_by(key: PdfKey | None) -> Cell:
    if key is None:
        return cell(render("note.pdf-sealed-preview"))
    name = key.certificate.subject.rfc4514_string()
    if key.is_own:
        return cell(render("note.pdf-sealed-own"))
    issuer = key.certificate.issuer.rfc4514_string()
    return cell(render("note.pdf-sealed", name=name, issuer=issuer))


def _warning(key: PdfKey | None, order: Order, network: Network | None, facts: CaseFacts) -> str:
    said = []
    if facts.basis_ended_on is not None:
        said.append(render("note.basis-ended", day=facts.basis_ended_on.isoformat()))
    if key is None and is_signed_off(order.language):
        said.append(render("note.pdf-preview-unsigned"))
    elif key is None:
        said.append(render("note.pdf-preview", language=order.language))
    if network is not None and not network.is_real_money:
        said.append(render("note.report-watermark", network=network.name))
    return " ".join(said)


def _certificates(key: PdfKey | None) -> list[tuple[str, str]]:
    if key is None:
        return []
    return [
        (render("name.pdf-certificate"), key.certificate_sha256),
        (render("name.pdf-authority"), key.top_sha256),
    ]

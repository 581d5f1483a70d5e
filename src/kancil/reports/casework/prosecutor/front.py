"""Page one: what was found, by whom it was accepted, and what was not looked at or not checked.

A prosecutor must be able to read this page alone. Findings stand in the officer's exact words; a
translation stands below them and is never the authority.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from kancil import __version__
from kancil.ground.offered import SOURCE
from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.records.finding import Finding, FindingClass
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.answers import Answer, Answers
from kancil.reports.casework.bundle.content import ReportContent
from kancil.reports.casework.bundle.material import LINKED_WORK, Material
from kancil.reports.casework.bundle.statements import StatedFinding
from kancil.reports.casework.bundle.verify_chain import power_of_tries
from kancil.reports.document.blocks import Cell, Facts, Line, Own, cell, muted
from kancil.reports.document.printed import block_tree

from .gather import CaseFacts, Order
from .short_answers import short_answers
from .times import both_text

PAPERS = ("warrant", "order", "foreign-request")
"""Kinds of legal basis that bear a number and a date."""
CLASSES = ("chain-fact", "exhibit-fact", "policy-result", "attribution")
_ALWAYS_EXPLAINED = frozenset(CLASSES) - {"exhibit-fact"}
_DIGEST = re.compile(r"([0-9a-f]{64})")


def front_page(
    facts: CaseFacts,
    answers: Answers,
    content: ReportContent,
    order: Order,
    *,
    labels: tuple[str, ...],
    studies: tuple[str, ...],
    sealed_by: Cell,
    warning: str,
) -> dict[str, Any]:
    """Page one.

    `labels`, `studies`: names of the traces and studies; `sealed_by`: who signs the file, in words.
    """
    rows, notes = short_answers(facts, answers, content, order, labels, studies)
    about = _facts(facts, order, sealed_by)
    return {
        "facts": block_tree(Facts("", tuple(rows))),
        "about": [[name, plain(value)] for name, value in about],
        "notes": {"title": render("name.page1-notes"), "lines": plain(notes.lines)},
        "warning": warning,
        "found_title": "1. " + render("note.pdf-found"),
        "classes": [
            {
                "class": name,
                "title": render(f"note.pdf-class-{name}"),
                "text": render(f"note.pdf-class-means-{name}"),
            }
            for name in CLASSES
            if name in _ALWAYS_EXPLAINED or any(one.finding_class == name for one in facts.standing)
        ],
        "findings": [
            block_tree(finding_card(one, facts, order.language)) for one in facts.standing
        ],
        "nothing": render("note.pdf-no-finding"),
        "more": render("note.pdf-findings-more", count="{count}"),
        "rest_title": render("note.pdf-findings-rest"),
        "missing_title": render("note.pdf-missing"),
        "missing": not_looked_at(
            facts,
            answers,
            content,
            labels,
            studies,
            is_hushed=order.reported is not None and order.shown_reports is None,
        ),
    }


def _facts(facts: CaseFacts, order: Order, sealed_by: Cell) -> list[tuple[str, Cell]]:
    bases = [_basis_line(one) for one in facts.stated.bases]
    return [
        (render("name.pdf-basis"), cell(*bases) or cell(render("note.stated-not"))),
        (
            render("name.pdf-made"),
            cell(
                f"{both_text(order.at, facts.zone)}, {facts.person(order.officer)}",
                muted(render("note.pdf-made-with", version=__version__)),
            ),
        ),
        (
            render("name.pdf-rests"),
            cell(
                render(
                    "note.pdf-rests",
                    size=order.checkpoint.size,
                    time=both_text(order.checkpoint.at, facts.zone),
                ),
            ),
        ),
        (render("name.pdf-signature"), sealed_by),
    ]


def _basis_line(basis: Any) -> str:
    kind = statement_words.term("kind", basis.kind)
    words = [word for word in (kind, basis.number, basis.authority) if word]
    if basis.issued_on:
        words.append(render("note.pdf-issued", day=basis.issued_on))
    if basis.kind in PAPERS and not (basis.number and basis.issued_on):
        words.append(render("note.pdf-basis-not-named"))
    if basis.expires_on:
        words.append(render("note.pdf-until", day=basis.expires_on))
    return ", ".join(words)


def finding_card(one: StatedFinding, facts: CaseFacts, language: str) -> Own:
    """A finding as a card: class, exact text, who accepted it, when, on what it rests."""
    known = one.finding_class if one.finding_class in CLASSES else "none"
    text = one.text or render("note.stated-not")
    more = [_accepted(one, facts)]
    translation = _translation(one, facts, language)
    if translation not in ("", text):
        more.insert(0, render("note.pdf-translation", text=translation))
    if one.withdrawn is not None:
        more.append(
            render(
                "note.pdf-withdrawn",
                officer=statement_words.by(one.withdrawn.said) or render("note.stated-not"),
                time=both_text(_moment(one.withdrawn.said.at), facts.zone),
                n=one.withdrawn.said.n,
                reason=one.withdrawn.reason or render("note.stated-not"),
            )
        )
    return Own(
        "finding",
        {
            "class": known,
            "label": f"F{one.number or '?'}",
            "title": render(f"note.pdf-class-{known}")
            if known in CLASSES
            else one.finding_class or render("note.stated-not"),
            "language": one.language if _is_tag(one.language) else "en",
            "pieces": _pieces(text),
            "more": more,
            "is_withdrawn": one.withdrawn is not None,
        },
    )


def _is_tag(language: str | None) -> bool:
    return language is not None and re.fullmatch(r"[a-z]{2,3}", language) is not None


def _pieces(text: str) -> list[Line]:
    """Cut a sentence at its digests, which are set apart so that they can break."""
    return [
        Line(piece, "mono" if _DIGEST.fullmatch(piece) else "plain")
        for piece in _DIGEST.split(text)
        if piece
    ]


def _accepted(one: StatedFinding, facts: CaseFacts) -> str:
    entry = facts.findings.get(one.id or "")
    trace = None if entry is None else entry.body.get("trace")
    runs = [run.label for run in facts.runs if run.id == trace]
    return render(
        "note.pdf-accepted",
        officer=statement_words.by(one.said) or render("note.stated-not"),
        time=both_text(_moment(one.said.at), facts.zone),
        n=one.said.n,
        trace=runs[0] if runs else render("note.stated-not"),
        language=one.language or render("note.stated-not"),
    )


def _translation(one: StatedFinding, facts: CaseFacts, language: str) -> str:
    """A finding anew in the report's language, where that is not the officer's."""
    entry = facts.findings.get(one.id or "")
    if entry is None or one.language == language or one.finding_class not in CLASSES:
        return ""
    params = entry.body.get("params")
    if not isinstance(params, dict):
        return ""
    finding = Finding(FindingClass(one.finding_class), str(entry.body.get("code")), dict(params))
    text = finding.text(language)
    # Words that are missing, or a parameter of theirs: there is nothing to translate with; and
    # English in the place of words that a language lacks is no translation.
    is_english = language != SOURCE and text == finding.text(SOURCE)
    return "" if is_english or text.startswith("finding.") else text


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def not_looked_at(
    facts: CaseFacts,
    answers: Answers,
    content: ReportContent,
    labels: tuple[str, ...],
    studies: tuple[str, ...],
    *,
    is_hushed: bool,
) -> list[str]:
    """What nobody looked at and what was not checked, the nearest to the question first.

    What the answer *How sure is it?* says is not said again. `is_hushed`: transfers are reported
    in the case, and entries that they rest on are withheld.
    """
    said: list[str] = []
    for label, answer in zip(labels, answers.answers, strict=True):
        said += _of_trace(label, answer)
    for label, study in zip(studies, content.studies, strict=True):
        said += [f"{label}: {study.run_again}"] if study.run_again else []
    if answers.material.has_chain:
        said += _of_chain(answers.material)
    if skipped := sum(int(entry.body.get("skipped") or 0) for entry in facts.sources):
        said.append(render("note.pdf-not-skipped", count=skipped))
    aside = sum(not run.is_shown for run in facts.runs)
    if unused := sum(not run.findings for run in facts.runs):
        said.append(render("note.pdf-not-relied", count=unused, aside=aside))
    if facts.taken_back:
        said.append(render("note.pdf-not-taken-back", count=len(facts.taken_back)))
    if is_hushed:
        said.append(render("note.pdf-not-reported"))
    if facts.withheld:
        said.append(render("note.pdf-not-withheld", count=len(facts.withheld)))
    return said


def _of_chain(material: Material) -> list[str]:
    said = []
    said.append(
        render(
            "note.pdf-not-held",
            network=material.network,
            blocks=material.held.blocks,
            runs=material.held.runs,
        )
    )
    if own := sum(block.work != LINKED_WORK for block in material.blocks):
        said.append(render("note.report-proved-own", count=own, power=power_of_tries(material)))
    if loose := sum(one.block is None for one in material.transactions):
        said.append(render("note.report-not-in-block", count=loose))
    said.append(render("note.report-cannot-scripts"))
    if any(one.stated_values for one in material.transactions):
        said.append(render("note.report-cannot-stated"))
    return said


def _of_trace(label: str, answer: Answer) -> list[str]:
    said = []
    if count := len(answer.tables["left_out"]):
        said.append(render("note.pdf-not-followed", trace=label, count=count))
    if answer.chosen.totals.may_return:
        said.append(f"{label}: {render('note.report-may-return')}")
    return said

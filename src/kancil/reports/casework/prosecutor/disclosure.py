"""For the defence: what was taken back, not accepted, contradicted, left aside or kept back.

Everything here comes from the same ledger and the same traces as the rest. What leaves no trace in
them, such as a thought that nobody recorded, cannot be listed, and the report says so.
"""

from __future__ import annotations

from collections import defaultdict

from kancil.ground.words import has, render
from kancil.reports.casework.bundle.answers import Answers
from kancil.reports.casework.bundle.content_studies import question_of
from kancil.reports.casework.bundle.studies import CitedStudy
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    Table,
    cell,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.studies.trace.cited import CitedLabel

from .front import finding_card
from .gather import CaseFacts, Order, Run
from .times import time_cell

_STARTS = 3
"""Starts of a run that a cell has room for; the others are counted."""


def disclosure_section(
    found: CaseFacts,
    answers: Answers,
    order: Order,
    labels: tuple[str, ...],
    studies: tuple[str, ...] = (),
    *more: Block,
) -> Section:
    """All that speaks against the findings, or was left aside, and `more`."""
    blocks: list[Block] = [Paragraph(render("note.pdf-disclosure-what"))]
    blocks.append(Heading(render("note.pdf-taken-back")))
    cards: list[Block] = [finding_card(one, found, order.language) for one in found.taken_back]
    blocks += cards or [Paragraph(render("note.report-none"))]
    blocks.append(Heading(render("note.pdf-unaccepted")))
    blocks += _unaccepted(found, answers, labels, studies)
    blocks.append(_drafts(found, order))
    blocks.append(Heading(render("note.pdf-contrary")))
    blocks.append(_contrary(answers.material.labels))
    blocks.append(Heading(render("note.pdf-runs")))
    blocks.append(_runs(found))
    blocks.append(Heading(render("note.pdf-skips")))
    blocks.append(_skips(found))
    if found.skips:
        blocks.append(_skips_by_code(found))
    return section(render("note.pdf-disclosure"), *blocks, *more, starts_page=True)


def withheld_blocks(found: CaseFacts) -> list[Block]:
    """What is kept back: number, what kind, digest, and the reason; for any report."""
    rows = [
        (
            cell(strong(str(one.n))),
            cell(_kind(one.entry.kind), muted(_what(one.field))),
            cell(one.reason),
            cell(mono(one.sha256)),
        )
        for one in found.withheld
    ]
    return [
        Heading(render("note.pdf-withheld")),
        Paragraph(render("note.pdf-withheld-what"), "muted"),
        table(
            render("note.pdf-withheld"),
            (
                Column(render("note.pdf-col-entry"), 0.07),
                Column(render("note.pdf-col-what"), 0.16),
                Column(render("note.pdf-col-reason"), 0.28),
                Column(render("note.pdf-col-hash"), 0.49),
            ),
            rows,
            empty=render("note.pdf-withheld-none"),
        ),
    ]


def _what(field: str) -> str:
    """Which field of an entry is kept back; a term that has no words stays as it is."""
    if not field:
        return render("note.pdf-withheld-whole")
    key = f"name.pdf-{field.replace('_', '-')}"
    return render("note.pdf-withheld-field", field=render(key) if has(key) else field)


def _kind(kind: str) -> str:
    key = f"note.pdf-event-{kind.replace('.', '-')}"
    return render(key) if has(key) else kind


def _unaccepted(
    found: CaseFacts, answers: Answers, labels: tuple[str, ...], studies: tuple[str, ...]
) -> list[Block]:
    """Count, for each trace and study, its rows, and name the standing findings that rest on it."""
    counts = [len(answer.tables["transfers"]) for answer in answers.answers]
    counts += [_rows_of(one) for one in answers.material.studies]
    rows = []
    for label, count in zip((*labels, *studies), counts, strict=True):
        run = next((one for one in found.runs if one.label == label), None)
        resting = () if run is None else run.findings
        rows.append(
            (
                cell(strong(label)),
                cell(str(count)),
                cell(", ".join(resting) or render("note.report-none")),
            )
        )
    return [
        Paragraph(render("note.pdf-unaccepted-what")),
        table(
            "",
            (
                Column(render("note.pdf-col-trace"), 0.2),
                Column(render("note.pdf-col-rows"), 0.3),
                Column(render("note.pdf-col-rests"), 0.5),
            ),
            rows,
        ),
    ]


def _rows_of(study: CitedStudy) -> int:
    result = study.result
    return 0 if result is None else sum(len(table.rows) for table in result.tables)


def _drafts(found: CaseFacts, order: Order) -> Table:
    """Each finding that was written and not accepted, as it stood at the hour of making."""
    names = {run.id: run.label for run in found.runs}
    rows = []
    for one in order.drafts:
        kind = f"note.pdf-class-{one.finding_class}"
        rows.append(
            (
                cell(strong(f"D{one.number}"), muted(render(f"web.draft-state.{one.state}"))),
                time_cell(one.saved_at, found.zone),
                cell(
                    strong(render(kind) if has(kind) else one.finding_class),
                    muted(
                        render(
                            "note.pdf-draft-of",
                            trace=names.get(one.trace, render("note.stated-not")),
                            row=one.row,
                            version=one.version,
                        )
                    ),
                    one.remark,
                ),
                cell(one.saved_by),
            )
        )
    return table(
        "",
        (
            Column(render("note.pdf-col-draft"), 0.12),
            Column(render("note.pdf-col-saved"), 0.2),
            Column(render("note.pdf-col-says"), 0.48),
            Column(render("note.pdf-col-by"), 0.2),
        ),
        rows,
        empty=render("note.pdf-drafts-none"),
    )


def contrary_labels(labels: tuple[CitedLabel, ...]) -> dict[str, list[tuple[int, CitedLabel]]]:
    """Give, by address, the labels that do not say the same: another name, or another kind."""
    by_address: defaultdict[str, list[tuple[int, CitedLabel]]] = defaultdict(list)
    for number, label in enumerate(labels, 1):
        by_address[label.address].append((number, label))
    return {
        address: found
        for address, found in by_address.items()
        if len({(one.label.casefold(), one.category, one.abuse) for _, one in found}) > 1
    }


def _contrary(labels: tuple[CitedLabel, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for address, found in contrary_labels(labels).items():
        for number, label in found:
            kinds = ", ".join(word for word in (label.category, label.abuse) if word)
            rows.append(
                (
                    cell(render("note.report-label-number", number=number)),
                    cell(mono(address)),
                    cell(strong(label.label), muted(kinds)),
                    cell(label.publisher, muted(label.listed_on, render("name.pdf-listed"))),
                )
            )
    return table(
        render("note.pdf-contrary"),
        (
            Column(render("note.report-col-row"), 0.1),
            Column(render("note.report-col-address"), 0.34),
            Column(render("note.report-col-label"), 0.3),
            Column(render("note.report-col-publisher"), 0.26),
        ),
        rows,
        empty=render("note.pdf-contrary-none"),
    )


def _runs(found: CaseFacts) -> Table:
    return table(
        render("note.pdf-runs"),
        (
            Column(render("note.pdf-col-trace"), 0.1),
            Column(render("note.pdf-col-time"), 0.2),
            Column(render("note.pdf-col-asked"), 0.46),
            Column(render("note.pdf-col-rests"), 0.24),
        ),
        [run_row(run, found) for run in found.runs],
        empty=render("note.report-none"),
    )


def run_row(run: Run, found: CaseFacts) -> tuple[Cell, ...]:
    """A run's row: what was asked, and whether a finding rests on it."""
    body = run.entry.body
    relied = ", ".join(run.findings) or render("note.pdf-not-relied-on")
    return (
        cell(strong(run.label)),
        (*time_cell(run.entry.at, found.zone), *cell(muted(found.acted(run.entry)))),
        cell(*_asked(run), mono(str(body.get("result_sha256", "")), render("name.pdf-result"))),
        cell(strong(relied), muted(render(f"note.pdf-run-{_place(run)}"))),
    )


def _place(run: Run) -> str:
    if run.is_draft:
        return "draft"
    return "shown" if run.is_shown else "aside"


def _asked(run: Run) -> list[Line | str | None]:
    provenance = run.entry.body.get("provenance", {})
    asked = provenance.get("parameters", {})
    if run.entry.kind != "trace.run":
        return [question_of(str(provenance.get("method")), asked)]
    starts = [str(one.get("outpoint", "")) for one in asked.get("starts", ())]
    return [
        _direction(asked.get("direction")),
        _policy(asked.get("policy")),
        *(mono(one) for one in starts[:_STARTS]),
        _more(len(starts) - _STARTS),
    ]


def _more(count: int) -> Line | None:
    return muted(render("note.pdf-more-starts", count=count)) if count > 0 else None


def _direction(name: object) -> str:
    return render(f"note.report-direction-{'back' if name == 'backward' else 'forth'}")


def _policy(name: object) -> str:
    key = f"note.report-policy-{name}"
    return render(key) if has(key) else str(name)


def _skips(found: CaseFacts) -> Table:
    rows = [
        (
            cell(strong(str(entry.n))),
            cell(_kind(entry.kind)),
            cell(str(entry.body.get("skipped") or 0)),
        )
        for entry in found.sources
    ]
    return table(
        render("note.pdf-skips"),
        (
            Column(render("note.pdf-col-entry"), 0.1),
            Column(render("note.pdf-col-what"), 0.5),
            Column(render("note.pdf-col-skipped"), 0.4),
        ),
        rows,
        empty=render("note.report-none"),
    )


def _skips_by_code(found: CaseFacts) -> Table:
    """Count by its reason what could not be read; the codes are those of the program's lists."""
    return table(
        render("note.pdf-skips"),
        (
            Column(render("note.pdf-col-code"), 0.6),
            Column(render("note.pdf-col-skipped"), 0.4),
        ),
        [(cell(mono(code)), cell(str(count))) for code, count in found.skips.items()],
        note=render("note.pdf-skips-codes"),
    )

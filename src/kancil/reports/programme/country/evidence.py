"""What the answers rest on: each item with grade and digest, and what is withheld, said to be so.

Interviews are not in it, and no grade that would tell of one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from kancil.assessment.answer import Evidence
from kancil.assessment.exchange import is_interview
from kancil.assessment.export import WholeRound
from kancil.assessment.method import graded_by
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    cell,
    mono,
    muted,
    strong,
    table,
)

from .saying import day, told


@dataclass
class Shown:
    """An item and the answers that rest on it."""

    item: Evidence
    protocol: Protocol
    used_by: list[str] = field(default_factory=list)


def evidence_of(whole: WholeRound) -> list[Shown]:
    """List what the answers that count rest on, without interviews and what is withheld.

    What an answer rests on that does not count is not in it: not every reader sees that.
    """
    found: dict[str, Shown] = {}
    for one in whole.protocols:
        for name, settled in one.settled.items():
            for each in settled.answer.evidence if settled.answer else ():
                if not _may_be_listed(each, one.protocol, whole.withheld):
                    continue
                shown = found.setdefault(each.id, Shown(each, one.protocol))
                if graded_by(shown.protocol, each) is None:  # it may have a grade by another one
                    shown.protocol = one.protocol
                if name not in shown.used_by:
                    shown.used_by.append(name)
    return sorted(found.values(), key=lambda each: (each.item.grade, each.item.title, each.item.id))


def titles_of(
    items: Iterable[Evidence], protocol: Protocol, withheld: Collection[str]
) -> list[Line]:
    """Name items once each, without interviews and what is withheld."""
    listed = [each.title for each in items if _may_be_listed(each, protocol, withheld)]
    return [muted(each) for each in dict.fromkeys(listed)]


def _may_be_listed(item: Evidence, protocol: Protocol, withheld: Collection[str]) -> bool:
    return not is_interview(item, protocol) and item.id not in withheld


def evidence_blocks(papers: RoundPapers) -> list[Block]:
    """The list of evidence; withheld items with the reason, interviews not at all."""
    shown = evidence_of(papers.whole)
    withheld = papers.withheld
    blocks: list[Block] = [
        Heading(render("name.paper-evidence")),
        Paragraph(render("note.paper-evidence"), "muted"),
        table(
            render("name.paper-evidence"),
            (
                Column(render("name.paper-col-title"), 0.4),
                Column(render("name.paper-col-grade"), 0.18),
                Column(render("name.paper-col-digest"), 0.28),
                Column(render("name.paper-col-used"), 0.14, is_number=True),
            ),
            [_row(each) for each in shown],
            empty=render("note.paper-no-evidence"),
        ),
        Heading(render("name.paper-withheld"), 3),
    ]
    if withheld:
        blocks.append(
            table(
                render("name.paper-withheld"),
                (
                    Column(render("name.paper-col-place"), 0.1, is_number=True),
                    Column(render("name.paper-col-what"), 0.3),
                    Column(render("name.paper-reason"), 0.6),
                ),
                [
                    (cell(str(place)), cell(render("name.paper-withheld-item")), cell(reason))
                    for place, reason in enumerate(withheld, start=1)
                ],
            )
        )
    else:
        blocks.append(Paragraph(render("note.paper-nothing-withheld")))
    return blocks


def _row(shown: Shown) -> Sequence[Cell]:
    item, grades = shown.item, shown.protocol.grades
    grade = graded_by(shown.protocol, item)
    is_other = grade is None and item.grade in grades
    return (
        cell(
            strong(item.title),
            item.reference,
            muted(render(f"name.paper-kind-{item.kind}")),
            muted(day(item.dated)) if item.dated else None,
        ),
        cell(
            told(grades[grade].label)
            if grade is not None
            else render("name.paper-no-law")
            if is_other
            else item.grade
        ),
        cell(mono(item.sha256)) or cell(muted(render("name.paper-no-file"))),
        cell(str(len(shown.used_by))),
    )

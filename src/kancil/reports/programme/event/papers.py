"""The attendance sheet of one day, and a sheet of badges; both name people and stay in the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from kancil.desk.programme.taking_part.attendance import Attendee
from kancil.ground.words import render as words
from kancil.programme.vocabulary import Part
from kancil.records.described import named
from kancil.reports.document.blocks import (
    PROGRAMME,
    Column,
    Document,
    cell,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.document.language import document_language
from kancil.reports.document.printed import print_document, shown, template, tree_of
from kancil.reports.document.qr import qr_svg
from kancil.reports.pdf.typeset import typeset

_BADGES = Path(__file__).parent / "badges.typ"
_LANGUAGE = "programme.paper.sheet"
"""The word by which the papers' language is known."""


def code_of(badge: str) -> str:
    """What is typed where no camera reads the badge: its last eight signs."""
    plain = badge.replace("-", "").upper()
    return f"{plain[-8:-4]} {plain[-4:]}"


def _document(title: str, subtitle: str, kind: str, author: str) -> Document:
    note = words("programme.paper.keep")
    return Document(
        words(kind), title, subtitle, document_language(_LANGUAGE), author, note, "", (),
        footer=note, has_contents=False, accent=PROGRAMME,
    )  # fmt: skip


def attendance_sheet(
    people: Sequence[Attendee], *, title: str, place: str, day: date, author: str, at: datetime
) -> bytes:
    """The sheet of one day as PDF: by delegation, a line for each to sign, and lines for others.

    `at`: its date. Raises ReportNotPrinted.
    """
    columns = [
        Column(words("programme.paper.number"), 1, is_number=True),
        Column(words("programme.paper.name"), 7),
        Column(words("programme.paper.part"), 3),
        Column(words("programme.paper.signature"), 7),
    ]
    parts, number = [], 0
    for of, group in groupby(people, key=lambda each: each.of):
        rows = []
        for each in group:
            number += 1
            rows.append(
                (
                    cell(str(number)), cell(strong(each.name), muted(code_of(each.badge))),
                    cell(words(named(Part(each.part)).key)), cell(),
                )
            )  # fmt: skip
        parts.append(
            section(of or words("programme.paper.no-delegation"), table("", columns, rows))
        )
    blank = [(cell(" "), cell(strong(" "), muted(" ")), cell(), cell()) for _ in range(5)]
    others = table("", columns, blank, note=words("programme.paper.others-note"))
    parts.append(section(words("programme.paper.others"), others))
    subtitle = " · ".join(filter(None, (day.isoformat(), place)))
    document = _document(title, subtitle, "programme.paper.sheet", author)
    document = replace(document, sections=tuple(parts))
    return print_document(document, at=at).pdf


def badge_sheet(
    people: Sequence[Attendee], *, title: str, subtitle: str, author: str, at: datetime
) -> bytes:
    """Badges to cut out, ten a page, as PDF; a QR code holds the badge's random id alone.

    `at`: its date. Raises ReportNotPrinted.
    """
    tree = tree_of(_document(title, subtitle, "programme.paper.badges", author))
    tree["people"] = [
        {
            "name": each.name,
            "of": each.of,
            "part": words(named(Part(each.part)).key),
            "code": code_of(each.badge),
            "svg": qr_svg(each.badge),
        }
        for each in people
    ]
    return typeset(template(_BADGES), shown(tree), [], at=at).pdf

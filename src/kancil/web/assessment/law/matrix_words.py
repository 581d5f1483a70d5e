"""How the legal matrix is said: what was answered, by a letter and in words, and who is related."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kancil.assessment.answer import Kind
from kancil.assessment.law.bills import closed_by
from kancil.assessment.law.matrix import Bond, Element, Matrix, Row, RowStatus
from kancil.assessment.protocol import Duty, Protocol, Scale, ScaleKind
from kancil.desk.assessment.access import Sight
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.rounds.given import address_of, said_given
from kancil.web.assessment.site.protocols import indicator_name, said
from kancil.web.cells import tag
from kancil.web.parts import Cell
from kancil.web.parts import Kind as Sort

_TAGS: dict[RowStatus, Sort] = {
    RowStatus.AGREED: "intact",
    RowStatus.ALONE: "service",
    RowStatus.DISPUTED: "warn",
    RowStatus.UNCITED: "warn",
    RowStatus.OPEN: "unknown",
    RowStatus.NOT_KNOWN: "unknown",
    RowStatus.NOT_APPLICABLE: "plain",
    RowStatus.NOT_ASKED: "plain",
}
_MARKS = ("yes", "partly", "no", "reserved")
"""Values of elements that have a pattern of their own."""


def status_cell(status: RowStatus, *, owed: bool = False) -> Cell:
    """How far a provision is; `owed`: it is to be answered before others' answers are seen."""
    if owed:
        return tag("sealed", "web.matrix.owed")
    return tag(_TAGS[status], f"web.matrix-status-{status.value}")


def is_alone_too(row: Row) -> bool:
    """Whether one assessor alone answered it, where its status says something else."""
    return row.is_alone and row.status is not RowStatus.ALONE


def _mark(scale: Scale | None, element: Element, row: Row, *, owed: bool) -> dict[str, Any]:
    """An element answered on a scale as a letter with a pattern, and in words."""
    given = element.given
    if given is None:
        sort, letter, answer = "none", "·", words("web.matrix.not-answered")
        if owed:
            answer = words("web.matrix.owed")
        elif row.status is RowStatus.DISPUTED:
            sort, letter, answer = "unknown", "!", words("web.matrix.element-disputed")
        elif row.status is RowStatus.NOT_APPLICABLE:
            letter, answer = "–", words("web.matrix-status-not-applicable")
    elif given.kind is Kind.NOT_KNOWN:
        sort, letter, answer = "unknown", "?", words("web.given.nk")
    elif given.kind is Kind.NOT_APPLICABLE:
        sort, letter, answer = "none", "–", said_given(scale, given)
    else:
        answer = said_given(scale, given)
        sort = str(given.value) if given.value in _MARKS else "other"
        letter = answer[:1].upper()
    return {
        "sort": sort,
        "letter": letter,
        "answer": answer,
        "kind": Phrase(f"name.law-element-{element.kind.replace('_', '-')}"),
        "question": said(element.question),
    }


def marks(protocol: Protocol, row: Row, *, owed: bool = False) -> list[dict[str, Any]]:
    """All elements of a provision, marked."""
    parts = {part.id: part for part in protocol.indicators[row.indicator].parts}
    return [
        {
            **_mark(protocol.scales.get(parts[each.part].scale), each, row, owed=owed),
            "is_practice": parts[each.part].duty is Duty.GOOD_PRACTICE,
            "note": said(parts[each.part].note),
        }
        for each in row.elements
    ]


def legend(protocol: Protocol, rows: Iterable[Row]) -> list[dict[str, str]]:
    """What each letter of these rows means, those of the scale in its order."""
    names = dict.fromkeys(
        part.scale for row in rows for part in protocol.indicators[row.indicator].parts
    )
    found = []
    for name in names:
        scale = protocol.scales.get(name)
        if scale is not None and scale.kind is ScaleKind.CHOICE:
            for each in scale.values:
                sort = str(each.value) if each.value in _MARKS else "other"
                label = said(each.label)
                found.append({"sort": sort, "letter": label[:1].upper(), "meaning": label})
    found.append({"sort": "unknown", "letter": "?", "meaning": words("web.given.nk")})
    disputed = words("web.matrix.element-disputed")
    found.append({"sort": "unknown", "letter": "!", "meaning": disputed})
    found.append({"sort": "none", "letter": "·", "meaning": words("web.matrix.not-answered")})
    return found


def said_closed(protocol: Protocol, matrix: Matrix, row: Row) -> list[Phrase]:
    """That a bill would close the gap of a provision, once it were law."""
    return [
        Phrase("web.bill.would-close", {"law": each.law, "article": each.article})
        for each in closed_by(protocol, matrix, row)
    ]


def article_name(protocol: Protocol, indicator: str) -> str:
    """Name a provision by its instrument, number and title: `The treaty, 2: Illegal access`."""
    each = protocol.indicators.get(indicator)
    return indicator if each is None else indicator_name(protocol, each)


def relations(sight: Sight, protocol: Protocol, bonds: Iterable[Bond]) -> list[dict[str, Any]]:
    """How a provision stands to others, with the difference in words."""
    return [
        {
            "relation": Phrase(f"web.matrix-relation-{each.relation.value}"),
            "name": article_name(protocol, each.to),
            "url": address_of(sight, protocol.name, each.to, "provision")
            if each.to in protocol.indicators
            else "",
            "difference": said(each.difference),
            "checked": each.checked,
        }
        for each in bonds
    ]

"""The answers, the gaps and the plan of a round as sheets, in the spoken language.

It is made of what may leave a round, as its export is: no interview, nothing of what is withheld. A
comment stands where an answer is agreed on, and whose it was is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal

from kancil.assessment.answer import Answer, Given, Settled
from kancil.assessment.answer_forms.workbook import Cell, Widths, write_workbook
from kancil.assessment.exchange import is_interview
from kancil.assessment.export import OneProtocol, Planned, WholeRound
from kancil.assessment.protocol import Indicator
from kancil.ground.days import span
from kancil.ground.words import render, render_phrase
from kancil.reports.programme.country.plan import (
    asked_in,
    named_asked,
    reasons_of,
    threat_names,
)
from kancil.reports.programme.country.saying import (
    comment_of,
    confidence_words,
    given_words,
    meaning,
    outcome_words,
    plain,
    stage_words,
)

_MOST = 32_767
"""Characters that Excel takes in a cell."""
_NO_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$")
_ABOUT = {"what": 24, "value": 80}
_ANSWERS = {
    "number": 10, "area": 24, "question": 48, "answer": 24, "meaning": 40, "comment": 40,
    "confidence": 12, "evidence": 40, "status": 24,
}  # fmt: skip
_GAPS = {
    "place": 8, "number": 10, "protocol": 24, "question": 48, "now": 20, "target": 20,
    "reasons": 48, "country": 24, "why-country": 32,
}  # fmt: skip
_PLAN = {
    "place": 8, "activity": 40, "gaps": 48, "help": 24, "output": 32, "outcome": 32, "impact": 32,
    "success": 32, "owner": 24, "partner": 20, "donor": 20, "begins": 12, "months": 8,
    "currency": 10, "cost": 14, "basis": 28, "status": 14, "reason": 32,
}  # fmt: skip
_LINES = {
    "activity": 40, "what": 32, "unit": 14, "rate": 12, "quantity": 10, "total": 14, "currency": 10,
}  # fmt: skip


def answers_workbook(whole: WholeRound) -> bytes:
    """The workbook; raises AnswerSheetTooLarge for more rows than Excel has."""
    sheets: dict[str, list[list[Cell]]] = {}
    widths: dict[str, Widths] = {}

    def add(name: str, columns: dict[str, int], rows: Iterable[Sequence[Cell]]) -> None:
        own = _free(name, sheets)
        head: list[Cell] = [render(f"name.book-{each}") for each in columns]
        sheets[own] = [head, *([_cut(cell) for cell in row] for row in rows)]
        widths[own] = tuple(columns.values())

    add(render("name.book-about"), _ABOUT, _about(whole))
    for one in whole.protocols:
        add(one.protocol.name, _ANSWERS, _answers(whole, one))
    threats = threat_names(whole.protocols)
    gaps = (row for one in whole.protocols for row in _gaps(one, threats))
    add(render("name.book-gap-sheet"), _GAPS, gaps)
    items = (_item(whole, *each) for each in enumerate(whole.plan, 1))
    add(render("name.book-plan-sheet"), _PLAN, items)
    lines = (row for each in whole.plan for row in _lines(each))
    add(render("name.book-line-sheet"), _LINES, lines)
    return write_workbook(sheets, widths)


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that Excel takes for a sheet, and that no other sheet has."""
    known = {each.casefold() for each in taken}
    plain_name = _NO_NAME.sub(" ", name)[:31]
    while plain_name.casefold() in known:
        plain_name = f"{plain_name[:28]} {len(known)}"
    return plain_name


def _cut(cell: Cell) -> Cell:
    """A text that Excel takes; one too long ends in a mark of it."""
    return f"{cell[: _MOST - 1]}…" if isinstance(cell, str) and len(cell) > _MOST else cell


def _about(whole: WholeRound) -> list[list[Cell]]:
    about = whole.round
    made = whole.made_at.astimezone(UTC)
    period = span(about.period_from, about.period_to)
    return [
        [render("name.book-round"), about.title],
        [render("name.book-of-country"), about.country],
        [render("name.book-period"), period],
        [render("name.book-made"), f"{made:%Y-%m-%d %H:%M} UTC · Kancil {whole.kancil}"],
        [render("name.book-left-out"), render("note.book-left-out", count=len(whole.withheld))],
    ]


def _answers(whole: WholeRound, one: OneProtocol) -> Iterable[list[Cell]]:
    scales = one.protocol.scales
    for each in one.asked:
        settled = one.settled.get(each.id)
        answer = settled.answer if settled else None
        own = scales.get(each.scale or "")
        explained = meaning(one.protocol, each, answer.given if answer else None)
        yield [
            each.id,
            plain(one.protocol.areas[each.area].title),
            plain(each.question),
            _said(own is not None, given_words(own, answer.given if answer else None)),
            explained.text if explained else "",
            comment_of(settled),
            confidence_words(answer.confidence) if answer else "",
            _evidence(whole, one, answer),
            outcome_words(settled),
        ]
        yield from _parts(one, each, settled)


def _parts(one: OneProtocol, each: Indicator, settled: Settled | None) -> Iterable[list[Cell]]:
    answer = settled.answer if settled else None
    for part in each.parts:
        given: Given | None = answer.parts.get(part.id) if answer else None
        words = given_words(one.protocol.scales.get(part.scale), given)
        yield [f"{each.id} · {part.id}", "", plain(part.question), words]


def _said(is_asked: bool, words: str) -> str:
    return words if is_asked else ""


def _evidence(whole: WholeRound, one: OneProtocol, answer: Answer | None) -> str:
    """The titles of what an answer rests on, without interviews and what is withheld."""
    found = answer.evidence if answer else ()
    shown = (
        each.title
        for each in found
        if each.id not in whole.withheld and each.title and not is_interview(each, one.protocol)
    )
    return "; ".join(shown)


def _gaps(one: OneProtocol, threats: Mapping[str, str]) -> Iterable[list[Cell]]:
    protocol = one.protocol
    for place, each in enumerate(one.gaps, 1):
        indicator = protocol.indicators[each.indicator]
        yield [
            place,
            each.indicator,
            plain(protocol.title),
            plain(indicator.question),
            stage_words(protocol, indicator, each.current),
            stage_words(protocol, indicator, each.target),
            reasons_of(each, threats),
            render(f"web.gap-choice-{each.wish.choice.name.lower()}"),
            each.wish.reason,
        ]


def _item(whole: WholeRound, place: int, each: Planned) -> list[Cell]:
    asked = asked_in(whole.protocols)
    kinds = {id: kind for one in whole.protocols for id, kind in one.protocol.assistance.items()}
    kind = kinds.get(each.item.assistance)
    return [
        place,
        each.title,
        "\n".join(asked.get(name, name) for name in each.item.indicators),
        plain(kind.title) if kind else each.item.assistance,
        each.output,
        each.outcome,
        each.impact,
        each.success,
        each.owner,
        each.partner,
        each.donor,
        each.begins_on.isoformat() if each.begins_on else "",
        each.months,
        each.currency,
        _number(each.cost_minor),
        each.cost_basis,
        render(f"web.plan-state-{each.item.state.value}"),
        "; ".join([*([each.state_reason] if each.state_reason else []),
                   *(render_phrase(named_asked(one, asked)) for one in each.obstacles)]),
    ]  # fmt: skip


def _lines(each: Planned) -> Iterable[list[Cell]]:
    for line in each.lines:
        yield [
            each.title,
            line.what,
            line.unit,
            _number(line.rate_minor),
            line.quantity,
            _number(line.total_minor),
            each.currency,
        ]


def _number(minor: int | None) -> Decimal | str | None:
    """An amount as a number with which a sheet reckons, as text where it would round it."""
    if minor is None:
        return None
    return Decimal(minor) / 100 if minor < 10**15 else f"{minor // 100}.{minor % 100:02d}"

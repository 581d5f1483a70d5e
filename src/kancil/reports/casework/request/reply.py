"""What a letter's reader does next: check that it is real, and answer on a form.

A letter comes by mail, as forged ones do. The check is a call by a number that the reader has from
elsewhere, with a code that stands in the letter and on the unit's own page of it.
"""

from __future__ import annotations

from kancil.custody.slip import in_fours
from kancil.legal.request import Draft, Item, RequestKind
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Line,
    Section,
    cell,
    identifier,
    section,
    strong,
    table,
)

from .items import MONEY
from .speech import Speech

MOST_FORM_ROWS = 12
"""Accounts on the form; further ones are answered in a table of the reader's own."""
_CODE_DIGITS = 16
_BLANK = "_" * 34
_HEAD = ("yours", "received", "who")


def check_code(draft: Draft) -> str:
    """The first 16 hex digits of the version's SHA-256 in fours, to read out by telephone."""
    return in_fours(draft.sha256[:_CODE_DIGITS])


def genuine(draft: Draft, unit: str, speech: Speech) -> Block:
    """How its reader finds out whether the unit wrote this letter."""
    return speech.say(
        "letter.genuine", unit=unit, reference=draft.reference, code=check_code(draft)
    )


def answer_form(draft: Draft, kind: RequestKind, speech: Speech) -> Section | None:
    """A page to answer on, a row for each account or identifier; None where no act is asked."""
    if not kind.sought or not draft.items:
        return None
    which = {(each.selector, each.value): each for each in draft.items}
    is_money = any(each.sought in MONEY for each in draft.items)
    asked = ("amount", "balance", "acted", "why") if is_money else ("have", "acted", "why")
    share = 0.64 / len(asked)
    columns = (
        Column(speech.label("letter.col-number"), 0.06),
        Column(speech.label("letter.col-which"), 0.3),
        *(Column(speech.label(f"letter.form-{each}"), share) for each in asked),
    )
    first = list(which.values())[:MOST_FORM_ROWS]
    rows = [_row(number, each, len(asked)) for number, each in enumerate(first, 1)]
    title = speech.both("letter.section-form")
    head = [(speech.label("letter.our-reference"), cell(strong(draft.reference)))]
    head += [(speech.label(f"letter.form-{each}"), cell(_BLANK, "\u00a0")) for each in _HEAD]
    left = len(which) > MOST_FORM_ROWS
    return section(
        title,
        speech.say("letter.form-what"),
        None if is_money else speech.say("letter.form-file"),
        Facts("", tuple(head)),
        table(title, columns, rows, note=speech.text("letter.form-more") if left else ""),
        starts_page=True,
    )


def _row(number: int, item: Item, blanks: int) -> tuple[Cell, ...]:
    named = identifier(item.value) if item.value.isascii() else strong(item.value)
    blank = (Line("\u00a0"), Line("\u00a0"))
    return (cell(strong(str(number))), cell(named), *([blank] * blanks))

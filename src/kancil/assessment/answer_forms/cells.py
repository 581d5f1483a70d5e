"""One cell of an answer sheet: the value it states on its scale, or why it states none.

Nothing is guessed: a day whose order is not certain, a number that is none, and a label that two
choices share are told and not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from kancil.assessment.answer import Value
from kancil.assessment.answer_forms.names import NOT_APPLICABLE, NOT_KNOWN, Option, Question
from kancil.assessment.giving import MOST_TEXT
from kancil.assessment.protocol import ScaleKind
from kancil.ground.phrase import Phrase
from kancil.ground.spreadsheet import CellKind, SheetCell

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0{1,9})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.+Z-]{4,30})?")
_UNREADABLE = {
    CellKind.FORMULA: "why.cell-formula",
    CellKind.ERROR: "why.cell-error",
    CellKind.FLAG: "why.cell-flag",
}


def fold(words: str) -> str:
    """Words in the form in which labels are compared: no capitals, single blanks."""
    return " ".join(words.split()).casefold()


def text_of(cell: SheetCell | None, limit: int = MOST_TEXT) -> str | Phrase:
    """The words of a cell, or why they are not taken; none: an empty text."""
    if cell is None:
        return ""
    if cell.kind in _UNREADABLE:
        return Phrase(_UNREADABLE[cell.kind])
    if _CONTROL.search(cell.text):
        return Phrase("why.cell-control")
    if len(cell.text) > limit:
        return Phrase("why.cell-long", {"limit": limit})
    return cell.text.replace("\r\n", "\n").replace("\r", "\n").strip()


def read_value(question: Question, options: Sequence[Option], cell: SheetCell) -> Value | Phrase:
    """Read the cell of a question on its scale; a phrase says why it cannot be read.

    `na` and `nk` come as they are, on `many` as a tuple of the one.
    """
    words = text_of(cell)
    if isinstance(words, Phrase):
        return words
    kind = question.scale.kind if question.scale else ScaleKind.TEXT
    if options:
        if kind is ScaleKind.MANY:
            return _several(options, words)
        option = option_of(options, words)
        return option.value if option else _no_choice(words)
    if kind is ScaleKind.COUNT:
        return _count(words)
    if kind is ScaleKind.SHARE:
        return _share(words)
    if kind is ScaleKind.DATE:
        return _day(words, cell.kind)
    return words


def _no_choice(words: str) -> Phrase:
    return Phrase("why.cell-no-choice", {"written": words[:60]})


def option_of(options: Sequence[Option], words: str) -> Option | None:
    """Find a choice by its name, else by its label in any language if only one has it."""
    words = words.strip()
    whole = words.partition(".")[0] if _WHOLE.fullmatch(words) else words
    for each in options:
        if each.name in (words, whole):
            return each
    wanted = fold(words)
    found = [each for each in options if any(fold(label) == wanted for label in each.said.values())]
    return found[0] if len(found) == 1 else None


def _several(options: Sequence[Option], words: str) -> Value | Phrase:
    names = {each.name: each for each in options}
    written = words.split()
    chosen: list[Option] | None = None
    if all(each in names for each in written):
        chosen = [names[each] for each in written]
    else:
        chosen = _labels(options, fold(words))
    if not chosen:
        return _no_choice(words)
    values = {str(each.value) for each in chosen}
    if len(values) > 1 and values & {NOT_APPLICABLE, NOT_KNOWN}:
        return Phrase("why.cell-both")
    # In the order of the scale, each once: the order in which they were touched says nothing.
    return tuple(str(each.value) for each in options if str(each.value) in values)


def _labels(options: Sequence[Option], words: str) -> list[Option] | None:
    """Cut labels joined by blanks, or `;`, into choices; None where there is not just one way."""
    labels: dict[str, list[Option]] = {}
    for each in options:
        for label in {fold(label) for label in each.said.values()}:
            labels.setdefault(label, []).append(each)
    ways: list[list[Option]] = []
    steps = 0

    def cut(rest: str, taken: list[Option]) -> None:
        nonlocal steps
        steps += 1
        if steps > 2_000 or len(ways) > 1 or len(taken) > len(options):
            return
        if not rest:
            ways.append(taken)
            return
        for label, named in labels.items():
            if rest.startswith(label) and rest[len(label) : len(label) + 1] in ("", " ", ";", ","):
                after = rest[len(label) :].lstrip(" ;,")
                for each in named:
                    cut(after, [*taken, each])

    cut(words, [])
    return ways[0] if len(ways) == 1 and steps <= 2_000 else None


def _count(words: str) -> Value | Phrase:
    if _WHOLE.fullmatch(words) is None:
        return Phrase("why.cell-no-whole", {"written": words[:60]})
    number = int(words.partition(".")[0])
    return number if number >= 0 else Phrase("why.cell-no-whole", {"written": words[:60]})


def _share(words: str) -> Value | Phrase:
    """Read a percentage; a workbook's 33.300000000000004 is the 33.3 that was typed."""
    wrong = Phrase("why.cell-no-share", {"written": words[:60]})
    if len(words) > 40:
        return wrong
    try:
        number = Decimal(words)
    except InvalidOperation:
        return wrong
    if not number.is_finite() or not 0 <= number <= 100:
        return wrong
    text = f"{round(number, 12).normalize():f}".lstrip("-")
    return text if len(text.partition(".")[2]) <= 4 else wrong


def _day(words: str, kind: CellKind) -> Value | Phrase:
    found = _DAY.fullmatch(words)
    if found is None or kind is CellKind.NUMBER:
        return Phrase("why.cell-no-day", {"written": words[:60]})
    try:
        return date.fromisoformat(found[1]).isoformat()
    except ValueError:
        return Phrase("why.cell-no-day", {"written": words[:60]})

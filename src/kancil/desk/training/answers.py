"""What a trainee sent as the value of an answer; the kinds stand in `training.question`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.training.question import RULINGS, Kind, Question, Value

from .errors import AnswerNotUsable

MOST_TEXT = 20_000
MOST_ITEM, MOST_ITEMS = 300, 500
MOST_WEIGHT = 500
_OFFSET = re.compile(r"\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})$", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")


def read_value(question: Question, given: Any) -> Value | None:
    """The value of an answer, in the one form that is stored; None: no answer.

    Raises AnswerNotUsable, which says what the kind wants.
    """
    if isinstance(given, str) and "\0" in given:
        raise _unusable("form")
    return _READERS[question.kind](question, given)


def _unusable(why: str, **params: str | int) -> AnswerNotUsable:
    return AnswerNotUsable(why=Phrase(f"why.lab-answer-{why}", params))


def _text_of(given: Any, most: int) -> str:
    if not isinstance(given, str):
        raise _unusable("form")
    if len(given) > most:
        raise _unusable("long", most=most)
    return given.strip()


def _line(_question: Question, given: Any) -> Value | None:
    return _text_of(given, MOST_ITEM) or None


def _long(_question: Question, given: Any) -> Value | None:
    return _text_of(given, MOST_TEXT) or None


def _amount(_question: Question, given: Any) -> Value | None:
    text = _text_of(given, 60).replace(" ", "")
    if not text:
        return None
    if _AMOUNT.fullmatch(text) is None:
        raise _unusable("amount")
    try:
        return format(Decimal(text), "f")
    except InvalidOperation as error:
        raise _unusable("amount") from error


def _time(_question: Question, given: Any) -> Value | None:
    text = _text_of(given, 60)
    if not text:
        return None
    offset = _OFFSET.search(text)
    if offset is None:
        raise _unusable("offset")
    zone = "+00:00" if offset[1].upper() in ("Z", "UTC") else offset[1]
    try:
        found = datetime.fromisoformat(text[: offset.start()].strip() + zone)
    except ValueError as error:
        raise _unusable("time") from error
    return found.isoformat()


def _items(given: Any) -> list[str]:
    lines = given.splitlines() if isinstance(given, str) else given
    if not isinstance(lines, list) or len(lines) > MOST_ITEMS:
        raise _unusable("items", most=MOST_ITEMS)
    return [each for each in (_text_of(line, MOST_ITEM) for line in lines) if each]


def _set(_question: Question, given: Any) -> Value | None:
    return sorted(set(_items(given))) or None


def _path(_question: Question, given: Any) -> Value | None:
    return _items(given) or None


def _finding(question: Question, given: Any) -> Value | None:
    stated, pointers = _parts(given, "statement", "pointers")
    if not stated:
        return None
    _require_choice(stated, [each.code for each in question.choices])
    return {"statement": stated, "pointers": sorted(set(_items(pointers)))}


def _ruling(question: Question, given: Any) -> Value | None:
    bare = dict(given) if isinstance(given, dict) else given
    weight = _text_of(bare.pop("weight", "") or "", MOST_WEIGHT) if bare is not given else ""
    ruled, reasons = _parts(bare, "ruling", "reasons")
    if not ruled:
        return None
    _require_choice(ruled, list(RULINGS))
    chosen = sorted(set(_items(reasons)))
    for each in chosen:
        _require_choice(each, [choice.code for choice in question.choices])
    stated = {"weight": weight} if weight and ruled == "weight" else {}
    return {"reasons": chosen, "ruling": ruled, **stated}


def _parts(given: Any, first: str, second: str) -> tuple[str, Any]:
    if not isinstance(given, dict) or not given.keys() <= {first, second}:
        raise _unusable("form")
    return _text_of(given.get(first) or "", MOST_ITEM), given.get(second) or []


def _require_choice(code: str, known: list[str]) -> None:
    if code not in known:
        raise _unusable("choice")


_READERS: dict[Kind, Callable[[Question, Any], Value | None]] = {
    Kind.ADDRESS: _line,
    Kind.AMOUNT: _amount,
    Kind.DIGEST: _line,
    Kind.FINDING: _finding,
    Kind.PATH: _path,
    Kind.RULING: _ruling,
    Kind.SET: _set,
    Kind.TEXT: _long,
    Kind.TIME: _time,
}

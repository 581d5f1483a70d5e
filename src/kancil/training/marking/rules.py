"""The rules by kind of question: an answer and what is right in, hundredths and the reason out.

`also` of a key is tried by `mark`, which keeps the best. A wrong value that the key lists under
`accusations` names an innocent party, or is a ruling that does harm: it costs what a right answer
earns, so twice a miss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.training.key import Expected
from kancil.training.question import RULINGS, Kind, Question, Value

from .same import amount_of, same_form, text_of, texts_of, time_of
from .shares import HUNDREDTHS, in_order, percent, share_hundredths

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule found."""

    earned_hundredths: int | None
    """Before hints; None: a trainer has to mark it."""
    reason: Phrase
    penalty_hundredths: int = 0
    """What accusations took of it."""


Rule = Callable[[Question, Expected, Value], Judged]


def _full(question: Question, reason: Phrase) -> Judged:
    return Judged(question.points * HUNDREDTHS, reason)


def _nothing(why: str, **params: Any) -> Judged:
    return Judged(0, Phrase(why, params))


def innocents(expected: Expected) -> Mapping[str, Phrase]:
    """Who is named by which wrong value; what is right by the key is none."""
    right = {
        same_form(each) for value in (expected.value, *expected.also) for each in _texts(value)
    }
    return {
        same_form(value): who
        for value, who in expected.accusations.items()
        if same_form(value) not in right
    }


def _texts(value: Value) -> tuple[str, ...]:
    """All texts that a right value is made of."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        return tuple(each for part in value.values() for each in _texts(part))
    if isinstance(value, list | tuple):
        return tuple(each for part in value for each in _texts(part))
    return ()


def _accused(question: Question, who: Phrase) -> Judged:
    cost = question.points * HUNDREDTHS
    return Judged(-cost, Phrase("why.mark-accuses", {"who": who}), cost)


def exact(question: Question, expected: Expected, value: Value) -> Judged:
    """An address, a digest: the same text in its form, or not."""
    told = text_of(value)
    if told is None:
        return _nothing("why.mark-shape")
    if told == same_form(str(expected.value)):
        return _full(question, Phrase("why.mark-right"))
    accused = innocents(expected)
    return _accused(question, accused[told]) if told in accused else _nothing("why.mark-wrong")


def amount(question: Question, expected: Expected, value: Value) -> Judged:
    """A decimal number in the question's unit, right within the tolerance."""
    told, right = amount_of(value), amount_of(expected.value)
    if told is None or right is None:
        return _nothing("why.mark-shape-amount")
    allowed = amount_of(expected.tolerance) or Decimal(0)
    off = abs(told - right)
    params = {"off": f"{off:f}", "unit": question.unit, "tolerance": f"{allowed:f}"}
    if off > allowed:
        return _nothing("why.mark-amount-off", **params)
    return _full(question, Phrase("why.mark-amount-within" if off else "why.mark-right", params))


def time(question: Question, expected: Expected, value: Value) -> Judged:
    """A moment, right within the tolerance in seconds, in whatever zone it is written."""
    told, right = time_of(value), time_of(expected.value)
    if told is None or right is None:
        return _nothing("why.mark-shape-time")
    allowed = amount_of(expected.tolerance) or Decimal(0)
    between = abs(told - right)
    off = Decimal(between.days * 86_400 + between.seconds) + Decimal(between.microseconds) / 10**6
    params = {"off": f"{off.normalize():f}", "tolerance": f"{allowed:f}"}
    if off <= allowed:
        return _full(question, Phrase("why.mark-time-within" if off else "why.mark-right", params))
    if off <= 14 * _HOUR and any(abs(off - at * _HOUR // 2) <= allowed for at in range(1, 29)):
        return _nothing("why.mark-time-zone", **params)
    return _nothing("why.mark-time-off", **params)


def named_set(question: Question, expected: Expected, value: Value) -> Judged:
    """Elements in any order; precision and recall are both said."""
    told, right = texts_of(value), frozenset(texts_of(expected.value) or ())
    if told is None:
        return _nothing("why.mark-shape-list")
    named, accused = frozenset(told), innocents(expected)
    if right and not named:
        return _nothing("why.mark-set-none", expected=len(right))
    hits, blamed = len(named & right), sorted(named & accused.keys())
    counts = {"hits": hits, "expected": len(right), "named": len(named)}
    shares = {"recall": percent(hits, len(right)), "precision": percent(hits, len(named))}
    wrong = len(named) - hits - len(blamed)
    return _counted(question, "set", counts | shares, accused, blamed, hits, wrong, len(right))


def path(question: Question, expected: Expected, value: Value) -> Judged:
    """Elements in order: as many as stand in the key's order. A repeated one counts as wrong."""
    told, right = texts_of(value), texts_of(expected.value) or ()
    if told is None:
        return _nothing("why.mark-shape-list")
    accused = innocents(expected)
    blamed = sorted(frozenset(told) & accused.keys())
    hits = in_order(right, told)
    misplaced = len(frozenset(told) & frozenset(right)) - hits
    wrong = len(told) - hits - max(0, misplaced) - sum(each in accused for each in told)
    counts = {"hits": hits, "expected": len(right), "wrong": wrong}
    return _counted(question, "path", counts, accused, blamed, hits, wrong, len(right))


def _counted(
    question: Question,
    kind: str,
    counts: dict[str, Any],
    accused: Mapping[str, Phrase],
    blamed: list[str],
    hits: int,
    wrong: int,
    expected: int,
) -> Judged:
    points = question.points
    earned = share_hundredths(
        points, hits=hits, accusations=len(blamed), wrong=wrong, expected=expected
    )
    if not blamed:
        return Judged(earned, Phrase(f"why.mark-{kind}", counts))
    without = share_hundredths(points, hits=hits, accusations=0, wrong=wrong, expected=expected)
    counts |= {"accusations": len(blamed), "who": accused[blamed[0]]}
    return Judged(earned, Phrase(f"why.mark-{kind}-accuses", counts), without - earned)


def finding(question: Question, expected: Expected, value: Value) -> Judged:
    """The right statement, which rests on the right place.

    It rests where at least one pointer is the key's and no more are not: half where more are not,
    else naming every file would do; nothing where none is, since a statement can be picked by its
    wording alone.
    """
    told = text_of(value.get("statement")) if isinstance(value, dict) else None
    pointers = texts_of(value.get("pointers", [])) if isinstance(value, dict) else None
    if told is None or pointers is None:
        return _nothing("why.mark-shape-finding")
    right = expected.value
    if told != same_form(right["statement"]):
        accused = innocents(expected)
        if told in accused:
            return _accused(question, accused[told])
        return _nothing("why.mark-finding-wrong")
    known = frozenset(texts_of(right.get("pointers", [])) or ())
    hits = len(frozenset(pointers) & known)
    others = len(frozenset(pointers)) - hits
    if known and not hits:
        return _nothing("why.mark-finding-unsupported")
    if known and others > hits:
        why = Phrase("why.mark-finding-unfounded", {"hits": hits, "others": others})
        return Judged(question.points * HUNDREDTHS // 2, why)
    return _full(question, Phrase("why.mark-finding", {"hits": hits}))


def ruling(question: Question, expected: Expected, value: Value) -> Judged:
    """The right ruling earns half, the reasons for it the other half, by the rule of sets."""
    told = value.get("ruling") if isinstance(value, dict) else None
    reasons = texts_of(value.get("reasons", [])) if isinstance(value, dict) else None
    if told not in RULINGS or reasons is None:
        return _nothing("why.mark-shape-ruling")
    accused = innocents(expected)
    if told != expected.value["ruling"]:
        if told in accused:
            cost = question.points * HUNDREDTHS
            return Judged(-cost, Phrase("why.mark-ruling-harms", {"harm": accused[told]}), cost)
        return _nothing("why.mark-ruling-wrong")
    right = frozenset(texts_of(expected.value.get("reasons", [])) or ())
    named = frozenset(reasons)
    hits, blamed = len(named & right), len(named & accused.keys())
    wrong, expects = len(named) - hits - blamed, len(right)
    part = share_hundredths(
        question.points, hits=hits, accusations=blamed, wrong=wrong, expected=expects
    )
    earned = (question.points * HUNDREDTHS + part) // 2
    params = {"hits": hits, "expected": expects, "wrong": wrong + blamed}
    whole = hits == expects and not wrong and not blamed
    reason = Phrase("why.mark-ruling-right" if whole else "why.mark-ruling-reasons", params)
    return Judged(earned, reason)


RULES: Mapping[Kind, Rule] = {
    Kind.ADDRESS: exact,
    Kind.DIGEST: exact,
    Kind.AMOUNT: amount,
    Kind.TIME: time,
    Kind.SET: named_set,
    Kind.PATH: path,
    Kind.FINDING: finding,
    Kind.RULING: ruling,
}
"""Of every kind but the text, which a trainer marks."""

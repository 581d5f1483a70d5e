"""Evaluation forms as data, their answers checked, and what all sheets say together.

Levels are those of D. L. Kirkpatrick and J. D. Kirkpatrick, *Evaluating Training Programs* (3rd
edition, Berrett-Koehler 2006): 1 reaction, 2 learning, 3 behaviour, 4 results. Sheets bear no name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kancil.ground.days import months_after
from kancil.ground.filled import filled_from_plain
from kancil.ground.phrase import Phrase
from kancil.ground.units import half_up
from kancil.programme.errors import EvaluationNotUsable
from kancil.programme.vocabulary import Moment
from kancil.records.small_groups import LEAST, split

_FOLDER = Path(__file__).parent / "forms"
SCALE = range(1, 6)
"""From not at all to very much."""
MOST_WORDS = 2_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What a text of JSON may hold and no table does."""


class Asked(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its words: `programme.question.<id>`."""

    id: str
    kind: Asked
    level: int
    """Of Kirkpatrick's four."""
    options: tuple[str, ...] = ()

    @property
    def words(self) -> Phrase:
        """As it is asked."""
        return Phrase(f"programme.question.{self.id}")

    @property
    def choices(self) -> tuple[tuple[str, Phrase | str], ...]:
        """Values and words of what may be chosen; both ends of a scale say what they mean."""
        if self.kind is Asked.SCALE:
            ends = {SCALE[0]: "least", SCALE[-1]: "most"}
            return tuple(
                (str(one), Phrase(f"programme.scale.{ends[one]}", {"point": str(one)}))
                if one in ends
                else (str(one), str(one))
                for one in SCALE
            )
        return tuple((one, self.named(one)) for one in self.options)

    def named(self, option: str) -> Phrase:
        """An option in words."""
        return Phrase(f"programme.answer.{option}")


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one moment."""

    moment: Moment
    months: int
    """After the last day of the activity."""
    questions: tuple[Question, ...]

    def due_on(self, ends_on: date) -> date:
        """The day from which it is asked; the last of a month that has no such day."""
        return months_after(ends_on, self.months) or date.max


@dataclass(frozen=True, slots=True)
class Told:
    """What the sheets say to one question."""

    question: Question
    answered: int | None
    """None: under five, of which nothing more is told."""
    mean_tenths: int | None
    """Of a scale, from 10 to 50: an average to one place."""
    counts: tuple[tuple[str, int | None], ...]
    """By point or option, all of them in order; empty: of a scale the mean alone is told."""
    texts: tuple[str, ...]
    """In the order of the alphabet, so that it tells nothing of who wrote when."""

    @property
    def mean(self) -> str:
        """The average as it is written, such as `4.2`; empty: there is none."""
        tenths = self.mean_tenths
        return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Summary:
    """What all sheets say; with fewer than five, nothing but that there are fewer."""

    sheets: int | None
    """None: under five."""
    asked: int | None
    """To how many the form went: those who attended; None: not told."""
    questions: tuple[Told, ...]

    @property
    def rate(self) -> Fraction | None:
        """The share of those asked who answered; None: it would show a number under five."""
        if self.sheets is None or not self.asked:
            return None
        return Fraction(min(self.sheets, self.asked), self.asked)


@cache
def forms() -> Mapping[Moment, Form]:
    """The forms that come with Kancil, by moment."""
    found = {}
    for moment in Moment:
        text = (_FOLDER / f"{moment.value}.yaml").read_text(encoding="utf-8")
        found[moment] = filled_from_plain(Form, yaml.safe_load(text), is_whole=False)
    return found


def read_questions(kept: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as `plain` wrote them."""
    return tuple(filled_from_plain(Question, each) for each in kept)


def read_answers(questions: Sequence[Question], given: Any) -> dict[str, Any]:
    """The answers of one sheet, of which some may be left out; raises EvaluationNotUsable.

    What no table can hold becomes U+FFFD in words, since one sign must not cost a sheet, nor the
    marks that came with it.
    """
    if not isinstance(given, Mapping) or not given.keys() <= {each.id for each in questions}:
        raise EvaluationNotUsable(question="")
    found: dict[str, Any] = {}
    for each in questions:
        value = given.get(each.id)
        if value in (None, ""):
            continue
        if not _fits(each, value):
            raise EvaluationNotUsable(question=each.words)
        is_text = isinstance(value, str)
        found[each.id] = _UNSTORABLE.sub("\ufffd", value.strip()) if is_text else value
    if not found:
        raise EvaluationNotUsable(question="")
    return found


def _fits(question: Question, value: Any) -> bool:
    if question.kind is Asked.SCALE:
        return type(value) is int and value in SCALE
    if question.kind is Asked.CHOICE:
        return isinstance(value, str) and value in question.options
    return isinstance(value, str) and len(value) <= MOST_WORDS


def summary(
    questions: Sequence[Question], sheets: Sequence[Mapping[str, Any]], asked: int
) -> Summary:
    """What the sheets say together; a question that fewer than five answered tells nothing.

    For whoever enters the sheets, and has read each of them.
    """
    if len(sheets) < LEAST:
        return Summary(None if sheets else 0, asked, ())
    told = (_told(each, [one[each.id] for one in sheets if each.id in one]) for each in questions)
    return Summary(len(sheets), asked, tuple(told))


def summary_outside(questions: Sequence[Question], sheets: Sequence[Mapping[str, Any]]) -> Summary:
    """The same for whoever reads from outside, who may read before and after each sheet.

    `sheets`: in the order in which they came in. Each question tells what its first five, ten,
    fifteen … answers say, so that two readings differ by five answers at least; of a scale the mean
    alone, of a choice no cell under five, of words nothing.
    """
    if len(sheets) < LEAST:
        return Summary(None if sheets else 0, None, ())
    told = []
    for each in questions:
        values = [one[each.id] for one in sheets if each.id in one]
        if each.kind is not Asked.WORDS:
            told.append(_outside(_told(each, values[: _in_steps(len(values))])))
    return Summary(_in_steps(len(sheets)), None, tuple(told))


def _in_steps(count: int) -> int:
    """The most that is told of a number of answers: whole groups of five."""
    return count - count % LEAST


def _outside(told: Told) -> Told:
    if told.mean or not told.answered:
        # Whether one to four answered, or nobody, is not told apart from outside.
        return replace(told, answered=told.answered or None, counts=())
    cells = {name: count or 0 for name, count in told.counts}
    return replace(told, counts=tuple(split(cells, total=told.answered).items()))


def _told(question: Question, values: Sequence[Any]) -> Told:
    if len(values) < LEAST:
        return Told(question, None if values else 0, None, (), ())
    if question.kind is Asked.WORDS:
        return Told(question, len(values), None, (), tuple(sorted(values, key=str.casefold)))
    points = [str(one) for one in SCALE] if question.kind is Asked.SCALE else question.options
    counts = Counter(map(str, values))
    is_scale = question.kind is Asked.SCALE
    tenths = int(half_up(Fraction(sum(values) * 10, len(values)))) if is_scale else None
    return Told(question, len(values), tenths, tuple((one, counts[one]) for one in points), ())

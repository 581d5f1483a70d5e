"""Whether a course changed anything: forms of four levels as data, when due, what they say.

Levels are those of D. L. Kirkpatrick and J. D. Kirkpatrick, *Evaluating Training Programs* (3rd
edition, Berrett-Koehler 2006): 1 reaction, at once; 2 learning, by the tests before and after;
3 behaviour, three and six months later, asked of trainee, supervisor and mentor apart; 4 results,
six months later, by indicators that the unit counts. Sheets bear no name, and of fewer than five
nothing is told, the indicators of a unit apart, which are of no person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from kancil.records.small_groups import LEAST

from .errors import EvaluationSheetWrong

FORMS = Path(__file__).parent / "evaluation_forms.yaml"
SCALE = range(1, 6)
"""From not at all to fully."""
MOST_WORDS, MOST_COUNT = 2_000, 100_000
MENTORING_TOPICS = ("tracing", "custody", "requests", "report", "court", "equipment", "other")
"""What a mentor and a trainee may have worked on; the words are `name.mentoring-<topic>`."""


class AskedAs(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    COUNT = "count"
    WORDS = "words"


class Respondent(StrEnum):
    """Who fills in a form; the words are `name.respondent-<value>`."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    MENTOR = "mentor"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question: `evaluation.question.<id>`; its options: `evaluation.answer.<option>`."""

    id: str
    kind: AskedAs
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationForm:
    """The questions to one kind of respondent at one time; its words: `evaluation.form.<id>`."""

    id: str
    level: int
    """Of Kirkpatrick's four."""
    months: int
    """After the last day of the class."""
    by: Respondent
    questions: tuple[FormQuestion, ...]

    def due_on(self, ends_on: date) -> date:
        """The day from which it is asked; the last of a month that has no such day."""
        return months_after(ends_on, self.months) or date.max


@dataclass(frozen=True, slots=True)
class Due:
    """A form as it stands for a class."""

    form: EvaluationForm
    due_on: date
    sheets: int
    is_open: bool
    """Whether its day has come."""

    @property
    def waits(self) -> bool:
        """Whether its day has come and nobody has answered."""
        return self.is_open and self.sheets == 0


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What the sheets say to one question."""

    question: FormQuestion
    answered: int | None
    """None: under five, of which nothing more is told."""
    mean: Fraction | None
    """Of a scale or a count."""
    counts: tuple[tuple[str, int], ...] = ()
    """By point or option, in order."""
    texts: tuple[str, ...] = ()
    """In the order of the alphabet, so that it tells nothing of who wrote when."""


@cache
def evaluation_forms() -> tuple[EvaluationForm, ...]:
    """The forms, the earliest first."""
    found = yaml.safe_load(FORMS.read_text(encoding="utf-8"))
    return tuple(filled_from_plain(EvaluationForm, each, is_whole=False) for each in found)


def evaluation_form(name: str) -> EvaluationForm:
    """A form by its id; raises EvaluationSheetWrong."""
    found = next((each for each in evaluation_forms() if each.id == name), None)
    if found is None:
        raise EvaluationSheetWrong(question=name[:40])
    return found


def due_forms(ends_on: date, today: date, sheets: Mapping[str, int]) -> tuple[Due, ...]:
    """Every form of a class that ended on a day; `sheets`: how many came in, by form."""
    return tuple(
        Due(form, form.due_on(ends_on), sheets.get(form.id, 0), form.due_on(ends_on) <= today)
        for form in evaluation_forms()
    )


def read_sheet(form: EvaluationForm, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one sheet, of which some may be left out; raises EvaluationSheetWrong."""
    if not given.keys() <= {each.id for each in form.questions}:
        raise EvaluationSheetWrong(question=Phrase("evaluation.unknown"))
    found: dict[str, Any] = {}
    for each in form.questions:
        value = given.get(each.id)
        if value in (None, ""):
            continue
        if not _fits(each, value):
            raise EvaluationSheetWrong(question=Phrase(f"evaluation.question.{each.id}"))
        found[each.id] = value.strip() if isinstance(value, str) else value
    if not found:
        raise EvaluationSheetWrong(question=Phrase("evaluation.empty"))
    return found


def told_of(form: EvaluationForm, sheets: Sequence[Mapping[str, Any]]) -> tuple[ToldOf, ...]:
    """What all sheets say, question by question."""
    return tuple(
        _told(form, each, [one[each.id] for one in sheets if each.id in one])
        for each in form.questions
    )


def points_of(sheets: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """The points of level 1 by question, for the package of a class."""
    form = evaluation_form("reaction")
    asked = [each.id for each in form.questions if each.kind is AskedAs.SCALE]
    kept = list(sheets)
    return {name: [one[name] for one in kept if name in one] for name in asked}


def _fits(question: FormQuestion, value: Any) -> bool:
    if question.kind is AskedAs.SCALE:
        return type(value) is int and value in SCALE
    if question.kind is AskedAs.COUNT:
        return type(value) is int and 0 <= value <= MOST_COUNT
    if question.kind is AskedAs.CHOICE:
        return isinstance(value, str) and value in question.options
    return isinstance(value, str) and len(value) <= MOST_WORDS


def _told(form: EvaluationForm, question: FormQuestion, values: Sequence[Any]) -> ToldOf:
    if len(values) < LEAST and form.by is not Respondent.UNIT:
        return ToldOf(question, None if values else 0, None)
    if question.kind is AskedAs.WORDS:
        return ToldOf(question, len(values), None, (), tuple(sorted(values, key=str.casefold)))
    is_number = question.kind in (AskedAs.SCALE, AskedAs.COUNT)
    mean = Fraction(sum(values), len(values)) if is_number and values else None
    if question.kind is AskedAs.COUNT:
        return ToldOf(question, len(values), mean)
    points = [str(one) for one in SCALE] if is_number else question.options
    counted = Counter(map(str, values))
    return ToldOf(question, len(values), mean, tuple((one, counted[one]) for one in points))

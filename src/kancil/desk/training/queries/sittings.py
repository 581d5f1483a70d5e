"""What is asked of tests: their items, who sits them, results, figures, what a class gained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from kancil.desk.people.models import Person
from kancil.desk.training.access import classes_of
from kancil.desk.training.models import (
    CourseTest,
    Sitting,
    SittingAnswer,
    TrainingClass,
    WhichTest,
)
from kancil.training.courses.parallel import aim_of
from kancil.training.item_bank.analysis import BankFigures, Gain, analyse, gained
from kancil.training.item_bank.bank import Item
from kancil.training.item_bank.gift import read_bank
from kancil.training.item_bank.marking import is_right, mark_item

__all__ = ["CourseTest", "Sitting", "SittingAnswer", "WhichTest"]  # rows, to be read


@dataclass(frozen=True, slots=True)
class Result:
    """What one sitting earned; what was left out earned nothing."""

    sitting: Sitting
    answers: Mapping[int, Any]
    earned: tuple[Fraction, ...]
    """By item, 0 to 1."""

    @property
    def share(self) -> Fraction:
        """Of all points, 0 to 1."""
        return sum(self.earned, Fraction(0)) / len(self.earned)

    @property
    def right(self) -> int:
        """How many items earned all of their point."""
        return sum(map(is_right, self.earned))


def items_of(test: CourseTest, language: str) -> tuple[Item, ...]:
    """The questions of a test in a language, as they were when it was given."""
    return _items(str(test.banks.get(language) or test.banks[test.language]))


@lru_cache(maxsize=64)
def _items(text: str) -> tuple[Item, ...]:
    return read_bank(text.encode(), "test").asked


def tests_of(training_class: TrainingClass) -> list[CourseTest]:
    """The tests that a class was given."""
    return list(CourseTest.objects.filter(training_class=training_class))


def counts(test: CourseTest) -> bool:
    """Whether a test counts for a certificate: its answers are published nowhere."""
    return test.form == WhichTest.OWN


def tests_for(person: Person) -> list[CourseTest]:
    """The tests of a trainee's classes, those that close first in front."""
    found = CourseTest.objects.filter(training_class__in=classes_of(person))
    return list(found.select_related("training_class").order_by("closes_at", "id"))


def sitting_of(test: CourseTest, person: Person) -> Sitting | None:
    """A trainee's sitting of a test; None: not begun."""
    found = Sitting.objects.filter(test=test, person=person)
    return found.select_related("test__training_class", "person").first()


def is_over(sitting: Sitting, now: datetime) -> bool:
    """Whether nothing of a sitting changes any more."""
    ended = sitting.test.training_class.ended_at
    return sitting.submitted_at is not None or now >= sitting.due_at or ended is not None


def answers_in(sitting: Sitting) -> dict[int, SittingAnswer]:
    """The rows of a sitting's answers, by item."""
    return {each.item: each for each in SittingAnswer.objects.filter(sitting=sitting)}


def result_of(sitting: Sitting) -> Result:
    """What a sitting earned so far, whether or not anybody may see it."""
    answers = {each.item: each.value for each in answers_in(sitting).values()}
    return _result(sitting, answers)


def _result(sitting: Sitting, answers: Mapping[int, Any]) -> Result:
    items = items_of(sitting.test, sitting.language)
    earned = tuple(mark_item(item, answers.get(place)) for place, item in enumerate(items))
    return Result(sitting, answers, earned)


def results_of(test: CourseTest, now: datetime) -> list[Result]:
    """The results of all sittings that are over, by name."""
    found = Sitting.objects.filter(test=test).select_related("person", "test__training_class")
    over = [each for each in found.order_by("person__name", "id") if is_over(each, now)]
    answers: dict[str, dict[int, Any]] = {each.id: {} for each in over}
    for row in SittingAnswer.objects.filter(sitting__in=over):
        answers[row.sitting_id][row.item] = row.value
    return [_result(each, answers[each.id]) for each in over]


def figures_of(results: Sequence[Result]) -> BankFigures:
    """How hard each item was, and how well it tells trainees apart."""
    return analyse([[is_right(each) for each in result.earned] for result in results])


def gain_of(training_class: TrainingClass, now: datetime) -> Gain:
    """What a class gained between its two tests, over those who sat both."""
    shares: dict[str, dict[str, Fraction]] = {each: {} for each in WhichTest}
    for test in tests_of(training_class):
        for result in results_of(test, now):
            shares[test.form][str(result.sitting.person_id)] = result.share
    return gained(shares[WhichTest.PRE], shares[WhichTest.POST])


def by_objective(items: Sequence[Item], result: Result) -> dict[str, tuple[Fraction, int]]:
    """What was earned for each objective, and of how many items."""
    found: dict[str, tuple[Fraction, int]] = {}
    for item, earned in zip(items, result.earned, strict=True):
        aim = aim_of(item)
        if aim is not None:
            so_far, count = found.get(aim.objective, (Fraction(0), 0))
            found[aim.objective] = (so_far + earned, count + 1)
    return found

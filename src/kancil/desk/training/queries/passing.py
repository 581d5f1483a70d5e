"""Whether a trainee passed: what was earned over all that the class was given, and the pass mark.

Labs count by the mean of their shares, and one that was not handed in counts nothing, unless nobody
of the class began it. For the test after the course the trainer's own test counts, by its share:
the test that comes with a course is published with its answers, so it is practice and counts
nothing. How much each of the two weighs, and the pass mark, are the course's. A class without a
course counts its labs alone, against its own pass mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kancil.desk.training.models import (
    Attempt,
    Enrolment,
    LabRun,
    TrainingClass,
    WhichTest,
)
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.training.courses.course import MarkPart
from kancil.training.courses.kept import find_course
from kancil.training.errors import CourseNotFound

from .learned import lab_share
from .sittings import results_of, tests_of

LABS, TEST = "labs", "test"
_PARTS = {
    "lab": LABS, "labs": LABS, "post-test": TEST, "test after the course": TEST,
}  # fmt: skip
"""What parts of a course's marking are called, letter case aside."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a trainee reached."""

    share: Fraction | None
    """Of the points, 0 to 1; None: it cannot be said yet, or not by machine."""
    pass_percent: int

    @property
    def has_passed(self) -> bool:
        """Whether the pass mark was reached."""
        return self.share is not None and 100 * self.share >= self.pass_percent


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a class is marked as a whole."""

    pass_percent: int
    weights: Mapping[str, int]
    """Percent by `LABS` and `TEST`."""
    fault: Phrase | None = None
    """Why nobody can pass by it now; None: it can be counted."""


def scheme_of(root: Path, training_class: TrainingClass) -> Scheme:
    """How a class is marked; `root`: of the workspace."""
    weights, passing = {LABS: 100}, training_class.pass_percent
    if training_class.course:
        try:
            outline = find_course(root, training_class.course).outline
        except CourseNotFound:
            return Scheme(passing, weights, Phrase("web.training.course-gone"))
        passing, other = outline.pass_percent, _other(outline.marking)
        weights = _weights(outline.marking)
        if other:
            return Scheme(passing, weights, Phrase("web.training.part-by-hand", {"part": other}))
    return Scheme(passing, weights, _waits(training_class, weights))


def _weights(parts: Sequence[MarkPart]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in parts:
        kind = _PARTS.get(each.part.strip().casefold())
        if kind is not None:
            found[kind] = found.get(kind, 0) + each.percent
    return found


def _other(parts: Sequence[MarkPart]) -> str:
    """A part of the marking that no lab and no test of the classroom is; empty: there is none."""
    return next((e.part for e in parts if e.part.strip().casefold() not in _PARTS), "")


def _waits(training_class: TrainingClass, weights: Mapping[str, int]) -> Phrase | None:
    """What was not given, or is not released."""
    runs = _worked(training_class)
    tests = [each for each in tests_of(training_class) if each.form == WhichTest.OWN]
    if weights.get(LABS) and not runs:
        return Phrase("web.training.no-lab-given")
    if weights.get(TEST) and not tests:
        return Phrase("web.training.no-own-test")
    if weights.get(LABS) and any(each.released_at is None for each in runs):
        return Phrase("web.training.marks-not-released")
    if weights.get(TEST) and any(each.released_at is None for each in tests):
        return Phrase("web.training.own-test-not-released")
    return None


def reached(scheme: Scheme, enrolment: Enrolment) -> Reached:
    """What a trainee reached by the scheme of their class."""
    if scheme.fault is not None:
        return Reached(None, scheme.pass_percent)
    total, found = sum(scheme.weights.values()), Fraction(0)
    for kind, weight in scheme.weights.items():
        share = _labs(enrolment) if kind == LABS else _own_test(enrolment)
        if share is None:
            return Reached(None, scheme.pass_percent)
        found += share * Fraction(weight, total)
    return Reached(found, scheme.pass_percent)


def _worked(training_class: TrainingClass) -> list[LabRun]:
    """The labs of a class that somebody began."""
    found = LabRun.objects.filter(training_class=training_class)
    return list(found.filter(variants__attempt__isnull=False).distinct())


def _labs(enrolment: Enrolment) -> Fraction | None:
    """The mean over the labs of the class; None: one that was worked waits for a mark."""
    runs = len(_worked(enrolment.training_class))
    attempts = Attempt.objects.filter(variant__enrolment=enrolment)
    shares = [lab_share(each) for each in attempts.select_related("variant__run")]
    known = [each[0] for each in shares if each is not None]
    return None if len(known) < len(shares) else sum(known, Fraction(0)) / runs


def _own_test(enrolment: Enrolment) -> Fraction:
    for test in tests_of(enrolment.training_class):
        if test.form == WhichTest.OWN:
            for result in results_of(test, clock.now()):
                if result.sitting.person_id == enrolment.person_id:
                    return max(result.share, Fraction(0))
    return Fraction(0)

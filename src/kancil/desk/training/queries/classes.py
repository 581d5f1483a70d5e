"""What is asked of classes: who belongs to them, what was given to them, how far everybody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count

from kancil.desk.cases.models import Case
from kancil.desk.people.models import Person
from kancil.desk.training.access import classes_of
from kancil.desk.training.folders import manifest_of
from kancil.desk.training.models import (
    Answer,
    Attempt,
    ClassState,
    Enrolment,
    JoinSlip,
    LabRun,
    Mark,
    TrainingClass,
    Variant,
)
from kancil.ground.workspace import Workspace

from .names import names_in
from .work import finished

__all__ = ["ClassState", "Enrolment", "LabRun", "TrainingClass", "Variant"]  # rows, to be read

STUCK_MINUTES = 10
"""Without an act for so long a trainee counts as stuck: our own choice, which the board says."""


def classes(person: Person) -> list[TrainingClass]:
    """Classes that the person may know of, the newest first."""
    return list(classes_of(person).distinct())


def all_classes() -> list[TrainingClass]:
    """Every class of this classroom, the newest first."""
    return list(TrainingClass.objects.all())


def trainees_of(training_class: TrainingClass) -> list[Enrolment]:
    """Who belongs to a class, by name."""
    found = Enrolment.objects.filter(training_class=training_class)
    return list(found.select_related("person").order_by("person__name", "id"))


def waiting_in(training_class: TrainingClass) -> set[int]:
    """Ids of those of a class who have not joined: the slip of their account waits for them."""
    slips = JoinSlip.objects.exclude(code=None)
    found = slips.filter(enrolment__person__enrolments__training_class=training_class)
    return set(found.values_list("enrolment__person_id", flat=True))


def runs_of(training_class: TrainingClass) -> list[LabRun]:
    """Labs given to a class, in the order of giving."""
    return list(LabRun.objects.filter(training_class=training_class))


def runs_for(person: Person) -> list[LabRun]:
    """Labs given to the classes that a trainee belongs to, those that close first in front."""
    found = LabRun.objects.filter(training_class__enrolments__person=person)
    return list(found.select_related("training_class").order_by("closes_at", "id"))


def variants_made(runs: list[LabRun]) -> Mapping[str, int]:
    """How many variants of each run are made, by its id."""
    rows = Variant.objects.filter(run__in=runs).values_list("run_id")
    return dict(rows.annotate(count=Count("id")))


class Place(StrEnum):
    """Where a trainee is with a lab; the words are `web.lab-place.<value>`."""

    NOT_MADE = "not-made"
    NOT_JOINED = "not-joined"
    NOT_BEGUN = "not-begun"
    WORKING = "working"
    STUCK = "stuck"
    HANDED_IN = "handed-in"
    TIME_OVER = "time-over"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one trainee is with one lab."""

    name: str
    """With the user name where two of the class are called alike."""
    place: Place
    attempt: str | None
    case_number: int | None
    answered: int
    questions: int
    """0 as long as the variant is not made."""
    hints: int
    last_at: datetime | None
    """The last act on the lab's pages or in its case."""
    submitted_at: datetime | None
    clock_back_seconds: int
    mark: Mark | None


def place_of(
    variant: Variant | None, attempt: Attempt | None, now: datetime, last: datetime | None = None
) -> Place:
    """Where a trainee is; `last`: their last act, where it is to be told who is stuck."""
    if variant is None:
        return Place.NOT_MADE
    if attempt is None:
        return Place.NOT_BEGUN
    if attempt.submitted_at is not None:
        return Place.HANDED_IN
    if finished(attempt, now):
        return Place.TIME_OVER
    is_stuck = last is not None and now - last >= timedelta(minutes=STUCK_MINUTES)
    return Place.STUCK if is_stuck else Place.WORKING


def board(workspace: Workspace, run: LabRun, now: datetime) -> list[Standing]:
    """How far everybody of the class is with a lab, by name."""
    found = Variant.objects.filter(run=run).select_related("run__training_class")
    variants = {each.enrolment_id: each for each in found}
    work = Attempt.objects.filter(variant__run=run).select_related("variant__run__training_class")
    attempts = {each.variant_id: each for each in work}
    cases = {
        each.id: each for each in Case.objects.filter(id__in=[a.case_id for a in attempts.values()])
    }
    counted = Answer.objects.filter(attempt__in=attempts.values()).values_list("attempt")
    answered = dict(counted.annotate(count=Count("id")))
    marks = {each.attempt_id: each for each in Mark.objects.filter(attempt__in=attempts.values())}
    questions, names = _questions(workspace, variants), names_in(run.training_class)
    waiting = waiting_in(run.training_class)
    return [
        _standing(
            each,
            names[each.person_id],
            variants.get(each.pk),
            attempts,
            cases,
            answered,
            marks,
            questions,
            now,
            has_joined=each.person_id not in waiting,
        )
        for each in trainees_of(run.training_class)
    ]


def _questions(workspace: Workspace, variants: Mapping[int, Variant]) -> int:
    """How many questions the lab asks: variants of one run ask as many."""
    one = next(iter(variants.values()), None)
    return 0 if one is None else len(manifest_of(workspace, one).questions)


def _standing(
    enrolment: Enrolment,
    name: str,
    variant: Variant | None,
    attempts: Mapping[str, Attempt],
    cases: Mapping[str, Case],
    answered: Mapping[str, int],
    marks: Mapping[str, Mark],
    questions: int,
    now: datetime,
    *,
    has_joined: bool,
) -> Standing:
    attempt = None if variant is None else attempts.get(variant.pk)
    case = None if attempt is None else cases.get(attempt.case_id)
    last = None
    if attempt is not None:
        last = max(attempt.touched_at, case.last_at) if case else attempt.touched_at
    return Standing(
        name=name,
        place=place_of(variant, attempt, now, last) if has_joined else Place.NOT_JOINED,
        attempt=None if attempt is None else attempt.pk,
        case_number=None if case is None else case.number,
        answered=0 if attempt is None else answered.get(attempt.pk, 0),
        questions=0 if variant is None else questions,
        hints=0 if attempt is None else sum(map(int, attempt.hints.values())),
        last_at=last,
        submitted_at=None if attempt is None else attempt.submitted_at,
        clock_back_seconds=0 if attempt is None else attempt.clock_back_seconds,
        mark=None if attempt is None else marks.get(attempt.pk),
    )


def variants_of(run: LabRun) -> list[Variant]:
    """The variants of a run, by the name of whose they are."""
    found = Variant.objects.filter(run=run).select_related("enrolment__person", "run")
    return list(found.order_by("enrolment__person__name"))

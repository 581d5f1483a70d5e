"""What is asked of attempts: their answers, whether they are over, their marks."""

from __future__ import annotations

from datetime import datetime

from kancil.desk.cases.models import Content, Exhibit
from kancil.desk.people.models import Person
from kancil.desk.training.models import (
    Answer,
    Attempt,
    Correction,
    LabRun,
    Mark,
    Reopening,
    TrainingClass,
    Variant,
)
from kancil.ground.filled import filled_from_plain
from kancil.training.key import Criterion
from kancil.training.marking.marks import Marked
from kancil.training.question import Answers

__all__ = ["Attempt", "Exhibit", "Mark"]  # rows, to be read


def answers_of(attempt: Attempt) -> Answers:
    """What a trainee answered, as the craft marks it."""
    rows = Answer.objects.filter(attempt=attempt)
    hints = {name: int(count) for name, count in attempt.hints.items()}
    return Answers(attempt.variant_id, {row.question: row.value for row in rows}, hints)


def answers_by_question(attempt: Attempt) -> dict[str, Answer]:
    """The rows of a trainee's answers, by question."""
    return {row.question: row for row in Answer.objects.filter(attempt=attempt)}


def finished(attempt: Attempt, now: datetime) -> bool:
    """Whether nothing of an attempt changes any more: handed in, its time over, or the class."""
    ended = attempt.variant.run.training_class.ended_at
    return attempt.submitted_at is not None or now >= attempt.due_at or ended is not None


def newest_mark(attempt: Attempt) -> Mark | None:
    """The marks that count; None: not marked yet."""
    return Mark.objects.filter(attempt=attempt).order_by("-id").first()


def marks_of(attempt: Attempt) -> list[Mark]:
    """All marks of an attempt, the first one first."""
    return list(Mark.objects.filter(attempt=attempt).select_related("correction", "by"))


def stored_marks(mark: Mark) -> Marked:
    """Marks as the craft gave them."""
    return filled_from_plain(Marked, mark.marked)


def variant_of(run: LabRun, person: Person) -> Variant | None:
    """The variant of a trainee; None: it is not made yet."""
    found = Variant.objects.filter(run=run, enrolment__person=person)
    return found.select_related("run__training_class").first()


def attempt_of(run: LabRun, person: Person) -> Attempt | None:
    """A trainee's attempt at a lab; None: not begun."""
    found = Attempt.objects.filter(variant__run=run, person=person)
    return found.select_related("variant__run__training_class", "person").first()


def attempt_at(case: str) -> Attempt | None:
    """The attempt whose case it is, by the id of the case; None: the case is of no lab."""
    found = Attempt.objects.filter(case_id=case)
    return found.select_related("variant__run__training_class", "person").first()


def attempts_in(training_class: TrainingClass) -> list[Attempt]:
    """The attempts at the labs of a class, in the order of starting."""
    found = Attempt.objects.filter(variant__run__training_class=training_class)
    return list(found.select_related("variant__run__training_class"))


def reopenings_of(training_class: TrainingClass) -> list[Reopening]:
    """What of a class was opened again, the first one first."""
    found = Reopening.objects.filter(training_class=training_class)
    return list(found.select_related("attempt__person", "by"))


def exhibits_by_digest(attempt: Attempt) -> dict[str, Exhibit]:
    """The exhibits of an attempt's case by the SHA-256 of each file in them."""
    found = Content.objects.filter(exhibit__case=attempt.case_id).select_related("exhibit__case")
    return {each.sha256: each.exhibit for each in found}


def rubric_of(mark: Mark) -> dict[str, list[Criterion]]:
    """The rubric of each text, as the key had it when it was marked."""
    return {
        question: [filled_from_plain(Criterion, each) for each in lines]
        for question, lines in mark.rubric.items()
    }


def corrections_of(run: LabRun) -> list[Correction]:
    """Corrections of a run's keys, the first one first."""
    return list(Correction.objects.filter(run=run).select_related("by"))

"""What is asked of evaluation: which forms are due, what their sheets say, the mentoring log."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from kancil.desk.people.models import Person
from kancil.desk.training.models import (
    ClassPackage,
    ClassTally,
    Enrolment,
    EvaluationSheet,
    MentoringNote,
    SheetDone,
    TrainingClass,
)
from kancil.training.evaluation import Due, EvaluationForm, ToldOf, due_forms, told_of

__all__ = ["ClassPackage", "MentoringNote"]  # rows, to be read


def forms_of(training_class: TrainingClass, today: date) -> tuple[Due, ...]:
    """Every form of a class, with the day from which it is asked and how many sheets came in."""
    rows = EvaluationSheet.objects.filter(training_class=training_class).values_list("form")
    counted = dict(rows.order_by("form").annotate(count=Count("id")))
    return due_forms(training_class.ends_on, today, counted)


def told_by(training_class: TrainingClass, form: EvaluationForm) -> tuple[ToldOf, ...]:
    """What all sheets of a form say."""
    rows = EvaluationSheet.objects.filter(training_class=training_class, form=form.id)
    return told_of(form, [row.answers for row in rows])


def enrolment_of(training_class: TrainingClass, person: Person) -> Enrolment | None:
    """A person's place in a class; None: they do not belong to it."""
    return Enrolment.objects.filter(training_class=training_class, person=person).first()


def has_handed_in(enrolment: Enrolment, form: EvaluationForm) -> bool:
    """Whether a trainee has handed in a form; which sheet it was, nobody can tell."""
    return SheetDone.objects.filter(enrolment=enrolment, form=form.id).exists()


def mentoring_of(training_class: TrainingClass) -> list[MentoringNote]:
    """The mentoring log of a class, the first hour first."""
    found = MentoringNote.objects.filter(enrolment__training_class=training_class)
    return list(found.select_related("enrolment__person"))


def tally_of(training_class: TrainingClass) -> dict[str, dict[str, int]]:
    """How many of which sex, profession, agency and country, as a trainer counted them."""
    row = ClassTally.objects.filter(training_class=training_class).first()
    found: dict[str, dict[str, int]] = row.counts if row else {}
    return found


def packages_of(training_class: TrainingClass) -> list[ClassPackage]:
    """Drafts and packages of a class, the newest first."""
    return list(ClassPackage.objects.filter(training_class=training_class))

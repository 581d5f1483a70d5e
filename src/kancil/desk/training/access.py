"""Who may know of which class, run and attempt; to everybody else it is as if there were none."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.models import Person, Role

from .errors import TrainingNotYours
from .models import Attempt, CourseTest, LabRun, TrainingClass


def is_trainer(person: Person) -> bool:
    """Whether the person sees and marks every attempt of the classroom."""
    return person.is_active and person.role == Role.TRAINER


def require_trainer(person: Person) -> None:
    """Refuse whoever is no trainer; raises TrainingNotYours."""
    if not is_trainer(person):
        raise TrainingNotYours


def classes_of(person: Person) -> QuerySet[TrainingClass]:
    """Classes that the person teaches or may teach, or belongs to."""
    if is_trainer(person):
        return TrainingClass.objects.all()
    return TrainingClass.objects.filter(enrolments__person=person)


def find_class(person: Person, name: str) -> TrainingClass:
    """A class that the person may know of; raises PageNotFound."""
    found = classes_of(person).filter(id=name[:36]).first()
    if found is None:
        raise PageNotFound
    return found


def find_run(person: Person, name: str) -> LabRun:
    """A lab given to a class that the person may know of; raises PageNotFound."""
    found = LabRun.objects.filter(id=name[:36], training_class__in=classes_of(person))
    run = found.select_related("training_class").first()
    if run is None:
        raise PageNotFound
    return run


def find_attempt(person: Person, name: str) -> Attempt:
    """An attempt of the person's own, or of anybody for a trainer; raises PageNotFound."""
    mine = Q() if is_trainer(person) else Q(person=person)
    found = Attempt.objects.filter(mine, id=name[:36])
    attempt = found.select_related("variant__run__training_class", "person").first()
    if attempt is None:
        raise PageNotFound
    return attempt


def find_test(person: Person, name: str) -> CourseTest:
    """A test given to a class that the person may know of; raises PageNotFound."""
    found = CourseTest.objects.filter(id=name[:36], training_class__in=classes_of(person))
    test = found.select_related("training_class").first()
    if test is None:
        raise PageNotFound
    return test

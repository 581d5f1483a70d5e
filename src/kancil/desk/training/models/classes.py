"""Classes, and who belongs to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id


class ClassState(models.TextChoices):
    """Where a class stands; the words are `web.class-state.<value>`."""

    OPEN = "open"
    ENDED = "ended"


class TrainingClass(models.Model):
    """A course held once: its days, its trainers, and the code by which trainees join."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    course = models.CharField(max_length=60, blank=True, default="")
    """Id of the course that is taught; empty: labs alone."""
    join_code = models.CharField(max_length=8, unique=True, null=True)
    """Capitals and digits that are not mistaken for each other; None once the class has ended."""
    pass_percent = models.PositiveSmallIntegerField(default=60)
    """Of the points, where no course of the class states a pass mark; 1 to 100."""
    begins_on = models.DateField()
    ends_on = models.DateField()
    recipients = models.TextField()
    """Of the age format, one a line: for whom the keys of its labs are sealed."""
    state = models.CharField(max_length=8, choices=ClassState.choices, default=ClassState.OPEN)
    trainers = models.ManyToManyField(Person, related_name="classes_taught")
    """They read the cases of its attempts."""
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        db_table = "training_class"
        ordering: ClassVar = ["-id"]


class Enrolment(models.Model):
    """That a trainee belongs to a class."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    joined_at = models.DateTimeField()

    class Meta:
        """In the order of joining, once a class and person."""

        db_table = "training_enrolment"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "person"], name="enrolment_once")
        ]


class JoinSlip(models.Model):
    """A trainee whose account was made from a list: what they join with, printed on a slip."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="slip")
    code = models.CharField(max_length=8, unique=True, null=True)
    """As a class's join code; None once the trainee has joined with it."""
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of the list."""

        db_table = "training_join_slip"
        ordering: ClassVar = ["id"]

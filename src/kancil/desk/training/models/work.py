"""What trainees do: attempts and answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .classes import TrainingClass
from .labs import Variant


class Attempt(models.Model):
    """One trainee's work on their variant; its case is a case of the unit's books."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    variant = models.OneToOneField(Variant, models.PROTECT, related_name="attempt")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attempts")
    case_id = models.CharField(max_length=36, unique=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When its time is over: of the trainee's minutes, or of the whole lab."""
    submitted_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(db_index=True)
    """The last act on the lab's own pages; acts in the case stand in the ledger."""
    hints = models.JSONField(default=dict)
    """How many hints of a question were taken."""
    played = models.PositiveSmallIntegerField(default=0)
    """How many acts of the lab's script were played in its case."""
    clock_back_seconds = models.PositiveIntegerField(default=0)
    """The most by which the clock was found behind what was saved before; 0: never."""

    class Meta:
        """In the order of starting."""

        db_table = "training_attempt"
        ordering: ClassVar = ["id"]


class Answer(models.Model):
    """The present answer to a question."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    value = models.JSONField()
    """As `training.question` says by kind."""
    saved_at = models.DateTimeField()
    saves = models.PositiveIntegerField(default=1)
    """How often it was saved with another value."""

    class Meta:
        """One an attempt and question."""

        db_table = "training_answer"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "question"], name="answer_once")
        ]


class Reopening(models.Model):
    """That a trainer let work go on in what had ended, and why; it is never changed."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="reopenings")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="reopenings")
    """That was handed in; None: the class itself had ended."""
    was_over_at = models.DateTimeField()
    """When it had been handed in, or had ended."""
    because = models.CharField(max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "training_reopening"
        ordering: ClassVar = ["id"]

"""Tests of courses given to classes, and trainees' sittings of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .classes import TrainingClass


class WhichTest(models.TextChoices):
    """Which test of a class; the words are `name.test-form-<value>`."""

    PRE = "pre"
    """Comes with the course, its answers published: practice, and never counts."""
    POST = "post"
    """As `PRE`, parallel to it."""
    OWN = "own"
    """The trainer's own items, which counts for a certificate."""


class CourseTest(models.Model):
    """A test given to a class, with its items as they were then."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="tests")
    course = models.CharField(max_length=80)
    version = models.CharField(max_length=30)
    form = models.CharField(max_length=4, choices=WhichTest.choices)
    language = models.CharField(max_length=8)
    """In which the course was first written; of the trainer's own items also, whatever it is."""
    banks = models.JSONField()
    """By language the items as GIFT: a newer version of the course changes no result."""
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=0)
    """From a trainee's start; 0: until it closes."""
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    """When trainees could first see right answers and their own result."""

    class Meta:
        """In the order of giving, one of each form a class."""

        db_table = "training_test"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "form"], name="test_form_once")
        ]


class Sitting(models.Model):
    """One trainee's test; its id mixes the order of options."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    test = models.ForeignKey(CourseTest, models.PROTECT, related_name="sittings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="sittings")
    language = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    clock_back_seconds = models.PositiveIntegerField(default=0)
    """The most by which the clock was found behind what was saved before; 0: never."""

    class Meta:
        """In the order of starting, one a test and trainee."""

        db_table = "training_sitting"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["test", "person"], name="sitting_once")
        ]


class SittingAnswer(models.Model):
    """The present answer to one item of a sitting."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="answers")
    item = models.PositiveSmallIntegerField()
    """Place among the questions of the bank, from 0."""
    value = models.JSONField()
    """As `training.item_bank.marking` says by kind."""
    saved_at = models.DateTimeField()

    class Meta:
        """One a sitting and item."""

        db_table = "training_sitting_answer"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "item"], name="sitting_answer_once")
        ]

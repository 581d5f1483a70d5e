"""Marks, and corrections of keys; rows are added, and none is changed but a trainer's own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person

from .labs import LabRun, Variant
from .work import Attempt


class Correction(models.Model):
    """That a key was wrong, and what stands in its place."""

    run = models.ForeignKey(LabRun, models.PROTECT, related_name="corrections")
    variant = models.ForeignKey(Variant, models.PROTECT, null=True, related_name="corrections")
    """None: every variant of the run."""
    question = models.CharField(max_length=60)
    change = models.JSONField()
    """`{"value": …}`, `{"also": …}` or `{"tolerance": …}`."""
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "training_correction"
        ordering: ClassVar = ["id"]


class Mark(models.Model):
    """What an attempt was marked with; the newest counts, and the others stay."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="marks")
    key_version = models.PositiveIntegerField()
    earned_hundredths = models.IntegerField()
    points = models.PositiveIntegerField()
    """What could be earned, with the checks of the ledger that apply."""
    is_final = models.BooleanField()
    """Whether no text waits for a trainer."""
    marked = models.JSONField()
    """`training.marking.marks.Marked`: each question and check, and why."""
    rubric = models.JSONField(default=dict)
    """By question of a text, the key's `Criterion`s: by them a trainer marks without the key."""
    changes = models.JSONField(null=True)
    """`training.marking.again.Remarked` against the mark before; None: it is the first."""
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="marks")
    """The correction that it was made for; None: marked as the key stood."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "training_mark"
        ordering: ClassVar = ["id"]


class TextMark(models.Model):
    """What a trainer gave for a text, by the key's rubric."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="text_marks")
    question = models.CharField(max_length=60)
    points = models.JSONField()
    """By criterion."""
    comment = models.TextField(blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One an attempt and question."""

        db_table = "training_text_mark"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "question"], name="text_mark_once")
        ]

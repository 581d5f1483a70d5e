"""Labs given to classes, and the variants that were made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .classes import Enrolment, TrainingClass


class LabRun(models.Model):
    """A lab given to a class: each trainee gets a variant of their own, of equal difficulty."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    """Within the class, for people."""
    lab = models.CharField(max_length=60)
    """Name of a member of `kancil.training.labs`."""
    version = models.CharField(max_length=20)
    knobs = models.JSONField()
    """`training.lab.Knobs`."""
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=0)
    """From a trainee's start; 0: until it closes."""
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    """When trainees could first see their marks."""

    class Meta:
        """In the order of giving."""

        db_table = "training_run"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "number"], name="run_number_once")
        ]


class Variant(models.Model):
    """One made lab, which is one trainee's."""

    id = models.CharField(primary_key=True, max_length=36)
    """As its manifest has it."""
    run = models.ForeignKey(LabRun, models.PROTECT, related_name="variants")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="variants")
    folder = models.CharField(max_length=36, unique=True)
    """Name of its folder below the run's."""
    manifest_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        """One a run and trainee."""

        db_table = "training_variant"
        ordering: ClassVar = ["enrolment_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "enrolment"], name="variant_once")
        ]


class AdmittedFile(models.Model):
    """A file that a manifest names: nothing else enters the vault of a classroom."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="admitted")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.BigIntegerField()

    class Meta:
        """As the manifest has them."""

        db_table = "training_admitted"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variant", "name"], name="admitted_once")
        ]

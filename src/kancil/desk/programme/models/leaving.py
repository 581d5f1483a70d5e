"""What leaves, as it was published; and what IATI files of others state."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .activities import Activity
from .imports import ImportBatch
from .money import Grant
from .results import Figure


class DonorReport(models.Model):
    """A report of a grant for a period: its narrative, and once published all it said."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reports")
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    title = models.CharField(max_length=300)
    narrative = models.JSONField(default=dict)
    """Versions of each section: text, who wrote it, when; the newest last."""
    figures = models.ManyToManyField(Figure, related_name="reports")
    said = models.JSONField(default=dict)
    """Figures and finance as they were published; empty: a draft."""
    files = models.JSONField(default=dict)
    """SHA-256 by format, in the site's store."""
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest period first."""

        db_table = "donor_report"
        ordering: ClassVar = ["-period_to", "-at"]


class IatiFile(models.Model):
    """An IATI file that was made for publishing."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    activities = models.PositiveIntegerField()
    left_out = models.JSONField(default=list)
    """Activities that are not in it, and why."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "iati_file"
        ordering: ClassVar = ["-at"]


class StatedActivity(models.Model):
    """An activity as an imported IATI file states it: never counted, never in our money."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="stated")
    line = models.PositiveIntegerField(default=0)
    """Of the file, on which it begins; 0: not known."""
    identifier = models.CharField(max_length=200)
    reporter_ref = models.CharField(max_length=200, blank=True, default="")
    reporter = models.CharField(max_length=300, blank=True, default="")
    title = models.CharField(max_length=300)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    said = models.JSONField(default=dict)
    """All that is kept of it, as `programme.iati.stated` writes it."""
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="stated")
    """The activity of this desk that the import made of it, if it made one."""

    class Meta:
        """By beginning, the newest first."""

        db_table = "stated_activity"
        ordering: ClassVar = ["-begins_on", "identifier"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "identifier"], name="stated_activity_once")
        ]
        indexes: ClassVar = [models.Index(fields=["identifier"], name="stated_by_identifier")]

"""Imports from spreadsheets and IATI files, each of which can be undone; and drafts of forms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id


class ImportBatch(models.Model):
    """One import: the file, how its columns were read, what came of each row."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    kind = models.CharField(max_length=24)
    """`participants`, `registrations`, `activities`, `budgets`, `spending`, `rates`, `iati`."""
    activity = models.CharField(max_length=36, blank=True, default="")
    """Of registrations: the activity."""
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    """Field by column, and the format of its days."""
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    """Rows that were not taken: number and reason, the first thousand."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        """The newest first."""

        db_table = "import_batch"
        ordering: ClassVar = ["-at"]


class ColumnMapping(models.Model):
    """How the columns of a kind of file were last read; offered for the next one like it."""

    kind = models.CharField(max_length=24)
    heading_sha256 = models.CharField(max_length=64)
    """Of the row of headings."""
    mapping = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One a kind and heading."""

        db_table = "column_mapping"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "heading_sha256"], name="column_mapping_once")
        ]


class FormDraft(models.Model):
    """What a person typed into a form and has not sent; theirs alone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    """Its address on the site."""
    given = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        """One a person and form."""

        db_table = "form_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "form"], name="form_draft_once")
        ]

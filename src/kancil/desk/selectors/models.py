"""Sightings of selectors as rows: derived from what was recorded, and made anew from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Origin(models.TextChoices):
    """What names a selector."""

    TRACE = "trace"
    STUDY = "study"
    TRANSFERS = "transfers"
    """A table that was read for the transfers it reports, or for complaints."""
    WATCH = "watch"
    """An address on the watch list of a case."""


class Sighting(models.Model):
    """A selector that something recorded in a case names."""

    kind = models.TextField()
    value = models.TextField()
    """In the normal form of its kind."""
    case_id = models.TextField()
    """Id of the case: whoever may not see it is not told of the sighting."""
    origin = models.CharField(max_length=16, choices=Origin.choices)
    source = models.TextField()
    """Id of the trace or study, number of the entry that records the reading of a table, or
    `watch-<number>`."""
    table = models.TextField()
    row = models.BigIntegerField()
    """The first row that names it, from 1."""
    rows = models.BigIntegerField()

    class Meta:
        """In the order of the index."""

        db_table = "sighting"
        indexes: ClassVar = [
            models.Index(fields=["value", "case_id"], name="sighting_value"),
            models.Index(fields=["source"], name="sighting_source"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "table", "kind", "value"], name="sighting_once"
            )
        ]


class Indexed(models.Model):
    """A source whose sightings are in the index, be there any or none."""

    source = models.TextField(primary_key=True)

    class Meta:
        """By source."""

        db_table = "sighting_indexed"


class Notice(models.Model):
    """A case whose members are notified that another case names a selector of theirs."""

    kind = models.TextField()
    value = models.TextField()
    case_id = models.TextField(db_index=True)
    by = models.TextField()
    """Name of the person to speak with."""
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "deconfliction_notice"
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "kind", "value"], name="notice_once")
        ]

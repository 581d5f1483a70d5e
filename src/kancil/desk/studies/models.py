"""Findings that are being written: rows of the desk, in no ledger until an officer accepts one.

What was written is never changed: each save is a version of its own, and the newest one counts.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person


class DraftState(models.TextChoices):
    """Where a draft stands; the words are `web.draft-state.<value>`."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SET_ASIDE = "set-aside"


class FindingDraft(models.Model):
    """A finding that members of a case are writing."""

    case_id = models.TextField(db_index=True)
    """Id of the case."""
    number = models.IntegerField()
    """Its number within the case, for people: `D2`."""
    state = models.CharField(max_length=16, choices=DraftState.choices, default=DraftState.OPEN)
    version = models.IntegerField()
    """Number of the newest version."""
    finding = models.TextField(null=True)
    """Id of the finding it became."""

    class Meta:
        """By number within the case."""

        db_table = "finding_draft"
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "number"], name="finding_draft_once")
        ]


class FindingVersion(models.Model):
    """What a draft said from one save to the next."""

    draft = models.ForeignKey(FindingDraft, models.CASCADE, related_name="versions")
    version = models.IntegerField()
    trace = models.TextField()
    """Id of the trace it rests on."""
    finding_class = models.CharField(max_length=16)
    row = models.BigIntegerField()
    """Row of the trace's transfers."""
    label_number = models.BigIntegerField()
    """For an attribution: number of the label in the trace."""
    remark = models.TextField(blank=True)
    """What the officer says of it in her own words."""
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "finding_version"
        ordering: ClassVar = ["draft_id", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "version"], name="finding_version_once")
        ]

"""Rows of what the ledger says there is, for lists and search; derived, and rebuilt by the index.

`number` is the short number for people (`C3`, `E12`, `T4`, `S1`, `F2`). Any entry that verifies
has its row, so no column is narrower than the ledger's format and no number is held to be unique.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Officer(models.Model):
    """An officer of the unit, as the ledger has them."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    name = models.TextField()
    name_folded = models.TextField(default="")
    """As it is searched (`ground.folding`), since databases fold letters each in their own way."""
    role = models.TextField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """By number."""

        db_table = "officer"
        ordering: ClassVar = ["number"]


class Case(models.Model):
    """A case."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    title = models.TextField()
    title_folded = models.TextField(default="")
    opened_at = models.DateTimeField()
    opened_by = models.TextField(null=True)
    """Officer's id."""
    last_at = models.DateTimeField()
    """When its newest entry was written."""
    entry_count = models.BigIntegerField(default=1)
    exhibit_count = models.BigIntegerField(default=0)

    class Meta:
        """By number."""

        db_table = "case_row"
        ordering: ClassVar = ["number"]


class Exhibit(models.Model):
    """An exhibit."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="exhibits")
    title = models.TextField()
    title_folded = models.TextField(default="")
    status = models.TextField()
    holder = models.TextField(null=True)
    seal = models.TextField(null=True)
    seal_folded = models.TextField(null=True)
    size_bytes = models.BigIntegerField(default=0)
    file_count = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        """By number."""

        db_table = "exhibit"
        ordering: ClassVar = ["number"]


class Content(models.Model):
    """A digest of bytes that an exhibit has, to be found by."""

    exhibit = models.ForeignKey(Exhibit, models.CASCADE, related_name="contents")
    place = models.BigIntegerField()
    """Its place among the exhibit's contents, from 1."""
    sha256 = models.TextField(db_index=True)
    sha1 = models.TextField(null=True, db_index=True)
    md5 = models.TextField(null=True, db_index=True)

    class Meta:
        """In the order in which the bytes came."""

        db_table = "exhibit_content"
        ordering: ClassVar = ["exhibit_id", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exhibit", "place"], name="exhibit_content_once")
        ]


class Trace(models.Model):
    """A trace that was run for a case."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="traces")
    n = models.BigIntegerField()
    """Number of the entry that records it."""
    chain = models.TextField()
    policy = models.TextField()
    direction = models.TextField()
    result_sha256 = models.TextField()
    run_at = models.DateTimeField()
    run_by = models.TextField(null=True)
    state = models.TextField(default="kept")
    """As `Roll.trace_state` gives it: a draft is no result of the case."""

    class Meta:
        """By number."""

        db_table = "trace"
        ordering: ClassVar = ["number"]


class Study(models.Model):
    """A study, other than a trace, that was run for a case."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="studies")
    n = models.BigIntegerField()
    """Number of the entry that records it."""
    study = models.TextField()
    """Name of the member of `kancil.studies.members`."""
    version = models.TextField()
    result_sha256 = models.TextField()
    run_at = models.DateTimeField()
    run_by = models.TextField(null=True)

    class Meta:
        """By number."""

        db_table = "study"
        ordering: ClassVar = ["number"]


class Finding(models.Model):
    """A finding that an officer accepted."""

    id = models.TextField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="findings")
    n = models.BigIntegerField()
    finding_class = models.TextField()
    text = models.TextField()
    language = models.TextField()
    trace = models.TextField(null=True)
    accepted_at = models.DateTimeField()
    accepted_by = models.TextField(null=True)

    class Meta:
        """By number."""

        db_table = "finding"
        ordering: ClassVar = ["number"]


class Bundle(models.Model):
    """A bundle that left the unit."""

    n = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="bundles")
    purpose = models.TextField()
    analysis_sha256 = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """In the order of the ledger."""

        db_table = "bundle"
        ordering: ClassVar = ["n"]

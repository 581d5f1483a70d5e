"""Rows of what the ledger says there is, for lists and search; derived, and rebuilt by the index.

`number` is the short number for people (`C3`, `E12`, `T4`, `F2`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Officer(models.Model):
    """An officer of the unit, as the ledger has her."""

    id = models.CharField(primary_key=True, max_length=36)
    number = models.BigIntegerField(unique=True)
    name = models.TextField()
    role = models.TextField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """By number."""

        db_table = "officer"
        ordering: ClassVar = ["number"]


class Case(models.Model):
    """A case."""

    id = models.CharField(primary_key=True, max_length=36)
    number = models.BigIntegerField(unique=True)
    title = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=36, null=True)
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

    id = models.CharField(primary_key=True, max_length=36)
    number = models.BigIntegerField(unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="exhibits")
    title = models.TextField()
    status = models.CharField(max_length=12)
    holder = models.TextField(null=True)
    seal = models.TextField(null=True)
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
    sha256 = models.CharField(max_length=64, db_index=True)
    sha1 = models.CharField(max_length=40, null=True)
    md5 = models.CharField(max_length=32, null=True)

    class Meta:
        """In the order in which the bytes came."""

        db_table = "exhibit_content"
        ordering: ClassVar = ["id"]


class Trace(models.Model):
    """A trace that was run for a case."""

    id = models.CharField(primary_key=True, max_length=36)
    number = models.BigIntegerField(unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="traces")
    n = models.BigIntegerField()
    """Number of the entry that records it."""
    chain = models.TextField()
    policy = models.TextField()
    direction = models.CharField(max_length=10)
    result_sha256 = models.CharField(max_length=64)
    run_at = models.DateTimeField()
    run_by = models.CharField(max_length=36, null=True)

    class Meta:
        """By number."""

        db_table = "trace"
        ordering: ClassVar = ["number"]


class Finding(models.Model):
    """A finding that an officer accepted."""

    id = models.CharField(primary_key=True, max_length=36)
    number = models.BigIntegerField(unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="findings")
    n = models.BigIntegerField()
    finding_class = models.CharField(max_length=16)
    text = models.TextField()
    language = models.CharField(max_length=12)
    trace = models.CharField(max_length=36, null=True)
    accepted_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=36, null=True)

    class Meta:
        """By number."""

        db_table = "finding"
        ordering: ClassVar = ["number"]


class Bundle(models.Model):
    """A bundle that left the unit."""

    n = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="bundles")
    purpose = models.TextField()
    analysis_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        """In the order of the ledger."""

        db_table = "bundle"
        ordering: ClassVar = ["n"]

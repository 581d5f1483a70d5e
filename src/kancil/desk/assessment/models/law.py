"""A country's law and where it stands with treaties; the official texts of these."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .rounds import Country, Round


class StatuteExtract(models.Model):
    """One piece of a country's law, which serves all related articles."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="extracts")
    law = models.CharField(max_length=300)
    citation = models.CharField(max_length=300)
    """Number, gazette, date."""
    article = models.CharField(max_length=60)
    text = models.TextField()
    language = models.CharField(max_length=12)
    translation = models.TextField(blank=True, default="")
    translated_by = models.CharField(max_length=200, blank=True, default="")
    in_force_on = models.DateField(null=True)
    is_bill = models.BooleanField(default=False)
    """A draft that no parliament has passed: it is no law, and closes no gap yet."""
    source = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file it was taken from."""
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """By law and article."""

        db_table = "statute_extract"
        ordering: ClassVar = ["law", "article"]


class LegalSignature(models.Model):
    """That a lawyer admitted in the country signed the legal matrix as it then was."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="signatures")
    protocol = models.CharField(max_length=80)
    lawyer = models.CharField(max_length=200)
    admitted = models.CharField(max_length=300)
    """Where, since when, under which number."""
    matrix_sha256 = models.CharField(max_length=64)
    """Of the canonical JSON of the matrix they read; another matrix is draft again."""
    signed_on = models.DateField(null=True)
    """Null: it was recorded before the day was asked for."""
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file kept of the signed paper; empty: there is none."""
    file_name = models.CharField(max_length=255, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "legal_signature"
        ordering: ClassVar = ["-at"]


class InstrumentStatus(models.Model):
    """Where a country stands with an instrument, as of a date and by a source."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="instruments")
    instrument = models.CharField(max_length=40)
    signed_on = models.DateField(null=True)
    consent = models.CharField(max_length=20, blank=True, default="")
    """`ratified`, `acceded`, `accepted`, `approved`, `succeeded`, `none`; empty: not known."""
    consent_on = models.DateField(null=True)
    in_force_on = models.DateField(null=True)
    reservations = models.TextField(blank=True, default="")
    declarations = models.TextField(blank=True, default="")
    authorities = models.TextField(blank=True, default="")
    as_of = models.DateField()
    source = models.CharField(max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Nobody: it came with the packaged data."""
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The newest first."""

        db_table = "instrument_status"
        ordering: ClassVar = ["instrument", "-as_of"]


class RoadStep(models.Model):
    """One step on the way to ratification or to a law."""

    class Stage(models.TextChoices):
        """The words are `web.road.<value>`."""

        POLICY = "policy"
        BILL = "bill"
        COMMITTEE = "committee"
        ADOPTION = "adoption"
        DEPOSIT = "deposit"
        ENTRY_INTO_FORCE = "entry-into-force"

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="road")
    subject = models.CharField(max_length=200)
    """The instrument or the law."""
    instrument = models.CharField(max_length=40, blank=True, default="")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    owner = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        """By subject, in order."""

        db_table = "road_step"
        ordering: ClassVar = ["subject", "position", "id"]


class OfficialText(models.Model):
    """The text of an instrument as its publisher has it, brought to this site by a person."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    source = models.CharField(max_length=500)
    """Who published it, and where it was fetched."""
    sha256 = models.CharField(max_length=64)
    """Of the file, which lies in the site's store."""
    file_name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Nobody: a command on the machine."""
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The newest first."""

        db_table = "official_text"
        ordering: ClassVar = ["instrument", "-at"]


class OfficialArticle(models.Model):
    """One article of an official text."""

    text = models.ForeignKey(OfficialText, models.CASCADE, related_name="articles")
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=400, blank=True, default="")
    body = models.TextField()
    position = models.PositiveIntegerField()

    class Meta:
        """As they stand in it."""

        db_table = "official_article"
        ordering: ClassVar = ["position"]


class ComparedProvision(models.Model):
    """That a lawyer compared a provision of a protocol with the official text."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    text = models.ForeignKey(OfficialText, models.PROTECT, related_name="compared")
    lawyer = models.CharField(max_length=200)
    compared_on = models.DateField()
    differs = models.TextField(blank=True, default="")
    """What was found different; empty: nothing."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "compared_provision"
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["protocol"], name="compared_protocol")]

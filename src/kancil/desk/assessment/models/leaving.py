"""What leaves the site and comes in under a key, and the site's own record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .rounds import Round


class Release(models.Model):
    """That a named official released a document, as it was, to the programme's readers."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="releases")
    document = models.CharField(max_length=20)
    """`country`, `brief`, `comparison`: what may be shown."""
    official = models.CharField(max_length=200)
    office = models.CharField(max_length=300)
    released_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    """Of what was released; the file lies in the site's store."""
    file_name = models.CharField(max_length=120)
    figures = models.JSONField(default=dict)
    """What a regional comparison may show of it."""
    stood = models.JSONField(default=dict)
    """How the round stood when it was recorded, as `queries.stood` writes it; empty: an older one,
    of which that was not kept."""
    consent = models.CharField(max_length=500, blank=True, default="")
    """Where the country's own consent is on file: its letter, number and day; empty: an older
    release, for which nobody was asked."""
    consent_sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file of that paper; empty: none is kept here."""
    consent_name = models.CharField(max_length=120, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "release"
        ordering: ClassVar = ["-at"]


class KnownKey(models.Model):
    """A key under which a colleague's laptop signs the files it sends."""

    fingerprint = models.CharField(primary_key=True, max_length=60)
    public_raw = models.CharField(max_length=64)
    """Hex of the 32 bytes."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="keys")
    """Whose answers files under it may bring."""
    compared_how = models.CharField(max_length=300)
    """By which other road its fingerprint was compared."""
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """By person."""

        db_table = "known_key"
        ordering: ClassVar = ["person__name"]


class Act(models.Model):
    """That somebody did something: the site's own record, which no page changes."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Nobody: a command on the machine."""
    kind = models.CharField(max_length=40)
    """`round.opened`, `answer.given`, `release.recorded` …; the words are `web.acted.<kind>`."""
    country = models.CharField(max_length=3, blank=True, default="")
    round = models.CharField(max_length=36, blank=True, default="")
    about = models.CharField(max_length=200, blank=True, default="")
    """Indicator, item or document; never what an interview says."""
    details = models.JSONField(default=dict)

    class Meta:
        """The newest first."""

        db_table = "programme_act"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["round"], name="programme_act_round")]

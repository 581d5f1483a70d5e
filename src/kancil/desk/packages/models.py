"""Tables of received packages and of the sites' keys. No package is changed or removed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person


class SiteKey(models.Model):
    """A key that is trusted to sign for one site, since somebody compared its fingerprint."""

    fingerprint = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    """Whose it is, in this site's words."""
    kind = models.CharField(max_length=12)
    """`unit`, `programme` or `classroom`."""
    country = models.CharField(max_length=2)
    """ISO 3166-1 alpha-2."""
    compared_how = models.CharField(max_length=300)
    """By which other channel its fingerprint was compared."""
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """By name."""

        db_table = "site_key"
        ordering: ClassVar = ["name", "added_at"]


class ReceivedPackage(models.Model):
    """A package, to the byte, with what the list asks of it."""

    id = models.CharField(primary_key=True, max_length=36)
    """As the package states it."""
    site_key = models.ForeignKey(SiteKey, models.PROTECT, related_name="packages")
    schema = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField()
    made_at = models.DateTimeField()
    supersedes = models.CharField(max_length=36, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    data = models.TextField()
    """The signed file."""
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        """The newest period first."""

        db_table = "received_package"
        ordering: ClassVar = ["-until", "site_key__name", "-made_at"]

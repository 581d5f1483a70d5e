"""Whom the programme works with: organisations, and adults who take part in activities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .imports import ImportBatch


class Organisation(models.Model):
    """A beneficiary agency, a partner, or both."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="organisations")
    """Null: regional or international."""
    kind = models.CharField(max_length=24)
    """`programme.vocabulary.OrganisationKind`."""
    is_beneficiary = models.BooleanField(default=True)
    is_partner = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    """Counts how often it was written anew: of two who write at once, the second is told."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By name."""

        db_table = "organisation"
        ordering: ClassVar = ["name"]


class Participant(models.Model):
    """An adult who takes part, with what is needed to invite and to count them, and no more.

    A child never is a row: children are head counts of an activity. Who asked to be forgotten has
    neither name, office, address nor organisation here; sex, role, country and age band stay, so
    that counts stay right.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200, blank=True, default="")
    name_folded = models.CharField(max_length=400, blank=True, default="")
    """As it is looked for (`ground.folding`); kept with the name."""
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="participants")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="participants"
    )
    office = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    sex = models.CharField(max_length=12, default="not-stated")
    """`programme.vocabulary.Sex`."""
    age_band = models.CharField(max_length=12, default="not-stated")
    """`programme.vocabulary.AgeBand`; adults only."""
    role = models.CharField(max_length=24, default="other")
    """`programme.vocabulary.Profession`: police, prosecutor, judge …"""
    consent_on = models.DateField(null=True)
    consent_to = models.CharField(max_length=500, blank=True, default="")
    """To what, and how it was given."""
    restricted_at = models.DateTimeField(null=True)
    """Asked to be forgotten, and a grant's audit term still runs: shown to nobody but for audit."""
    restricted_until = models.DateField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    """The row of the same person that stands; counts take the two for one."""
    version = models.PositiveIntegerField(default=1)
    """Counts how often it was written anew: of two who write at once, the second is told."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By name."""

        db_table = "participant"
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["country", "name"], name="participant_by_country"),
            models.Index(fields=["email"], name="participant_by_email"),
            models.Index(fields=["name_folded"], name="participant_by_folded"),
        ]

    @property
    def shown_name(self) -> str:
        """The name as pages and files have it: none of whoever asked to be forgotten."""
        return "" if self.restricted_at else self.name

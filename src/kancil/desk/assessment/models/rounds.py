"""Countries, and rounds of them: who takes part, who answers, whom one spoke with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.country_names import country_named
from kancil.ground.ids import new_id


class Country(models.Model):
    """A country of the programme, or an invented one for practice."""

    code = models.CharField(primary_key=True, max_length=3)
    """ISO 3166-1 alpha-3; an invented one begins with X."""
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=40)
    is_invented = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        db_table = "country"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def shown_name(self) -> str:
        """Its UN name, in the spoken language; an invented one as it was named here."""
        return self.name if self.is_invented else country_named(self.code) or self.name


class FocalCountry(models.Model):
    """A country that a focal point, a ministry or a donor reader may see."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="focal_countries")
    country = models.ForeignKey(Country, models.PROTECT, related_name="focal_points")
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a person and country."""

        db_table = "focal_country"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "country"], name="focal_country_once")
        ]


class ProtocolFile(models.Model):
    """A protocol as this site uses it, kept to the byte: last year's result comes out again."""

    name = models.CharField(primary_key=True, max_length=80)
    """`capability-2026.2`."""
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    shape = models.CharField(max_length=16)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        db_table = "protocol_file"
        ordering: ClassVar = ["name"]


class Round(models.Model):
    """One assessment of a country in a period, by a team, on one or more protocols."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=200)
    scope = models.TextField(blank=True, default="")
    period_from = models.DateField()
    period_to = models.DateField()
    protocols = models.ManyToManyField(ProtocolFile, related_name="rounds")
    instruments = models.JSONField(default=list)
    """Ids of the instruments whose provisions it asks; empty: those of all its protocols."""
    older = models.ForeignKey("self", models.PROTECT, null=True, related_name="newer")
    """The round it is compared with."""
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When the team lead closed it; nothing is answered after."""
    closed_as = models.CharField(max_length=16, blank=True, default="")
    """`assessment.voice.ClosedAs`; empty: it is open, or was closed before this was kept."""

    class Meta:
        """The newest first."""

        db_table = "round"
        ordering: ClassVar = ["-period_to", "-opened_at"]


class Part(models.TextChoices):
    """What a person does in a round; the words are `web.part.<value>`."""

    LEAD = "lead"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    """Reads and comments; sees no interview."""


class TeamMember(models.Model):
    """A person's part in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rounds")
    part = models.CharField(max_length=10, choices=Part.choices)
    areas = models.JSONField(default=list)
    """Areas they owe answers for, `protocol:area`; empty: all."""
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a round and person."""

        db_table = "team_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "person"], name="team_member_once")
        ]


class Respondent(models.Model):
    """An institution that answers in a round; never a person's name."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="respondents")
    organisation = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)
    office = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """By organisation."""

        db_table = "respondent"
        ordering: ClassVar = ["organisation"]


class Interview(models.Model):
    """An interview: only its author and the team lead ever see what stands here."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="interviews")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    held_on = models.DateField()
    people_count = models.PositiveIntegerField()
    group = models.CharField(max_length=200)
    """Whom, in words that name nobody."""
    consent = models.CharField(max_length=500)
    """How consent was given, and to what."""
    notes = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "interview"
        ordering: ClassVar = ["-held_on"]

"""Activities: what is done, for whom, when, who pays, and what is left behind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.assessment.models import Country, PlanItem
from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .books import Organisation, Participant
from .imports import ImportBatch
from .money import Grant


class Activity(models.Model):
    """A training, workshop, conference, study, mission, mentorship, handover or campaign."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    """Short, such as `2026-SEA-014`; the organisation's ledger and IATI files use it."""
    kind = models.CharField(max_length=24)
    """`programme.vocabulary.ActivityKind`."""
    title = models.CharField(max_length=300)
    purpose = models.TextField(blank=True, default="")
    countries = models.ManyToManyField(Country, related_name="activities")
    """For which it is."""
    region = models.CharField(max_length=40, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    is_online = models.BooleanField(default=False)
    begins_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, default="planned")
    """`programme.vocabulary.ActivityState`."""
    state_reason = models.CharField(max_length=500, blank=True, default="")
    """Why it was postponed or cancelled."""
    output = models.ForeignKey("ResultNode", models.PROTECT, null=True, related_name="activities")
    """The output of the results framework that it delivers."""
    plan_items = models.ManyToManyField(PlanItem, related_name="activities")
    """Items of countries' plans that it answers; their due diligence travels with it."""
    officer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    """Who is responsible for it."""
    counterpart = models.CharField(max_length=300, blank=True, default="")
    """The office of the country's side."""
    to_security_forces = models.BooleanField(default=False)
    gender_marker = models.CharField(max_length=2, blank=True, default="")
    """UN gender marker: `0`, `1`, `2a`, `2b`."""
    sdg_targets = models.JSONField(default=list)
    report = models.TextField(blank=True, default="")
    outcome_statement = models.TextField(blank=True, default="")
    """Of a conference: what delegations agreed."""
    version = models.PositiveIntegerField(default=1)
    """Counts each change, so that two editors lose nothing."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The next to come last."""

        db_table = "activity"
        ordering: ClassVar = ["begins_on", "code"]
        indexes: ClassVar = [models.Index(fields=["state", "begins_on"], name="activity_by_state")]


class Funding(models.Model):
    """The share of an activity that a grant pays; together they are the whole."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="funding")
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="funding")
    share_bp = models.PositiveIntegerField()
    """In hundredths of a percent."""

    class Meta:
        """One an activity and grant."""

        db_table = "activity_funding"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "grant"], name="activity_funding_once")
        ]


class EarmarkOverride(models.Model):
    """That somebody lets a grant pay for an activity outside its earmark; the newest counts."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="overrides")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="overrides")
    why = models.JSONField(default=list)
    """What was outside when it was decided."""
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest last."""

        db_table = "earmark_override"
        ordering: ClassVar = ["at", "id"]


class ActivityDiligence(models.Model):
    """Human Rights Due Diligence of an activity that answers no item of a plan."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="diligence")
    risk = models.TextField()
    mitigation = models.TextField()
    decision = models.CharField(max_length=24)
    """As of a plan's item: `proceed`, `proceed-with-conditions`, `refuse`."""
    decided_by = models.CharField(max_length=200)
    review_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "activity_diligence"
        ordering: ClassVar = ["-at"]


class AgendaItem(models.Model):
    """One session of an agenda."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="agenda")
    day = models.DateField()
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    title = models.CharField(max_length=300)
    speaker = models.CharField(max_length=300, blank=True, default="")
    """Name and office of who speaks publicly, or the office alone."""
    position = models.PositiveIntegerField(default=0)

    class Meta:
        """In order."""

        db_table = "agenda_item"
        ordering: ClassVar = ["day", "begins", "position", "id"]


class Delegation(models.Model):
    """A country's or organisation's delegation to a conference, or its places at a training."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="delegations")
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    places = models.PositiveIntegerField(default=1)
    head = models.CharField(max_length=200, blank=True, default="")
    """The office that leads it."""
    invited_on = models.DateField(null=True)
    answer_by = models.DateField(null=True)
    answer = models.CharField(max_length=12, blank=True, default="")
    """`accepted`, `declined`; empty: not answered."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By country."""

        db_table = "delegation"
        ordering: ClassVar = ["country__name", "id"]

    @property
    def name(self) -> str:
        """Of the country or organisation."""
        return self.country.shown_name if self.country else getattr(self.organisation, "name", "")


class FollowUp(models.Model):
    """What was agreed to be done after an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="follow_up")
    what = models.CharField(max_length=500)
    owner = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    outcome = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Open ones first."""

        db_table = "follow_up"
        ordering: ClassVar = ["done_on", "due_on", "id"]


class Document(models.Model):
    """A file of an activity: material, report, picture, outcome statement."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24)
    """`programme.vocabulary.DocumentKind`."""
    title = models.CharField(max_length=300)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    """In the site's store."""
    is_public = models.BooleanField(default=False)
    """Whether it may go into reports and IATI files."""
    withdrawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "activity_document"
        ordering: ClassVar = ["-at"]


class Placement(models.Model):
    """A mentor beside an organisation, for agreed aims."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="placements")
    mentor = models.ForeignKey(Participant, models.PROTECT, related_name="placements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="placements")
    begins_on = models.DateField()
    ends_on = models.DateField()
    aims = models.JSONField(default=list)
    """Agreed with the organisation, in its words."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By beginning."""

        db_table = "placement"
        ordering: ClassVar = ["begins_on", "id"]


class Visit(models.Model):
    """A mentor's visit: what was done, and how far each aim is."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="visits")
    visited_on = models.DateField()
    log = models.TextField()
    """Never what a case holds."""
    progress = models.JSONField(default=list)
    """`none`, `some`, `reached` for each aim, in their order."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By day."""

        db_table = "mentor_visit"
        ordering: ClassVar = ["visited_on", "id"]


class Handover(models.Model):
    """Equipment handed over: to whom, of what worth."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="handovers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="handovers")
    what = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField(default=1)
    serials = models.TextField(blank=True, default="")
    worth_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    handed_on = models.DateField()
    received_by = models.CharField(max_length=200)
    """An office."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By day."""

        db_table = "handover"
        ordering: ClassVar = ["handed_on", "id"]


class UseCheck(models.Model):
    """Whether what was handed over is in use, 6 and 12 months after."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="checks")
    months = models.PositiveIntegerField()
    checked_on = models.DateField()
    in_use = models.PositiveIntegerField()
    """How many of its quantity."""
    note = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By month; a later check of the same month stands after."""

        db_table = "use_check"
        ordering: ClassVar = ["months", "id"]

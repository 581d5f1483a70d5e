"""Who takes part: registrations, marks of attendance, head counts, evaluations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .activities import Activity, Delegation
from .books import Participant
from .imports import ImportBatch


class Participation(models.Model):
    """That somebody takes part in an activity, and as what."""

    id = models.BigAutoField(primary_key=True)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="participations")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="participations")
    part = models.CharField(max_length=12, default="participant")
    """`programme.vocabulary.Part`."""
    state = models.CharField(max_length=12, default="registered")
    """`programme.vocabulary.RegistrationState`."""
    delegation = models.ForeignKey(Delegation, models.SET_NULL, null=True, related_name="members")
    badge = models.CharField(max_length=36, default=new_id, unique=True)
    """Random; the QR code of a badge holds it alone."""
    registered_how = models.CharField(max_length=12, default="desk")
    """`desk`, `focal-point`, `import`, `form-host`."""
    days_attended = models.PositiveIntegerField(default=0)
    """Days with a mark that stands; kept by whatever changes marks."""
    attended = models.BooleanField(default=False)
    """Whether there is a mark that stands, or a past activity's list says so."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One an activity and participant."""

        db_table = "participation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "participant"], name="participation_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["activity", "attended"], name="participation_attended")
        ]


class EventDevice(models.Model):
    """A telephone or laptop prepared to mark attendance at the door of one activity."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="devices")
    name = models.CharField(max_length=100)
    """Whose, or which: *Lea's telephone*."""
    key_sha256 = models.CharField(max_length=64)
    """Of the key that the page holds; what it uploads is signed by it (HMAC)."""
    key_hex = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    """The list under its PIN, until the device has opened it, it is revoked, or its hours end."""

    class Meta:
        """The newest first."""

        db_table = "event_device"
        ordering: ClassVar = ["-prepared_at"]


class Mark(models.Model):
    """That somebody was there on a day, as one device or sheet says; never changed."""

    id = models.CharField(primary_key=True, max_length=36)
    """A UUID that the device made; the same mark uploaded twice is one."""
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="marks")
    day = models.DateField()
    marked_at = models.DateTimeField()
    """By the device's clock."""
    how = models.CharField(max_length=12)
    """`badge`, `name`, `sheet`, `desk`."""
    device = models.ForeignKey(EventDevice, models.PROTECT, null=True, related_name="marks")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    """Who uploaded it."""
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """By day."""

        db_table = "attendance_mark"
        ordering: ClassVar = ["day", "marked_at"]
        indexes: ClassVar = [models.Index(fields=["participation", "day"], name="mark_by_day")]


class HeadCount(models.Model):
    """People who were counted, not listed: children, parents, the public."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="head_counts")
    series = models.CharField(max_length=120)
    """The series of sessions in which each is counted once, such as *School 7, spring*."""
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    who = models.CharField(max_length=24)
    """`programme.vocabulary.Audience`: children, parents, teachers, public …"""
    sex = models.CharField(max_length=12, default="not-stated")
    age_band = models.CharField(max_length=12, default="not-stated")
    """`programme.vocabulary.AudienceAge`."""
    count = models.PositiveIntegerField()
    counted_on = models.DateField()
    how = models.CharField(max_length=300)
    """How they were counted, and by whom."""
    replaced_at = models.DateTimeField(null=True)
    """When a corrected count took its place."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """By day."""

        db_table = "head_count"
        ordering: ClassVar = ["counted_on", "id"]


class EvaluationForm(models.Model):
    """The questions of an evaluation, at one moment after an activity."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="evaluations")
    moment = models.CharField(max_length=12)
    """`at-once`, `3-months`, `6-months`."""
    questions = models.JSONField(default=list)
    """As `programme.evaluation` writes them."""
    due_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One an activity and moment."""

        db_table = "evaluation_form"
        ordering: ClassVar = ["due_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "moment"], name="evaluation_form_once")
        ]


class EvaluationAnswer(models.Model):
    """One sheet of answers; nobody's name stands on it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    form = models.ForeignKey(EvaluationForm, models.PROTECT, related_name="answers")
    given = models.JSONField(default=dict)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    """Who took it in."""
    at = models.DateTimeField()

    class Meta:
        """By when it came in."""

        db_table = "evaluation_answer"
        ordering: ClassVar = ["at", "id"]

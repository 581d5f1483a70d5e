"""Certificates, lists of revoked ones, evaluation, mentoring, and packages of classes.

Who acted stands here by name, as on the certificate: the account may be removed later. Evaluation
sheets bear no name and no hour; that somebody has handed one in stands apart from what it says.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.ground.ids import new_id

from .classes import Enrolment, TrainingClass


class MarksConsent(models.Model):
    """Whether a trainee wants the points stated on the certificate; without a row: no."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="marks_consent")
    is_given = models.BooleanField()
    stated_at = models.DateTimeField()

    class Meta:
        """One a trainee and class."""

        db_table = "training_marks_consent"


class IssuedCertificate(models.Model):
    """A certificate that was given to a trainee; it is changed by nothing but a revocation.

    Who has had one is given another only by an act that names the reason.
    """

    id = models.CharField(primary_key=True, max_length=36)
    """As the credential has it."""
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    credential = models.TextField()
    """The signed credential."""
    achievement = models.CharField(max_length=8, default="taken")
    """Of `training.badges.certificate.Achievement`; `taken`: of older ones."""
    again_because = models.CharField(max_length=1000, blank=True, default="")
    """Why it was given after one that was revoked; empty: it is the first."""
    issued_by = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    revoked_on = models.DateField(null=True)
    revoked_why = models.CharField(max_length=16, blank=True, default="")
    """A code of `training.badges.revocations`."""
    revoked_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """The first one first; one that is not revoked a trainee and class."""

        db_table = "training_certificate"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(revoked_on=None),
                name="certificate_standing_once",
            )
        ]


class RevocationList(models.Model):
    """A signed list of all that was revoked until then."""

    number = models.PositiveIntegerField(primary_key=True)
    data = models.TextField()
    """The signed file."""
    made_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "training_revocations"
        ordering: ClassVar = ["-number"]


class EvaluationSheet(models.Model):
    """What one sheet says, with no name."""

    id = models.CharField(primary_key=True, max_length=32)
    """Random, so that the order of rows tells nothing of who wrote when."""
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="sheets")
    form = models.CharField(max_length=40)
    answers = models.JSONField()

    class Meta:
        """By its random id."""

        db_table = "training_sheet"
        ordering: ClassVar = ["id"]


class SheetDone(models.Model):
    """That a trainee has handed in a form, whichever sheet it was."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sheets_done")
    form = models.CharField(max_length=40)

    class Meta:
        """Once a trainee and form."""

        db_table = "training_sheet_done"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "form"], name="sheet_done_once")
        ]


class MentoringNote(models.Model):
    """One hour of mentoring: who, when, on what, and what was agreed. It stays in the classroom."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="mentoring")
    on = models.DateField()
    mentor = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField()
    topic = models.CharField(max_length=20)
    """Of `training.evaluation.MENTORING_TOPICS`."""
    agreed = models.TextField(blank=True, default="")
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "training_mentoring"
        ordering: ClassVar = ["on", "id"]


class ClassTally(models.Model):
    """How many of which sex, profession, agency and country took part, as a trainer counted."""

    training_class = models.OneToOneField(TrainingClass, models.PROTECT, related_name="tally")
    counts = models.JSONField()
    """`sex`, `role`, `agency`, `country`: numbers by code; no person has a row."""
    counted_by = models.CharField(max_length=200)
    counted_at = models.DateTimeField()

    class Meta:
        """One a class."""

        db_table = "training_tally"


class ClassPackage(models.Model):
    """A package of a class's results: a draft until another trainer reviewed it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="packages")
    to = models.CharField(max_length=200)
    tables = models.JSONField()
    """As they were shown to whoever made it."""
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    supersedes = models.CharField(max_length=36, blank=True, default="")
    reviewed_by = models.CharField(max_length=200, blank=True, default="")
    data = models.TextField(blank=True, default="")
    """The signed file; empty: a draft."""

    class Meta:
        """The newest first."""

        db_table = "training_package"
        ordering: ClassVar = ["-made_at", "-id"]

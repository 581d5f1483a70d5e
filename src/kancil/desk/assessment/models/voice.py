"""What people write of a round: comments and replies, sign-off, the texts of its report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .answers import Answer, EvidenceItem
from .rounds import Round


class CommentTerm(models.Model):
    """That the team asked the country to comment by a day; a newer one stands after."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="terms")
    due_on = models.DateField()
    """The last day."""
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The newest first."""

        db_table = "comment_term"
        ordering: ClassVar = ["-at"]


class Comment(models.Model):
    """What a reviewer, the focal point or a ministry says of an answer or of a text of the report.

    It is never changed; the team's replies stand after it.
    """

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="comments")
    protocol = models.CharField(max_length=80, blank=True, default="")
    indicator = models.CharField(max_length=60, blank=True, default="")
    section = models.CharField(max_length=160, blank=True, default="")
    """Of the report, as `Narrative.section`; empty: it is of an answer."""
    kind = models.CharField(max_length=12)
    """`comment`, `correction`, `evidence`."""
    text = models.TextField()
    office = models.CharField(max_length=200, blank=True, default="")
    """For whom it speaks, as it was then."""
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    """The answer that stood when it was written."""
    evidence = models.ManyToManyField(EvidenceItem, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The older first."""

        db_table = "comment"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["round", "protocol"], name="comment_round")]


class CommentReply(models.Model):
    """The team's answer to a comment; a newer one stands after."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="replies")
    outcome = models.CharField(max_length=12)
    """`corrected`, `noted`, `not-accepted`."""
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The older first."""

        db_table = "comment_reply"
        ordering: ClassVar = ["at", "id"]


class SignOff(models.Model):
    """That a named official of the country signed a round off as it then stood."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="sign_offs")
    official = models.CharField(max_length=200)
    office = models.CharField(max_length=300)
    signed_on = models.DateField()
    stood_sha256 = models.CharField(max_length=64)
    """Of all that stood; once something else stands, it counts no more."""
    parts = models.JSONField(null=True)
    """Digest of each part that was signed, by `voice.part_key`; null: `stood_sha256` is of
    answers, comments and replies alone."""
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of the file kept of the signed paper; empty: there is none."""
    file_name = models.CharField(max_length=255, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        db_table = "sign_off"
        ordering: ClassVar = ["-at"]


class Narrative(models.Model):
    """A text of a report, written by a named person; a newer one stands over it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="narratives")
    """Null: it is of a study over many countries."""
    study = models.CharField(max_length=80, blank=True, default="")
    """The protocol of that study; empty: it is of a round."""
    section = models.CharField(max_length=160)
    """`situation`, `area/capability-2026.2/law`, `question/Q12`."""
    kind = models.CharField(max_length=16)
    """`narrative`, `finding`, `recommendation`."""
    language = models.CharField(max_length=12, blank=True, default="")
    """Of the text, `ar`; empty: it was written before languages were kept."""
    text = models.TextField(blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The older first."""

        db_table = "narrative"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["round", "is_latest"], name="narrative_round"),
            models.Index(fields=["study", "is_latest"], name="narrative_study"),
        ]

"""Answers, the evidence they rest on, and how two of them were settled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person
from kancil.ground.ids import new_id

from .law import StatuteExtract
from .rounds import Interview, Round


class EvidenceItem(models.Model):
    """One thing that answers rest on; its file, if any, lies in the site's store by its digest."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="evidence")
    grade = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    """`document`, `data`, `statute`, `bill`, `interview`, `observation`."""
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=500, blank=True, default="")
    dated = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size_bytes = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=255, blank=True, default="")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="evidence")
    """Whose record it is; null for one that came in by a file, which never carries interviews."""
    extract = models.ForeignKey(StatuteExtract, models.PROTECT, null=True, related_name="evidence")
    withheld = models.CharField(max_length=300, blank=True, default="")
    """Why it is withheld from reports; empty: it is not."""
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """By grade and title."""

        db_table = "evidence_item"
        ordering: ClassVar = ["grade", "title"]


class Answer(models.Model):
    """What one assessor said of one indicator; a newer one of theirs stands beside it."""

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="answers")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    author = models.ForeignKey(Person, models.PROTECT, related_name="answers")
    author_key = models.CharField(max_length=60, blank=True, default="")
    """Fingerprint of the key that signed the file it came in by; empty: given on this site."""
    given = models.JSONField(null=True)
    """`{"kind", "value", "reason"}` or null."""
    parts = models.JSONField(default=dict)
    confidence = models.CharField(max_length=8)
    comment = models.TextField(blank=True, default="")
    evidence = models.ManyToManyField(EvidenceItem, related_name="answers")
    at = models.DateTimeField()
    """When it was given, by the clock of the machine it was given on."""
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    """The author's answer that it was written over; two that follow the same one are a conflict."""
    also = models.JSONField(default=list)
    """Ids of further answers of theirs that it stands over too: how they ended a conflict."""
    is_latest = models.BooleanField(default=True)
    """No answer of the author's stands over it; two that are latest are a conflict."""
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    """The answer to a provision that asks the same, from which it was carried over."""

    class Meta:
        """The older first."""

        db_table = "answer"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["round", "protocol", "is_latest"], name="answer_latest")
        ]


class Settlement(models.Model):
    """That two assessors agreed on an answer, recorded their dispute, or opened it again."""

    class Kind(models.TextChoices):
        """What was settled; the words are `web.settlement.<value>`."""

        AGREED = "agreed"
        DISPUTED = "disputed"
        REOPENED = "reopened"

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="settlements")
    protocol = models.CharField(max_length=80)
    indicator = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    covers = models.JSONField(default=list)
    """Ids of the answers that stood when it was made; once others stand, it counts no more."""
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta:
        """The older first."""

        db_table = "settlement"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["round", "protocol", "is_latest"], name="settlement_latest")
        ]

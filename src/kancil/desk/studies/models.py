"""Findings that are being written: rows of the desk, in no ledger until an officer accepts one.

What was written is never changed: each save is a version of its own, and the newest one counts.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person


class DraftState(models.TextChoices):
    """Where a draft stands; the words are `web.draft-state.<value>`."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SET_ASIDE = "set-aside"


class FindingDraft(models.Model):
    """A finding that members of a case are writing."""

    case_id = models.TextField(db_index=True)
    """Id of the case."""
    number = models.IntegerField()
    """Its number within the case, for people: `D2`."""
    state = models.CharField(max_length=16, choices=DraftState.choices, default=DraftState.OPEN)
    version = models.IntegerField()
    """Number of the newest version."""
    finding = models.TextField(null=True)
    """Id of the finding it became."""

    class Meta:
        """By number within the case."""

        db_table = "finding_draft"
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "number"], name="finding_draft_once")
        ]


class FindingVersion(models.Model):
    """What a draft said from one save to the next."""

    draft = models.ForeignKey(FindingDraft, models.CASCADE, related_name="versions")
    version = models.IntegerField()
    trace = models.TextField()
    """Id of the trace or other study it rests on."""
    table = models.TextField(default="", blank=True)
    """Table of the study; empty: a trace, whose transfers are meant."""
    finding_class = models.CharField(max_length=16)
    row = models.BigIntegerField()
    """Row of that table."""
    label_number = models.BigIntegerField()
    """For an attribution: number of the label in the trace."""
    remark = models.TextField(blank=True)
    """What the officer says of it in their own words."""
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        """The first one first."""

        db_table = "finding_version"
        ordering: ClassVar = ["draft_id", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "version"], name="finding_version_once")
        ]


class Watch(models.Model):
    """An address or cluster of a chain that somebody watches: in no ledger, and never deleted."""

    number = models.IntegerField(unique=True)
    """For people: `W2`."""
    chain = models.TextField(db_index=True)
    """Name of the chain."""
    address = models.TextField()
    """As it was typed: an address, or a public key in hex."""
    is_cluster = models.BooleanField()
    """Whether all addresses of its multi-input cluster are watched."""
    case_id = models.TextField(null=True, db_index=True)
    """Id of the case it belongs to, to whose members alone it is told; None: the unit's."""
    reason = models.TextField()
    legal_basis = models.TextField()
    by = models.TextField()
    """Who began it: an officer's id, or an account's name where it has no officer."""
    since = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    """When what is new was told last."""
    cluster_addresses = models.IntegerField(null=True)
    """Addresses of its cluster as last made, where not all could be taken; None: none was left."""
    is_too_wide = models.BooleanField(default=False)
    """Whether so many transactions touch it that they are no longer looked for."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """By number."""

        db_table = "watch"
        ordering: ClassVar = ["number"]


class WatchScript(models.Model):
    """A script that a watch is about: one, or those of a cluster as it was when last made."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="scripts")
    kind = models.SmallIntegerField()
    """`ScriptKind`."""
    payload = models.TextField()
    """Hex."""
    since = models.DateTimeField()

    class Meta:
        """Once in a watch."""

        db_table = "watch_script"
        ordering: ClassVar = ["watch_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["watch", "kind", "payload"], name="watch_script_once")
        ]


class TouchChange(models.TextChoices):
    """What is to be told of a transaction; the words are `name.touch-<value>`."""

    BEFORE = "before"
    """It was in the chain when the watch began: nothing is told of it."""
    NEW = "new"
    GONE = "gone"
    """Its block is no longer in the chain."""
    BACK = "back"
    MOVED = "moved"
    """It stands in another block than was told."""
    AMOUNTS = "amounts"
    """More is known of what it pays or spends."""


class WatchTouch(models.Model):
    """A transaction that touches what is watched, kept also when its block is gone."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="touches")
    txid = models.TextField()
    block = models.TextField(blank=True)
    """Hash of its block; empty for a loose transaction."""
    height = models.IntegerField(null=True)
    time = models.BigIntegerField(null=True)
    """Seconds since 1970, by the miner's clock."""
    in_sat = models.BigIntegerField()
    out_sat = models.BigIntegerField()
    change = models.CharField(max_length=16, choices=TouchChange.choices)
    """The last thing that happened to it."""
    is_gone = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    """When its last change was told; None: not yet."""

    class Meta:
        """In the order found."""

        db_table = "watch_touch"
        ordering: ClassVar = ["watch_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["watch", "txid"], name="watch_touch_once")
        ]

"""The one table of background work: a row is a task, from when it was asked for to how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kancil.desk.people.models import Person


class State(models.TextChoices):
    """Where a task stands; the words are `web.task-state.<value>`."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Task(models.Model):
    """One piece of work that somebody asked for."""

    id = models.CharField(primary_key=True, max_length=36)
    """UUIDv7, so that ids are in the order of asking."""
    name = models.CharField(max_length=60)
    """Name of the work: `ingest`."""
    parameters = models.JSONField()
    case_id = models.CharField(max_length=36, null=True, db_index=True)
    """Case it belongs to; None: the unit's."""
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    authenticated_by = models.TextField()
    """How whoever asked was recognised then: what entries signed for them state."""
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    run_after = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    """Rises with each start, and fences: only the newest attempt may write how it ended."""
    tries_left = models.PositiveSmallIntegerField()
    workers = models.JSONField(default=list)
    """Names of the workers that started it, one an attempt."""
    lease_until = models.DateTimeField(null=True)
    """When a worker that has not been heard of is taken for dead."""
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=60, blank=True, default="")
    """Key of what is going on: `progress.bitcoin-read`."""
    unit = models.CharField(max_length=30, blank=True, default="")
    done_units = models.BigIntegerField(default=0)
    total_units = models.BigIntegerField(null=True)
    """None: not known."""
    result = models.JSONField(null=True)
    """What it gives, for the page: names and plain values."""
    error = models.JSONField(null=True)
    """Code and parameters of the error it last met."""

    class Meta:
        """In the order of asking."""

        db_table = "work_task"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["state", "run_after"], name="work_task_next")]

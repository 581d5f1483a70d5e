"""What pages read of background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from kancil.desk.base.opening import current_workspace
from kancil.desk.people.queries import Person, case_ids_of
from kancil.ground import clock
from kancil.ground.workspace import Site

from .models import State, Task

__all__ = ["State", "Task"]  # rows, to be read

OPEN = (State.WAITING, State.RUNNING)
_STALLED = timedelta(seconds=60)
_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do in the whole unit."""

    running: int
    waiting: int
    is_stalled: bool
    """Something has waited for a minute and nothing runs: there may be no worker."""


def visible(person: Person) -> QuerySet[Task]:
    """Find the tasks a person may know of: of their cases, and the unit's own.

    On a programme's site they are those that the person asked for.
    """
    if current_workspace().site is Site.PROGRAMME:
        return Task.objects.filter(asked_by=person).select_related("asked_by")
    mine = Q(case_id__isnull=True) | Q(case_id__in=case_ids_of(person))
    return Task.objects.filter(mine).select_related("asked_by")


def open_tasks(person: Person) -> list[Task]:
    """List what runs and what waits, as far as the person may know, in order."""
    return list(visible(person).filter(state__in=OPEN).order_by("id"))


def ended_tasks(person: Person, asked: str | None, rows: int) -> Page[Task]:
    """A part of what has ended, the newest first; `asked`: number of the part."""
    found = visible(person).exclude(state__in=OPEN).order_by("-ended_at", "-id")
    return Paginator(found, rows).get_page(asked)


def tasks_after(person: Person, before: str, rows: int) -> list[Task]:
    """List what one may know of, the newest first; `before`: id of the last one got, or empty."""
    found = visible(person).order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:rows])


def find_task(person: Person, task_id: str) -> Task | None:
    """Find a task the person may know of."""
    return visible(person).filter(id=task_id[:36]).first()


def last_task(person: Person, name: str, **given: Any) -> Task | None:
    """Find the newest task of a work with these parameters, as far as the person may know."""
    return _newest(visible(person).filter(name=name), given)


def last_task_of_all(name: str, **given: Any) -> Task | None:
    """The same, whoever asked; for pages of what it is about, to those who see that."""
    return _newest(Task.objects.select_related("asked_by").filter(name=name), given)


def _newest(tasks: QuerySet[Task], given: dict[str, Any]) -> Task | None:
    for task in tasks.order_by("-id")[:_LOOKED_THROUGH]:
        if all(task.parameters.get(key) == value for key, value in given.items()):
            return task
    return None


def is_silent(task: Task) -> bool:
    """Whether the worker of a running task has not been heard of for its whole lease."""
    until = task.lease_until
    return task.state == State.RUNNING and until is not None and until < clock.now()


def load() -> Load:
    """Count what the whole unit has to do."""
    running = Task.objects.filter(state=State.RUNNING)
    is_alive = running.filter(lease_until__gte=clock.now()).exists()
    waiting = Task.objects.filter(state=State.WAITING)
    old = waiting.filter(run_after__lt=clock.now() - _STALLED).exists()
    return Load(running.count(), waiting.count(), old and not is_alive)

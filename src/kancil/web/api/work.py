"""Background work: what runs, waits and has ended, as far as one may know; and cancelling it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.jobs.actions import cancel_task as cancel_it
from kancil.desk.jobs.queries import Task, find_task, tasks_after
from kancil.desk.jobs.uploads import remove_sent
from kancil.ground.phrase import from_json
from kancil.ground.words import render
from kancil.web.page import ACTING, EVERYONE, HEADS

from .fields import FEW, Limit, Moment, Name, moment
from .operation import Asker, operation

_NOBODYS = "01900000-0000-7000-8000-000000000000"
_TASK = {"task": _NOBODYS}


class TaskError(Schema):
    """What a task met."""

    error: str
    sentence: str
    next: str


class TaskAnswer(Schema):
    """A piece of background work."""

    id: str
    name: str
    state: str = Field(description="waiting, running, done, failed or cancelled.")
    case: str | None = Field(description="Id of its case; null: the unit's own work.")
    asked_by: str
    asked_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    is_stopping: bool
    stage: str
    done_units: str
    total_units: str | None = Field(description="Null: not known.")
    unit: str
    result: dict[str, Any] | None
    met: TaskError | None


class TasksAnswer(Schema):
    """A part of the tasks, the newest first."""

    items: list[TaskAnswer]
    next: str | None = Field(description="`before` of the next part; null: this is the last.")


def _time(when: datetime | None) -> str | None:
    return None if when is None else moment(when)


def task_shown(task: Task) -> dict[str, Any]:
    """A task for an answer."""
    return {
        "id": task.id,
        "name": task.name,
        "state": str(task.state),
        "case": task.case_id,
        "asked_by": task.asked_by.name,
        "asked_at": moment(task.asked_at),
        "started_at": _time(task.started_at),
        "ended_at": _time(task.ended_at),
        "is_stopping": task.cancel_asked,
        "stage": task.stage,
        "done_units": str(task.done_units),
        "total_units": None if task.total_units is None else str(task.total_units),
        "unit": task.unit,
        "result": task.result,
        "met": _met(task.error),
    }


def _met(error: dict[str, Any] | None) -> dict[str, str] | None:
    if not error:
        return None
    code, params = str(error["code"]), from_json(error["params"])
    return {
        "error": code,
        "sentence": render(f"error.{code}.sentence", **params),
        "next": render(f"error.{code}.next", **params),
    }


@operation("GET", "/tasks", may=EVERYONE, gives=TasksAnswer)
def list_work(asker: Asker, before: Name = "", limit: Limit = FEW) -> Any:
    """Background work of my cases and of the unit, the newest first."""
    found = tasks_after(asker.person, before, limit + 1)
    few = found[:limit]
    return {
        "items": [task_shown(each) for each in few],
        "next": few[-1].id if len(found) > limit else None,
    }


def _found(asker: Asker, name: str) -> Task:
    found = find_task(asker.person, name)
    if found is None:
        raise PageNotFound
    return found


@operation("GET", "/tasks/{task}", may=EVERYONE, gives=TaskAnswer, sample=_TASK)
def get_task(asker: Asker, task: Name) -> Any:
    """One task: how far it is, what it gave or met."""
    return task_shown(_found(asker, task))


@operation("POST", "/tasks/{task}/cancel", may=ACTING, gives=TaskAnswer, sample=_TASK)
def cancel_task(asker: Asker, task: Name) -> Any:
    """Cancel a task that waits, or ask one that runs to stop."""
    found = _found(asker, task)
    cancel_it(found.id, person=asker.person, is_head=asker.person.role in HEADS)
    remove_sent(asker.desk.workspace, found.id)
    return task_shown(_found(asker, found.id))

"""Django's tasks interface over the desk's own table of work."""

from __future__ import annotations

from typing import Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task as DjangoTask
from django_tasks.base import TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from .actions import add_task
from .job import Work, work_named
from .models import State, Task

_STATUS = {
    State.WAITING: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.FAILED: TaskResultStatus.FAILED,
    State.CANCELLED: TaskResultStatus.FAILED,
}


class DeskBackend(BaseTaskBackend):
    """Tasks in the desk's database, in the transaction of whoever asks for them."""

    task_class = Work
    supports_get_result = True

    def enqueue(self, task: DjangoTask[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write down work that somebody asked for, with parameters by name."""
        self.validate_task(task)
        if not isinstance(task, Work) or task.asked is None:
            raise InvalidTaskError("Somebody must ask for work: work.by(asked).enqueue(…).")
        if args:
            raise InvalidTaskError("Parameters of work are given by name.")
        asked = task.asked
        row = add_task(
            task.name,
            normalize_json(kwargs),
            person=asked.person,
            authenticated_by=asked.authenticated_by,
            case_id=asked.case,
            task_id=asked.id,
            is_one=asked.is_one,
        )
        return result_of(row, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """How a task stands; raises TaskResultDoesNotExist, WorkUnknown."""
        row = Task.objects.filter(id=result_id).first()
        if row is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(row, work_named(row.name))


def result_of(row: Task, task: DjangoTask[..., Any]) -> TaskResult[Any]:
    """A row in the interface's form."""
    met = [TaskError(exception_class_path=row.error["code"], traceback="")] if row.error else []
    found: TaskResult[Any] = TaskResult(
        task=task,
        id=row.id,
        status=_STATUS[State(row.state)],
        enqueued_at=row.asked_at,
        started_at=row.started_at,
        finished_at=row.ended_at,
        last_attempted_at=row.started_at,
        args=[],
        kwargs=row.parameters,
        backend="default",
        errors=met,
        worker_ids=list(row.workers),
    )
    object.__setattr__(found, "_return_value", row.result)
    return found

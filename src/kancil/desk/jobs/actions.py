"""The only writers of the table of work. Each is one short transaction.

A worker writes to a task only as its newest attempt: every such write names the attempt and finds
no row when another worker has taken the task over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet

from kancil.desk.base.opening import one_change, told
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.errors import KancilError
from kancil.ground.ids import new_id
from kancil.ground.phrase import as_json

from .errors import WorkerDied, WorkNotYours, WorkTooMuch
from .models import State, Task

TRIES = 3
"""How often a task is started before it is given up."""
_NEVER = datetime.min.replace(tzinfo=UTC)
MOST_OPEN = 50
"""Tasks of one person that wait or run; who needs more, asks as they end."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far a task is."""

    stage: str = ""
    unit: str = ""
    done: int = 0
    total: int | None = None


def add_task(
    name: str,
    parameters: dict[str, Any],
    *,
    person: Person,
    authenticated_by: str,
    case_id: str | None,
    task_id: str | None = None,
    is_one: bool = False,
) -> Task:
    """Write down what was asked for; the same id again is the same task.

    `is_one`: what a person asked for and has not ended is not asked for twice. Raises WorkTooMuch
    for whoever has `MOST_OPEN` open ones.
    """
    now = clock.now()
    with one_change():
        # The row is locked, so that whoever asks twice at once is counted one after the other.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        same = _open(person).filter(name=name, case_id=case_id) if is_one else ()
        for task in same:
            if task.parameters == parameters:
                return task
        is_new = task_id is None or not Task.objects.filter(id=task_id).exists()
        if is_new and _open(person).count() >= MOST_OPEN:
            raise WorkTooMuch(most=MOST_OPEN)
        task, _ = Task.objects.get_or_create(
            id=task_id or new_id(),
            defaults={
                "name": name,
                "parameters": parameters,
                "case_id": case_id,
                "asked_by": person,
                "authenticated_by": authenticated_by,
                "asked_at": now,
                "run_after": now,
                "tries_left": TRIES,
            },
        )
    return task


def _open(person: Person) -> QuerySet[Task]:
    """Find what a person has asked for that has not ended."""
    return Task.objects.filter(asked_by=person, state__in=(State.WAITING, State.RUNNING))


def claim(worker: str, lease_seconds: float) -> Task | None:
    """Take a task that is ready, or whose worker is silent; None when there is none.

    People are served in turn: whose task was started longest ago comes first, with their oldest.
    A silent worker's task that was to be cancelled is cancelled; one that has outlived all its
    tries is given up, since it may be the task that kills its workers.
    """
    while True:
        ready = _ready()
        with told():
            if not ready.exists():  # an idle look takes no lock
                return None
        with one_change():
            task = _next(ready)
            if task is None:
                return None
            if task.cancel_asked:
                _end(task, State.CANCELLED)
            elif task.tries_left == 0:
                task.error = _kept(WorkerDied(tries=TRIES))
                _end(task, State.FAILED)
            else:
                return _start(task, worker, lease_seconds)


def _ready() -> QuerySet[Task]:
    now = clock.now()
    is_silent = Q(state=State.RUNNING, lease_until__lt=now)
    return Task.objects.filter(Q(state=State.WAITING, run_after__lte=now) | is_silent).order_by(
        "id"
    )


def _next(ready: QuerySet[Task]) -> Task | None:
    """Lock the oldest task of whoever was served longest ago; others' if another worker has it."""
    waiting = dict(ready.order_by().values_list("asked_by").annotate(Min("id")))
    served = dict(
        Task.objects.filter(asked_by__in=waiting, started_at__isnull=False)
        .order_by()
        .values_list("asked_by")
        .annotate(Max("started_at"))
    )
    # `waiting` has the oldest task of each, by which those are ordered who were never served.
    for person in sorted(waiting, key=lambda each: (served.get(each, _NEVER), waiting[each])):
        task = (
            ready.filter(asked_by=person).select_for_update(skip_locked=True, of=("self",)).first()
        )
        if task is not None:
            return task
    return None


def _start(task: Task, worker: str, lease_seconds: float) -> Task:
    now = clock.now()
    task.state = State.RUNNING
    task.attempt += 1
    task.tries_left -= 1
    task.workers = [*task.workers, worker]
    task.lease_until = now + timedelta(seconds=lease_seconds)
    task.started_at = task.started_at or now
    task.stage, task.unit, task.done_units, task.total_units = "", "", 0, None
    task.save()
    return task


def _end(task: Task, state: State) -> None:
    task.state, task.ended_at, task.lease_until = state, clock.now(), None
    task.save()


def _mine(task: Task) -> QuerySet[Task]:
    """Find a task's row as long as this attempt holds it."""
    return Task.objects.filter(id=task.id, attempt=task.attempt, state=State.RUNNING)


def renew(task: Task, lease_seconds: float, how_far: Told) -> bool:
    """Renew the lease and tell how far the task is; False when it is held no longer."""
    with told():
        written = _mine(task).update(
            lease_until=clock.now() + timedelta(seconds=lease_seconds),
            stage=how_far.stage,
            unit=how_far.unit,
            done_units=how_far.done,
            total_units=how_far.total,
        )
    return written == 1


def is_to_stop(task: Task) -> bool | None:
    """Whether the task is to be cancelled; None when it is held no longer."""
    with told():
        return _mine(task).values_list("cancel_asked", flat=True).first()


@contextmanager
def finishing(
    task: Task, transaction: Callable[[], AbstractContextManager[None]] = one_change
) -> Iterator[Task | None]:
    """Hold a task's row to write its effect: a transaction in which nobody else can end it.

    `transaction`: what holds the books of the effect, before the row. Gives the row, or None when
    the task is held no longer: then nothing may be written.
    """
    with transaction():
        yield _mine(task).select_for_update().first()


def finish(task: Task, result: dict[str, Any]) -> None:
    """Write that a task is done, inside the transaction of `finishing`."""
    _mine(task).update(
        state=State.DONE, ended_at=clock.now(), lease_until=None, result=result, error=None
    )


def fail(task: Task, error: KancilError, *, again_in_seconds: float | None) -> bool:
    """Write what a task met: it waits to be tried again, or has failed. False: held no longer.

    `again_in_seconds`: None when trying again would not help.
    """
    now = clock.now()
    if again_in_seconds is not None and task.tries_left:
        after = now + timedelta(seconds=again_in_seconds)
        change: dict[str, Any] = {"state": State.WAITING, "run_after": after}
    else:
        change = {"state": State.FAILED, "ended_at": now}
    with told():
        return bool(_mine(task).update(lease_until=None, error=_kept(error), **change))


def give_back(task: Task) -> bool:
    """Let another worker take the task, as if this one had not begun. False: held no longer."""
    with told():
        return bool(
            _mine(task).update(
                state=State.WAITING, lease_until=None, tries_left=F("tries_left") + 1
            )
        )


def end_cancelled(task: Task) -> bool:
    """Write that a running task has stopped as it was told to. False: held no longer."""
    with told():
        return bool(
            _mine(task).update(state=State.CANCELLED, ended_at=clock.now(), lease_until=None)
        )


def cancel_task(task_id: str, *, person: Person, is_head: bool) -> None:
    """Cancel a task that waits; ask one that runs to stop. One that has ended stays as it is.

    Raises WorkNotYours for whoever neither asked for it nor is a head of the unit.
    """
    with one_change():
        task = Task.objects.select_for_update().get(id=task_id)
        if task.asked_by_id != person.pk and not is_head:
            raise WorkNotYours
        if task.state == State.WAITING:
            _end(task, State.CANCELLED)
        elif task.state == State.RUNNING:
            task.cancel_asked = True
            task.save(update_fields=["cancel_asked"])


def forget_results(name: str, **given: str) -> None:
    """Forget what tasks of a work with these parameters gave; that they ended stays."""
    wanted = {f"parameters__{key}": value for key, value in given.items()}
    Task.objects.filter(name=name, **wanted).update(result=None)


def _kept(error: KancilError) -> dict[str, Any]:
    return {"code": error.code, "params": as_json(error.params)}

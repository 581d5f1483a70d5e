"""The background jobs of a large file: which there are, and asking for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, Task, last_task_of_all
from kancil.desk.programme.imports.batches import BatchRow
from kancil.desk.programme.imports.importing import TRY
from kancil.desk.programme.imports.plan import Decisions
from kancil.desk.programme.jobs import imports as jobs
from kancil.ground.plain import plain
from kancil.programme.imports.mapping import TableHead
from kancil.web.signed_in import how_authenticated, person_of


def is_large(head: TableHead) -> bool:
    """Whether a file is looked at and taken by a job, and not while its sender waits."""
    return head.rows > jobs.AT_ONCE_ROWS


def open_job(row: BatchRow) -> Task | None:
    """The job of a file that waits or runs, whoever asked for it."""
    newest = (last_task_of_all(name, batch=row.id) for name in (jobs.TAKE, TRY))
    return next((each for each in newest if each is not None and each.state in OPEN), None)


def dry_run_of(row: BatchRow) -> Task | None:
    """The newest dry run of a file with the columns it has now, if it has ended with a result."""
    found = last_task_of_all(TRY, **_given(row))
    return found if found is not None and found.state == State.DONE and found.result else None


def ask_to_try(request: HttpRequest, row: BatchRow) -> str:
    """Ask for the dry run of a file; gives the task's id. Raises WorkTooMuch."""
    return jobs.try_import.by(_asked(request)).enqueue(**_given(row)).id


def ask_to_take(request: HttpRequest, row: BatchRow, said: Decisions) -> str:
    """Ask for a file to be taken; gives the task's id. Raises WorkTooMuch."""
    asked = jobs.take_import.by(_asked(request))
    return asked.enqueue(**_given(row), same=sorted(said.same), others=said.others).id


def _given(row: BatchRow) -> dict[str, Any]:
    return {"batch": row.id, "mapping": plain(row.mapping)}


def _asked(request: HttpRequest) -> Asked:
    return Asked(person_of(request), how_authenticated(request), is_one=True)

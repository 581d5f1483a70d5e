"""How a task is told: its name, how far it is, what it gave, what it met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from kancil.desk.jobs.queries import OPEN, State, Task, is_silent
from kancil.desk.people.queries import Person, Role
from kancil.ground.phrase import Param, Phrase, from_json
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import has
from kancil.web.cells import tag
from kancil.web.parts import Cell, Kind

HEADS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as a page shows it."""

    id: str
    url: str
    name: Phrase | str
    case: str
    asked_by: str
    asked_at: datetime
    state: Cell
    is_running: bool
    is_silent: bool
    """Its worker has died, or the machine is very busy."""
    is_stopping: bool
    stage: Phrase
    how_far: Phrase | str
    """`412 of 603`, or how many so far."""
    done: int
    total: int | None
    cancel_url: str
    """Empty where the reader may not cancel it."""
    met: Phrase | None
    """The error it met last, where it is to be tried again."""


def shown(task: Task, person: Person, numbers: dict[str, int]) -> Shown:
    """Make a task ready for a page."""
    number = numbers.get(task.case_id or "")
    is_open = task.state in OPEN
    has_stage = bool(task.stage) and has(task.stage)
    return Shown(
        id=task.id,
        url=reverse("task", kwargs={"task": task.id}),
        name=name_of(task),
        case="" if number is None else f"C{number}",
        asked_by=task.asked_by.name,
        asked_at=task.asked_at,
        state=state_of(task),
        is_running=task.state == State.RUNNING,
        is_silent=is_silent(task),
        is_stopping=task.cancel_asked and is_open,
        stage=Phrase(task.stage) if has_stage else Phrase("web.work.begins"),
        how_far=how_far(task),
        done=task.done_units,
        total=task.total_units,
        cancel_url=cancel_url(task, person),
        met=error_of(task, "sentence") if is_open else None,
    )


def name_of(task: Task) -> Phrase | str:
    """The name of a task's work or study; one this version does not know is named as it is."""
    study = f"study.{task.parameters.get('study')}"
    key = study if task.name == "run-study" and has(study) else f"web.task-name.{task.name}"
    return Phrase(key) if has(key) else task.name


def state_of(task: Task) -> Cell:
    """Where a task stands, as a tag: green and blue mean other things than done and runs."""
    kind: Kind = "danger" if task.state == State.FAILED else "plain"
    return tag(kind, f"web.task-state.{task.state}")


def how_far(task: Task) -> Phrase | str:
    """How much is done, of how much where that is known."""
    write: Callable[[int], str] = bytes_text if task.unit == "bytes" else grouped
    if task.total_units:
        return Phrase(
            "web.work.of", {"done": write(task.done_units), "total": write(task.total_units)}
        )
    return write(task.done_units) if task.done_units else ""


def cancel_url(task: Task, person: Person) -> str:
    """Where a task is cancelled, for who asked for it and for heads of the unit."""
    may = person.acts and (task.asked_by_id == person.pk or person.role in HEADS)
    if task.state not in OPEN or task.cancel_asked or not may:
        return ""
    return reverse("task_cancel", kwargs={"task": task.id})


def error_of(task: Task, part: str) -> Phrase | None:
    """A sentence of the error a task met; `part`: `sentence` or `next`."""
    if not task.error:
        return None
    return Phrase(f"error.{task.error['code']}.{part}", from_json(task.error["params"]))


def result_of(task: Task) -> Phrase | None:
    """What a task gave."""
    key = f"web.task-gave.{task.name}"
    if task.result is None:
        return None
    if "outcome" in task.result:
        key = f"{key}-{task.result['outcome']}"
    if not has(key):
        return None
    return Phrase(key, _sayable(task.result))


def _sayable(result: dict[str, Any]) -> dict[str, Param]:
    """A result's plain values for a sentence: numbers grouped, sizes as sizes."""
    found: dict[str, Param] = {}
    for name, value in result.items():
        if name == "size_bytes":
            found[name] = bytes_text(int(value))
        elif isinstance(value, int):
            found[name] = grouped(value)
        elif isinstance(value, str):
            found[name] = value
    return found

"""What a running task has: who asked, the desk's parts, progress, one way to its effect.

Each site has a bench of its own: the unit's signs for whoever asked (`desk/cases/doing.py`), the
programme's lets them act by their account (`desk/programme/doing.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django_tasks.base import TaskContext, TaskResult

from kancil.ground.errors import KancilError
from kancil.ground.progress import Progress
from kancil.ground.workspace import Workspace

from .actions import finish, finishing
from .hold import Hold, StopWork, Why
from .models import Task

T = TypeVar("T")
By = TypeVar("By")
By_co = TypeVar("By_co", covariant=True)


class Bench(Protocol[By_co]):
    """The parts of a site's desk that a worker works with."""

    @property
    def workspace(self) -> Workspace:
        """The workspace."""

    @property
    def busy(self) -> tuple[type[KancilError], ...]:
        """What may be over in a moment, so that trying again makes sense."""

    def by(self, task: Task) -> By_co:
        """Whoever asked, as acts of this site take them; raises WorkNoLongerAllowed."""

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the books in which effects are written: all of one or nothing."""

    def doing(self, found: TaskResult[Any], hold: Hold) -> Doing[Any]:
        """A task that was claimed, as its function sees it."""


@dataclass(frozen=True, kw_only=True)
class Doing(TaskContext, Generic[By]):
    """A task that runs, as its function sees it."""

    bench: Bench[By]
    hold: Hold

    @property
    def id(self) -> str:
        """The task's id, under which things outside the database are written once."""
        return self.hold.task.id

    @property
    def workspace(self) -> Workspace:
        """The workspace."""
        return self.bench.workspace

    @property
    def progress(self) -> Progress:
        """What the work tells of itself; it raises StopWork when the task is to stop."""
        return self.hold

    def by(self) -> By:
        """Whoever asked, if they still may; raises WorkNoLongerAllowed."""
        return self.bench.by(self.hold.task)

    def once(self, effect: Callable[[By], T], result: Callable[[T], dict[str, Any]]) -> T:
        """Write the effect and *done* in one transaction, if this worker still holds the task.

        `effect` is given who acts. `result` says what the page tells of it. Whatever is raised
        here leaves the books as they were. Raises StopWork when the task was taken over.
        """
        with finishing(self.hold.task, self.bench.transaction) as row:
            if row is None:
                raise StopWork(Why.LOST)
            made = effect(self.by())
            finish(row, result(made))
        self.hold.is_done = True
        return made

"""A running task of the programme's site: it acts by the account of whoever asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

from django_tasks.base import TaskResult

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.errors import DeskBusy
from kancil.desk.base.opening import one_change
from kancil.desk.jobs.doing import Doing
from kancil.desk.jobs.hold import Hold
from kancil.desk.jobs.models import Task
from kancil.desk.people.models import Person
from kancil.desk.programme.errors import WorkAccountEnded
from kancil.evidence.errors import VaultBusy
from kancil.evidence.vault import Vault
from kancil.ground.errors import KancilError
from kancil.ground.workspace import Workspace


@dataclass(frozen=True)
class ProgrammeBench:
    """The parts of the programme's desk that a worker works with."""

    workspace: Workspace
    busy: ClassVar[tuple[type[KancilError], ...]] = (DeskBusy, VaultBusy)

    @property
    def store(self) -> Vault:
        """The site's files."""
        return store_of(self.workspace)

    def by(self, task: Task) -> Person:
        """The account that asked, as it is now; raises WorkAccountEnded.

        What it may do in the books, each act asks for itself.
        """
        person = Person.objects.get(pk=task.asked_by_id)
        if not (person.is_active and person.acts):
            raise WorkAccountEnded(name=person.name)
        return person

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction; what it changes, each act holds."""
        return one_change()

    def doing(self, found: TaskResult[Any], hold: Hold) -> ProgrammeDoing:
        """A task that was claimed, as its function sees it."""
        return ProgrammeDoing(task_result=found, bench=self, hold=hold)


@dataclass(frozen=True, kw_only=True)
class ProgrammeDoing(Doing[Person]):
    """A task of the programme's that runs, as its function sees it."""

    bench: ProgrammeBench

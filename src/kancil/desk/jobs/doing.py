"""What a running task has: who asked, the desk's parts, progress, one way to its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django_tasks.base import TaskContext

from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import CaseNotFound
from kancil.custody.keys import KeyRing
from kancil.desk.access.server import server_for
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.models import Person
from kancil.desk.people.queries import may_open
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.progress import Progress
from kancil.ground.workspace import Workspace

from .actions import finish, finishing
from .errors import WorkNoLongerAllowed
from .hold import Hold, StopWork, Why

T = TypeVar("T")


@dataclass(frozen=True)
class Bench:
    """The parts of the desk that a worker works with."""

    workspace: Workspace
    ledger: DeskLedger

    @cached_property
    def keys(self) -> KeyRing:
        """Private keys: the server's is used, to sign for whoever asked."""
        return KeyRing(self.workspace.keys_dir)

    @cached_property
    def vault(self) -> Vault:
        """Exhibit bytes."""
        at = self.workspace
        return Vault(at.vault_dir, at.incoming_dir, at.reserve_bytes)


@dataclass(frozen=True, kw_only=True)
class Doing(TaskContext):
    """A task that runs, as its function sees it."""

    bench: Bench
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

    @property
    def case(self) -> CaseId:
        """The case that the work was asked for; raises CaseNotFound when it was for none."""
        found = self.hold.task.case_id
        if found is None:
            raise CaseNotFound(name="-")
        return CaseId(found)

    def by(self) -> ActingOfficer:
        """The server, signing for whoever asked, if she still may.

        Raises WorkNoLongerAllowed when her account was closed, or her access to the case ended,
        since she asked.
        """
        task = self.hold.task
        person = Person.objects.get(pk=task.asked_by_id)
        belongs = task.case_id is None or may_open(person, task.case_id)
        if not (person.is_active and person.acts and belongs):
            raise WorkNoLongerAllowed(name=person.name)
        return server_for(self.bench.ledger, self.bench.keys, person, task.authenticated_by)

    def once(
        self, effect: Callable[[ActingOfficer], T], result: Callable[[T], dict[str, Any]]
    ) -> T:
        """Write the effect and *done* in one transaction, if this worker still holds the task.

        `effect` is given who signs. `result` says what the page tells of it. Whatever is raised
        here leaves books and ledger as they were. Raises StopWork when the task was taken over.
        """
        with finishing(self.hold.task) as row:
            if row is None:
                raise StopWork(Why.LOST)
            made = effect(self.by())
            finish(row, result(made))
        self.hold.is_done = True
        return made

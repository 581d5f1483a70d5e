"""A running task of the unit's site: the ledger it writes to, and the server that signs there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django_tasks.base import TaskResult

from kancil.bitcoin.holdings.errors import ChainBusy
from kancil.bitcoin.store.errors import ChainBeingChanged
from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import CaseNotFound
from kancil.custody.keys import KeyRing
from kancil.desk.access.server import server_for
from kancil.desk.base.errors import DeskBusy
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.desk.jobs.doing import Doing
from kancil.desk.jobs.errors import WorkNoLongerAllowed
from kancil.desk.jobs.hold import Hold
from kancil.desk.jobs.models import Task
from kancil.desk.people.models import Person
from kancil.desk.people.queries import is_member
from kancil.evidence.errors import VaultBusy
from kancil.evidence.vault import Vault
from kancil.ground.errors import KancilError
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace


@dataclass(frozen=True)
class CaseBench:
    """The parts of the unit's desk that a worker works with."""

    workspace: Workspace
    ledger: DeskLedger
    busy: ClassVar[tuple[type[KancilError], ...]] = (
        ChainBeingChanged, ChainBusy, DeskBusy, VaultBusy,
    )  # fmt: skip

    @cached_property
    def keys(self) -> KeyRing:
        """Private keys: the server's is used, to sign for whoever asked."""
        return KeyRing(self.workspace.keys_dir)

    @cached_property
    def vault(self) -> Vault:
        """Exhibit bytes."""
        at = self.workspace
        return Vault(at.vault_dir, at.incoming_dir, at.reserve_bytes)

    def by(self, task: Task) -> ActingOfficer:
        """The server, signing for whoever asked, if they still may.

        Raises WorkNoLongerAllowed when their account was closed, or their access to the case ended,
        since they asked.
        """
        person = Person.objects.get(pk=task.asked_by_id)
        belongs = task.case_id is None or is_member(person, task.case_id)
        if not (person.is_active and person.acts and belongs):
            raise WorkNoLongerAllowed(name=person.name)
        return server_for(self.ledger, self.keys, person, task.authenticated_by)

    def transaction(self) -> AbstractContextManager[None]:
        """Begin with the ledger's head, so that entries and rows are one transaction."""
        return one_transaction()

    def doing(self, found: TaskResult[Any], hold: Hold) -> CaseDoing:
        """A task that was claimed, as its function sees it."""
        return CaseDoing(task_result=found, bench=self, hold=hold)


@dataclass(frozen=True, kw_only=True)
class CaseDoing(Doing[ActingOfficer]):
    """A task of the unit's that runs, as its function sees it."""

    bench: CaseBench

    @property
    def case(self) -> CaseId:
        """The case that the work was asked for; raises CaseNotFound when it was for none."""
        found = self.hold.task.case_id
        if found is None:
            raise CaseNotFound(name="-")
        return CaseId(found)

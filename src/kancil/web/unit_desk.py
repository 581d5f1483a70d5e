"""The desk behind the unit's pages: ledger, keys and vault of the workspace this process serves."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import OfficerKeyNotFound
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Officer
from kancil.desk.access.server import server_for
from kancil.desk.access.unlocking import unlock_key
from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.index import open_ledger
from kancil.desk.custody.store import DeskLedger
from kancil.evidence.vault import Vault
from kancil.ground.ids import OfficerId
from kancil.ground.signing import Signer
from kancil.ground.workspace import Workspace

from .confirming import is_confirmed
from .errors import NoOwnKey, PageNotAllowed, ReceiverNotConfirmed, SignerNotConfirmed
from .signed_in import how_authenticated, person_of


@dataclass(frozen=True)
class UnitDesk:
    """What actions stand on, for one workspace."""

    workspace: Workspace

    @cached_property
    def ledger(self) -> DeskLedger:
        """The unit's ledger."""
        return open_ledger(self.workspace)

    @cached_property
    def keys(self) -> KeyRing:
        """Private keys."""
        return KeyRing(self.workspace.keys_dir)

    @cached_property
    def vault(self) -> Vault:
        """Exhibit bytes."""
        at = self.workspace
        return Vault(at.vault_dir, at.incoming_dir, at.reserve_bytes)

    def server(self, request: HttpRequest) -> ActingOfficer:
        """Let the server sign for whoever is signed in; raises PageNotAllowed."""
        _require_hand(request)
        return server_for(self.ledger, self.keys, person_of(request), how_authenticated(request))

    def reading(self, request: HttpRequest) -> ActingOfficer:
        """Let the server sign that whoever is signed in reads: also who may change nothing."""
        return server_for(self.ledger, self.keys, person_of(request), how_authenticated(request))

    def own_key(self, request: HttpRequest, passphrase: str) -> ActingOfficer:
        """Unlock the key of whoever is signed in.

        Raises NoOwnKey, OfficerKeyNotFound, KeyLocked, KeyTriesSpent, PageNotAllowed,
        SignerNotConfirmed.
        """
        _require_hand(request)
        if not is_confirmed(request, signs=True):
            raise SignerNotConfirmed
        person = person_of(request)
        if not person.officer:
            raise NoOwnKey
        officer = OfficerId(person.officer)
        if not self.keys.officer_path(officer).is_file():
            raise OfficerKeyNotFound(name=person.name)
        return ActingOfficer(officer, self._unlocked(request, officer, passphrase))

    def receiving_key(
        self, request: HttpRequest, officer: Officer, passphrase: str, presence: str
    ) -> Signer:
        """Unlock the key of whoever receives an exhibit, with the passphrase that they type.

        A key without one opens for anyone here: then `presence` must say how they agreed. Raises
        KeyNotFound, KeyLocked, KeyTriesSpent, ReceiverNotConfirmed.
        """
        if passphrase:
            return self._unlocked(request, officer.id, passphrase)
        signer = self.keys.officer_signer(officer.id)
        if not presence:
            raise ReceiverNotConfirmed(name=officer.name)
        return signer

    def _unlocked(self, request: HttpRequest, officer: OfficerId, passphrase: str) -> Signer:
        return unlock_key(
            self.keys, officer=officer, passphrase=passphrase, person=person_of(request)
        )


def _require_hand(request: HttpRequest) -> None:
    """Refuse an act in a case that this person may only read; raises PageNotAllowed."""
    if getattr(request, "kancil_only_reads", False):
        raise PageNotAllowed


_desks: dict[str, UnitDesk] = {}
_lock = threading.Lock()


def unit_desk() -> UnitDesk:
    """The desk that this process serves."""
    workspace = current_workspace()
    with _lock:
        key = str(workspace.root)
        if key not in _desks:
            _desks.clear()
            _desks[key] = UnitDesk(workspace)
        return _desks[key]

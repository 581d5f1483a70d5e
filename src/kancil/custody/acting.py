"""The officer who acts, and the one way in which an act becomes an entry.

An act is decided under the ledger's head lock, on the roll as it is at that moment: the officer
serves, the key is active and that officer's, numbers are the next ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from kancil.ground.ids import OfficerId
from kancil.ground.plain import plain
from kancil.ground.signing import Signer, fingerprint

from .entry import Draft, Entry
from .errors import KeyNotActive, OfficerRetired, OwnKeyNeeded, ServerActsForSomebody
from .roll import Officer, Roll
from .store import LedgerStore, LedgerView

SERVER_ROLE = "server"
"""Role of the officer that is no person: the unit's server, which signs for those signed in."""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """For whom a server signs. Its signature proves only that the server says so."""

    officer: OfficerId | None
    """The officer signed in; None for an account without one."""
    account: str
    authenticated_by: str
    """`password`, `password and code`, `password and passkey` or `passkey`."""


@dataclass(frozen=True, slots=True)
class ActingOfficer:
    """An officer with their unlocked key, or the server with its own."""

    id: OfficerId
    signer: Signer
    on_behalf: OnBehalf | None = None

    @property
    def person(self) -> OfficerId:
        """The officer who acts, whoever signs."""
        if self.on_behalf is not None and self.on_behalf.officer is not None:
            return self.on_behalf.officer
        return self.id


class _HasNumber(Protocol):
    @property
    def number(self) -> int: ...


def write_act(ledger: LedgerStore, by: ActingOfficer, build: Callable[[Roll], Draft]) -> Entry:
    """Write the draft that `build` makes of the present roll, signed by the acting officer.

    Raises OfficerNotFound, OfficerRetired, KeyNotActive, and what `build` raises.
    """

    def decide(view: LedgerView) -> Draft:
        roll = view.folded(Roll)
        check_acting(roll, by)
        draft = build(roll)
        if by.on_behalf is None:
            return draft
        return replace(draft, body={**draft.body, "on_behalf": plain(by.on_behalf)})

    return ledger.append_with(decide, by.signer)


def check_acting(roll: Roll, by: ActingOfficer) -> Officer:
    """Refuse an officer who may not sign the next entry; gives the officer's record.

    Nobody but a server signs on another's behalf, and a server signs for those who serve.
    """
    officer = serving_officer(roll, by.id)
    if (officer.role == SERVER_ROLE) != (by.on_behalf is not None):
        raise ServerActsForSomebody(officer=officer.name)
    if by.person != by.id:
        serving_officer(roll, by.person)
    name = fingerprint(by.signer.public_raw)
    span = roll.keys.spans.get(name)
    if span is None or span.holder != by.id or not span.is_active(roll.size + 1):
        raise KeyNotActive(officer=officer.name, fingerprint=name)
    return officer


def serving_officer(roll: Roll, officer: OfficerId) -> Officer:
    """An officer who has not retired; raises OfficerNotFound, OfficerRetired."""
    found = roll.officer(officer)
    if found.retired_at is not None:
        raise OfficerRetired(officer=found.name)
    return found


def serving_people(roll: Roll) -> list[Officer]:
    """List the officers who have not retired, servers apart."""
    return [
        officer
        for officer in roll.officers.values()
        if officer.retired_at is None and officer.role != SERVER_ROLE
    ]


def require_own_key(by: ActingOfficer) -> None:
    """Refuse a server: what is decided here needs the officer's own key. Raises OwnKeyNeeded."""
    if by.on_behalf is not None:
        raise OwnKeyNeeded


def next_number(items: Iterable[_HasNumber]) -> int:
    """The next short number within the unit."""
    return 1 + max((item.number for item in items), default=0)

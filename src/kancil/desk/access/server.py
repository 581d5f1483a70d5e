"""The unit's server as an officer: it signs for people who are signed in, and says so.

Its key is sealed with the workspace's secret, so that the server can start by itself. Whoever
holds the machine can sign as the server; so hand-overs, findings and bundles need an officer's
own key.
"""

from __future__ import annotations

from kancil.custody.acting import SERVER_ROLE, ActingOfficer, OnBehalf
from kancil.custody.errors import KeyNotActive
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_officer
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.custody.store import folds_held
from kancil.desk.people.models import Person
from kancil.ground.ids import OfficerId, new_id


def server_officer(roll: Roll) -> OfficerId | None:
    """Find the server that serves now."""
    serving = [
        officer.id
        for officer in roll.officers.values()
        if officer.role == SERVER_ROLE and officer.retired_at is None
    ]
    return serving[-1] if serving else None


def ensure_server(
    ledger: LedgerStore, keys: KeyRing, *, name: str, vouched_how: str, by: ActingOfficer
) -> OfficerId:
    """The server officer; make its key and have `by` vouch for it if there is none."""
    with folds_held():
        found = server_officer(ledger.folded(Roll))
    if found is not None:
        return found
    officer = OfficerId(new_id())
    signer = keys.create_officer(officer)
    add_officer(
        ledger,
        officer=officer,
        name=name,
        role=SERVER_ROLE,
        public_raw=signer.public_raw,
        vouched_how=vouched_how,
        by=by,
    )
    return officer


def server_for(
    ledger: LedgerStore, keys: KeyRing, person: Person, authenticated_by: str
) -> ActingOfficer:
    """Let the server sign for a person who is signed in; raises KeyNotActive without a server."""
    with folds_held():
        officer = server_officer(ledger.folded(Roll))
    if officer is None:
        raise KeyNotActive(officer=SERVER_ROLE, fingerprint="-")
    behalf = OnBehalf(
        None if person.officer is None else OfficerId(person.officer),
        person.username,
        authenticated_by,
    )
    return ActingOfficer(officer, keys.officer_signer(officer), behalf)

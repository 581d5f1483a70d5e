"""Acts about access: who belongs to a case, and who looked into it.

A reader has no officer and no key; the account is named. Signed by the unit's server on behalf of
the person who is signed in, or by an officer's own key.
"""

from __future__ import annotations

from kancil.ground.ids import CaseId, OfficerId

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore


def add_member(
    ledger: LedgerStore,
    *,
    case: CaseId,
    account: str,
    name: str,
    member: OfficerId | None,
    by: ActingOfficer,
) -> Entry:
    """Record that a person was given access to a case; `member`: the person's officer, if any."""
    body = {"account": account, "member": member, "name": name}
    return _of_case(ledger, "case.member-added", case, body, by)


def remove_member(
    ledger: LedgerStore, *, case: CaseId, account: str, reason: str, by: ActingOfficer
) -> Entry:
    """Record that a person's access to a case ended."""
    return _of_case(ledger, "case.member-removed", case, {"account": account, "reason": reason}, by)


def enter_case(ledger: LedgerStore, *, case: CaseId, account: str, by: ActingOfficer) -> Entry:
    """Record that a person looked into a case: once for each sign-in."""
    return _of_case(ledger, "case.entered", case, {"account": account}, by)


def _of_case(
    ledger: LedgerStore, kind: str, case: CaseId, body: dict[str, str | None], by: ActingOfficer
) -> Entry:
    def build(roll: Roll) -> Draft:
        return Draft(kind, dict(body), by.id, roll.case(case).id)

    return write_act(ledger, by, build)

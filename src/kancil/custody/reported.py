"""Acts on reported transfers: what an officer decided of them, what was frozen and returned."""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import CaseId

from .acting import ActingOfficer, write_act
from .cases import require_basis
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore


def record_decision(
    ledger: LedgerStore, *, case: CaseId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    """Record what an officer decided of two parties or rows, or of one (docs/formats/ledger.md).

    Raises LegalBasisExpired.
    """
    return _record(ledger, "transfers.decided", case, body, by)


def record_victim_amount(
    ledger: LedgerStore, *, case: CaseId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    """Record how much of a victim's loss is frozen, or was returned; raises LegalBasisExpired."""
    return _record(ledger, "victims.recorded", case, body, by)


def _record(
    ledger: LedgerStore, kind: str, case: CaseId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        require_basis(roll, found)
        return Draft(kind, body, by.id, found.id)

    return write_act(ledger, by, build)

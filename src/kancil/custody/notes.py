"""Officers' notes in a case: what one writes down, about the case or about something in it.

A note is nobody's finding. It is taken back by an entry of its own, never removed.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import CaseId

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore

ADDED, WITHDRAWN = "note.added", "note.withdrawn"


def record_note(
    ledger: LedgerStore,
    *,
    case: CaseId,
    note: str,
    text: str,
    subject: dict[str, str] | None,
    by: ActingOfficer,
) -> Entry:
    """Record a note; `subject`: its `kind`, `chain` and `value`, None for the case itself.

    Needs no legal basis that still runs: nothing is searched for. Raises CaseNotFound.
    """

    def build(roll: Roll) -> Draft:
        body: dict[str, Any] = {"note": note, "subject": subject, "text": text}
        return Draft(ADDED, body, by.id, roll.case(case).id)

    return write_act(ledger, by, build)


def record_note_withdrawal(
    ledger: LedgerStore, *, case: CaseId, note: str, reason: str, by: ActingOfficer
) -> Entry:
    """Record that a note is taken back, and why; the first withdrawal counts."""

    def build(roll: Roll) -> Draft:
        return Draft(WITHDRAWN, {"note": note, "reason": reason}, by.id, roll.case(case).id)

    return write_act(ledger, by, build)

"""Writing a note and taking it back: an entry of the case each."""

from __future__ import annotations

from dataclasses import asdict

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.notes import record_note, record_note_withdrawal
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import CaseId, new_id
from kancil.studies.moneygraph.parts import Subject

from .errors import NoteNotFound, NoteWithdrawnAlready
from .queries import notes_of


def add_note(
    ledger: DeskLedger, *, case: CaseId, text: str, subject: Subject | None, by: ActingOfficer
) -> Entry:
    """Write a note; raises CaseNotFound."""
    about = None if subject is None else asdict(subject)
    return record_note(ledger, case=case, note=new_id(), text=text, subject=about, by=by)


def withdraw_note(
    ledger: DeskLedger, *, case: CaseId, note: str, reason: str, by: ActingOfficer
) -> Entry:
    """Take a note back; it stays readable. Raises NoteNotFound, NoteWithdrawnAlready."""
    found = next((each for each in notes_of(ledger, case) if each.id == note), None)
    if found is None:
        raise NoteNotFound
    if found.withdrawal is not None:
        raise NoteWithdrawnAlready
    return record_note_withdrawal(ledger, case=case, note=note, reason=reason, by=by)

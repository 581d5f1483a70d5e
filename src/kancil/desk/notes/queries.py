"""The notes of a case, and those about one thing in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.notes import ADDED, WITHDRAWN
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import CaseId
from kancil.studies.moneygraph.parts import Subject

KINDS = ("transaction", "output", "address", "cluster", "party", "fold")
"""What a note may be about, beside the case itself."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the ledger has it."""

    id: str
    entry: Entry
    text: str
    subject: Subject | None
    """None: the case."""
    withdrawal: Entry | None = None
    """The entry that took it back, if one did."""

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.entry.at

    @property
    def reason(self) -> str:
        """Why it was withdrawn; empty where it stands."""
        return "" if self.withdrawal is None else str(self.withdrawal.body.get("reason", ""))


def notes_of(ledger: DeskLedger, *cases: CaseId) -> list[Note]:
    """All notes of some cases, the newest first; withdrawn ones too, as such."""
    found: dict[tuple[str | None, str], Note] = {}
    for entry in ledger.entries_of_cases(cases, ADDED, WITHDRAWN):
        key = (entry.case_id, str(entry.body.get("note")))
        if entry.kind == ADDED:
            found.setdefault(key, _note(key[1], entry))
        elif key in found and found[key].withdrawal is None:
            found[key] = replace(found[key], withdrawal=entry)
    return list(found.values())[::-1]


def notes_about(ledger: DeskLedger, subject: Subject, *cases: CaseId) -> list[Note]:
    """The notes of some cases about one thing that still stand, the newest first."""
    return [
        each
        for each in notes_of(ledger, *cases)
        if each.subject == subject and each.withdrawal is None
    ]


def _note(name: str, entry: Entry) -> Note:
    return Note(name, entry, str(entry.body.get("text", "")), _subject(entry.body.get("subject")))


def _subject(stated: Any) -> Subject | None:
    if not isinstance(stated, dict):
        return None
    return Subject(*(str(stated.get(name) or "") for name in ("kind", "chain", "value")))

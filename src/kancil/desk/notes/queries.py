"""The notes of a case, and those about one thing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.notes import ADDED, WITHDRAWN
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import CaseId

KINDS = ("transaction", "output", "address", "cluster", "party", "fold")
"""What a note may be about, beside the case itself."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note is about."""

    kind: str
    """One of `KINDS`."""
    chain: str
    """Name of its chain; empty for what is on none."""
    value: str


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


def notes_of(ledger: DeskLedger, case: CaseId) -> list[Note]:
    """All notes of a case, the newest first; withdrawn ones too, as such."""
    found: dict[str, Note] = {}
    for entry in ledger.case_entries(case, ADDED, WITHDRAWN):
        name = str(entry.body.get("note"))
        if entry.kind == ADDED:
            found.setdefault(name, _note(name, entry))
        elif name in found and found[name].withdrawal is None:
            before = found[name]
            found[name] = Note(name, before.entry, before.text, before.subject, entry)
    return list(found.values())[::-1]


def notes_about(ledger: DeskLedger, case: CaseId, kind: str, chain: str, value: str) -> list[Note]:
    """The notes of a case about one thing that still stand, the newest first."""
    subject = Subject(kind, chain, value)
    return [
        each
        for each in notes_of(ledger, case)
        if each.subject == subject and each.withdrawal is None
    ]


def _note(name: str, entry: Entry) -> Note:
    return Note(name, entry, str(entry.body.get("text", "")), _subject(entry.body.get("subject")))


def _subject(stated: Any) -> Subject | None:
    if not isinstance(stated, dict):
        return None
    return Subject(*(str(stated.get(name) or "") for name in ("kind", "chain", "value")))

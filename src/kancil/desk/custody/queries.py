"""What the audit page reads of the ledger: its newest entries first, in bounded parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kancil.custody.entry import Entry, read_known_entry
from kancil.desk.base.opening import told
from kancil.ground.workspace import Workspace

from .models import LedgerEntry

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """Which entries somebody may see."""

    cases: frozenset[str]
    """Ids of the cases the person belongs to: their entries, whole."""
    is_whole: bool
    """Entries of no case too, and of other cases that they are there."""

    def shows(self, entry: Entry) -> bool:
        """Whether the person may see what the entry is about."""
        return entry.case_id in self.cases or (self.is_whole and entry.case_id is None)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; what is empty is not asked."""

    accounts: frozenset[str] = frozenset()
    """Accounts for which a server signed."""
    officers: frozenset[str] = frozenset()
    """Ids of officers who signed, or for whom a server did."""
    by_somebody: bool = False
    """Whether a person is asked for at all."""
    case: str | None = None
    """Id of a case."""
    kind: str = ""
    day: date | None = None
    """In the unit's zone."""

    def takes(self, entry: Entry, workspace: Workspace) -> bool:
        """Whether an entry is what is looked for."""
        if self.kind and entry.kind != self.kind:
            return False
        if self.day and entry.at.astimezone(workspace.zone).date() != self.day:
            return False
        return not self.by_somebody or self._is_by(entry)

    def _is_by(self, entry: Entry) -> bool:
        behalf = entry.on_behalf
        if behalf is None:
            return entry.officer in self.officers
        return behalf.get("account") in self.accounts or behalf.get("officer") in self.officers

    @property
    def asks_contents(self) -> bool:
        """Whether only an entry that may be seen whole can be an answer."""
        return bool(self.kind) or self.by_somebody


@dataclass(frozen=True, slots=True)
class AuditPart:
    """Some entries, the newest first, and where to go on."""

    entries: Sequence[Entry]
    next_before: int | None
    """Ask for entries before this one; None at the ledger's beginning."""
    looked_at: int
    """How many entries were gone through."""


def audit(
    workspace: Workspace,
    sight: Sight,
    asked: AuditFilter,
    *,
    before: int | None,
    rows: int,
    most: int,
) -> AuditPart:
    """Up to `rows` entries before entry `before`, going through `most` and no more."""
    found: list[Entry] = []
    looked_at, last = 0, None
    for entry in newest_first(sight, asked, before):
        looked_at, last = looked_at + 1, entry.n
        if _answers(entry, sight, asked, workspace):
            found.append(entry)
        if len(found) == rows or looked_at == most:
            break
    else:
        last = None
    return AuditPart(found, last, looked_at)


def audit_all(workspace: Workspace, sight: Sight, asked: AuditFilter) -> Iterator[Entry]:
    """Every entry that is looked for, the newest first."""
    for entry in newest_first(sight, asked, None):
        if _answers(entry, sight, asked, workspace):
            yield entry


def _answers(entry: Entry, sight: Sight, asked: AuditFilter, workspace: Workspace) -> bool:
    if asked.asks_contents and not sight.shows(entry):
        return False
    return asked.takes(entry, workspace)


def newest_first(sight: Sight, asked: AuditFilter, before: int | None) -> Iterator[Entry]:
    """The entries somebody may know of, the newest first, batch by batch."""
    rows = LedgerEntry.objects.order_by("-n")
    if asked.case is not None:
        rows = rows.filter(case_id=asked.case)
    if not sight.is_whole:
        rows = rows.filter(Q(case_id__in=sight.cases))
    while True:
        part = rows if before is None else rows.filter(n__lt=before)
        with told():
            batch = list(part.values_list("n", "data", "hash")[:_BATCH])
        for n, data, known in batch:
            before = n
            yield read_known_entry(bytes(data), bytes(known))
        if len(batch) < _BATCH:
            return

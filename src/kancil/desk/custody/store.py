"""The ledger in the desk's database: an entry and the rows it changes are one transaction.

A member of the promise `custody.store.LedgerStore`. The head row is locked while an act is decided
and written; on SQLite every transaction begins IMMEDIATE, which locks the whole file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from kancil.custody.entry import NO_HASH, Draft, Entry, Link, make_entry, read_entry
from kancil.custody.merkle import RightEdge, leaf_hash
from kancil.custody.store import F, Fold, Head, LedgerView
from kancil.desk.base.opening import told
from kancil.ground import clock
from kancil.ground.errors import (
    EntryNotFound,
    KancilError,
    LedgerFileBroken,
    LedgerOfOtherUnit,
)
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer

from .models import LedgerEntry, LedgerHead

Index = Callable[[Entry, LedgerView], None]
"""Brings the desk's rows up to a new entry, inside its transaction."""

_PAGE_ROWS = 2000
_NAME = "desk"


class DeskLedger:
    """One unit's ledger in the desk's database; threads share it, each on its own connection."""

    def __init__(self, unit: str, index: Index) -> None:
        """Take the unit's id and what keeps the rows; raises LedgerOfOtherUnit, DeskNotReadable."""
        self._unit = unit
        self._index = index
        self._folds: dict[type[Any], tuple[Fold, bytes]] = {}
        """State and the hash of the last entry it took."""
        self._fold_lock = threading.RLock()
        with told():
            first = LedgerEntry.objects.filter(n=1).first()
        if first is not None:
            self._refuse_other_unit(read_entry(bytes(first.data)).unit)

    @property
    def unit(self) -> str:
        """Id of the unit whose ledger this is."""
        return self._unit

    def close(self) -> None:
        """Let go of this thread's connection."""
        connection.close()

    # --- reading ---

    def head(self) -> Head:
        """Say where the ledger ends."""
        size, last, edge = self._head_row()
        return Head(size, last, edge.root())

    def read(self, n: int) -> Entry:
        """Give entry n; raises EntryNotFound, EntryNotReadable."""
        with told():
            row = LedgerEntry.objects.filter(n=n).values_list("data", flat=True).first()
        if row is None:
            raise EntryNotFound(n=n, size=self._head_row()[0])
        return read_entry(bytes(row))

    def lines(self, start: int = 1) -> Iterator[bytes]:
        """Give the bytes of all entries from `start` on, unread, in order, page by page."""
        while True:
            with told():
                found = LedgerEntry.objects.filter(n__gte=start).order_by("n")
                rows = list(found.values_list("n", "data")[:_PAGE_ROWS])
            for _, data in rows:
                yield bytes(data)
            if len(rows) < _PAGE_ROWS:
                return
            start = rows[-1][0] + 1

    def entries(self, start: int = 1) -> Iterator[Entry]:
        """Give all entries from `start` on, in order; raises EntryNotReadable."""
        return map(read_entry, self.lines(start))

    def hashes(self, size: int | None = None) -> list[bytes]:
        """Give the hashes of the first `size` entries, computed from their bytes."""
        size = self._head_row()[0] if size is None else size
        found: list[bytes] = []
        for data in self.lines():
            if len(found) == size:
                break
            found.append(leaf_hash(data))
        if len(found) < size:
            raise EntryNotFound(n=size, size=len(found))
        return found

    def case_entries(self, case: CaseId) -> Iterator[Entry]:
        """Give a case's entries in order."""
        return self._of("case", case)

    def exhibit_entries(self, exhibit: ExhibitId) -> Iterator[Entry]:
        """Give an exhibit's entries in order."""
        return self._of("exhibit", exhibit)

    def _of(self, what: str, subject: str) -> Iterator[Entry]:
        with told():
            found = LedgerEntry.objects.filter(**{f"{what}_id": subject}).order_by(f"{what}_n")
            rows = list(found.values_list("data", flat=True))
        return (read_entry(bytes(data)) for data in rows)

    def folded(self, kind: type[F]) -> F:
        """Give the state of that kind up to the head; kept and only continued between calls.

        A transaction may have taken back what was folded in; then the state is made anew. Only
        acts ask for it, one at a time under the head lock, and commands; pages read rows.
        """
        with self._fold_lock:
            state, end = self._folds.get(kind, (None, b""))
            if not isinstance(state, kind) or not self._stands(state.size, end):
                state, end = kind.empty(), b""
            for entry in self.entries(state.size + 1):
                state.take(entry)
                end = entry.hash
            self._folds[kind] = (state, end)
            return state

    @staticmethod
    def _stands(size: int, end: bytes) -> bool:
        """Say whether the entry up to which was folded is still there."""
        if not size:
            return True
        with told():
            found = LedgerEntry.objects.filter(n=size).values_list("hash", flat=True).first()
        return found is not None and bytes(found) == end

    def derived_faults(self) -> list[tuple[int, str]]:
        """List each derived column that does not fit the entries' bytes: (n, column)."""
        faults: list[tuple[int, str]] = []
        edge, last = RightEdge(), bytes(32)
        with told(), transaction.atomic():
            rows = LedgerEntry.objects.order_by("n").iterator(chunk_size=_PAGE_ROWS)
            for row in rows:
                data = bytes(row.data)
                last = leaf_hash(data)
                edge.append(last)
                if bytes(row.hash) != last:
                    faults.append((row.n, "hash"))
                try:
                    expected = _columns(read_entry(data))
                except KancilError:
                    continue  # told by verify, from the bytes
                wrong = (name for name in _PLACES if getattr(row, name) != expected[name])
                faults += [(row.n, name) for name in wrong]
            size, stored, stored_edge = self._head_row()
        if (size, stored, stored_edge.hashes) != (edge.size, last, edge.hashes):
            faults.append((size, "head"))
        return faults

    # --- writing ---

    def append(self, draft: Draft, signer: Signer) -> Entry:
        """Write one entry durably under the head lock; raises DeskBusy, DiskFull."""
        return self.append_with(lambda _view: draft, signer)

    def append_with(self, build: Callable[[LedgerView], Draft], signer: Signer) -> Entry:
        """Let `build` decide the draft under the head lock; write entry and rows durably.

        Whatever `build` or the index raises leaves ledger and rows as they were.
        """
        with told(), transaction.atomic():
            size, last, edge = self._locked_head()
            draft = build(self)
            entry = self._make(draft, signer, size, last)
            edge.append(entry.hash)
            LedgerEntry.objects.create(n=entry.n, hash=entry.hash, **_columns(entry))
            self._set_head(size + 1, entry.hash, edge)
            self._index(entry, self)
        return entry

    def import_lines(self, lines: Iterator[bytes]) -> int:
        """Fill an empty ledger with entries from elsewhere, all or none; gives their number.

        The caller has verified them. Raises LedgerFileBroken when the ledger is not empty.
        """
        with told(), transaction.atomic():
            if self._locked_head()[0]:
                raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-not-empty"))
            edge, last = RightEdge(), bytes(32)
            batch: list[LedgerEntry] = []
            for data in lines:
                entry = read_entry(data)
                self._refuse_other_unit(entry.unit)
                last = entry.hash
                edge.append(last)
                batch.append(LedgerEntry(n=entry.n, hash=last, **_columns(entry)))
                if len(batch) == _PAGE_ROWS:
                    LedgerEntry.objects.bulk_create(batch)
                    batch.clear()
            LedgerEntry.objects.bulk_create(batch)
            self._set_head(edge.size, last, edge)
            for entry in self.entries():
                self._index(entry, self)
        return edge.size

    def _make(self, draft: Draft, signer: Signer, size: int, last: bytes) -> Entry:
        now = at = clock.now()
        if size and now < (before := self.read(size).at):
            # The clock ran backwards: the ledger's time stands still, and the clock's is told.
            at = before
            draft = replace(draft, body={**draft.body, "clock": clock.to_text(now)})
        return make_entry(
            draft,
            signer,
            unit=self._unit,
            n=size + 1,
            prev=last.hex() if size else NO_HASH,
            at=at,
            case=self._link("case", draft.case),
            exhibit=self._link("exhibit", draft.exhibit),
        )

    def _link(self, what: str, subject: str | None) -> Link | None:
        if subject is None:
            return None
        found = LedgerEntry.objects.filter(**{f"{what}_id": subject}).order_by(f"-{what}_n")
        row = found.values_list(f"{what}_n", "hash").first()
        if row is None:
            return Link(subject, 1, NO_HASH)
        return Link(subject, row[0] + 1, bytes(row[1]).hex())

    def _refuse_other_unit(self, found: str) -> None:
        if found != self._unit:
            raise LedgerOfOtherUnit(found=found, expected=self._unit)

    def _head_row(self) -> tuple[int, bytes, RightEdge]:
        with told():
            row = LedgerHead.objects.filter(one=1).values_list("size", "hash", "edge").first()
        return _read_head(row)

    def _locked_head(self) -> tuple[int, bytes, RightEdge]:
        """Take the head lock for this transaction, and give the head."""
        LedgerHead.objects.get_or_create(one=1, defaults={"hash": bytes(32), "edge": b""})
        found = LedgerHead.objects.select_for_update().filter(one=1)
        return _read_head(found.values_list("size", "hash", "edge").first())

    @staticmethod
    def _set_head(size: int, last: bytes, edge: RightEdge) -> None:
        LedgerHead.objects.filter(one=1).update(size=size, hash=last, edge=edge.to_bytes())


_PLACES = ("case_id", "case_n", "exhibit_id", "exhibit_n")


def _columns(entry: Entry) -> dict[str, Any]:
    case, exhibit = entry.case, entry.exhibit
    return {
        "data": entry.data,
        "case_id": None if case is None else case.id,
        "case_n": None if case is None else case.n,
        "exhibit_id": None if exhibit is None else exhibit.id,
        "exhibit_n": None if exhibit is None else exhibit.n,
    }


def _read_head(row: tuple[int, Any, Any] | None) -> tuple[int, bytes, RightEdge]:
    if row is None:
        return 0, bytes(32), RightEdge()
    edge = RightEdge.from_bytes(row[0], bytes(row[2]))
    if edge is None or len(bytes(row[1])) != 32:
        raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-head-damaged"))
    return row[0], bytes(row[1]), edge


@contextmanager
def one_transaction() -> Iterator[None]:
    """Make several entries and rows one transaction: all of them or none."""
    with told(), transaction.atomic():
        yield

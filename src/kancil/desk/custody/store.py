"""The ledger in the desk's database: an entry and the rows it changes are one transaction.

A member of the promise `custody.store.LedgerStore`. The head row is locked while an act is decided
and written; on SQLite every transaction begins IMMEDIATE, which locks the whole file.

Threads of one process share the folded states. Whoever writes holds them from the head lock to the
end of the transaction, so that nobody is shown what may yet be taken back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction

from kancil.custody.entry import (
    NO_HASH,
    Draft,
    Entry,
    Link,
    make_entry,
    read_entry,
    read_known_entry,
)
from kancil.custody.errors import EntryNotFound, LedgerFileBroken, LedgerOfOtherUnit
from kancil.custody.merkle import RightEdge, leaf_hash
from kancil.custody.store import F, Fold, Head, LedgerView
from kancil.desk.base.opening import snapshot, told
from kancil.ground import clock
from kancil.ground.errors import KancilError
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer

from .models import LedgerEntry, LedgerHead


class Rows(Protocol):
    """What keeps the desk's rows in step with the ledger, inside its transaction."""

    def take(self, entry: Entry, view: LedgerView) -> None:
        """Bring the rows up to a new entry."""

    def mend(self, ledger: DeskLedger) -> int:
        """Make every row what the ledger says; gives how many were not."""


_PAGE_ROWS = 2000
_NAME = "desk"

_FOLDING = threading.RLock()
"""Guards the folded states. It is taken after the head lock, never before."""


HeadRow = tuple[int, Any, Any]
"""Size, hash and edge, as the row has them."""


class _Outermost(threading.local):
    """The transaction that this thread is in."""

    ending: ExitStack | None = None
    head: HeadRow | None = None
    """The row as it was when it was locked, until the first who asks takes it."""
    seen: Entry | None = None
    """The last entry, as a fold has just read it under the lock."""


_outermost = _Outermost()


@contextmanager
def one_transaction() -> Iterator[None]:
    """Make what is checked, several entries and rows one transaction: all of them or none.

    It begins with the head lock, so that what is checked in it is true until its end, on either
    database. Raises DeskBusy, DiskFull.
    """
    if _outermost.ending is not None:
        with told(), transaction.atomic():
            yield
        return
    with ExitStack() as ending:
        _outermost.ending = ending
        try:
            with told(), transaction.atomic():
                _outermost.head = _lock_head()
                ending.enter_context(_FOLDING)
                yield
        finally:
            _outermost.ending = _outermost.head = _outermost.seen = None


@contextmanager
def folds_held() -> Iterator[None]:
    """Keep the folded states as they are while one is gone through."""
    with _FOLDING:
        yield


def _lock_head() -> HeadRow | None:
    found = LedgerHead.objects.select_for_update().filter(one=1).values_list("size", "hash", "edge")
    row = found.first()
    if row is None:
        # Whoever makes the row at the same moment is waited for; then there is one to lock.
        LedgerHead.objects.get_or_create(one=1, defaults={"hash": bytes(32), "edge": b""})
        row = found.first()
    return row


class DeskLedger:
    """One unit's ledger in the desk's database; threads share it, each on its own connection."""

    def __init__(self, unit: str, rows: Rows) -> None:
        """Take the unit's id and what keeps the rows; raises LedgerOfOtherUnit, DeskNotReadable."""
        self._unit = unit
        self._rows = rows
        self._folds: dict[type[Any], tuple[Fold, Entry | None]] = {}
        """State and the last entry it took."""
        with told():
            first = LedgerEntry.objects.filter(n=1).first()
        if first is not None:
            self._refuse_other_unit(read_entry(_stored(first.data)).unit)

    @property
    def unit(self) -> str:
        """Id of the unit whose ledger this is."""
        return self._unit

    def close(self) -> None:
        """Let go of this thread's connection."""
        connection.close()

    # --- reading ---

    def head(self) -> Head:
        """Where the ledger ends."""
        size, last, edge = self._head_row()
        return Head(size, last, edge.root())

    def read(self, n: int) -> Entry:
        """Entry n; raises EntryNotFound, EntryNotReadable."""
        with told():
            row = LedgerEntry.objects.filter(n=n).values_list("data", flat=True).first()
        if row is None:
            raise EntryNotFound(n=n, size=self._head_row()[0])
        return read_entry(_stored(row))

    def lines(self, start: int = 1) -> Iterator[bytes]:
        """The bytes of all entries from `start` on, unread, in order, page by page."""
        for data, _ in self._pages(start):
            yield data

    def entries(self, start: int = 1) -> Iterator[Entry]:
        """All entries from `start` on, in order; raises EntryNotReadable."""
        return map(read_entry, self.lines(start))

    def hashes(self, size: int | None = None) -> list[bytes]:
        """The hashes of the first `size` entries, computed from their bytes."""
        size = self._head_row()[0] if size is None else size
        found: list[bytes] = []
        for data in self.lines():
            if len(found) == size:
                break
            found.append(leaf_hash(data))
        if len(found) < size:
            raise EntryNotFound(n=size, size=len(found))
        return found

    def case_entries(self, case: CaseId, *kinds: str) -> Iterator[Entry]:
        """A case's entries in order, or those of some kinds alone."""
        return self._of("case", case, kinds)

    def entries_of_cases(self, cases: Sequence[CaseId], *kinds: str) -> list[Entry]:
        """Entries of some kinds of several cases, in the ledger's order, in one query."""
        with told():
            found = LedgerEntry.objects.filter(case_id__in=cases, kind__in=kinds).order_by("n")
            rows = list(found.values_list("data", "hash"))
        return [read_known_entry(_stored(data), _stored(its_hash)) for data, its_hash in rows]

    def exhibit_entries(self, exhibit: ExhibitId, *kinds: str) -> Iterator[Entry]:
        """An exhibit's entries in order, or those of some kinds alone."""
        return self._of("exhibit", exhibit, kinds)

    def case_part(self, case: CaseId, start: int, stop: int) -> list[Entry]:
        """A case's entries from place `start` to before place `stop`; the first is at 0."""
        return list(self._of("case", case, (), case_n__gt=start, case_n__lte=stop))

    def exhibit_part(self, exhibit: ExhibitId, start: int, stop: int) -> list[Entry]:
        """An exhibit's entries from place `start` to before place `stop`, as `case_part`."""
        return list(self._of("exhibit", exhibit, (), exhibit_n__gt=start, exhibit_n__lte=stop))

    def exhibit_size(self, exhibit: ExhibitId) -> int:
        """How many entries an exhibit has."""
        with told():
            found = LedgerEntry.objects.filter(exhibit_id=exhibit).order_by("-exhibit_n")
            return found.values_list("exhibit_n", flat=True).first() or 0

    def _of(
        self, what: str, subject: str, kinds: tuple[str, ...], **places: int
    ) -> Iterator[Entry]:
        """Read entries of a case or an exhibit, as `_known_entries` does."""
        with told():
            found = LedgerEntry.objects.filter(**{f"{what}_id": subject}, **places)
            if kinds:
                found = found.filter(kind__in=kinds)
            rows = list(found.order_by(f"{what}_n").values_list("data", "hash"))
        return (read_known_entry(_stored(data), _stored(its_hash)) for data, its_hash in rows)

    def numbers_naming(self, kind: str, cases: Sequence[str], needle: bytes) -> list[int]:
        """List the entries of a kind, in some cases, in whose bytes these stand."""
        with told():
            found = LedgerEntry.objects.filter(case_id__in=cases, kind=kind).order_by("n")
            rows = found.values_list("n", "data").iterator(chunk_size=_PAGE_ROWS)
            return [n for n, data in rows if needle in _stored(data)]

    def folded(self, kind: type[F]) -> F:
        """The state of that kind up to the head; kept and only continued between calls.

        A transaction may have taken back what was folded in; then the state is made anew. Who goes
        through a state while others write does so under `folds_held`.
        """
        with _FOLDING:
            state, end = self._folds.pop(kind, (None, None))
            if isinstance(state, kind) and end is not None:
                later = self._known_entries(end.n)
                first = next(later, None)
                if first is None or first.hash != end.hash:
                    state, end = None, None
            if not isinstance(state, kind) or end is None:
                state, later = kind.empty(), self._known_entries(1)
            # Where taking raises, nothing is kept: half of an entry may have been taken.
            for entry in later:
                state.take(entry)
                end = entry
            self._folds[kind] = (state, end)
            if _outermost.ending is not None:
                _outermost.seen = end
            return state

    def folded_anew(self, kind: type[F]) -> F:
        """A state folded from entry 1 on, which nobody else has."""
        state = kind.empty()
        for entry in self._known_entries(1):
            state.take(entry)
        return state

    def _known_entries(self, start: int) -> Iterator[Entry]:
        """Entries that were read strictly when they came in, with less work."""
        for data, its_hash in self._pages(start):
            yield read_known_entry(data, its_hash)

    def _pages(self, start: int) -> Iterator[tuple[bytes, bytes]]:
        while True:
            with told():
                found = LedgerEntry.objects.filter(n__gte=start).order_by("n")
                rows = list(found.values_list("n", "data", "hash")[:_PAGE_ROWS])
            for _, data, its_hash in rows:
                yield _stored(data), _stored(its_hash)
            if len(rows) < _PAGE_ROWS:
                return
            start = rows[-1][0] + 1

    def derived_faults(self) -> list[tuple[int, str]]:
        """List each derived column that does not fit the entries' bytes: (n, column)."""
        faults: list[tuple[int, str]] = []
        edge, last = RightEdge(), bytes(32)
        with snapshot():
            rows = LedgerEntry.objects.order_by("n").iterator(chunk_size=_PAGE_ROWS)
            for row in rows:
                data = _stored(row.data)
                last = leaf_hash(data)
                edge.append(last)
                if _stored(row.hash) != last:
                    faults.append((row.n, "hash"))
                try:
                    expected = _columns(read_entry(data))
                except KancilError:
                    continue  # told by verify, from the bytes
                wrong = (name for name in _DERIVED if getattr(row, name) != expected[name])
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
        with one_transaction():
            size, last, edge = self._locked_head()
            draft = build(self)
            entry = self._make(draft, signer, size, last)
            edge.append(entry.hash)
            with _in_place():
                LedgerEntry.objects.create(n=entry.n, hash=entry.hash, **_columns(entry))
            self._set_head(size + 1, entry.hash, edge)
            self._rows.take(entry, self)
        return entry

    def import_lines(self, lines: Iterator[bytes], *, after: int = 0) -> int:
        """Take in entries from elsewhere, all or none, and make the rows; gives the ledger's size.

        `lines` are those after the ledger's first `after` entries, which is all it has. The caller
        has verified them. Raises LedgerFileBroken when the ledger has another size.
        """
        with one_transaction():
            size, last, edge = self._head_row()
            if size != after:
                raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-not-empty"))
            batch: list[LedgerEntry] = []
            for data in lines:
                entry = read_entry(data)
                self._refuse_other_unit(entry.unit)
                last = entry.hash
                edge.append(last)
                batch.append(LedgerEntry(n=entry.n, hash=last, **_columns(entry)))
                if len(batch) == _PAGE_ROWS:
                    with _in_place():
                        LedgerEntry.objects.bulk_create(batch)
                    batch.clear()
            with _in_place():
                LedgerEntry.objects.bulk_create(batch)
            self._set_head(edge.size, last, edge)
            self._rows.mend(self)
        return edge.size

    def mend_rows(self) -> int:
        """Make the desk's rows what the ledger says; gives how many were not."""
        with one_transaction():
            return self._rows.mend(self)

    def _make(self, draft: Draft, signer: Signer, size: int, last: bytes) -> Entry:
        now = at = clock.now()
        before = self._last_entry(size, last) if size else None
        if before is not None and before.hash != last:
            raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-head-damaged"))
        if before is not None and now < before.at:
            # The clock ran backwards: the ledger's time stands still, and the clock's is told.
            at = before.at
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

    def _last_entry(self, size: int, last: bytes) -> Entry:
        """The last entry; where an act has just folded up to it, without reading it again."""
        seen = _outermost.seen
        if seen is not None and (seen.n, seen.hash) == (size, last):
            return seen
        return self.read(size)

    def _link(self, what: str, subject: str | None) -> Link | None:
        if subject is None:
            return None
        found = LedgerEntry.objects.filter(**{f"{what}_id": subject}).order_by(f"-{what}_n")
        row = found.values_list(f"{what}_n", "hash").first()
        if row is None:
            return Link(subject, 1, NO_HASH)
        return Link(subject, row[0] + 1, _stored(row[1]).hex())

    def _refuse_other_unit(self, found: str) -> None:
        if found != self._unit:
            raise LedgerOfOtherUnit(found=found, expected=self._unit)

    def _head_row(self) -> tuple[int, bytes, RightEdge]:
        with told():
            row = LedgerHead.objects.filter(one=1).values_list("size", "hash", "edge").first()
        return _read_head(row)

    def _locked_head(self) -> tuple[int, bytes, RightEdge]:
        """The head under its lock."""
        row, _outermost.head = _outermost.head, None
        return self._head_row() if row is None else _read_head(row)

    @staticmethod
    def _set_head(size: int, last: bytes, edge: RightEdge) -> None:
        LedgerHead.objects.filter(one=1).update(size=size, hash=last, edge=edge.to_bytes())


@contextmanager
def _in_place() -> Iterator[None]:
    """Refuse a place that is taken: under the head lock nobody can rightly have taken it."""
    try:
        yield
    except IntegrityError as error:
        raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-head-damaged")) from error


_DERIVED = ("kind", "case_id", "case_n", "exhibit_id", "exhibit_n")


def _columns(entry: Entry) -> dict[str, Any]:
    case, exhibit = entry.case, entry.exhibit
    return {
        "data": entry.data,
        "kind": entry.kind.replace("\x00", "\ufffd"),
        "case_id": None if case is None else case.id,
        "case_n": None if case is None else case.n,
        "exhibit_id": None if exhibit is None else exhibit.id,
        "exhibit_n": None if exhibit is None else exhibit.n,
    }


def _stored(value: Any) -> bytes:
    """The bytes of a column, in which SQLite lets anybody with the file put any type.

    Raises LedgerFileBroken.
    """
    if not isinstance(value, bytes | bytearray | memoryview):
        raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-row-type"))
    return bytes(value)


def _read_head(row: HeadRow | None) -> tuple[int, bytes, RightEdge]:
    if row is None:
        return 0, bytes(32), RightEdge()
    if type(row[0]) is not int:
        raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-head-damaged"))
    edge = RightEdge.from_bytes(row[0], _stored(row[2]))
    if edge is None or len(_stored(row[1])) != 32:
        raise LedgerFileBroken(path=_NAME, why=Phrase("why.ledger-head-damaged"))
    return row[0], _stored(row[1]), edge

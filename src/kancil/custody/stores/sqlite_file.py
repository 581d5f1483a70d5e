"""The ledger as one SQLite file in WAL mode: each append is one durable commit.

Only the column `data` is normative; everything else is derived from it, and `derived_faults`
checks that. Tables: docs/formats/workspace.md, "Ledger file". SQLite's locks are not reliable
on network shares (sqlite.org, "How To Corrupt An SQLite Database File", section 2.1), and WAL
needs shared memory, so such folders are refused.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kancil.custody.entry import NO_HASH, Draft, Entry, Link, make_entry, read_entry
from kancil.custody.errors import (
    EntryNotFound,
    LedgerBusy,
    LedgerFileBroken,
    LedgerOfOtherUnit,
    LedgerOnNetworkShare,
)
from kancil.custody.merkle import RightEdge, leaf_hash
from kancil.custody.store import F, Fold, Head, LedgerView
from kancil.ground import clock
from kancil.ground.errors import DiskFull, FileNotReadable, FormatTooNew, KancilError
from kancil.ground.files import sync_folder
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer

FILE_FORMAT = 1
BUSY_SECONDS = 60
_MOUNTS = Path("/proc/self/mounts")
_PAGE_ROWS = 2000
_NETWORK_KINDS = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs",
     "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs", "davfs", "ncpfs")
)  # fmt: skip
_SCHEMA = """
BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS entries(
  n INTEGER PRIMARY KEY, hash BLOB NOT NULL, data BLOB NOT NULL,
  case_id TEXT, case_n INTEGER, exhibit_id TEXT, exhibit_n INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS entries_case ON entries(case_id, case_n)
  WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS entries_exhibit ON entries(exhibit_id, exhibit_n)
  WHERE exhibit_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS head(
  one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, hash BLOB NOT NULL,
  edge BLOB NOT NULL);
INSERT OR IGNORE INTO head VALUES (1, 0, zeroblob(32), x'');
PRAGMA user_version = 1;
COMMIT;
"""
# SQLite keeps whatever type a hand put in; a cast makes it bytes or a number again, which are then
# judged like any others.
_ALL = (
    "SELECT n, CAST(hash AS BLOB), CAST(data AS BLOB), case_id, case_n, exhibit_id, exhibit_n"
    " FROM entries ORDER BY n"
)
_HEAD = (
    "SELECT CAST(size AS INTEGER), CAST(hash AS BLOB), CAST(edge AS BLOB) FROM head WHERE one = 1"
)
_WAIT = "PRAGMA busy_timeout = 5000"
_INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"


class SqliteLedger:
    """One unit's ledger in one SQLite file; open it once in each process and thread."""

    def __init__(
        self, path: Path, unit: str, *, busy_seconds: float = BUSY_SECONDS, create: bool = True
    ) -> None:
        """Open the ledger of this unit, or begin it.

        Raises FileNotReadable (also when it is not there and `create` is false), FormatTooNew,
        LedgerFileBroken, LedgerOfOtherUnit, LedgerOnNetworkShare, LedgerBusy, DiskFull.
        """
        self._path = path
        self._unit = unit
        self._busy_seconds = busy_seconds
        self._folds: dict[type[Any], Fold] = {}
        self._end: tuple[bytes, datetime] | None = None
        """Hash and time of the entry that this process wrote last."""
        _refuse_network_share(path)
        if not create and not path.is_file():
            raise FileNotReadable(path=str(path))
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
        try:
            with self._translated():
                self._prepare()
                with self._snapshot():
                    self._check_end()
        except KancilError:
            self._db.close()
            raise

    @property
    def unit(self) -> str:
        """Id of the unit whose ledger this is."""
        return self._unit

    def __enter__(self) -> Self:
        """Use as a context that closes the file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # --- reading ---

    def head(self) -> Head:
        """Say where the ledger ends."""
        size, last, edge = self._head_row()
        return Head(size, last, edge.root())

    def read(self, n: int) -> Entry:
        """Give entry n; raises EntryNotFound, EntryNotReadable."""
        row = self._one("SELECT CAST(data AS BLOB) FROM entries WHERE n = ?", (n,))
        if row is None:
            raise EntryNotFound(n=n, size=self._head_row()[0])
        return read_entry(row[0])

    def lines(self, start: int = 1) -> Iterator[bytes]:
        """Give the bytes of all entries from `start` on, unread, in order.

        Read page by page, so that no long read holds back SQLite's own clearing of the WAL.
        """
        while True:
            rows = self._all(
                "SELECT n, CAST(data AS BLOB) FROM entries WHERE n >= ? ORDER BY n LIMIT ?",
                (start, _PAGE_ROWS),
            )
            for _, data in rows:
                yield data
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
        rows = self._all(
            "SELECT CAST(data AS BLOB) FROM entries WHERE case_id = ? ORDER BY case_n", (case,)
        )
        return (read_entry(row[0]) for row in rows)

    def exhibit_entries(self, exhibit: ExhibitId) -> Iterator[Entry]:
        """Give an exhibit's entries in order."""
        rows = self._all(
            "SELECT CAST(data AS BLOB) FROM entries WHERE exhibit_id = ? ORDER BY exhibit_n",
            (exhibit,),
        )
        return (read_entry(row[0]) for row in rows)

    def folded(self, kind: type[F]) -> F:
        """Give the state of that kind up to the head; kept and only continued between calls."""
        state = self._folds.get(kind)
        if not isinstance(state, kind):
            state = self._folds[kind] = kind.empty()
        for entry in self.entries(state.size + 1):
            state.take(entry)
        return state

    def derived_faults(self) -> list[tuple[int, str]]:
        """List each derived column that does not fit the entries' bytes: (n, column)."""
        faults: list[tuple[int, str]] = []
        with self._translated(), self._snapshot():
            self._find_faults(faults)
        return faults

    def _find_faults(self, faults: list[tuple[int, str]]) -> None:
        edge = RightEdge()
        last = bytes(32)
        for n, found, data, *places in self._db.execute(_ALL):
            last = leaf_hash(data)
            edge.append(last)
            if found != last:
                faults.append((n, "hash"))
            try:
                expected = _columns(read_entry(data))
            except KancilError:
                continue  # told by verify, from the bytes
            faults.extend(
                (n, name)
                for name, value, want in zip(_PLACES, places, expected[3:], strict=True)
                if value != want
            )
        size, stored, stored_edge = self._head_row()
        if (size, stored, stored_edge.hashes) != (edge.size, last, edge.hashes):
            faults.append((size, "head"))

    # --- writing ---

    def append(self, draft: Draft, signer: Signer) -> Entry:
        """Write one entry durably under the head lock; raises LedgerBusy, DiskFull."""
        return self.append_with(lambda _view: draft, signer)

    def append_with(self, build: Callable[[LedgerView], Draft], signer: Signer) -> Entry:
        """Let `build` decide the draft under the head lock, then write it durably.

        Whatever `build` raises leaves the ledger as it was.
        """
        with self._locked():
            draft = build(self)
            size, last, edge = self._head_row()
            entry, at = self._make(draft, signer, size, last)
            edge.append(entry.hash)
            self._db.execute(_INSERT, _columns(entry))
            self._db.execute(
                "UPDATE head SET size = ?, hash = ?, edge = ? WHERE one = 1",
                (size + 1, entry.hash, edge.to_bytes()),
            )
        self._end = (entry.hash, at)
        return entry

    def import_lines(self, lines: Iterator[bytes]) -> int:
        """Fill an empty ledger with entries from elsewhere, all or none; gives their number.

        The caller has verified them. Raises LedgerFileBroken when the ledger is not empty.
        """
        with self._locked():
            if self._head_row()[0]:
                raise LedgerFileBroken(path=str(self._path), why=Phrase("why.ledger-not-empty"))
            edge = RightEdge()
            last = bytes(32)
            for data in lines:
                entry = read_entry(data)
                self._refuse_other_unit(entry.unit)
                self._db.execute(_INSERT, _columns(entry))
                last = entry.hash
                edge.append(last)
            self._db.execute(
                "UPDATE head SET size = ?, hash = ?, edge = ? WHERE one = 1",
                (edge.size, last, edge.to_bytes()),
            )
        return edge.size

    def _make(self, draft: Draft, signer: Signer, size: int, last: bytes) -> tuple[Entry, datetime]:
        now = at = clock.now()
        if size and now < (before := self._time_at_end(size, last)):
            # The clock ran backwards: the ledger's time stands still, and the clock's is told.
            at = before
            draft = replace(draft, body={**draft.body, "clock": clock.to_text(now)})
        entry = make_entry(
            draft,
            signer,
            unit=self._unit,
            n=size + 1,
            prev=last.hex() if size else NO_HASH,
            at=at,
            case=self._link("case", draft.case),
            exhibit=self._link("exhibit", draft.exhibit),
        )
        return entry, at

    def _time_at_end(self, size: int, last: bytes) -> datetime:
        """Give the time of the last entry, remembered if this process wrote it."""
        if self._end is not None and self._end[0] == last:
            return self._end[1]
        return self.read(size).at

    def _link(self, what: str, subject: str | None) -> Link | None:
        if subject is None:
            return None
        row = self._one(_LAST[what], (subject,))
        return Link(subject, 1, NO_HASH) if row is None else Link(subject, row[0] + 1, row[1].hex())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the head lock for one transaction: commit at the end, or leave nothing behind."""
        with self._translated():
            self._begin()
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """See one moment of the ledger in several reads, while others may append."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def _begin(self) -> None:
        """Take SQLite's write lock.

        SQLite's own waiting sleeps ever longer, up to 100 ms, and starves some of many writers; a
        short shuffled pause took eight writers from 280 to over 1,000 entries a second.
        """
        deadline = time.monotonic() + self._busy_seconds
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self._db.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                time.sleep(random.uniform(0.0005, 0.003))  # noqa: S311 (a pause, not a secret)
        finally:
            self._db.execute(_WAIT)

    # --- opening ---

    def _prepare(self) -> None:
        db = self._db
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > FILE_FORMAT:
            raise FormatTooNew(what="ledger.sqlite", found=version, known=FILE_FORMAT)
        db.execute("PRAGMA synchronous = FULL")
        if version == 0:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)
            sync_folder(self._path.parent)

    def _check_end(self) -> None:
        """Refuse a file whose head and last entry differ, or that is another unit's."""
        size, last, _ = self._head_row()
        row = self._one("SELECT n, CAST(data AS BLOB) FROM entries ORDER BY n DESC LIMIT 1", ())
        if (size == 0) != (row is None):
            raise LedgerFileBroken(path=str(self._path), why=Phrase("why.ledger-head-differs"))
        if row is not None:
            if row[0] != size or leaf_hash(row[1]) != last:
                raise LedgerFileBroken(path=str(self._path), why=Phrase("why.ledger-head-differs"))
            self._refuse_other_unit(read_entry(row[1]).unit)

    def _refuse_other_unit(self, found: str) -> None:
        if found != self._unit:
            raise LedgerOfOtherUnit(found=found, expected=self._unit)

    def _head_row(self) -> tuple[int, bytes, RightEdge]:
        row = self._one(_HEAD, ())
        edge = None if row is None else RightEdge.from_bytes(row[0], row[2])
        if row is None or edge is None or len(row[1]) != 32:
            raise LedgerFileBroken(path=str(self._path), why=Phrase("why.ledger-head-damaged"))
        return row[0], row[1], edge

    def _one(self, sql: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        with self._translated():
            found: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
            return found

    def _all(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._translated():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._ours(error) from error
        except OSError as error:
            raise FileNotReadable(path=str(self._path)) from error

    def _ours(self, error: sqlite3.Error) -> KancilError:
        code = _code(error)
        path = str(self._path)
        if code == sqlite3.SQLITE_FULL:
            return DiskFull(path=path)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LedgerBusy(path=path, seconds=round(self._busy_seconds))
        if code in (
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_PERM,
        ):
            return FileNotReadable(path=path)
        return LedgerFileBroken(path=path, why=str(error)[:120])


_PLACES = ("case_id", "case_n", "exhibit_id", "exhibit_n")
_LAST = {
    "case": "SELECT case_n, CAST(hash AS BLOB) FROM entries WHERE case_id = ?"
    " ORDER BY case_n DESC LIMIT 1",
    "exhibit": "SELECT exhibit_n, CAST(hash AS BLOB) FROM entries WHERE exhibit_id = ?"
    " ORDER BY exhibit_n DESC LIMIT 1",
}


def _columns(entry: Entry) -> tuple[object, ...]:
    case, exhibit = entry.case, entry.exhibit
    return (
        entry.n,
        entry.hash,
        entry.data,
        *((None, None) if case is None else (case.id, case.n)),
        *((None, None) if exhibit is None else (exhibit.id, exhibit.n)),
    )


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code (the low byte of the extended one)."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _refuse_network_share(path: Path) -> None:
    """Look in /proc/self/mounts for the file system that holds the path."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    wanted = path.absolute().resolve()
    kind = ""
    longest = -1
    for line in lines:
        parts = line.split(" ")
        mount = Path(parts[1].replace("\\040", " "))
        if wanted.is_relative_to(mount) and len(parts[1]) >= longest:
            longest, kind = len(parts[1]), parts[2]
    if kind in _NETWORK_KINDS:
        raise LedgerOnNetworkShare(path=str(path), kind=kind)

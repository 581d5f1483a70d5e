"""Benchmark rows of the desk: durable appends on both databases, and the first fold of a long day.

`desk-append` and `desk-append-postgresql`: entries of 500 bytes, one durable commit each, into the
desk's database by the very call that acts use; peer: the bare driver that inserts and commits the
same bytes there. PostgreSQL with its own usual settings, on a socket; without PostgreSQL there is
no such row. `desk-first-fold`: 200 cases, 20,000 exhibits, 200,000 entries, folded to a roll by a
process that has just begun; peer: reading the same bytes with the bare driver. The desk has no goal
of its own. Half of an append is the commit, which every entry has for itself, and half the
statements; 400 entries in one transaction were written 1.6 times as fast, but officers' acts come
one at a time. A fold is spread over reading JSON, checking its form and taking it, none of which
stands out; a process does it once.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.entry import NO_HASH, Draft, Link, make_entry
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.roll import Roll
from kancil.ground.clock import now
from kancil.ground.ids import CaseId, ExhibitId, OfficerId, new_id
from kancil.ground.plain import plain
from kancil.ground.signing import MemorySigner
from tests.custody.memory_ledger import MemoryLedger
from tests.desk.desks import Desk, Maker
from tests.desk.postgres import SETTINGS, Cluster, binaries, running

NAMES = ("desk-append", "desk-append-postgresql", "desk-first-fold")
ENTRIES = 1500
ENTRY_BYTES = 500
ROUNDS = 4
CASES, EXHIBITS, LONG = 200, 20_000, 200_000


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or the one named `only`; the appends are the best of four rounds."""
    wanted = NAMES if only is None or only not in NAMES else (only,)
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="kancil-bench-", dir=Path.cwd()) as folder:
        root = Path(folder)
        if "desk-append" in wanted:
            found.append(_append_row("desk-append", "sqlite", root, _maker(root, None)))
        if "desk-append-postgresql" in wanted and binaries() is not None:
            with running(SETTINGS) as cluster:
                maker = _maker(root, cluster)
                found.append(_append_row("desk-append-postgresql", "postgresql", root, maker))
        if "desk-first-fold" in wanted:
            found.append(_fold_row(root, _maker(root, None)))
    return [{**row, "machine": machine} for row in found]


def _maker(root: Path, cluster: Cluster | None) -> Maker:
    def give() -> Cluster:
        if cluster is None:
            raise AssertionError("no PostgreSQL was started")
        return cluster

    return Maker(root, give, {})


def _append_row(name: str, kind: str, root: Path, maker: Maker) -> dict[str, Any]:
    ours = peer = 0.0
    for number in range(ROUNDS):
        desk = maker.make(kind, root / f"{name}-{number}")
        lines, rate = _append(desk)
        ours, peer = max(ours, rate), max(peer, _append_bare(desk, lines))
    driver = "sqlite3" if kind == "sqlite" else "psycopg"
    return _row(name, round(ours), "entries/s", f"{driver} insert+commit", round(peer), ours / peer)


def _row(
    name: str, ours: float, unit: str, peer: str, figure: float, ratio: float
) -> dict[str, Any]:
    return {
        "name": name, "ours": ours, "unit": unit, "peer": peer, "peer_figure": figure,
        "ratio": round(ratio, 3), "goal": None, "met": None,
    }  # fmt: skip


def _append(desk: Desk) -> tuple[list[bytes], float]:
    unit_signer = MemorySigner(Ed25519PrivateKey.generate())
    officer = ActingOfficer(OfficerId(new_id()), MemorySigner(Ed25519PrivateKey.generate()))
    ledger = desk.ledger()
    found_unit(ledger, name="Bench", country="LA", zone="UTC", unit_signer=unit_signer)
    add_first_officer(
        ledger, officer=officer.id, name="A", role="B", vouched_how="C",
        public_raw=officer.signer.public_raw, unit_signer=unit_signer,
    )  # fmt: skip
    probe = ledger.append(Draft("bench.entry", {"x": ""}, officer.id), officer.signer)
    draft = Draft("bench.entry", {"x": "x" * (ENTRY_BYTES - len(probe.data) - 3)}, officer.id)
    start = time.perf_counter()
    for _ in range(ENTRIES):
        ledger.append(draft, officer.signer)
    return list(ledger.lines()), ENTRIES / (time.perf_counter() - start)


def _append_bare(desk: Desk, lines: list[bytes]) -> float:
    if desk.url is None:
        path = desk.workspace.root / "bare.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("CREATE TABLE entries(n INTEGER PRIMARY KEY, data BLOB)")
            start = time.perf_counter()
            for line in lines:
                db.execute("INSERT INTO entries(data) VALUES (?)", (line,))
            return len(lines) / (time.perf_counter() - start)
    with psycopg.connect(desk.url, autocommit=True) as server:
        server.execute("CREATE TABLE bare(n BIGSERIAL PRIMARY KEY, data BYTEA)")
        start = time.perf_counter()
        for line in lines:
            server.execute("INSERT INTO bare(data) VALUES (%s)", (line,))
        return len(lines) / (time.perf_counter() - start)


def _fold_row(root: Path, maker: Maker) -> dict[str, Any]:
    desk = maker.make("sqlite", root / "long")
    desk.ledger().import_lines(_long_ledger(desk))
    desk.open()
    started = time.perf_counter()
    roll = desk.ledger().folded(Roll)
    ours = time.perf_counter() - started
    if (roll.size, len(roll.exhibits)) != (LONG, EXHIBITS):
        raise AssertionError(f"{roll.size} entries, {len(roll.exhibits)} exhibits")
    with closing(sqlite3.connect(desk.workspace.desk_path)) as db:
        started = time.perf_counter()
        read = sum(len(data) for (data,) in db.execute("SELECT data FROM ledger_entry ORDER BY n"))
        peer = time.perf_counter() - started
    name = f"sqlite3 read of the same {read // 1_000_000} MB"
    return _row("desk-first-fold", round(ours, 2), "s", name, round(peer, 3), ours / peer)


def _long_ledger(desk: Desk) -> Iterator[bytes]:
    """Make a ledger as acts would, of cases, exhibits and where they were kept."""
    unit = desk.workspace.unit.id
    signer = MemorySigner(Ed25519PrivateKey.generate())
    officer = OfficerId(new_id())
    begun = MemoryLedger(unit)
    own = MemorySigner(Ed25519PrivateKey.generate())
    found_unit(begun, name="Bench", country="LA", zone="UTC", unit_signer=own)
    add_first_officer(
        begun, officer=officer, name="A", role="B", vouched_how="C",
        public_raw=signer.public_raw, unit_signer=own,
    )  # fmt: skip
    yield from begun.lines()
    n, prev = begun.head().size, begun.head().hash.hex()
    links: dict[str, Link] = {}
    for draft in _drafts(officer, LONG - n):
        n += 1
        case, exhibit = (_next(links, each) for each in (draft.case, draft.exhibit))
        entry = make_entry(
            draft, signer, unit=unit, n=n, prev=prev, at=now(), case=case, exhibit=exhibit
        )
        prev = entry.hash.hex()
        for link in (case, exhibit):
            if link is not None:
                links[link.id] = Link(link.id, link.n + 1, prev)
        yield entry.data


def _next(links: dict[str, Link], subject: str | None) -> Link | None:
    return None if subject is None else links.get(subject, Link(subject, 1, NO_HASH))


def _drafts(officer: OfficerId, count: int) -> Iterator[Draft]:
    cases = [CaseId(new_id()) for _ in range(CASES)]
    exhibits = [ExhibitId(new_id()) for _ in range(EXHIBITS)]
    basis = plain(from_text("Court, 12/2026"))
    for number, case in enumerate(cases, start=1):
        body = {"basis": basis, "number": number, "title": f"Case {number}"}
        yield Draft("case.opened", body, officer, case)
    for number, exhibit in enumerate(exhibits, start=1):
        digest = hashlib.sha256(exhibit.encode()).hexdigest()
        content = {
            "files": 1, "in_place": False, "listing_sha256": digest, "md5": digest[:32],
            "sha1": digest[:40], "sha256": digest, "size_bytes": "1000",
        }  # fmt: skip
        body = {
            "basis": basis["id"], "content": content, "number": number, "source": "usb",
            "title": f"Exhibit {number}",
        }  # fmt: skip
        yield Draft("exhibit.added", body, officer, cases[number % CASES], exhibit)
    for number in range(count - CASES - EXHIBITS):
        place = number % EXHIBITS
        body = {"place": f"Locker {number}", "reason": None, "seal": None, "to": None}
        case = cases[(place + 1) % CASES]
        yield Draft("exhibit.stored", body, officer, case, exhibits[place])

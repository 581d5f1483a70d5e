"""Benchmark rows of the ledger: durable appends, and verifying.

`ledger-append`: entries of 500 bytes, one durable commit each, into the SQLite store by the very
call that acts use; peer: bare sqlite3 that inserts and commits the same bytes. `ledger-verify`:
the whole check of such a ledger; peer: a bare Ed25519 verify over the same statements. A disk that
others use too answers an fsync in bursts, so many short rounds alternate with the peer's.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Draft, read_entry
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.custody.verdict import NOT_ANCHORED
from kancil.custody.verify import verify_entries
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.signing import MemorySigner

NAMES = ("ledger-append", "ledger-verify")
APPEND_GOAL = 2000
VERIFY_GOAL = 6000
ENTRIES = 1500
ENTRY_BYTES = 500
ROUNDS = 8


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or the one named `only`; each is the best of eight rounds."""
    with tempfile.TemporaryDirectory(prefix="kancil-bench-", dir=Path.cwd()) as folder:
        lines, ours, peer = _append_rounds(Path(folder))
    found = []
    if only != "ledger-verify":
        found.append(_row("ledger-append", ours, "sqlite3 insert+commit", peer, APPEND_GOAL))
    if only != "ledger-append":
        found.append(
            _row("ledger-verify", _verify(lines), "Ed25519 verify", _bare(lines), VERIFY_GOAL)
        )
    return [{**row, "machine": machine} for row in found]


def _row(name: str, ours: float, peer: str, figure: float, goal: int) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours),
        "unit": "entries/s",
        "peer": peer,
        "peer_figure": round(figure),
        "ratio": round(ours / figure, 3),
        "goal": goal,
        "met": ours >= goal,
    }


def _append_rounds(folder: Path) -> tuple[list[bytes], float, float]:
    """Alternate ours and the peer, so that both meet the same machine; gives the best of each."""
    best = peer = 0.0
    lines: list[bytes] = []
    for number in range(ROUNDS):
        lines, rate = _append(folder / f"ledger-{number}.sqlite")
        best = max(best, rate)
        peer = max(peer, _append_bare(folder / f"bare-{number}.sqlite", lines))
    return lines, best, peer


def _append(path: Path) -> tuple[list[bytes], float]:
    unit_signer = MemorySigner(Ed25519PrivateKey.generate())
    officer = ActingOfficer(OfficerId(new_id()), MemorySigner(Ed25519PrivateKey.generate()))
    with SqliteLedger(path, new_id()) as ledger:
        found_unit(ledger, name="Bench", country="LA", zone="UTC", unit_signer=unit_signer)
        add_first_officer(
            ledger, officer=officer.id, name="A", role="B", vouched_how="C",
            public_raw=officer.signer.public_raw, unit_signer=unit_signer,
        )  # fmt: skip
        probe = ledger.append(Draft("bench.entry", {"x": ""}, officer.id), officer.signer)
        # Entry numbers of 1,000 to 1,503 have three digits more than the probe's.
        draft = Draft("bench.entry", {"x": "x" * (ENTRY_BYTES - len(probe.data) - 3)}, officer.id)
        start = time.perf_counter()
        for _ in range(ENTRIES):
            entry = ledger.append(draft, officer.signer)
        rate = ENTRIES / (time.perf_counter() - start)
        if len(entry.data) != ENTRY_BYTES:
            raise AssertionError(f"the last entry has {len(entry.data)} bytes")
        return list(ledger.lines()), rate


def _append_bare(path: Path, lines: list[bytes]) -> float:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE entries(n INTEGER PRIMARY KEY, data BLOB)")
    start = time.perf_counter()
    for line in lines:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO entries(data) VALUES (?)", (line,))
        db.execute("COMMIT")
    rate = len(lines) / (time.perf_counter() - start)
    db.close()
    return rate


def _verify(lines: list[bytes]) -> float:
    best = 0.0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        verdict = verify_entries(lines)
        best = max(best, len(lines) / (time.perf_counter() - start))
        if verdict.state != NOT_ANCHORED:
            raise AssertionError(f"the ledger did not verify: {verdict.problems}")
    return best


def _bare(lines: list[bytes]) -> float:
    verdict = verify_entries(lines)
    keys = {
        name: Ed25519PublicKey.from_public_bytes(span.public_raw)
        for name, span in verdict.keys.spans.items()
    }
    entries = [read_entry(line) for line in lines]
    work = [(keys[entry.key], entry.signature, entry.signed_bytes) for entry in entries]
    best = 0.0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for key, signature, message in work:
            key.verify(signature, message)
        best = max(best, len(lines) / (time.perf_counter() - start))
    return best

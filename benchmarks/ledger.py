"""Benchmark row of the ledger: verifying.

`ledger-verify`: the whole check of a ledger of entries of 500 bytes; peer: a bare Ed25519 verify
over the same statements. Eight short rounds; appends are measured in `desk`.
"""

from __future__ import annotations

import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Draft, read_entry
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.verdict import NOT_ANCHORED
from kancil.custody.verify import verify_entries
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.signing import MemorySigner
from tests.custody.memory_ledger import MemoryLedger

NAMES = ("ledger-verify",)
VERIFY_GOAL = 6000
ENTRIES = 1500
ENTRY_BYTES = 500
ROUNDS = 8


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the row; it is the best of eight rounds."""
    lines = _lines()
    ours, figure = _verify(lines), _bare(lines)
    return [
        {
            "name": "ledger-verify",
            "ours": round(ours),
            "unit": "entries/s",
            "peer": "Ed25519 verify",
            "peer_figure": round(figure),
            "ratio": round(ours / figure, 3),
            "goal": VERIFY_GOAL,
            "met": ours >= VERIFY_GOAL,
            "machine": machine,
        }
    ]


def _lines() -> list[bytes]:
    unit_signer = MemorySigner(Ed25519PrivateKey.generate())
    officer = ActingOfficer(OfficerId(new_id()), MemorySigner(Ed25519PrivateKey.generate()))
    ledger = MemoryLedger(new_id())
    found_unit(ledger, name="Bench", country="LA", zone="UTC", unit_signer=unit_signer)
    add_first_officer(
        ledger, officer=officer.id, name="A", role="B", vouched_how="C",
        public_raw=officer.signer.public_raw, unit_signer=unit_signer,
    )  # fmt: skip
    probe = ledger.append(Draft("bench.entry", {"x": ""}, officer.id), officer.signer)
    # Entry numbers of 1,000 to 1,503 have three digits more than the probe's.
    draft = Draft("bench.entry", {"x": "x" * (ENTRY_BYTES - len(probe.data) - 3)}, officer.id)
    for _ in range(ENTRIES):
        entry = ledger.append(draft, officer.signer)
    if len(entry.data) != ENTRY_BYTES:
        raise AssertionError(f"the last entry has {len(entry.data)} bytes")
    return list(ledger.lines())


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

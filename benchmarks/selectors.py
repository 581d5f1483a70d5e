"""Benchmark rows of selectors in bytes: every kind in one pass, beside one regular expression.

The bytes are files of this very machine, one after the other: documents, programs and libraries,
Python sources. Goal: 250 MB a core second. The peers get one alternation of the same forms, without
UTF-16 and base64, and verify nothing: `selectors` beside google-re2, where it is installed,
`selectors-re` beside Python's `re`. Times are processor times, the least of some rounds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kancil.evidence.selectors.finder import SEPARATOR, Finder

NAMES = ("selectors", "selectors-re")
GOAL, ROUNDS = 250, 3
SOURCES = (
    ("/usr/share/doc", 40_000_000), ("/usr/lib", 80_000_000), ("/usr/lib/python3", 40_000_000),
)  # fmt: skip
"""Folders, and how many bytes of each."""
PIECE_BYTES = 8 << 20
FORMS = (
    r"\b[123LMTmn][1-9A-HJ-NP-Za-km-z]{24,35}\b", r"\b(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,87}\b",
    r"\b(?:0x)?[0-9a-fA-F]{64}\b", r"\b0x[0-9a-fA-F]{40}\b", r"\b[48][1-9A-HJ-NP-Za-km-z]{94}\b",
    r"\b[a-z2-7]{56}\.onion\b", r"\b[\w.%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    r"\b(?:https?|ftp)://[^\s\"<>]+", r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|de|fr|th|uk)\b",
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b", r"\b[23f][0-9a-f]{3}:[0-9a-f:]{3,34}",
    r"\+[1-9](?:[ .()/-]{0,2}\d){7,14}", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}[A-Z0-9]{0,3}\b",
    r"\b[2-6]\d{3}(?:[ -]?\d{4}){3}\b", r"\b[5KL][1-9A-HJ-NP-Za-km-z]{50,51}\b",
    r"\b[xyz]prv[1-9A-HJ-NP-Za-km-z]{107}\b", r"\b(?:SWIFT|BIC)\W{1,3}[A-Z]{6}[A-Z0-9]{2}",
)  # fmt: skip


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure; the peers read a tenth."""
    pieces = list(_pieces())
    total = sum(map(len, pieces))
    finder = Finder()
    finder.ready()
    ours = total / _least(lambda: [finder.find(piece) for piece in pieces]) / 1e6
    re2 = _speed(import_module("re2").compile, pieces) if find_spec("re2") else None
    found = [
        _row("selectors", ours, "google-re2" if re2 else None, re2),
        _row("selectors-re", ours, "re", _speed(re.compile, pieces)),
    ]
    return [{**each, "machine": machine} for each in found]


def _pieces() -> Iterator[bytes]:
    """Files of this machine in pieces, of each folder at most its share."""
    held = bytearray()
    for folder, share in SOURCES:
        for path in sorted(Path(folder).rglob("*")):
            if share <= 0:
                break
            if path.is_symlink() or not path.is_file():
                continue
            raw = path.read_bytes()[:share]
            share -= len(raw)
            held += raw + SEPARATOR
            while len(held) >= PIECE_BYTES:
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    yield bytes(held)


def _speed(compiled: Callable[[bytes], Any], pieces: list[bytes]) -> float:
    """Megabytes a second of a regular expression over every tenth piece."""
    form = compiled("|".join(f"(?:{each})" for each in FORMS).encode())
    tenth = pieces[::10]
    took = _least(lambda: [sum(1 for _ in form.finditer(piece)) for piece in tenth], rounds=1)
    return sum(map(len, tenth)) / took / 1e6


def _least(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        took.append(time.process_time() - began)
    return min(took)


def _row(name: str, ours: float, peer: str | None, theirs: float | None) -> dict[str, Any]:
    return {
        "name": name, "ours": ours, "unit": "MB/CPU-s", "peer": peer, "peer_figure": theirs,
        "ratio": ours / theirs if theirs else None, "goal": GOAL, "met": ours >= GOAL,
    }  # fmt: skip

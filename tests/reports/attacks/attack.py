"""A bundle that somebody tampered with, or an honest one, and what every checker must say of it."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.reports.casework.bundle.checker.verdict import NOT_INTACT

ANYONE = "anyone"
OFFICER = "holds the officer's key"
UNIT = "holds the unit's key"
BOTH = "holds both keys"
STRANGER = "holds keys of their own"
NOBODY = "nobody: the bundle is honest"
INSIDERS = (OFFICER, UNIT, BOTH)


@dataclass(frozen=True)
class Attack:
    """One file, what the reader received by another road, and the right answer."""

    name: str
    data: bytes
    by: str = ANYONE
    answer: str = NOT_INTACT
    """One of `verdict.ANSWERS`."""
    key: str = ""
    """Fingerprint that the reader received by another road; empty: none."""
    checkpoint: bytes = b""
    """Checkpoint note that the reader received by another road; empty: none."""
    consistency: bytes = b""
    """Proof that leads from the bundle's checkpoint to that one; empty: none."""
    is_zipped_again: bool = False
    """The signed files are unchanged, and both checkers must say so."""

"""What a check of a ledger, or of shown entries, came to.

Words for people: `problem.<code>` and `note.<code>`, rendered by the doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kancil.ground.phrase import Param

from .spans import KeySpans

BROKEN = "broken"
NOT_ANCHORED = "consistent, not anchored"
ANCHORED = "anchored"

MAX_PROBLEMS = 100
"""So many problems are listed; the rest are only counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the format says; its words are `problem.<code>`."""

    code: str
    n: int
    """Number of the entry by its place, from 1; 0 for the whole."""
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not checked, or that the reader should know; words: `note.<code>`."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(slots=True)
class LedgerVerdict:
    """What the check of a whole ledger came to."""

    state: str = NOT_ANCHORED
    """`broken`, `consistent, not anchored`, or `anchored`; never more than was checked."""
    size: int = 0
    head_hash: bytes = bytes(32)
    root: bytes = b""
    unit: str | None = None
    unit_key: str | None = None
    """Fingerprint of the unit's key, as entry 1 states it."""
    anchored_size: int = 0
    """Entries up to this number were fixed by the checkpoint held elsewhere."""
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    """All problems, listed or not."""
    not_checked: list[Note] = field(default_factory=list)
    keys: KeySpans = field(default_factory=KeySpans, repr=False)

    def add(self, code: str, n: int, **params: Param) -> None:
        """Take up a problem; the verdict is then `broken`."""
        self.state = BROKEN
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, n, params))

    @property
    def is_broken(self) -> bool:
        """Whether there is any problem."""
        return self.state == BROKEN


@dataclass(slots=True)
class ShownVerdict(LedgerVerdict):
    """What the check of the entries shown in a bundle came to."""

    shown: int = 0
    """Entries whose bytes are shown."""
    sealed: dict[str, int] = field(default_factory=dict)
    """Case or exhibit id, and how many of its entries are only hashes here."""
    sealed_count: int = 0
    """Entries that are only hashes here; one of a case and of an exhibit is counted once."""
    sealed_entries: dict[str, int] = field(default_factory=dict)
    """Hash (hex) of each of these, and its number in the unit; 0 where the number is not proved."""
    complete: list[str] = field(default_factory=list)
    """Ids of the case and exhibits whose history is shown complete up to the checkpoint."""

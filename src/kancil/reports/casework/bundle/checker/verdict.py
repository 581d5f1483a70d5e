"""What the check of a bundle came to: step by step, and one word at the end.

Words: each remark's own; `note.bundle-step-<step>` for the steps, `note.bundle-state-<state>` for
their answers. Doors and pages render them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kancil.custody.entry import Entry
from kancil.reports.casework.bundle.manifest import UNDECLARED_NUMBER
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.statements import Statements

HOLDS = "holds"
BROKEN = "broken"
NOT_CHECKED = "not-checked"
NOTHING = "nothing"
"""The bundle holds nothing that the step is about: of a chain, where there is no trace."""

STEPS = ("bytes", "signer", "custody", "when", "chain", "table")
"""The six steps of docs/formats/bundle.md, in order."""

EXIT_INTACT = 0
EXIT_BYTES = 20
EXIT_SIGNATURE = 21
EXIT_CUSTODY = 22
EXIT_CHAIN = 23
EXIT_TABLE = 24
EXIT_OTHER_KEY = 25
EXIT_OTHER_CHECKPOINT = 26
"""Also for a time stamp that does not hold under the certificates given."""
EXIT_TOO_NEW = 27
EXIT_NOT_CONFIRMED = 28
"""Nothing is changed; by whom the bundle was signed, or what it keeps back, is not known."""

CONFIRMED = "confirmed"
"""Unchanged, and signed by whom the checker expected: a fingerprint or checkpoint matched."""
UNCHANGED = "unchanged"
"""Unchanged since it was signed; by whom was not checked."""
UNDECLARED = "undeclared"
"""Unchanged, in a format whose ledger entry does not declare all that is sealed."""
INCOMPLETE = "incomplete"
"""Nothing is wrong, and something that must hold could not be checked."""
NOT_INTACT = "not-intact"
NEWER = "newer"
"""Of a format that this version does not know: neither intact nor not intact."""
ANSWERS = (CONFIRMED, UNCHANGED, UNDECLARED, INCOMPLETE, NOT_INTACT, NEWER)

NEEDED_STEPS = ("bytes", "custody", "chain", "table")
"""What must hold for a bundle to be intact."""


@dataclass(slots=True)
class Step:
    """The answer of one step."""

    name: str
    state: str = NOT_CHECKED
    problems: list[Remark] = field(default_factory=list)
    said: list[Remark] = field(default_factory=list)
    """What was checked and holds."""
    not_checked: list[Remark] = field(default_factory=list)

    def close(self) -> None:
        """Set the state of a step that was carried out."""
        self.state = BROKEN if self.problems else HOLDS

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form."""
        return {
            "not_checked": [remark.as_dict() for remark in self.not_checked],
            "problems": [remark.as_dict() for remark in self.problems],
            "said": [remark.as_dict() for remark in self.said],
            "state": self.state,
            "step": self.name,
        }


@dataclass(slots=True)
class BundleVerdict:
    """The whole answer about one bundle. Intact means unchanged, and nothing more."""

    sha256: str
    """Of the file."""
    size_bytes: int
    steps: dict[str, Step] = field(default_factory=lambda: {name: Step(name) for name in STEPS})
    manifest: dict[str, Any] | None = None
    """As read; None if it cannot be read."""
    is_too_new: bool = False
    signature_wrong: bool = False
    key_differs: bool = False
    is_only_zipped_again: bool = False
    """Not intact for its ZIP alone: each file in it is as it was signed, and there is no other."""
    format_number: int = 0
    """0 where the manifest cannot be read."""
    is_training: bool = False
    """Made in a classroom, of no real case: the manifest or the ledger's first entry says so."""
    is_anchored: bool = False
    """A checkpoint held elsewhere is one of this bundle's ledger."""
    making: Entry | None = None
    """The entry that records this bundle's making; None where none does."""
    statements: Statements | None = None
    """What the unit states in the shown entries; None where bytes or custody do not hold, or where
    what came by another road shows that it is not this unit's bundle."""

    @property
    def is_intact(self) -> bool:
        """Whether all that must hold was checked and holds, and nothing given contradicts it.

        A bundle of another key or another ledger than the checker asked about is not intact.
        """
        is_other = self.key_differs or self.steps["when"].state == BROKEN
        holds = all(self.steps[name].state in (HOLDS, NOTHING) for name in NEEDED_STEPS)
        return holds and not self.is_too_new and not is_other

    @property
    def answer(self) -> str:
        """The headline, one of `ANSWERS`: never more than was checked."""
        if self.is_too_new:
            return NEWER
        if self.problems:
            return NOT_INTACT
        if not self.is_intact:
            return INCOMPLETE
        if self.format_number <= UNDECLARED_NUMBER:
            return UNDECLARED
        is_confirmed = self.is_anchored or self.steps["signer"].state == HOLDS
        return CONFIRMED if is_confirmed else UNCHANGED

    @property
    def problems(self) -> list[Remark]:
        """All problems, in the order of the steps."""
        return [remark for step in self.steps.values() for remark in step.problems]

    @property
    def exit_status(self) -> int:
        """The status that `kancil verify` leaves with: the first thing that is wrong."""
        if self.is_too_new:
            return EXIT_TOO_NEW
        found = {
            EXIT_SIGNATURE: self.signature_wrong,
            EXIT_BYTES: self.steps["bytes"].state != HOLDS,
            EXIT_OTHER_KEY: self.key_differs,
            EXIT_CUSTODY: self.steps["custody"].state != HOLDS,
            EXIT_OTHER_CHECKPOINT: self.steps["when"].state == BROKEN,
            EXIT_CHAIN: self.steps["chain"].state not in (HOLDS, NOTHING),
            EXIT_TABLE: self.steps["table"].state != HOLDS,
        }
        if found[EXIT_BYTES] and not self.only_signature_wrong:
            return EXIT_BYTES
        otherwise = EXIT_INTACT if self.answer == CONFIRMED else EXIT_NOT_CONFIRMED
        return next((status for status, is_so in found.items() if is_so), otherwise)

    @property
    def only_signature_wrong(self) -> bool:
        """Whether the only fault of the bytes is the signature over them."""
        codes = {remark.code for remark in self.steps["bytes"].problems}
        return self.signature_wrong and codes == {"signature"}

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form."""
        return {
            "answer": self.answer,
            "exit_status": self.exit_status,
            "intact": self.is_intact,
            "manifest": self.manifest,
            "sha256": self.sha256,
            "size_bytes": str(self.size_bytes),
            "statements": None if self.statements is None else self.statements.as_dict(),
            "steps": [self.steps[name].as_dict() for name in STEPS],
            "training": self.is_training,
        }

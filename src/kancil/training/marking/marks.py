"""The values of marking: what a question earned and why, what a check of the ledger found.

Marks are whole hundredths of a point. They are plain JSON by `ground.plain`, and come back by
`ground.filled`; whoever keeps them keeps them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from kancil.ground.phrase import Phrase
from kancil.training.question import Value

from .shares import HUNDREDTHS

CHECK_POINTS = 2
"""Points of each process check that a lab marks: our own choice."""


@dataclass(frozen=True, slots=True)
class TrainerMarks:
    """What a trainer gave for texts, by the rubric of the key."""

    points: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By question, by the code of a line of its rubric."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """By question, in the trainer's own words."""


@dataclass(frozen=True, slots=True)
class QuestionMark:
    """What one question earned, and why."""

    question: str
    points: int
    earned_hundredths: int | None
    """With what accusations and hints took; negative after an accusation. None: a trainer has
    still to mark it."""
    penalty_hundredths: int
    """What accusations took, and is in `earned_hundredths`; 0 or more."""
    hint_hundredths: int
    """What hints took, and is in `earned_hundredths`; 0 or more."""
    reason: Phrase
    """Why this mark."""
    why: Phrase
    """What the key explains."""
    expected: Value
    answer: Value = None
    """As handed in; None: no answer."""
    remark: str = ""
    """The trainer's."""


class State(StrEnum):
    """What a check of the ledger found."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of working, looked for in the ledger."""

    code: str
    state: State
    reason: Phrase
    entries: tuple[int, ...] = ()
    """Numbers of the ledger entries on which it rests."""

    @property
    def points(self) -> int:
        """What it can earn: nothing where it does not apply."""
        return 0 if self.state is State.NOT_APPLICABLE else CHECK_POINTS

    @property
    def earned_hundredths(self) -> int:
        """What it earned."""
        return CHECK_POINTS * HUNDREDTHS if self.state is State.MET else 0

    PLAIN_ALSO: ClassVar[tuple[str, ...]] = ("points", "earned_hundredths")


@dataclass(frozen=True, slots=True)
class Marked:
    """All marks of one attempt under one version of a key."""

    lab: str
    lab_version: str
    variant: str
    key_version: int
    questions: tuple[QuestionMark, ...]
    process: tuple[Check, ...] = ()

    PLAIN_ALSO: ClassVar[tuple[str, ...]] = ("points", "earned_hundredths", "is_final")

    @property
    def points(self) -> int:
        """What could be earned, with the checks that apply."""
        return sum(each.points for each in self.questions) + sum(
            each.points for each in self.process
        )

    @property
    def earned_hundredths(self) -> int:
        """The sum, never below 0; what waits for a trainer counts nothing yet."""
        questions = sum(each.earned_hundredths or 0 for each in self.questions)
        return max(0, questions + sum(each.earned_hundredths for each in self.process))

    @property
    def is_final(self) -> bool:
        """Whether no text waits for a trainer."""
        return all(each.earned_hundredths is not None for each in self.questions)


def points_text(hundredths: int) -> str:
    """Hundredths of a point for people: `7.5`, `-2`."""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if hundredths < 0 else text

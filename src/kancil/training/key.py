"""The key of one variant of a lab: what is right, why, and what really happened.

It leaves the machine that made it only sealed in the age format, to the trainer's recipient; the
seed is inside, since who has it can make the lab again and read the key from the generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kancil.ground.phrase import Phrase

from .question import Value

FORMAT = "kancil-lab-key/1"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric by which a trainer marks a text."""

    code: str
    points: int
    words: Phrase


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right for one question."""

    question: str
    value: Value
    """As an answer's value; of a finding and a ruling, what earns all points."""
    why: Phrase
    """The explanation that the trainee reads beside the mark."""
    tolerance: str = ""
    """Of an amount: a decimal number in its unit; of a time: seconds."""
    accusations: Mapping[str, Phrase] = field(default_factory=dict)
    """Wrong values that cost more than a miss: they name an innocent party, or are rulings that do
    harm; with who, or which."""
    also: tuple[Value, ...] = ()
    """Other values that are as right."""
    rubric: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline of what the invented actors did."""

    at: str
    """UTC, ISO 8601."""
    actor: str
    words: Phrase
    evidence: tuple[str, ...] = ()
    """Where it shows: `files/bank.csv:17`, a transaction's id."""


@dataclass(frozen=True, slots=True)
class Key:
    """The whole key; `version` rises with each correction."""

    lab: str
    lab_version: str
    variant: str
    seed: str
    knobs: Mapping[str, int | str]
    expected: tuple[Expected, ...]
    timeline: tuple[Happening, ...] = ()
    process: tuple[str, ...] = ()
    """Codes of the process checks that this lab marks."""
    version: int = 1
    corrected: str = ""
    """Why this version stands for the one before, in the trainer's words."""

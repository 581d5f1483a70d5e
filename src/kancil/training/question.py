"""What a lab asks, and what a trainee hands in.

A value of an answer is plain JSON, by the question's kind:

    address, digest   text
    amount            a decimal number as text, in the question's unit: "0.25000000"
    time              ISO 8601 with its offset: "2026-03-09T14:05:00+07:00"
    set               texts, each once, in any order
    path              texts, in order
    finding           {"statement": choice, "pointers": [text, …]}: what is said, on what it rests
    ruling            {"ruling": "admit" | "weight" | "exclude", "reasons": [choice, …]}, and of
                      "weight" what weight it is: "weight": text, which no rule marks
    text              text, marked by a trainer under the rubric of the key
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kancil.ground.phrase import Phrase

ANSWERS_FORMAT = "kancil-lab-answers/1"
RULINGS = ("admit", "weight", "exclude")
"""Admit; admit and give it the weight that is stated; exclude."""

Value = Any
"""Plain JSON, as the module says by kind."""


class Kind(StrEnum):
    """How an answer is compared with the key; the words are `name.question-<value>`."""

    ADDRESS = "address"
    AMOUNT = "amount"
    TIME = "time"
    SET = "set"
    PATH = "path"
    DIGEST = "digest"
    FINDING = "finding"
    RULING = "ruling"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the statements or reasons that a question offers."""

    code: str
    words: Phrase


@dataclass(frozen=True, slots=True)
class Hint:
    """Help that a trainee may buy."""

    words: Phrase
    cost: int
    """Points that it takes from the question's."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a lab."""

    id: str
    """Unique in its lab: `exchange-address`."""
    kind: Kind
    points: int
    words: Phrase
    unit: str = ""
    """Of an amount: `BTC`, `USDT`, ISO 4217."""
    choices: tuple[Choice, ...] = ()
    """Of a finding its statements, of a ruling its reasons."""
    subject: str = ""
    """Of a ruling: the file or exhibit that is ruled on."""
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What one trainee handed in for one variant of a lab."""

    variant: str
    """UUIDv7 of the variant, as its manifest has it."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """By question; a question without an answer is not in it."""
    hints: Mapping[str, int] = field(default_factory=dict)
    """How many hints of a question were taken, in their order."""

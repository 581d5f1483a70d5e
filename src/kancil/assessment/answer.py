"""Answers: what one assessor said of one indicator, on what evidence, and what two agreed.

The room keeps nothing: the desk hands answers in and remembers them. Nobody's answer is ever
written over by another's; an agreement or a recorded dispute stands beside both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kancil.assessment.protocol import Confidence


class Kind(StrEnum):
    """What an answer is."""

    VALUE = "value"
    NOT_APPLICABLE = "na"
    """With a reason; leaves the indicator out of the figures."""
    NOT_KNOWN = "nk"
    """Counts as missing."""


Value = int | str | tuple[str, ...]
"""On an ordered or count scale a whole number; on `many` a tuple; else text (dates as ISO)."""


BILL = "bill"
"""Kind of evidence that is a draft statute: it is no law, and confirms nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing an answer rests on."""

    id: str
    grade: str
    """A grade of the protocol."""
    title: str
    kind: str
    """`document`, `data`, `statute`, `bill`, `interview`, `observation`."""
    sha256: str | None = None
    """Digest of the file, where one is kept."""
    reference: str = ""
    """Where it can be found: citation, address, archive number."""
    dated: date | None = None
    interview: str | None = None
    """Id of the interview whose record this is; its content is not here."""
    extract: str | None = None
    """Id of the statute extract."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a question or to one of its parts."""

    kind: Kind
    value: Value | None = None
    reason: str = ""
    """Why not applicable; needed there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of one indicator."""

    id: str
    indicator: str
    by: str
    """Id of the assessor."""
    at: datetime
    given: Given | None
    """None where the indicator is asked only in parts."""
    parts: Mapping[str, Given]
    confidence: Confidence
    comment: str = ""
    evidence: tuple[Evidence, ...] = ()


class Outcome(StrEnum):
    """How two assessors came out."""

    ALONE = "alone"
    """Only one has answered yet."""
    AGREED = "agreed"
    """Both gave the same, or one answer was settled on; `Settled.ruled`: over somebody's own."""
    DISPUTED = "disputed"
    """They gave different answers and have not settled, or recorded that they differ."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """That somebody settled a question, though somebody else who answered it said otherwise."""

    by: str
    """Id of who settled it; empty where it is not told."""
    part: str
    """What the person does in the team: `lead` or `assessor`; empty: nothing any more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Where an indicator of a round stands."""

    indicator: str
    outcome: Outcome
    answer: Answer | None
    """What counts: the agreed answer, or the one there is, on the evidence of all who said the
    same. None where it is disputed or missing."""
    answers: tuple[Answer, ...] = ()
    """Everyone's own, the older first."""
    note: str = ""
    """What the two wrote when they agreed or recorded the dispute."""
    is_closed: bool = False
    """Whether somebody agreed to what stands: it is answered no more until it is reopened."""
    ruled: Ruled | None = None
    """Who settled it over an author who said otherwise; None: nobody did, and all agree."""

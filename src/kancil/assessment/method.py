"""What a scoring method must do: make figures of settled answers, each open to the answers behind.

A figure is of one area (or instrument, or sector) and one ordered scale; answers on different
scales never meet in one. There is no figure over a whole country, and none is compared with
another country's. Members stand in `kancil.assessment.methods`; their arithmetic in
docs/reference/scoring.md. All arithmetic is in fractions, so that a figure comes out the same
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from kancil.assessment.answer import BILL, Evidence, Kind, Outcome, Settled
from kancil.assessment.protocol import Confidence, Indicator, Shape
from kancil.assessment.protocol import Protocol as Asked
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Line:
    """What one indicator brings to a figure: the answer behind the number."""

    indicator: str
    weight: Fraction
    value: int | None
    """On the figure's scale; None: no settled answer that is a value."""
    kind: Kind | None
    """None: nobody has answered, or it is disputed."""
    outcome: Outcome | None
    """None: nobody has answered."""
    grade: str | None
    """Best grade of its evidence; None: none was given."""
    confirmed: bool
    confidence: Confidence | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a profile."""

    of: str
    """`area`, `instrument` or `sector`."""
    id: str
    scale: str
    percent: Fraction | None
    """0 to 100, after caps; None where too little is answered, or nothing applies."""
    raw_percent: Fraction | None
    """Before caps, also where too little is answered."""
    coverage: Fraction
    """Percent of the weight that applies to which there is an answer."""
    confirmed: Fraction
    """Percent of the answered weight that rests on confirmed evidence."""
    band: str | None
    capped_by: tuple[str, ...]
    """Critical indicators for whose sake it is capped."""
    uncertain: tuple[str, ...]
    """Critical indicators with no settled value: the cap may or may not apply."""
    lines: tuple[Line, ...]
    reason: Phrase | None = None
    """Why there is no percent."""


@dataclass(frozen=True, slots=True)
class Profile:
    """All figures of a round, by one method."""

    protocol: str
    protocol_sha256: str
    method: str
    figures: tuple[Figure, ...]
    intrusive_blocked_by: tuple[str, ...]
    """Critical indicators so low that intrusive help is blocked."""

    def figure(self, of: str, id: str) -> Figure | None:
        """Find a figure; None if there is none."""
        return next((each for each in self.figures if (each.of, each.id) == (of, id)), None)


class Method(Protocol):
    """A way to make figures."""

    @property
    def name(self) -> str:
        """Name and version, `area-profile-1`: a changed method is a new member beside the old."""

    @property
    def source(self) -> str:
        """Where the method comes from."""

    def profile(self, protocol: Asked, settled: Mapping[str, Settled]) -> Profile:
        """Make the figures of a round.

        `settled`: by indicator; an indicator that is missing has no answer. Indicators that are
        asked only after certain answers (`asked_if`) count only if those were given.
        """


def percent_text(share: Fraction | None) -> str | None:
    """Write a percentage with one decimal, halves up; None stays None."""
    if share is None:
        return None
    tenths = (share * 10 + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"


def best_grade(protocol: Asked, settled: Settled | None) -> tuple[str | None, bool]:
    """The best grade among the evidence of what counts, and whether that is confirmed.

    Of evidence that no grade may confirm (`graded_by`) a grade that confirms is not taken.
    """
    if settled is None or settled.answer is None:
        return None, False
    given = {graded_by(protocol, each) for each in settled.answer.evidence}
    for grade in protocol.grades.values():
        if grade.id in given:
            return grade.id, grade.confirmed
    return None, False


def graded_by(protocol: Asked, item: Evidence) -> str | None:
    """The grade that an item of evidence has by a protocol; None: by this one, none.

    Protocols share ids of grades. Where provisions of law are asked, a grade that confirms is that
    of the text of a law: a report of the police, however official, shows no text, and a bill is
    none.
    """
    grade = protocol.grades.get(item.grade)
    if grade is None:
        return None
    is_no_law = protocol.shape is Shape.PROVISIONS and not is_law(item)
    return None if is_no_law and grade.confirmed else grade.id


def is_law(item: Evidence) -> bool:
    """Whether evidence is the text of a law; a bill is none."""
    return item.extract is not None and item.kind != BILL


def asked_of(protocol: Asked, settled: Mapping[str, Settled]) -> tuple[Indicator, ...]:
    """The indicators that are asked in this round, in the protocol's order."""
    return tuple(each for each in protocol.indicators.values() if is_asked(protocol, each, settled))


def is_asked(protocol: Asked, indicator: Indicator, settled: Mapping[str, Settled]) -> bool:
    """Whether an indicator is asked in this round, after what was answered before it."""
    condition = indicator.asked_if
    if condition is None:
        return True
    before = settled.get(condition.indicator)
    if before is None or before.answer is None:
        return False
    if not is_asked(protocol, protocol.indicators[condition.indicator], settled):
        return False
    answer = before.answer
    given = answer.parts.get(condition.part) if condition.part else answer.given
    if given is None or given.kind is not Kind.VALUE or given.value is None:
        return False
    values = given.value if isinstance(given.value, tuple) else (given.value,)
    return any(value in condition.values for value in values)

"""What is counted of heuristics against labels, and what a count may be called.

Made by `kancil.bitcoin.evaluation.evaluate` and by what evaluates on generated chains; shown by the
doors and by the pages of `docs/reference`. Counts are given twice: as labelled, and without the
contested labels, which a fact of the protocol itself contradicts
(`kancil.bitcoin.evaluation.contested`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kancil.bitcoin.coinjoins.heuristic import Answer, Verdict
from kancil.ground.phrase import Phrase
from kancil.ground.plain import FLAT, plain, written

from .interval import LEVEL_PERCENT, Interval, clopper_pearson
from .labelled import Truth

GOAL_PERCENT = 99
"""Of each protocol's set at least so much is to be found, and of the others none called."""


class Called(StrEnum):
    """What counts against labels may be called."""

    ERROR_RATE = "error-rate"
    AGREEMENT = "agreement"
    SIMULATION = "simulation"
    NOTHING = "no-known-error-rate"


CALLED = {
    Truth.OWNER: Called.ERROR_RATE,
    Truth.PROTOCOL: Called.ERROR_RATE,
    Truth.HEURISTIC: Called.AGREEMENT,
    Truth.GENERATED: Called.SIMULATION,
}


GOAL_ASKED = frozenset({Called.ERROR_RATE, Called.AGREEMENT})
"""The goal is asked of labelled transactions, not of a simulation."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with the exact 95 % bounds (Clopper-Pearson)."""

    count: int
    of: int

    @property
    def bounds(self) -> Interval | None:
        """Bounds in parts of a million; None where nothing was counted."""
        return clopper_pearson(self.count, self.of)

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        bounds = self.bounds
        return {
            "count": self.count,
            "of": self.of,
            "low_ppm": None if bounds is None else bounds.low_ppm,
            "high_ppm": None if bounds is None else bounds.high_ppm,
            "level_percent": LEVEL_PERCENT,
            "interval": "clopper-pearson",
        }


def base_rate_dict(share: Share, population: str) -> dict[str, Any]:
    """A base rate for `--json`; `population`: what it is a share of."""
    return {"count": share.count, "of": share.of, "population": population}


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers against labels: a transaction of which a heuristic cannot tell is in none.

    Only a yes is a call: what a heuristic is unsure of counts as missed, or as left.
    """

    found: int
    """True positives."""
    missed: int
    """False negatives."""
    wrong: int
    """False positives."""
    left: int
    """True negatives."""
    unsure_missed: int = 0
    """Of the missed, how many the heuristic is unsure of."""
    unsure_left: int = 0
    """Of the left."""

    @property
    def recall(self) -> Share:
        """Of those labelled as its kind, how many it found."""
        return Share(self.found, self.found + self.missed)

    @property
    def wrongly_called(self) -> Share:
        """Of those labelled as not its kind, how many it says are."""
        return Share(self.wrong, self.wrong + self.left)

    @property
    def base_rate(self) -> Share:
        """Of the labelled, how many are of its kind: of the sets, not of the chain."""
        return Share(self.found + self.missed, self.found + self.missed + self.wrong + self.left)

    @property
    def is_goal_met(self) -> bool | None:
        """Whether `GOAL_PERCENT` is found and no other called; None with none to find."""
        of = self.recall.of
        return (self.found * 100 >= of * GOAL_PERCENT and not self.wrong) if of else None

    def as_dict(self, called: Called) -> dict[str, Any]:
        """The form for `--json`; the goal is null where it is not asked."""
        return {
            "true_positives": self.found,
            "false_negatives": self.missed,
            "false_positives": self.wrong,
            "true_negatives": self.left,
            "unsure_of_false_negatives": self.unsure_missed,
            "unsure_of_true_negatives": self.unsure_left,
            "found": self.recall.as_dict(),
            "wrongly_called": self.wrongly_called.as_dict(),
            "goal_met": self.is_goal_met if called in GOAL_ASKED else None,
        }


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """What one rule of a heuristic would count alone; rules do not overlap.

    Of a rule by which the answer is unsure, what it would count if it were a yes.
    """

    rule: str
    is_sure: bool
    labelled: Counts
    uncontested: Counts
    elsewhere: int
    """Calls in sets that say nothing of this kind."""

    def as_dict(self, called: Called) -> dict[str, Any]:
        """The form for `--json`."""
        return {
            "rule": self.rule,
            "is_sure": self.is_sure,
            **self.labelled.as_dict(called),
            "contested_left_out": self.uncontested.as_dict(called),
            "elsewhere": self.elsewhere,
        }


def alone(of: Counts, found: int, wrong: int) -> Counts:
    """Count as some rules of a heuristic would alone.

    `of`: what all its rules count; `found`, `wrong`: how often those fired, rightly and wrongly.
    """
    return Counts(found, of.recall.of - found, wrong, of.wrongly_called.of - wrong)


@dataclass(frozen=True, slots=True)
class Part:
    """One set in a measure."""

    name: str = field(metadata=written("set"))
    count: int
    """Transactions of the set that count here."""
    called: int
    """Of these, how many the heuristic says are its kind."""
    unsure: int = 0
    """Of these, of how many it is unsure."""
    first: datetime | None = None
    last: datetime | None = None
    """Period of these transactions."""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A list of false positives in a measure."""

    file: str
    listed: int
    here: int
    """Ids whose transaction stands in one of the sets: only these can be tested."""
    called: int
    """Of these, how many the heuristic says are its kind."""


def _yes_no(is_so: bool) -> str:
    return "yes" if is_so else "no"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A labelled transaction of which the heuristic says something else."""

    txid: str
    sets: tuple[str, ...]
    stated: bool = field(metadata=written(by=_yes_no))
    """Whether the label says that it is of the kind."""
    verdict: Verdict = field(metadata=FLAT)


@dataclass(frozen=True, slots=True)
class Contest:
    """A labelled transaction whose label a fact of the protocol contradicts."""

    txid: str
    sets: tuple[str, ...]
    stated: bool = field(metadata=written(by=_yes_no))
    """Whether the label says that it is of the kind."""
    fact: Phrase
    """What contradicts it; computed from the labelled data, by no rule of a heuristic."""
    answer: Answer
    """What the heuristic says of it; leaving the label out may also lose an agreement."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A heuristic against all labels that are known in one way."""

    heuristic: str
    version: str
    truth: Truth | None
    called: Called
    known_by: tuple[str, ...]
    """Who says what the labelled are, and how they know."""
    restates: str
    """Program whose labels a rule of the heuristic restates; agreement with them is by making."""
    labelled: Counts
    """As labelled."""
    uncontested: Counts
    """Contested labels left out."""
    untold: int
    """Labelled transactions of which the heuristic cannot tell; in none of the four counts."""
    contradictory: int
    """Transactions that one set says are of the kind and another says are not; not counted."""
    outside_period: int
    """Of the transactions it says are its kind, how many lie outside the protocol's period."""
    rules: dict[str, int]
    """Which rule fired how often, over all sets."""
    by_rule: tuple[RuleCounts, ...]
    """Each rule of the heuristic alone, also those that never fired."""
    positives: tuple[Part, ...]
    negatives: tuple[Part, ...]
    """What the negatives were."""
    elsewhere: tuple[Part, ...]
    """Sets that say nothing of this kind: calls here are neither right nor wrong."""
    listed: tuple[ListedPart, ...]
    first: datetime | None
    last: datetime | None
    """Period of the labelled transactions."""
    disagreements: tuple[Disagreement, ...]
    contested: tuple[Contest, ...]
    """Labels left out: those of which the heuristic cannot tell stand in no count, and not here."""
    population: str = "labelled sets"
    """What the base rate is a share of."""

    @property
    def clean(self) -> tuple[RuleCounts, ...]:
        """Sure rules that call something, and no transaction labelled as not of the kind."""
        return tuple(
            one
            for one in self.by_rule
            if one.is_sure and one.labelled.found and not one.labelled.wrong
        )

    @property
    def by_clean(self) -> Counts | None:
        """What those would count alone; None where there are none such, or no others called."""
        if not self.clean or not self.labelled.wrong:
            return None
        counts = [one.labelled for one in self.clean]
        found, wrong = sum(one.found for one in counts), sum(one.wrong for one in counts)
        return alone(self.labelled, found, wrong)

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        by_clean = self.by_clean
        return {
            "heuristic": self.heuristic,
            "version": self.version,
            "truth": plain(self.truth),
            "called": self.called.value,
            "known_by": list(self.known_by),
            "restates": self.restates,
            **self.labelled.as_dict(self.called),
            "contested_left_out": self.uncontested.as_dict(self.called),
            "untold": self.untold,
            "contradictory": self.contradictory,
            "outside_period": self.outside_period,
            "base_rate": base_rate_dict(self.labelled.base_rate, self.population),
            "rules": self.rules,
            "by_rule": [one.as_dict(self.called) for one in self.by_rule],
            "rules_that_call_no_other": {
                "rules": [one.rule for one in self.clean],
                "alone": None if by_clean is None else by_clean.as_dict(self.called),
            },
            "positives": plain(self.positives),
            "negatives": plain(self.negatives),
            "elsewhere": plain(self.elsewhere),
            "listed": plain(self.listed),
            "first": plain(self.first),
            "last": plain(self.last),
            "disagreements": plain(self.disagreements),
            "contested": plain(self.contested),
        }


@dataclass(frozen=True, slots=True)
class ProtocolMeasure:
    """All heuristics of a protocol together: its set is the union, found by any of them."""

    protocol: str
    heuristics: tuple[tuple[str, str], ...]
    """Name and version of each."""
    truth: Truth
    called: Called
    labelled: Counts
    uncontested: Counts
    contested: int
    """Labels left out: those that a fact contradicts of the protocol, not of one heuristic alone.

    Where no heuristic can tell the label stands in no count, and not here.
    """
    untold: int
    """No heuristic says yes, and one whose kind is spoken of cannot tell; in none of the counts."""
    unjudged: int
    """Labelled as not of one heuristic's kind, not called by it, and called by another of which no
    set speaks."""
    contradictory: int
    population: str = "labelled sets"

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        return {
            "protocol": self.protocol,
            "heuristics": [f"{name} {version}" for name, version in self.heuristics],
            "truth": self.truth.value,
            "called": self.called.value,
            **self.labelled.as_dict(self.called),
            "contested_left_out": self.uncontested.as_dict(self.called),
            "contested": self.contested,
            "untold": self.untold,
            "unjudged": self.unjudged,
            "contradictory": self.contradictory,
            "base_rate": base_rate_dict(self.labelled.base_rate, self.population),
        }

"""What is known of a heuristic's error: its answers set against labels, and how those are known.

Labels come from `kancil.bitcoin.labelled`; results go to `kancil bitcoin evaluate` and to
`docs/reference/heuristics.md`. Only labels of an owner or of a protocol's own record make an *error
rate*. Against labels of another heuristic there is only *agreement*; against generated ones a
*simulation*, which shows that the code does what the paper says, not how often it errs on the real
chain; without any, *no known error rate*.

All transactions of the sets are held in memory as short rows, so that one that stands in several
sets is counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kancil.ground import clock
from kancil.ground.phrase import as_json
from kancil.ground.skipped import Skipped

from .heuristic import Answer, Heuristic, Verdict
from .interval import LEVEL_PERCENT, Interval, clopper_pearson
from .labelled import Labelled, LabelledSet, ListedFalse, Truth


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
        """Give the form for `--json`."""
        bounds = self.bounds
        return {
            "count": self.count,
            "of": self.of,
            "low_ppm": None if bounds is None else bounds.low_ppm,
            "high_ppm": None if bounds is None else bounds.high_ppm,
            "level_percent": LEVEL_PERCENT,
            "interval": "clopper-pearson",
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One set in a measure."""

    name: str
    count: int
    """Transactions of the set that count here."""
    called: int
    """Of these, how many the heuristic says are its kind."""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A list of false positives in a measure."""

    file: str
    listed: int
    here: int
    """Ids whose transaction stands in one of the sets: only these can be tested."""
    called: int
    """Of these, how many the heuristic says are its kind."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A labelled transaction of which the heuristic says something else."""

    txid: str
    sets: tuple[str, ...]
    stated: bool
    """Whether the label says that it is of the kind."""
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """Give the form for `--json`."""
        return {
            "txid": self.txid,
            "sets": list(self.sets),
            "stated": "yes" if self.stated else "no",
            "answer": self.verdict.answer.value,
            "rule": self.verdict.rule,
            **as_json({"why": self.verdict.why}),
        }


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
    found: int
    """True positives."""
    missed: int
    """False negatives."""
    wrong: int
    """False positives."""
    left: int
    """True negatives."""
    untold: int
    """Labelled transactions of which the heuristic cannot tell; in none of the four counts."""
    contradictory: int
    """Transactions that one set says are of the kind and another says are not; not counted."""
    outside_period: int
    """Of the transactions it says are its kind, how many lie outside the protocol's period."""
    rules: dict[str, int]
    """Which rule fired how often, over all sets."""
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
    population: str = "labelled sets"
    """What the base rate is a share of."""

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

    def as_dict(self) -> dict[str, Any]:
        """Give the form for `--json`."""
        base = self.base_rate
        return {
            "heuristic": self.heuristic,
            "version": self.version,
            "truth": None if self.truth is None else self.truth.value,
            "called": self.called.value,
            "known_by": list(self.known_by),
            "restates": self.restates,
            "true_positives": self.found,
            "false_negatives": self.missed,
            "false_positives": self.wrong,
            "true_negatives": self.left,
            "untold": self.untold,
            "contradictory": self.contradictory,
            "outside_period": self.outside_period,
            "found": self.recall.as_dict(),
            "wrongly_called": self.wrongly_called.as_dict(),
            "base_rate": {"count": base.count, "of": base.of, "population": self.population},
            "rules": self.rules,
            "positives": [_part(each) for each in self.positives],
            "negatives": [_part(each) for each in self.negatives],
            "elsewhere": [_part(each) for each in self.elsewhere],
            "listed": [
                {"file": each.file, "listed": each.listed, "here": each.here,
                 "called": each.called}
                for each in self.listed
            ],
            "first": None if self.first is None else clock.to_text(self.first),
            "last": None if self.last is None else clock.to_text(self.last),
            "disagreements": [each.as_dict() for each in self.disagreements],
        }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    return {"set": part.name, "count": part.count, "called": part.called}


@dataclass(slots=True)
class _Row:
    """One labelled transaction: the sets it stands in, and what each heuristic says."""

    time: datetime | None
    verdicts: tuple[Verdict, ...]
    sets: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All measures over the same labels."""

    measures: tuple[Measure, ...]
    skipped: tuple[Skipped, ...]


def evaluate(labelled: Labelled, heuristics: Sequence[Heuristic]) -> Evaluation:
    """Judge every labelled transaction, and count; raises what reading the sets raises."""
    rows: dict[str, _Row] = {}
    skipped: list[Skipped] = []
    for number, one in enumerate(labelled.sets):
        for shown in one.transactions():
            if isinstance(shown, Skipped):
                skipped.append(shown)
                continue
            row = rows.get(shown.txid)
            if row is None:
                verdicts = tuple(each.judge(shown) for each in heuristics)
                row = rows[shown.txid] = _Row(shown.time, verdicts)
            if number not in row.sets:
                row.sets.append(number)
    measures = [
        measure
        for place, heuristic in enumerate(heuristics)
        for measure in _measures(labelled, heuristic, place, rows)
    ]
    return Evaluation(tuple(measures), tuple(skipped))


def _measures(
    labelled: Labelled, heuristic: Heuristic, place: int, rows: dict[str, _Row]
) -> Iterator[Measure]:
    """Measure one heuristic, once for each way in which its labels are known."""
    name = heuristic.name
    speak = [one for one in labelled.sets if one.meaning.speaks_of(name)]
    truths = sorted({one.truth for one in speak}, key=list(Truth).index)
    every: list[Truth | None] = [*truths] or [None]
    for truth in every:
        yield _measure(labelled, heuristic, place, rows, truth)


def _measure(
    labelled: Labelled,
    heuristic: Heuristic,
    place: int,
    rows: dict[str, _Row],
    truth: Truth | None,
) -> Measure:
    false = [
        each for each in labelled.false if each.protocol == heuristic.name and each.truth is truth
    ]
    known_by = dict.fromkeys(
        one.known_by
        for one in labelled.sets
        if one.truth is truth and one.meaning.speaks_of(heuristic.name)
    )
    false_ids: frozenset[str] = frozenset().union(*(each.txids for each in false))
    tally = _tally(labelled.sets, heuristic, place, rows, truth, false_ids)
    cells = tally.cells
    return Measure(
        heuristic=heuristic.name,
        version=heuristic.version,
        truth=truth,
        called=Called.NOTHING if truth is None else CALLED[truth],
        known_by=tuple(known_by),
        restates=heuristic.restates if heuristic.restates in known_by else "",
        found=cells[True, Answer.YES],
        missed=cells[True, Answer.NO],
        wrong=cells[False, Answer.YES],
        left=cells[False, Answer.NO],
        untold=cells[True, Answer.UNKNOWN] + cells[False, Answer.UNKNOWN],
        contradictory=tally.contradictory,
        outside_period=tally.outside,
        rules=dict(sorted(tally.rules.items())),
        positives=_parts(labelled.sets, tally, label=True),
        negatives=_parts(labelled.sets, tally, label=False),
        elsewhere=_parts(labelled.sets, tally, label=None),
        listed=tuple(_listed(each, rows, place) for each in false),
        first=min(tally.times, default=None),
        last=max(tally.times, default=None),
        disagreements=tuple(sorted(tally.differ, key=lambda each: (each.sets, each.txid))),
    )


@dataclass(slots=True)
class _Tally:
    """What is counted of one heuristic against the labels of one truth."""

    cells: Counter[tuple[bool, Answer]] = field(default_factory=Counter)
    parts: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    calls: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    times: list[datetime] = field(default_factory=list)
    differ: list[Disagreement] = field(default_factory=list)
    contradictory: int = 0
    outside: int = 0


def _tally(
    sets: Sequence[LabelledSet],
    heuristic: Heuristic,
    place: int,
    rows: dict[str, _Row],
    truth: Truth | None,
    false_ids: frozenset[str],
) -> _Tally:
    """Count, transaction by transaction."""
    tally = _Tally()
    for txid, row in rows.items():
        verdict = row.verdicts[place]
        is_called = verdict.answer is Answer.YES
        if is_called:
            tally.rules[verdict.rule] += 1
            tally.outside += heuristic.period.holds(row.time) is False
        stated, voices = _stated(sets, row, heuristic.name, truth)
        if txid in false_ids:
            stated, voices = {False}, row.sets
        if len(stated) > 1:
            tally.contradictory += 1
            continue
        label = next(iter(stated), None)
        for number in voices if label is not None else row.sets:
            tally.parts[label, number] += 1
            tally.calls[label, number] += is_called
        if label is None:
            continue
        tally.cells[label, verdict.answer] += 1
        if row.time is not None:
            tally.times.append(row.time)
        if verdict.answer is not Answer.UNKNOWN and label is not is_called:
            names = tuple(sets[number].name for number in row.sets)
            tally.differ.append(Disagreement(txid, names, label, verdict))
    return tally


def _stated(
    sets: Sequence[LabelledSet], row: _Row, name: str, truth: Truth | None
) -> tuple[set[bool], list[int]]:
    """Give what the sets of one truth say of a transaction, and which of them speak."""
    stated: set[bool] = set()
    voices = []
    for number in row.sets:
        meaning = sets[number].meaning
        if sets[number].truth is truth and meaning.speaks_of(name):
            stated.add(name in meaning.is_of)
            voices.append(number)
    return stated, voices


def _parts(sets: Sequence[LabelledSet], tally: _Tally, *, label: bool | None) -> tuple[Part, ...]:
    """Give the sets in their order; one transaction stands under each set that holds it."""
    return tuple(
        Part(sets[number].name, tally.parts[label, number], tally.calls[label, number])
        for number in range(len(sets))
        if tally.parts[label, number]
    )


def _listed(false: ListedFalse, rows: dict[str, _Row], place: int) -> ListedPart:
    listed = false.txids
    here = [rows[txid] for txid in listed if txid in rows]
    called = sum(row.verdicts[place].answer is Answer.YES for row in here)
    return ListedPart(false.file, len(listed), len(here), called)

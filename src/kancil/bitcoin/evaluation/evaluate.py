"""What is known of a heuristic's error: its answers set against labels, and how those are known.

Labels come from `kancil.bitcoin.evaluation.labelled`; results (`kancil.bitcoin.evaluation.measure`)
go to `kancil bitcoin evaluate` and to `docs/reference/heuristics.md`. Only labels of an owner or of
a protocol's own record make an *error rate*. Against labels of another heuristic there is only
*agreement*; against generated ones a *simulation*, which shows that the code does what the paper
says, not how often it errs on the real chain; without any, *no known error rate*.

All transactions of the sets are held in memory as short rows, so that one that stands in several
sets is counted once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kancil.bitcoin.coinjoins.heuristic import Answer, Heuristic, Verdict
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.ground.skipped import Skipped

from .contested import Fact, Seen
from .labelled import Labelled, LabelledSet, ListedFalse, Truth
from .measure import (
    CALLED,
    Called,
    Contest,
    Counts,
    Disagreement,
    ListedPart,
    Measure,
    Part,
    ProtocolMeasure,
    RuleCounts,
    alone,
)

Facts = Mapping[tuple[str, bool], Mapping[str, Fact]]
"""By heuristic and label, the transactions whose label is contested."""


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
    protocols: tuple[ProtocolMeasure, ...] = ()
    """Of each protocol of which every heuristic was asked, and some labels are known."""


@dataclass(frozen=True, slots=True)
class _Labels:
    """What the sets say, of one truth; one of a list of false positives is a negative."""

    labelled: Labelled
    truth: Truth | None
    rows: Mapping[str, _Row]

    def false_of(self, name: str) -> list[ListedFalse]:
        """The lists of false positives of a heuristic's kind."""
        return [
            each for each in self.labelled.false
            if each.protocol == name and each.truth is self.truth
        ]  # fmt: skip

    def stated(self, txid: str, name: str) -> tuple[set[bool], list[int]]:
        """What is said of a transaction, and which of its sets speak."""
        row = self.rows[txid]
        if any(txid in listed for each in self.false_of(name) for listed in each.reasons.values()):
            return {False}, row.sets
        stated: set[bool] = set()
        voices = []
        for number in row.sets:
            one = self.labelled.sets[number]
            if one.truth is self.truth and one.meaning.speaks_of(name):
                stated.add(name in one.meaning.is_of)
                voices.append(number)
        return stated, voices

    def label_of(self, txid: str, name: str) -> bool | None:
        """The label; None where nothing is said, or one set says this and another that."""
        if txid not in self.rows:
            return None
        stated, _ = self.stated(txid, name)
        return next(iter(stated)) if len(stated) == 1 else None

    def names(self, row: _Row) -> tuple[str, ...]:
        """Name the sets that a transaction stands in."""
        return tuple(self.labelled.sets[number].name for number in row.sets)


def evaluate(labelled: Labelled, heuristics: Sequence[Heuristic]) -> Evaluation:
    """Judge every labelled transaction, and count; raises what reading the sets raises."""
    rows: dict[str, _Row] = {}
    skipped: list[Skipped] = []
    seen = Seen()
    for number, one in enumerate(labelled.sets):
        for shown in one.transactions():
            if isinstance(shown, Skipped):
                skipped.append(shown)
                continue
            row = rows.get(shown.txid)
            if row is None:
                verdicts = tuple(each.judge(shown) for each in heuristics)
                row = rows[shown.txid] = _Row(shown.time, verdicts)
                seen.see(shown)
            if number not in row.sets:
                row.sets.append(number)
    labels = {truth: _Labels(labelled, truth, rows) for truth in (None, *Truth)}
    facts = {truth: seen.contested(said.label_of) for truth, said in labels.items()}
    measures = []
    for place, heuristic in enumerate(heuristics):
        known: list[Truth | None] = [*_truths(labelled, [heuristic.name])]
        measures += [
            _measure(labels[truth], heuristic, place, facts[truth]) for truth in known or [None]
        ]
    protocols = _by_protocol(labels, facts, heuristics)
    return Evaluation(tuple(measures), tuple(skipped), tuple(protocols))


def _truths(labelled: Labelled, names: Sequence[str]) -> list[Truth]:
    """The ways in which labels of some heuristics' kinds are known."""
    speak = [
        one for one in labelled.sets if any(one.meaning.speaks_of(name) for name in names)
    ]  # fmt: skip
    return sorted({one.truth for one in speak}, key=list(Truth).index)


def _measure(labels: _Labels, heuristic: Heuristic, place: int, facts: Facts) -> Measure:
    sets, truth, name = labels.labelled.sets, labels.truth, heuristic.name
    known_by = dict.fromkeys(
        one.known_by for one in sets if one.truth is truth and one.meaning.speaks_of(name)
    )
    tally = _tally(labels, heuristic, place, facts)
    labelled, uncontested = _counts(tally.cells), _counts(tally.kept)
    return Measure(
        heuristic=name,
        version=heuristic.version,
        truth=truth,
        called=Called.NOTHING if truth is None else CALLED[truth],
        known_by=tuple(known_by),
        restates=heuristic.restates if heuristic.restates in known_by else "",
        labelled=labelled,
        uncontested=uncontested,
        untold=tally.cells[True, Answer.UNKNOWN] + tally.cells[False, Answer.UNKNOWN],
        contradictory=tally.contradictory,
        outside_period=tally.outside,
        rules=dict(sorted(tally.rules.items())),
        by_rule=tuple(
            RuleCounts(
                rule.code,
                rule.is_sure,
                _by_rule_alone(labelled, tally.by_rule, rule.code),
                _by_rule_alone(uncontested, tally.kept_by_rule, rule.code),
                tally.by_rule[rule.code, None],
            )
            for rule in heuristic.rules
        ),
        positives=_parts(sets, tally, label=True),
        negatives=_parts(sets, tally, label=False),
        elsewhere=_parts(sets, tally, label=None),
        listed=tuple(_listed(each, labels.rows, place) for each in labels.false_of(name)),
        first=min(tally.times, default=None),
        last=max(tally.times, default=None),
        disagreements=tuple(sorted(tally.differ, key=lambda each: (each.sets, each.txid))),
        contested=tuple(sorted(tally.contested, key=lambda each: (each.sets, each.txid))),
    )


def _counts(cells: Counter[tuple[bool, Answer]]) -> Counts:
    return Counts(
        found=cells[True, Answer.YES],
        missed=cells[True, Answer.NO] + cells[True, Answer.UNSURE],
        wrong=cells[False, Answer.YES],
        left=cells[False, Answer.NO] + cells[False, Answer.UNSURE],
        unsure_missed=cells[True, Answer.UNSURE],
        unsure_left=cells[False, Answer.UNSURE],
    )


def _by_rule_alone(of: Counts, fired: Counter[tuple[str, bool | None]], rule: str) -> Counts:
    return alone(of, fired[rule, True], fired[rule, False])


@dataclass(slots=True)
class _Tally:
    """What is counted of one heuristic against the labels of one truth."""

    cells: Counter[tuple[bool, Answer]] = field(default_factory=Counter)
    kept: Counter[tuple[bool, Answer]] = field(default_factory=Counter)
    """The same, contested labels left out."""
    parts: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    calls: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    unsure: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    spans: defaultdict[tuple[bool | None, int], list[datetime]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Times of the transactions of a part."""
    rules: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[tuple[str, bool | None]] = field(default_factory=Counter)
    kept_by_rule: Counter[tuple[str, bool | None]] = field(default_factory=Counter)
    times: list[datetime] = field(default_factory=list)
    differ: list[Disagreement] = field(default_factory=list)
    contested: list[Contest] = field(default_factory=list)
    contradictory: int = 0
    outside: int = 0


def _tally(labels: _Labels, heuristic: Heuristic, place: int, facts: Facts) -> _Tally:
    """Count, transaction by transaction."""
    tally, name = _Tally(), heuristic.name
    for txid, row in labels.rows.items():
        verdict = row.verdicts[place]
        is_called = verdict.answer is Answer.YES
        if verdict.is_fired:
            tally.rules[verdict.rule] += 1
            tally.outside += heuristic.period.holds(row.time) is False
        stated, voices = labels.stated(txid, name)
        if len(stated) > 1:
            tally.contradictory += 1
            continue
        label = next(iter(stated), None)
        tally.by_rule[verdict.rule, label] += verdict.is_fired
        for number in voices if label is not None else row.sets:
            tally.parts[label, number] += 1
            tally.calls[label, number] += is_called
            tally.unsure[label, number] += verdict.answer is Answer.UNSURE
            if row.time is not None:
                tally.spans[label, number].append(row.time)
        if label is None:
            continue
        tally.cells[label, verdict.answer] += 1
        if row.time is not None:
            tally.times.append(row.time)
        sets = labels.names(row)
        if verdict.answer is not Answer.UNKNOWN and label is not is_called:
            tally.differ.append(Disagreement(txid, sets, label, verdict))
        fact = facts.get((name, label), {}).get(txid)
        if fact is not None:
            if verdict.answer is not Answer.UNKNOWN:
                tally.contested.append(Contest(txid, sets, label, fact.why, verdict.answer))
            continue
        tally.kept[label, verdict.answer] += 1
        tally.kept_by_rule[verdict.rule, label] += verdict.is_fired
    return tally


def _parts(sets: Sequence[LabelledSet], tally: _Tally, *, label: bool | None) -> tuple[Part, ...]:
    """The sets in their order; one transaction stands under each set that holds it."""
    return tuple(
        Part(
            sets[number].name,
            tally.parts[label, number],
            tally.calls[label, number],
            tally.unsure[label, number],
            min(tally.spans[label, number], default=None),
            max(tally.spans[label, number], default=None),
        )
        for number in range(len(sets))
        if tally.parts[label, number]
    )


def _listed(false: ListedFalse, rows: Mapping[str, _Row], place: int) -> ListedPart:
    listed = false.txids
    here = [rows[txid] for txid in listed if txid in rows]
    called = sum(row.verdicts[place].answer is Answer.YES for row in here)
    return ListedPart(false.file, len(listed), len(here), called)


# --- by protocol ----------------------------------------------------------------------------------


def _by_protocol(
    labels: Mapping[Truth | None, _Labels],
    facts: Mapping[Truth | None, Facts],
    heuristics: Sequence[Heuristic],
) -> Iterator[ProtocolMeasure]:
    """Measure each protocol of which every heuristic was asked."""
    said = next(iter(labels.values()))
    for protocol, places in members_of(heuristics).items():
        mine = {place: heuristics[place] for place in places}
        for truth in _truths(said.labelled, [each.name for each in mine.values()]):
            yield _protocol(labels[truth], facts[truth], protocol, mine)


def members_of(heuristics: Sequence[Heuristic]) -> dict[str, list[int]]:
    """By protocol the places of its heuristics, of those protocols of which all are here."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, heuristic in enumerate(heuristics):
        members[heuristic.protocol].append(place)
    every = Counter(each.protocol for each in HEURISTICS)
    return {name: places for name, places in members.items() if len(places) == every[name]}


def _protocol(
    labels: _Labels, facts: Facts, protocol: str, members: Mapping[int, Heuristic]
) -> ProtocolMeasure:
    every: Counter[tuple[bool, Answer]] = Counter()
    kept: Counter[tuple[bool, Answer]] = Counter()
    others: Counter[str] = Counter()
    names = [each.name for each in members.values()]
    for txid, row in labels.rows.items():
        said = {each.name: labels.stated(txid, each.name)[0] for each in members.values()}
        if any(len(stated) > 1 for stated in said.values()):
            others["contradictory"] += 1
            continue
        if not any(said.values()):
            continue
        label = any(stated == {True} for stated in said.values())
        answers = {each.name: row.verdicts[place].answer for place, each in members.items()}
        # Who is silent on a kind says neither that a call of that kind is right nor wrong.
        asked = [name for name in names if label or said[name]]
        answer = _any_of([answers[name] for name in asked])
        if answer is not Answer.YES and Answer.YES in answers.values():
            others["unjudged"] += 1
            continue
        every[label, answer] += 1
        if _is_contested(txid, label, said, facts, names):
            others["contested"] += answer is not Answer.UNKNOWN
        else:
            kept[label, answer] += 1
    truth = labels.truth
    if truth is None:
        raise TypeError("a protocol is measured against labels")
    return ProtocolMeasure(
        protocol=protocol,
        heuristics=tuple((each.name, each.version) for each in members.values()),
        truth=truth,
        called=CALLED[truth],
        labelled=_counts(every),
        uncontested=_counts(kept),
        contested=others["contested"],
        untold=every[True, Answer.UNKNOWN] + every[False, Answer.UNKNOWN],
        unjudged=others["unjudged"],
        contradictory=others["contradictory"],
    )


def _any_of(answers: Sequence[Answer]) -> Answer:
    for answer in (Answer.YES, Answer.UNSURE):
        if answer in answers:
            return answer
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


def _is_contested(
    txid: str, label: bool, said: Mapping[str, set[bool]], facts: Facts, names: Sequence[str]
) -> bool:
    """Whether a fact contradicts that a transaction is, or is not, of the protocol.

    That a mix is listed as a tx0 of the same protocol contradicts a heuristic's label alone.
    """
    found = [
        fact
        for name in names
        if said[name] == {label}
        for fact in [facts.get((name, label), {}).get(txid)]
        if fact is not None
    ]
    return any((fact.shows in names) is not label for fact in found)

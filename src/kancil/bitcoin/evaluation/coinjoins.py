"""The CoinJoin heuristics against the rounds that a generated chain says were planted.

A *simulation*: rounds follow the protocols' code as far as `kancil.bitcoin.generator.coinjoins`
does, and whoever plants them chose how many take part and how often. It shows whether the code sees
the form, not how often it errs. Whole transactions are counted, also of instances cut short: a
round is whole or it is not there. Coinbases are left out.

`equal-output` says of any CoinJoin that several owners may be at work, so rounds of other protocols
are neither right nor wrong for it. Everything else in the chain is none of a heuristic's kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.coinjoins import Judged, judge_chain
from kancil.bitcoin.coinjoins.heuristic import Answer, Heuristic
from kancil.bitcoin.coinjoins.heuristics import EQUAL_OUTPUT
from kancil.bitcoin.coinjoins.verdicts import shown_at
from kancil.bitcoin.holdings.graph import COINBASE
from kancil.ground.clock import from_unix

from .change import span_of
from .evaluate import Evaluation, members_of
from .generated_truth import GeneratedTruth
from .labelled import Truth
from .measure import CALLED, Counts, Disagreement, Measure, Part, ProtocolMeasure, RuleCounts, alone

OWN = {
    "whirlpool: mix": "whirlpool",
    "whirlpool: tx0": "whirlpool-tx0",
    "wasabi-1: coinjoin": "wasabi1",
    "wasabi-2: coinjoin": "wasabi2",
    "joinmarket: coinjoin": "joinmarket",
    "equal-output: coinjoin": "equal-output",
}
"""Of which heuristic's kind each planted transaction is, by protocol and role."""
PATTERNS, LIFE = "planted patterns", "ordinary life"
KINDS = (LIFE, PATTERNS, *OWN)
POPULATION = "generated chain"
_NO_COINJOIN = {LIFE, PATTERNS, "whirlpool: tx0"}


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """What each transaction of a generated chain is."""

    chain: Chain
    known_by: str
    kind: Array
    """int8 `[transactions]`: place in `KINDS`; -1: a coinbase."""


def planted_in(truth: GeneratedTruth, chain: Chain) -> Planted:
    """Read from the truth what each transaction is. Raises LabelledSetNotReadable."""
    kind = np.zeros(chain.graph.tx_count, np.int8)
    places = {name: place for place, name in enumerate(KINDS)}
    for row, name, role in truth.steps(chain):
        kind[row] = places.get(f"{name}: {role}", places[PATTERNS])
    firsts = np.asarray(chain.graph.tx_input_start[:-1])
    kind[np.asarray(chain.graph.input_source)[firsts] == COINBASE] = -1
    return Planted(chain, f"{truth.known_by}, {truth.name}", kind)


@dataclass(frozen=True, slots=True, eq=False)
class _Calls:
    """What a heuristic says of the transactions of a chain that are no coinbases."""

    heuristic: Heuristic
    called: Array
    """int64 `[n]`: rows of transactions that it calls."""
    rule: tuple[str, ...]
    """`[n]`: which of its rules fired at each."""
    untold: Array
    """int64 `[m]`: rows of those of which it cannot tell."""
    unsure: Array
    """int64 `[k]`: rows of those of which it is unsure."""
    unsure_rule: tuple[str, ...]
    """`[k]`: by which of its rules."""


def on_planted(
    planted: Planted, heuristics: Sequence[Heuristic], judged: Judged | None = None
) -> Evaluation:
    """Set what each heuristic says, and those of a protocol together, against what was planted.

    `judged`: what these heuristics, and others, say of the chain, where that is known already.
    """
    if judged is None:
        judged = judge_chain(planted.chain, heuristics)
    calls = []
    for heuristic in heuristics:
        number = judged.heuristics.index(heuristic)
        mine = (judged.heuristic == number) & (planted.kind[judged.tx] >= 0)
        told, rule, is_sure = judged.tx[mine], judged.rule[mine], judged.is_sure[mine]
        is_unsure = ~is_sure & (rule > 0)
        calls.append(
            _Calls(
                heuristic,
                told[is_sure],
                tuple(judged.rules[one] for one in rule[is_sure].tolist()),
                told[rule == 0],
                told[is_unsure],
                tuple(judged.rules[one] for one in rule[is_unsure].tolist()),
            )
        )
    return Evaluation(
        tuple(_measure(planted, each) for each in calls),
        (),
        tuple(
            _protocol(planted, protocol, [calls[place] for place in places])
            for protocol, places in members_of(heuristics).items()
        ),
    )


def _label(heuristic: Heuristic, kind: str) -> bool | None:
    """Whether transactions of a kind are the heuristic's; None where it is no matter."""
    if OWN.get(kind) == heuristic.name:
        return True
    if heuristic.name == EQUAL_OUTPUT.name and kind not in _NO_COINJOIN:
        return None
    return False


@dataclass(frozen=True, slots=True)
class _Kinds:
    """How many transactions of each kind there are, are called, and are left open."""

    labels: tuple[bool | None, ...]
    every: tuple[int, ...]
    called: tuple[int, ...]
    untold: tuple[int, ...]
    unsure: tuple[int, ...]

    def total(self, of: Sequence[int], *, label: bool) -> int:
        """Add up the kinds of a label."""
        return sum(many for many, stated in zip(of, self.labels, strict=True) if stated is label)

    @property
    def counts(self) -> Counts:
        """Those of which can be told, against their labels."""
        found, wrong = (self.total(self.called, label=label) for label in (True, False))
        own, others = (
            self.total(self.every, label=label) - self.total(self.untold, label=label)
            for label in (True, False)
        )
        unsure = (self.total(self.unsure, label=label) for label in (True, False))
        return Counts(found, own - found, wrong, others - wrong, *unsure)

    @property
    def open(self) -> int:
        """Labelled, and nothing can be told."""
        return sum(self.total(self.untold, label=label) for label in (True, False))


def _kinds(
    planted: Planted, labels: Sequence[bool | None], called: Array, untold: Array, unsure: Array
) -> _Kinds:
    kind = planted.kind
    every, calls, unknown, doubted = (
        tuple(np.bincount(rows[rows >= 0], minlength=len(KINDS)).tolist())
        for rows in (kind, kind[called], kind[untold], kind[unsure])
    )
    return _Kinds(tuple(labels), every, calls, unknown, doubted)


def _measure(planted: Planted, calls: _Calls) -> Measure:
    heuristic, called, untold = calls.heuristic, calls.called, calls.untold
    labels = [_label(heuristic, name) for name in KINDS]
    kinds = _kinds(planted, labels, called, untold, calls.unsure)

    def parts(*, label: bool | None) -> tuple[Part, ...]:
        return tuple(
            Part(name, kinds.every[i], kinds.called[i], kinds.unsure[i])
            for i, name in enumerate(KINDS)
            if labels[i] is label and kinds.every[i]
        )

    spoken = (*calls.rule, *calls.unsure_rule)
    rules = Counter(spoken)
    rows = np.concatenate((called, calls.unsure))
    whose = (labels[one] for one in planted.kind[rows].tolist())
    fired = Counter(zip(spoken, whose, strict=True))
    by_rule = []
    for rule in heuristic.rules:
        counts = alone(kinds.counts, fired[rule.code, True], fired[rule.code, False])
        by_rule.append(RuleCounts(rule.code, rule.is_sure, counts, counts, fired[rule.code, None]))
    return Measure(
        heuristic=heuristic.name,
        version=heuristic.version,
        truth=Truth.GENERATED,
        called=CALLED[Truth.GENERATED],
        known_by=(planted.known_by,),
        restates="",
        labelled=kinds.counts,
        uncontested=kinds.counts,
        untold=kinds.open,
        contradictory=0,
        outside_period=_outside(planted.chain, heuristic, called),
        rules=dict(sorted(rules.items())),
        by_rule=tuple(by_rule),
        positives=parts(label=True),
        negatives=parts(label=False),
        elsewhere=parts(label=None),
        listed=(),
        contested=(),
        **span_of(planted.chain, np.flatnonzero(planted.kind >= 0)),
        disagreements=_disagreements(planted, heuristic, labels, called, untold),
        population=POPULATION,
    )


def _protocol(planted: Planted, protocol: str, calls: Sequence[_Calls]) -> ProtocolMeasure:
    """Measure the heuristics of a protocol together; what was planted is contested by nobody."""
    labels = []
    for name in KINDS:
        said = {_label(one.heuristic, name) for one in calls}
        labels.append(True if True in said else False if False in said else None)
    called = np.unique(np.concatenate([one.called for one in calls]))
    untold = np.setdiff1d(np.concatenate([one.untold for one in calls]), called)
    unsure = np.setdiff1d(np.concatenate([one.unsure for one in calls]), called)
    untold = np.setdiff1d(untold, unsure)
    kinds = _kinds(planted, labels, called, untold, unsure)
    return ProtocolMeasure(
        protocol=protocol,
        heuristics=tuple((one.heuristic.name, one.heuristic.version) for one in calls),
        truth=Truth.GENERATED,
        called=CALLED[Truth.GENERATED],
        labelled=kinds.counts,
        uncontested=kinds.counts,
        contested=0,
        untold=kinds.open,
        unjudged=0,
        contradictory=0,
        population=POPULATION,
    )


def _outside(chain: Chain, heuristic: Heuristic, rows: Array) -> int:
    """Count transactions outside the time in which the protocol ran."""
    seconds, counts = np.unique(np.asarray(chain.graph.tx_time)[rows], return_counts=True)
    return sum(
        many
        for one, many in zip(seconds.tolist(), counts.tolist(), strict=True)
        if one >= 0 and heuristic.period.holds(from_unix(one)) is False
    )


def _disagreements(
    planted: Planted,
    heuristic: Heuristic,
    labels: Sequence[bool | None],
    called: Array,
    untold: Array,
) -> tuple[Disagreement, ...]:
    """What is of the kind and not called, and what is called and not of the kind."""
    kind = planted.kind
    stated = np.array([{True: 1, False: 0, None: -1}[label] for label in labels], np.int8)[kind]
    stated[kind < 0] = -1
    is_called = np.zeros(len(kind), np.bool_)
    is_called[called] = True
    differs = ((stated == 1) & ~is_called) | ((stated == 0) & is_called)
    differs[untold] = False
    found = []
    for row in np.flatnonzero(differs).tolist():
        shown = shown_at(planted.chain, row)
        verdict = heuristic.judge(shown)
        name = KINDS[int(kind[row])]
        found.append(Disagreement(shown.txid, (name,), verdict.answer is not Answer.YES, verdict))
    return tuple(sorted(found, key=lambda each: (each.sets, each.txid)))


__all__ = ["KINDS", "OWN", "Planted", "on_planted", "planted_in"]

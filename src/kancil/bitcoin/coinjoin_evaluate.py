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
from datetime import UTC, datetime

import numpy as np

from .chain import Chain
from .change_evaluate import span_of
from .change_truth import GeneratedTruth
from .coinjoins import judge_chain
from .columns import Array
from .evaluate import CALLED, Disagreement, Measure, Part
from .graph import COINBASE
from .heuristic import Answer, Heuristic
from .heuristics import EQUAL_OUTPUT
from .labelled import Truth
from .looks import shown_at

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


def on_planted(planted: Planted, heuristics: Sequence[Heuristic]) -> tuple[Measure, ...]:
    """Set what each heuristic says against what was planted."""
    judged = judge_chain(planted.chain, heuristics)
    measures = []
    for number, heuristic in enumerate(heuristics):
        mine = (judged.heuristic == number) & (planted.kind[judged.tx] >= 0)
        told, rule = judged.tx[mine], judged.rule[mine]
        rules = Counter(judged.rules[one] for one in rule[rule > 0].tolist())
        measures.append(
            _measure(
                planted, heuristic, told[rule > 0], told[rule == 0], dict(sorted(rules.items()))
            )
        )
    return tuple(measures)


def _label(heuristic: Heuristic, kind: str) -> bool | None:
    """Say whether transactions of a kind are the heuristic's; None where it is no matter."""
    if OWN.get(kind) == heuristic.name:
        return True
    if heuristic.name == EQUAL_OUTPUT.name and kind not in _NO_COINJOIN:
        return None
    return False


def _measure(
    planted: Planted, heuristic: Heuristic, called: Array, untold: Array, rules: dict[str, int]
) -> Measure:
    kind = planted.kind
    labels = [_label(heuristic, name) for name in KINDS]
    counts, calls, unknown = (
        np.bincount(rows[rows >= 0], minlength=len(KINDS)).tolist()
        for rows in (kind, kind[called], kind[untold])
    )

    def total(of: Sequence[int], *, label: bool | None) -> int:
        return sum(many for many, stated in zip(of, labels, strict=True) if stated is label)

    def parts(*, label: bool | None) -> tuple[Part, ...]:
        return tuple(
            Part(name, counts[i], calls[i])
            for i, name in enumerate(KINDS)
            if labels[i] is label and counts[i]
        )

    found, wrong = total(calls, label=True), total(calls, label=False)
    lost, clear = total(unknown, label=True), total(unknown, label=False)
    return Measure(
        heuristic=heuristic.name,
        version=heuristic.version,
        truth=Truth.GENERATED,
        called=CALLED[Truth.GENERATED],
        known_by=(planted.known_by,),
        restates="",
        found=found,
        missed=total(counts, label=True) - found - lost,
        wrong=wrong,
        left=total(counts, label=False) - wrong - clear,
        untold=lost + clear,
        contradictory=0,
        outside_period=_outside(planted.chain, heuristic, called),
        rules=rules,
        positives=parts(label=True),
        negatives=parts(label=False),
        elsewhere=parts(label=None),
        listed=(),
        **span_of(planted.chain, np.flatnonzero(kind >= 0)),
        disagreements=_disagreements(planted, heuristic, labels, called, untold),
        population=POPULATION,
    )


def _outside(chain: Chain, heuristic: Heuristic, rows: Array) -> int:
    """Count transactions outside the time in which the protocol ran."""
    seconds, counts = np.unique(np.asarray(chain.graph.tx_time)[rows], return_counts=True)
    return sum(
        many
        for one, many in zip(seconds.tolist(), counts.tolist(), strict=True)
        if one >= 0 and heuristic.period.holds(datetime.fromtimestamp(one, UTC)) is False
    )


def _disagreements(
    planted: Planted,
    heuristic: Heuristic,
    labels: Sequence[bool | None],
    called: Array,
    untold: Array,
) -> tuple[Disagreement, ...]:
    """Give what is of the kind and not called, and what is called and not of the kind."""
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

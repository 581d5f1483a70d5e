"""What is known of a change heuristic's error: its answers set against known change, and how.

Three kinds of truth, never counted together:

- **generated**: a folder that `kancil bitcoin generate` wrote. Owners and roles of all outputs are
  known. A *simulation*: it shows that the code does what the papers say, not how often it errs;
- **protocol-known**: in whole blocks, transactions of which exactly one output pays a script that
  they spend from. That those coins go back to whoever could spend them follows from the script. An
  *error rate*, of a population chosen by that very form: `reuse` finds all of it by making, and
  `one-time` does not speak of it;
- **labelled by another heuristic**: Whirlpool's tx0s, from the text of the Dumplings scanner. The
  protocol fixes which of their outputs is change, but that they are tx0s only Dumplings says:
  *agreement*.

Results go to `kancil bitcoin evaluate` and to `docs/reference/change.md`. Chains are ingested into
a temporary folder, as any other.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NothingToIngest
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.change.codes import NONE, UNKNOWN
from kancil.bitcoin.change.combine import Combination
from kancil.bitcoin.change.heuristic import ChangeVerdict, Fate, Named, Seen
from kancil.bitcoin.change.heuristics import ONE_TIME, REUSE
from kancil.bitcoin.change.run import Sweep, Swept
from kancil.bitcoin.clusters.coinjoins import find_coinjoins
from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.bitcoin.coinjoins.heuristics.whirlpool_tx0 import FEE_PERCENT
from kancil.bitcoin.coinjoins.whirlpool_pools import MOST_ABOVE_SAT, POOLS_SAT
from kancil.bitcoin.holdings.graph import COINBASE, NO_TIME
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.skipped import Skipped

from .generated_truth import CHANGE, OWN, STRANGER, GeneratedTruth
from .labelled import BLOCK_ENDING, SPENT_ENDING, LabelledSet, Truth
from .measure import CALLED, Called, Share, base_rate_dict

TX0_SET = "SamouraiTx0s"
_COUNTS = ("found", "missed", "own", "mistaken", "wrong", "left", "untold", "with_change")
_BY_MAKING = {"self-change": {REUSE.name, ONE_TIME.name}}
"""Members whose rule asks, or rules out, what a population was chosen by: their answer is given."""


class Judge(Swept, Protocol):
    """A member or a combination: what can be measured."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def version(self) -> str:
        """Version of its rule."""


@dataclass(frozen=True, slots=True)
class Population:
    """Transactions whose change is known, and how."""

    code: str
    """`generated`, `self-change`, `tx0`; its words are `note.change-population-<code>` and
    `note.change-bias-<code>`."""
    name: str
    """Where they come from: a folder, a set."""
    truth: Truth
    known_by: Phrase
    """By what change is known."""
    transactions: int
    """All that were looked at, without coinbases."""
    counted: int
    """Of these, how many are in the population."""
    refused: int
    """Of these, taken for CoinJoins by the detectors, and asked nothing."""
    first: datetime | None
    last: datetime | None

    @property
    def called(self) -> Called:
        """What counts against it may be called."""
        return CALLED[self.truth]


@dataclass(frozen=True, slots=True)
class ChangeMeasure:
    """One member or combination against one population."""

    judge: str
    version: str
    population: Population
    found: int
    """It names the change."""
    missed: int
    """There is change, and it names none."""
    own: int
    """It names another output of the payer's own: no stranger is joined, but it is not change."""
    mistaken: int
    """There is change, and it names somebody else's output."""
    wrong: int
    """There is no change, and it names somebody else's output."""
    left: int
    """There is no change, and it names none."""
    untold: int
    """It cannot tell; in none of the counts above."""
    with_change: int
    """Of those it could tell, how many have change."""
    by_making: bool
    """Whether the population was chosen by what a rule of the judge asks or rules out: what it
    answers there is by making."""

    @property
    def called(self) -> Called:
        """What the counts may be called; nothing where they are by making."""
        return Called.NOTHING if self.by_making else self.population.called

    @property
    def named(self) -> int:
        """How often it names an output."""
        return self.found + self.own + self.mistaken + self.wrong

    @property
    def right(self) -> Share:
        """Of the outputs it names, how many are the change."""
        return Share(self.found, self.named)

    @property
    def strangers(self) -> Share:
        """Of the outputs it names, how many are somebody else's."""
        return Share(self.mistaken + self.wrong, self.named)

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        where = self.population
        return {
            "heuristic": self.judge,
            "version": self.version,
            "kind": "change",
            "population": where.code,
            "source": where.name,
            "truth": where.truth.value,
            "called": self.called.value,
            "known_by": plain(where.known_by),
            "by_making": self.by_making,
            "transactions": where.transactions,
            "counted": where.counted,
            "refused_as_coinjoins": where.refused,
            "names_the_change": self.found,
            "names_none_of_change": self.missed,
            "names_another_of_the_payer": self.own,
            "names_a_stranger_instead": self.mistaken,
            "names_a_stranger_without_change": self.wrong,
            "names_none_without_change": self.left,
            "untold": self.untold,
            "right_of_named": self.right.as_dict(),
            "strangers_of_named": self.strangers.as_dict(),
            "found_of_change": self.recall.as_dict(),
            "base_rate": base_rate_dict(self.base_rate, where.code),
            "first": plain(where.first),
            "last": plain(where.last),
        }

    @property
    def recall(self) -> Share:
        """Of the transactions with change that it could tell, in how many it names the change."""
        return Share(self.found, self.with_change)

    @property
    def base_rate(self) -> Share:
        """Of the transactions that it could tell, how many have change."""
        told = self.named + self.missed + self.left
        return Share(self.with_change, told)


@dataclass(frozen=True, slots=True)
class ChangeEvaluation:
    """All measures, and what could not be read."""

    populations: tuple[Population, ...]
    measures: tuple[ChangeMeasure, ...]
    skipped: tuple[Skipped, ...] = ()


@contextmanager
def ingested(
    sources: Sequence[Path], network: Network, spent: Sequence[Path] = ()
) -> Iterator[Chain]:
    """Ingest files into a temporary chain. Raises what `ingest` raises."""
    with tempfile.TemporaryDirectory(prefix="kancil-evaluate-") as folder:
        chain_dir = Path(folder) / "chain"
        ingest(chain_dir, [path.absolute() for path in sources], network=network,
               spent=[path.absolute() for path in spent])  # fmt: skip
        yield Chain.open(chain_dir)


def on_generated(folder: Path, judges: Sequence[Judge]) -> ChangeEvaluation:
    """Measure on a generated chain. Raises LabelledSetNotReadable, and what `ingest` raises."""
    truth = GeneratedTruth.open(folder)
    with ingested([truth.blocks], truth.network) as chain:
        return of_generated(truth, chain, judges, find_coinjoins(chain))


def of_generated(
    truth: GeneratedTruth, chain: Chain, judges: Sequence[Judge], excluded: Array
) -> ChangeEvaluation:
    """Measure on a generated chain that is ingested. Raises LabelledSetNotReadable.

    `excluded`: bool `[transactions]`, what detectors take for CoinJoins.
    """
    role = truth.roles(chain)
    asked = np.flatnonzero(_is_asked(chain))
    population = Population(
        code="generated",
        name=truth.name,
        truth=Truth.GENERATED,
        known_by=Phrase("note.change-known-stated", {"known_by": truth.known_by}),
        transactions=len(asked),
        counted=int((~excluded[asked]).sum()),
        refused=int(excluded[asked].sum()),
        **span_of(chain, asked),
    )
    kept = asked[~excluded[asked]]
    return _measured(Sweep(chain, excluded), population, judges, kept, role)


def on_blocks(paths: Sequence[Path], judges: Sequence[Judge], network: Network) -> ChangeEvaluation:
    """Measure on the transactions of whole blocks that pay one of the scripts they spend from.

    `paths`: raw blocks, a spent-outputs file beside each where it is held, and block files.
    """
    beside = [path.with_name(path.stem + SPENT_ENDING) for path in paths]
    spent = [path for path in beside if path.is_file()]
    try:
        with ingested(paths, network, spent) as chain:
            if _is_asked(chain).any():
                return _on_chain(chain, paths, judges)
    except NothingToIngest:
        pass
    names = ", ".join(path.name for path in paths)
    return ChangeEvaluation((), (), (Skipped("change-blocks", names),))


def _on_chain(chain: Chain, paths: Sequence[Path], judges: Sequence[Judge]) -> ChangeEvaluation:
    excluded = find_coinjoins(chain)
    count = chain.columns.tx_count
    over = Sweep(chain, excluded)
    back = over.change_of(0, count, REUSE)
    is_asked = _is_asked(chain)
    kept = np.flatnonzero(is_asked & ~excluded & (back >= 0))
    role = np.zeros(chain.columns.output_count, np.uint8)
    role[back[kept]] = CHANGE
    population = Population(
        code="self-change",
        name=", ".join(sorted(path.stem for path in paths)),
        truth=Truth.PROTOCOL,
        known_by=Phrase("note.change-known-script"),
        transactions=int(is_asked.sum()),
        counted=len(kept),
        refused=int((is_asked & excluded).sum()),
        **span_of(chain, kept),
    )
    return _measured(over, population, judges, kept, role)


def _is_asked(chain: Chain) -> Array:
    """Which transactions of the graph are no coinbases: bool `[transactions]`."""
    graph = chain.graph
    firsts = np.minimum(graph.tx_input_start[:-1], max(0, len(graph.input_source) - 1))
    asked: Array = (graph.tx_rank >= 0) & (graph.input_source[firsts] != COINBASE)
    return asked & (np.diff(graph.tx_input_start) > 0)


def span_of(chain: Chain, txs: Array) -> dict[str, datetime | None]:
    """First and last block time of some transactions."""
    times = chain.graph.tx_time[txs]
    times = times[times != NO_TIME]
    if not len(times):
        return {"first": None, "last": None}
    return {
        name: clock.from_unix(int(seconds))
        for name, seconds in (("first", times.min()), ("last", times.max()))
    }


def _measured(
    over: Sweep, population: Population, judges: Sequence[Judge], txs: Array, role: Array
) -> ChangeEvaluation:
    """Sweep the chain once with all judges and count.

    `txs`: ascending; `role`: uint8 `[outputs]`, whose each is.
    """
    starts = over.chain.graph.tx_output_start
    changes = np.concatenate(([0], np.cumsum(role == CHANGE)))
    has_change = changes[starts[txs + 1]] > changes[starts[txs]]
    counts = [Counter[str]() for _ in judges]
    for first, last, answers in over.each_part(0, over.chain.columns.tx_count, judges):
        begin, end = np.searchsorted(txs, (first, last)).tolist()
        rows = txs[begin:end] - first
        for count, answer in zip(counts, answers, strict=True):
            count.update(_counted(answer[rows], has_change[begin:end], role))
    measures = map(_measure, [population] * len(judges), judges, counts)
    return ChangeEvaluation((population,), tuple(measures))


def _measure(population: Population, judge: Judge, counts: Mapping[str, int]) -> ChangeMeasure:
    return ChangeMeasure(
        judge=judge.name,
        version=judge.version,
        population=population,
        by_making=bool(_BY_MAKING.get(population.code, set()) & _member_names(judge)),
        **{name: counts.get(name, 0) for name in _COUNTS},
    )


def _counted(answer: Array, has_change: Array, role: Array) -> dict[str, int]:
    """Count answers by what they are: the counts of `ChangeMeasure`."""
    named = answer >= 0
    whose = np.full(len(answer), STRANGER, np.uint8)
    whose[named] = role[answer[named]]
    told = answer != UNKNOWN
    strange = named & (whose == STRANGER)
    return {
        "found": int((named & (whose == CHANGE)).sum()),
        "missed": int(((answer == NONE) & has_change).sum()),
        "own": int((named & (whose == OWN)).sum()),
        "mistaken": int((strange & has_change).sum()),
        "wrong": int((strange & ~has_change).sum()),
        "left": int(((answer == NONE) & ~has_change).sum()),
        "untold": int((~told).sum()),
        "with_change": int((told & has_change).sum()),
    }


def _member_names(judge: Judge) -> set[str]:
    """The names of a judge and of the members that it asks."""
    inside = judge.members if isinstance(judge, Combination) else ()
    return {judge.name, *(member.name for member in inside)}


# --- Whirlpool's tx0s -----------------------------------------------------------------------------


def tx0_roles(shown: Shown) -> tuple[int, ...] | None:
    """Whose each output of a tx0 is by the protocol; None where it does not tell.

    One OP_RETURN; equal pieces a little above a pool's size, the payer's own; one fee to the
    coordinator of at most 5 % of the pool's size; and change to the payer, above that (sources: see
    `kancil.bitcoin.coinjoins.heuristics.whirlpool_tx0`).
    """
    if sum(coin.kind is ScriptKind.OP_RETURN for coin in shown.outputs) != 1:
        return None
    counts = Counter(coin.value_sat or 0 for coin in shown.outputs)
    for pool in POOLS_SAT:
        sizes = [value for value in counts if pool < value <= pool + MOST_ABOVE_SAT]
        if not sizes:
            continue
        piece = max(sizes, key=lambda value: (counts[value], value))
        roles, fees = [], 0
        for coin in shown.outputs:
            value = coin.value_sat or 0
            is_fee = value <= pool * FEE_PERCENT // 100
            if coin.kind is ScriptKind.OP_RETURN:
                roles.append(STRANGER)
            elif value == piece and coin.kind is ScriptKind.P2WPKH:
                roles.append(OWN)
            else:
                roles.append(STRANGER if is_fee else CHANGE)
                fees += is_fee
        if fees == 1 and CHANGE in roles:
            return tuple(roles)
    return None


def on_tx0s(labelled: LabelledSet, judges: Iterable[Any]) -> ChangeEvaluation:
    """Measure on the tx0s of a text of the Dumplings scanner.

    The text tells values and scripts alone, so members that need more cannot tell.
    """
    asked = list(judges)
    rows: list[tuple[tuple[int, ...], list[ChangeVerdict]]] = []
    skipped, times, total = [], [], 0
    for shown in labelled.transactions():
        if isinstance(shown, Skipped):
            skipped.append(shown)
            continue
        total += 1
        roles = tx0_roles(shown)
        if roles is None:
            continue
        if shown.time is not None:
            times.append(shown.time)
        seen = Seen(shown, (Fate(),) * len(shown.outputs))
        rows.append((roles, [_verdict(judge, seen) for judge in asked]))
    population = Population(
        code="tx0",
        name=labelled.name,
        truth=labelled.truth,
        known_by=Phrase("note.change-known-tx0", {"known_by": labelled.known_by}),
        transactions=total,
        counted=len(rows),
        refused=0,
        first=min(times, default=None),
        last=max(times, default=None),
    )
    measures = tuple(
        _of_verdicts(population, judge, [(roles, said[place]) for roles, said in rows])
        for place, judge in enumerate(asked)
    )
    return ChangeEvaluation((population,), measures, tuple(skipped))


def _verdict(judge: Any, seen: Seen) -> ChangeVerdict:
    if isinstance(judge, Combination):
        return judge.judge(seen).verdict
    verdict: ChangeVerdict = judge.judge(seen)
    return verdict


def _of_verdicts(
    population: Population, judge: Judge, rows: list[tuple[tuple[int, ...], ChangeVerdict]]
) -> ChangeMeasure:
    """Count verdicts as `_counted` counts rows: outputs are numbered through all transactions."""
    answer: list[int] = []
    role: list[int] = []
    for roles, verdict in rows:
        if verdict.answer is Named.CHANGE:
            answer.append(len(role) + (verdict.output or 0))
        else:
            answer.append(UNKNOWN if verdict.answer is Named.UNKNOWN else NONE)
        role += roles
    has_change = np.array([CHANGE in roles for roles, _ in rows], np.bool_)
    counts = _counted(np.array(answer, np.int64), has_change, np.array(role, np.uint8))
    return _measure(population, judge, counts)


def is_block(path: Path) -> bool:
    """Whether a file is a raw block by its name, and no spent-outputs file."""
    return path.suffix == BLOCK_ENDING and not path.name.endswith(SPENT_ENDING)

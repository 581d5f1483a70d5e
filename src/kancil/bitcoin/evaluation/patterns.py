"""What is known of a pattern's error: its findings set against planted instances. A simulation.

From generated chains (`kancil.bitcoin.generator`), whose truth says which transactions belong to
which instance; results go to `kancil bitcoin evaluate` and `docs/reference/patterns.md`. That is
a *simulation*: it shows that the code does what the definition says, not how often it errs on the
real chain, where nobody knows the truth. An instance counts as **found** if findings of the pattern
hold half or more of its transactions (those in which ordinary life pays in, `ENTRIES`, left out). A
finding counts as **false** if neither the transaction it was found at, nor half or more of those it
lists, belong to an instance of the pattern. Labels and thresholds, which an officer would give, are
taken from the truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.clusters.store import open_clusters
from kancil.bitcoin.laundering.ground import MIXING, Ground, Marked
from kancil.bitcoin.laundering.pattern import Found, Pattern
from kancil.bitcoin.laundering.search import BITCOIN, chosen_of, ground_of, threshold_in
from kancil.ground.progress import SILENT, Progress
from kancil.ground.units import SAT_PER_BTC

from .generated_truth import Act, GeneratedTruth, Instance
from .labelled import Truth
from .measure import CALLED, Called, Share, base_rate_dict

ENTRIES = frozenset({"entry", "other-customer", "tx0"})
"""Roles in which ordinary life pays into an instance, and those that only prepare a CoinJoin."""
BESIDE = frozenset({"entry", "leaves"})
"""Roles of a finding's transactions that stand beside the pattern, and are no part of it."""
_THRESHOLD = "threshold_sat"
_MIXER, _EXCHANGE = "mixer: mixer", "exchange"


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted instance."""

    number: int
    name: str
    txs: frozenset[int]
    """Rows of all its transactions."""
    own: frozenset[int]
    """Those in which it acts itself."""
    threshold_sat: int | None


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated chain, ingested, with its truth."""

    name: str
    sha256: str
    """Of its `truth.json`."""
    ground: Ground
    plants: tuple[Plant, ...]
    cut_short: int
    """Instances that could not be acted out whole; they are not counted."""
    touched: frozenset[int]
    """Rows of the transactions of all instances, those cut short too."""


def open_generated(folder: Path, work_dir: Path, progress: Progress = SILENT) -> Generated:
    """Ingest a generated folder into `work_dir`, and read its truth.

    Raises LabelledSetNotReadable for a folder that is not whole, and what ingesting raises.
    """
    truth = GeneratedTruth.open(folder)
    ingest(work_dir, [truth.blocks], network=truth.network, progress=progress)
    chain = Chain.open(work_dir)
    marked = _marked(truth, chain)
    acts = list(truth.acts(chain))
    instances = list(truth.instances())
    clusters = open_clusters(chain, progress=progress)
    ground = ground_of(chain, clusters, marked=marked, progress=progress)
    whole = [one for one in instances if one.is_complete]
    return Generated(
        name=folder.name,
        sha256=truth.sha256,
        ground=ground,
        plants=_plants(whole, acts),
        cut_short=len(instances) - len(whole),
        touched=frozenset(act.row for act in acts),
    )


def _marked(truth: GeneratedTruth, chain: Chain) -> Marked:
    """The outputs that exchanges and mixers own, as labels of the truth."""
    roles: list[str] = truth.table("owners", ["role"])["role"].to_pylist()
    numbers = [place for place, role in enumerate(roles) if role in (_EXCHANGE, _MIXER)]
    of_owner = np.full(len(roles) + 1, -1, np.int64)
    of_owner[numbers] = np.arange(len(numbers))
    services = of_owner[truth.owners(chain)]  # -1, nobody, is the last of these
    outputs = np.flatnonzero(services >= 0)
    return Marked(
        outputs,
        services[outputs],
        tuple(f"{roles[one]} {one}" for one in numbers),
        tuple(MIXING if roles[one] == _MIXER else "pooled" for one in numbers),
    )


def _plants(instances: Sequence[Instance], acts: Sequence[Act]) -> tuple[Plant, ...]:
    txs: defaultdict[int, set[int]] = defaultdict(set)
    own: defaultdict[int, set[int]] = defaultdict(set)
    for act in acts:
        txs[act.plant].add(act.row)
        if act.role not in ENTRIES:
            own[act.plant].add(act.row)
    return tuple(
        Plant(
            one.number,
            one.name,
            frozenset(txs[one.number]),
            frozenset(own[one.number]),
            one.facts.get(_THRESHOLD),
        )
        for one in instances
    )


@dataclass(frozen=True, slots=True)
class PatternMeasure:
    """A pattern against planted instances."""

    pattern: str
    version: str
    chosen: Mapping[str, int]
    found: int
    """Planted instances that were found."""
    planted: int
    findings: int
    false: int
    """Findings that belong to no instance of the pattern."""
    elsewhere: int
    """Of these, those found at a transaction of another instance, or of one cut short."""
    planted_txs: int
    all_txs: int
    given: tuple[str, ...]
    """What was taken from the truth: `labels`, `threshold`."""
    kinds: Mapping[str, tuple[int, int]]
    """Of each kind of instance how many were found, and planted."""
    missed: tuple[str, ...] = field(default=(), repr=False)
    """`chain: number of the instance` of each that was not found."""
    truth: Truth = Truth.GENERATED
    called: Called = CALLED[Truth.GENERATED]

    @property
    def recall(self) -> Share:
        """Of the planted, how many were found."""
        return Share(self.found, self.planted)

    @property
    def false_share(self) -> Share:
        """Of the findings, how many were false; depends on how much was planted."""
        return Share(self.false, self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        return {
            "pattern": self.pattern,
            "version": self.version,
            "truth": self.truth.value,
            "called": self.called.value,
            "parameters": dict(self.chosen),
            "taken_from_truth": list(self.given),
            "found": self.recall.as_dict(),
            "false": self.false_share.as_dict(),
            "false_of_other_instances": self.elsewhere,
            "base_rate": base_rate_dict(
                Share(self.planted_txs, self.all_txs), "transactions of the generated chains"
            ),
            "kinds": {
                name: {"found": found, "planted": planted}
                for name, (found, planted) in self.kinds.items()
            },
            "missed": list(self.missed),
        }


def measure_patterns(
    chains: Sequence[Generated],
    members: Sequence[Pattern],
    given: Mapping[str, int] | None = None,
) -> list[PatternMeasure]:
    """Set the findings of each member against the truth. Raises OptionNotUsable for parameters."""
    chosen = chosen_of(members, given or {})
    return [_measure(chains, member, chosen[member.name]) for member in members]


def _measure(
    chains: Sequence[Generated], member: Pattern, chosen: Mapping[str, int]
) -> PatternMeasure:
    counts: Counter[str] = Counter()
    missed: list[str] = []
    kinds: dict[str, tuple[int, int]] = dict.fromkeys(member.plants, (0, 0))
    for chain in chains:
        plants = [one for one in chain.plants if one.name in member.plants]
        of_kind = frozenset().union(*(one.txs for one in plants))
        findings = _findings(chain, member, chosen, plants)
        held: set[int] = set()
        for one in findings:
            rows = {step.tx for step in one.steps if step.role not in BESIDE}
            held |= rows
            if one.at in of_kind or 2 * len(rows & of_kind) >= len(rows):
                continue
            counts["false"] += 1
            counts["elsewhere"] += one.at in chain.touched
        for plant in plants:
            is_found = 2 * len(plant.own & held) >= len(plant.own)
            counts["found"] += is_found
            was_found, was_planted = kinds[plant.name]
            kinds[plant.name] = was_found + is_found, was_planted + 1
            if not is_found:
                missed.append(f"{chain.name}: {plant.number}")
        counts["planted"] += len(plants)
        counts["findings"] += len(findings)
        counts["planted_txs"] += len(of_kind)
        counts["all"] += chain.ground.chain.columns.tx_count
    return PatternMeasure(
        pattern=member.name,
        version=member.version,
        chosen=chosen,
        found=counts["found"],
        planted=counts["planted"],
        findings=counts["findings"],
        false=counts["false"],
        elsewhere=counts["elsewhere"],
        planted_txs=counts["planted_txs"],
        all_txs=counts["all"],
        given=_taken(member),
        kinds=kinds,
        missed=tuple(missed),
    )


def _taken(member: Pattern) -> tuple[str, ...]:
    """What a member was given from the truth."""
    return tuple(sorted(member.needs | ({"labels"} if member.name == "mixer" else set())))


def _findings(
    chain: Generated, member: Pattern, chosen: Mapping[str, int], plants: Sequence[Plant]
) -> list[Found]:
    """Find without a cap; where a threshold is needed, once for each that was planted."""
    if "threshold" not in member.needs:
        return list(member.find(chain.ground, chosen, None).found)
    found: dict[tuple[str, tuple[int, ...]], Found] = {}
    for sat in sorted({one.threshold_sat for one in plants if one.threshold_sat is not None}):
        threshold = threshold_in(Decimal(sat) / SAT_PER_BTC, BITCOIN, None)
        ground = replace(chain.ground, threshold=threshold)
        for one in member.find(ground, chosen, None).found:
            found.setdefault((one.rule, one.outputs), one)
    return list(found.values())

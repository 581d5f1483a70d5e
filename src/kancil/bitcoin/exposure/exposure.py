"""Exposure: how much of what an address or cluster sent or received met which labels.

From a chain, its labels, its clusters and the trace; to amounts by category, each with the
transactions behind it. Every coin is counted once, at the first mark that it meets, so that the
parts add up to all. Method, rounding and what is not known: `docs/reference/exposure.md`.

A label is its publisher's allegation about an address. Exposure says that coins met that address
under a policy, which is a legal choice; it does not say that anybody knew of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.clusters.clusters import Clusters, find_address
from kancil.bitcoin.clusters.views import script_of, script_of_text
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.labels.authority import is_terrorism_alleged, is_terrorist_financing
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.tracing.result import ZERO, Bounds, Start, TraceResult, Transfer
from kancil.bitcoin.tracing.trace import policy_named, trace
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

from .marks import CLUSTER, COINJOIN, Counts, Mark, Marks, Side

METHOD, VERSION = "bitcoin.exposure", "1"
MOST_OUTPUTS = 100_000
"""Outputs of one subject at most: a walk from more would take hours."""
EXPOSED, KEPT, FEES, ONCE = "exposed", "kept", "fees", "counted-once"


@dataclass(frozen=True, slots=True)
class Subject:
    """The address or cluster that is asked about."""

    name: str
    is_cluster: bool
    address_count: int
    outputs: tuple[int, ...]
    """Its outputs with a value, rows of the columns."""
    stated_spends: int
    """Inputs that spend it by a spent-outputs file alone: their coins are in no sum."""
    labels: tuple[tuple[str, Label], ...]
    """Labels of its own addresses: no exposure, told beside."""


@dataclass(frozen=True, slots=True)
class Met:
    """One output at which coins of the subject met marks that count."""

    output: int
    tx: int
    """Transaction that paid it (sent), or in which its coins were spent towards us (received)."""
    hop: int
    """Transactions away from the subject, by the shortest way that the trace shows."""
    value_sat: int
    amount: Bounds
    direct: Bounds
    """Of this, what came by one transaction alone."""
    reason: str
    """Why lower and upper differ; empty when they do not."""
    marks: tuple[Mark, ...]
    way: tuple[int, ...]
    """Transactions from the subject to it, one of the shortest ways that the trace shows."""

    @property
    def indirect(self) -> Bounds:
        """What came by more than one transaction."""
        low = self.amount.lower - self.direct.upper
        high = self.amount.upper - self.direct.lower
        return Bounds(max(0, low), max(0, high))

    @property
    def is_by_cluster(self) -> bool:
        """Whether only the label of another address of the output's cluster counts here."""
        return all(mark.reach == CLUSTER for mark in self.marks if mark.is_counted)


@dataclass(frozen=True, slots=True)
class Ended:
    """One output, or input of unknown source, at which coins are not exposed and end."""

    end: str
    output: int
    input: int
    hop: int
    amount: Bounds
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Where all coins of one walk ended. With `adds_up`, lower bounds and `undetermined` give all.

    The ends: `exposed`, `kept` (at the subject itself), `fees`, `counted-once` (came back to the
    subject, whose output is counted by itself), `no-spend-seen`, `unspendable`, `newly-issued`,
    `unknown-source`, `coinjoin`, `service`, and each limit of the trace, `hops` among them.
    """

    adds_up: bool
    all_sat: int
    """Satoshi of all the subject's outputs."""
    ends: dict[str, Bounds]
    undetermined: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """The answer for one side, one policy and one set of labels that count."""

    side: Side
    parts: Parts
    direct: Parts
    """The same with one hop: what ends as `hops` there stands on an unlabelled address."""
    met: tuple[Met, ...]
    ended: tuple[Ended, ...]
    maybe_coinjoins: tuple[int, ...]
    parameters: dict[str, Any]
    reversed_order: tuple[Parts, tuple[Met, ...]] | None = None
    """The same by the opposite order inside each transaction, where order counts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a subject."""

    policy: str
    hops: int
    side: Side
    labels_reach_clusters: bool = False
    progress: Progress = field(default=SILENT)


def every_label(_label: Label) -> bool:
    """Count every label."""
    return True


def find_subject(
    chain: Chain, labels: LabelIndex, text: str, clusters: Clusters | None = None
) -> Subject:
    """Find the outputs of an address (or key, in hex); with `clusters` those of its whole cluster.

    Raises the errors of `decode_address`, NotInChain, and OptionNotUsable above `MOST_OUTPUTS`.
    """
    kind, payload = script_of_text(chain, text)
    scripts: list[tuple[ScriptKind, bytes]] = [(kind, payload)]
    if clusters is not None:
        number = find_address(chain, clusters.of_row, kind, payload)
        if number >= 0:
            members = clusters.members_of(number).tolist()
            if len(members) > MOST_OUTPUTS:
                raise _too_wide(text, len(members))
            scripts = [script_of(chain, clusters, each) for each in members]
    outputs: list[int] = []
    stated = 0
    for each in scripts:
        outputs += _outputs_of(chain, *each)
        stated += len(chain.find_stated_in_graph(*each))
        if len(outputs) > MOST_OUTPUTS:
            raise _too_wide(text, len(outputs))
    if not outputs:
        raise NotInChain(what=Phrase("thing.address"), name=text.strip()[:140], path=chain.name)
    found = tuple((label.address, label) for each in scripts for label in labels.of(*each))
    return Subject(
        text.strip(), clusters is not None, len(scripts), tuple(sorted(outputs)), stated, found
    )


def _too_wide(text: str, count: int) -> OptionNotUsable:
    why = Phrase("why.exposure-wide", {"count": count, "most": MOST_OUTPUTS})
    return OptionNotUsable(option="ADDRESS", value=text.strip()[:100], why=why)


def _outputs_of(chain: Chain, kind: ScriptKind, payload: bytes) -> list[int]:
    """The outputs with a value that pay a script and stand in the graph."""
    found = chain.find_outputs_in_graph(kind, payload)
    rows: list[int] = found[chain.graph.output_value[found] > 0].tolist()
    return rows


def expose(
    chain: Chain,
    labels: LabelIndex,
    subject: Subject,
    asked: Asked,
    *,
    counts: Counts = every_label,
    clusters: Clusters | None = None,
    looks: CoinjoinLooks | None = None,
) -> Exposure:
    """Follow all coins of a subject to the first mark that they meet.

    `counts`: labels whose coins are exposed. Others stop the walk if they are a service's and are
    gone past if not. `clusters`: needed where labels reach clusters. `coinjoins.verdicts`: of this
    chain, to judge a transaction once in several questions. Raises PolicyUnknown, OptionNotUsable,
    TransactionOverspends.
    """
    policy_named(asked.policy)
    if asked.hops < 1:
        raise OptionNotUsable(option="--hops", value=str(asked.hops), why=Phrase("why.hops-least"))
    marks = Marks(
        chain,
        labels,
        frozenset(subject.outputs),
        asked.side,
        counts,
        clusters=clusters if asked.labels_reach_clusters else None,
        looks=looks,
    )
    starts = [Start(output) for output in subject.outputs]
    near = _walk(chain, starts, asked, marks, 1)
    far = _walk(chain, starts, asked, marks, asked.hops) if asked.hops > 1 else near
    directly = {row.output: Bounds(row.lower, row.upper) for row in near.left_out}
    reader = _Reader(chain, marks.subject, directly)
    turned = far.reversed_order
    turned_near = near.reversed_order
    reversed_order = None
    if turned is not None and turned_near is not None:
        near_rows = {row.output: Bounds(row.lower, row.upper) for row in turned_near.left_out}
        turned_reader = _Reader(chain, marks.subject, near_rows)
        reversed_order = (turned_reader.parts(turned), turned_reader.met(turned))
    return Exposure(
        side=asked.side,
        parts=reader.parts(far),
        direct=reader.parts(near),
        met=reader.met(far),
        ended=reader.ended(far),
        maybe_coinjoins=tuple(sorted(marks.maybe_coinjoins)),
        parameters={**far.parameters, "method": METHOD, "method_version": VERSION,
                    "labels_reach_clusters": asked.labels_reach_clusters,
                    "side": asked.side},
        reversed_order=reversed_order,
    )  # fmt: skip


def terrorist_financing(
    chain: Chain,
    labels: LabelIndex,
    subject: Subject,
    asked: Asked,
    *,
    alleged: bool = False,
    clusters: Clusters | None = None,
    looks: CoinjoinLooks | None = None,
) -> Exposure:
    """Follow coins to addresses listed for terrorism by a designation or a court alone.

    Any label but a service's is gone past, so that none hides another behind it. `alleged`: to
    those that a publisher says are for terrorism without such an act, and to none of the others.
    """
    counts = is_terrorism_alleged if alleged else is_terrorist_financing
    return expose(chain, labels, subject, asked, counts=counts, clusters=clusters, looks=looks)


def _walk(
    chain: Chain, starts: Sequence[Start], asked: Asked, marks: Marks, hops: int
) -> TraceResult:
    return trace(
        chain.graph,
        starts,
        policy=asked.policy,
        progress=asked.progress,
        direction="forward" if asked.side == "sent" else "backward",
        hops=hops,
        label_of=marks.of,
        last_height=chain.last_height,
    )


class _Reader:
    """Reads what a trace answered as exposure."""

    def __init__(self, chain: Chain, subject: frozenset[int], direct: dict[int, Bounds]) -> None:
        self.chain, self.subject, self.direct = chain, subject, direct

    def parts(self, result: TraceResult) -> Parts:
        """Sum the ends of a walk."""
        totals = result.totals
        ends: dict[str, Bounds] = {EXPOSED: ZERO, ONCE: totals.overlap, FEES: totals.fees}
        for ended in self._leaves(result):
            ends[ended.end] = ends.get(ended.end, ZERO) + ended.amount
        if totals.adds_up:
            ends = {
                end: Bounds(sum_.lower, min(sum_.upper, totals.start)) for end, sum_ in ends.items()
            }
        return Parts(totals.adds_up, totals.start, ends, totals.undetermined)

    def ended(self, result: TraceResult) -> tuple[Ended, ...]:
        """Every place where coins end without being exposed."""
        return tuple(each for each in self._leaves(result) if each.end != EXPOSED)

    def _leaves(self, result: TraceResult) -> Iterable[Ended]:
        for held in result.holdings:
            end = KEPT if held.output in self.subject else held.state
            amount = Bounds(held.lower, held.upper)
            yield Ended(end, held.output, held.input, held.hop, amount)
        for left in result.left_out:
            marks = tuple(label for label in left.labels if isinstance(label, Mark))
            end = _end_of(left.limit, marks)
            yield Ended(end, left.output, -1, left.hop, Bounds(left.lower, left.upper), marks)

    def met(self, result: TraceResult) -> tuple[Met, ...]:
        """The outputs at which coins met what counts, the nearest first, then the largest."""
        by_output = {row.output: row for row in result.transfers if row.output >= 0}
        found = [self._met(each, by_output) for each in self._leaves(result) if each.end == EXPOSED]
        return tuple(sorted(found, key=lambda row: (row.hop, -row.amount.upper, row.output)))

    def _met(self, leaf: Ended, by_output: dict[int, Transfer]) -> Met:
        row = by_output[leaf.output]
        near = self.direct.get(leaf.output, ZERO)
        direct = Bounds(min(near.lower, leaf.amount.lower), min(near.upper, leaf.amount.upper))
        return Met(
            output=leaf.output,
            tx=row.tx,
            hop=leaf.hop,
            value_sat=int(self.chain.graph.output_value[leaf.output]),
            amount=leaf.amount,
            direct=direct,
            reason=row.reason,
            marks=leaf.marks,
            way=self._way(row, by_output),
        )

    def _way(self, row: Transfer, by_output: dict[int, Transfer]) -> tuple[int, ...]:
        """The transactions from the subject to a row, always by the nearest output."""
        txs = [row.tx]
        while not any(link.output in self.subject for link in row.links):
            nearer = [by_output[link.output] for link in row.links if link.output in by_output]
            if not nearer:
                break
            row = min(nearer, key=lambda each: (each.hop, each.number))
            txs.append(row.tx)
        return tuple(reversed(txs))


def _end_of(limit: str, marks: tuple[Mark, ...]) -> str:
    """Name the end of coins that a limit stops."""
    if limit != "service":
        return limit
    if any(mark.is_counted for mark in marks):
        return EXPOSED
    return COINJOIN if any(mark.label is None for mark in marks) else limit

"""Drawing a view: its sources over one chain, in one layout, as nodes and edges.

From a view and what its sources name (`Material`); to a picture. Recorded traces are drawn with the
labels that they were asked with, and from results at hand where there are any; the chain is read
with today's labels. Where more than one question is drawn, boxes show whole outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart
from kancil.bitcoin.tracing.result import TraceResult
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.studies.fiat_value import NO_PRICES, Worth
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.clustered import kept_here
from kancil.studies.moneygraph.composing import compose
from kancil.studies.moneygraph.explorer import Explorer
from kancil.studies.moneygraph.lines import Writer
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.net import Net, Sight
from kancil.studies.moneygraph.parts import Folded, Hanging
from kancil.studies.moneygraph.query import GraphQuery, Joint, asked
from kancil.studies.moneygraph.reaching import Reacher
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.trace.question import TraceQuestion

from .errors import CanvasEmpty
from .source import Ground, Hung
from .view import ChainSource, TraceSource, TransfersSource, View


@dataclass(frozen=True, slots=True, eq=False)
class RecordedTrace:
    """A trace of the case as the ledger has it."""

    number: int
    question: TraceQuestion
    result_sha256: str
    labels: LabelsUsed
    """The imports that it looked at."""
    results: Mapping[str, TraceResult] = field(default_factory=dict)
    """Its results by policy, where they are at hand."""
    answer: tuple[Phrase, ...] = ()
    """What it found, in sentences that can be read aloud."""
    is_other_chain: bool = False
    """Blocks were added since it was recorded, and it comes out otherwise now, as drawn."""

    @property
    def name(self) -> str:
        """What it is called beside a box."""
        return f"T{self.number}"


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a view is drawn from."""

    chain: Chain | None
    """None: a picture of reported transfers alone."""
    labels: LabelsUsed | None
    """Today's."""
    traces: Mapping[int, RecordedTrace] = field(default_factory=dict)
    hung: Sequence[Hanging] = ()
    """Reported transfers, where the view asks for them or they name what is drawn."""
    worth: Worth = NO_PRICES
    runs: Runs = field(default_factory=Runs)
    reported: Sequence[str] = ()
    """What is reported from victims to cash-out, in sentences, where the view asks for it."""
    reported_limits: Sequence[str] = ()
    """What these sentences rest on."""


def draw_view(material: Material, view: View, *, is_new: bool = False) -> MoneyGraph:
    """Draw a view; raises CanvasEmpty, and what resolving starts and tracing raise.

    `is_new`: the page is opened, so patterns for which no time was left are looked for again.
    """
    if material.chain is None or not _asks_chain(material, view):
        return _draw_reported(material, view)
    joint, traces = joint_of(material, view)
    explorer = explorer_of(material, view)
    own = explorer.reacher(_shown_labels(material, view))
    reachers = [own if trace is None else _reacher(explorer, trace, view) for trace in traces]
    return explorer.picture(joint, reachers, again=_is_unfinished if is_new else None)


def _asks_chain(material: Material, view: View) -> bool:
    """Whether a view has a source that asks the chain something, and that is still there."""
    return any(
        isinstance(one, ChainSource)
        or (isinstance(one, TraceSource) and one.trace in material.traces)
        for one in view.sources
    )


def _is_unfinished(kept: Any) -> bool:
    return bool(kept.is_out_of_time)


def _reacher(explorer: Explorer, trace: RecordedTrace, view: View) -> Reacher:
    found = explorer.reacher(trace.labels)
    if trace.results:
        found.remember(trace_query(trace.question, None), trace.results)
    return found


def explorer_of(material: Material, view: View) -> Explorer:
    """What draws a view; raises CanvasEmpty where no chain is asked about."""
    if material.chain is None:
        raise CanvasEmpty
    labels = _shown_labels(material, view)
    return Explorer(material.chain, labels, material.runs, material.hung, material.worth)


def is_without_clusters(material: Material, view: View) -> bool:
    """Whether a view asks for clusters, and none are made of these blocks and labels."""
    if material.chain is None or not (view.clusters or view.level == "entities"):
        return False
    return kept_here(material.chain, _shown_labels(material, view).index) is None


def _shown_labels(material: Material, view: View) -> LabelsUsed:
    """The labels in the boxes: today's, but of one trace alone those that it looked at."""
    alone = only_trace(material, view)
    if alone is not None:
        return alone.labels
    if material.labels is None:
        raise CanvasEmpty
    return material.labels


def only_trace(material: Material, view: View) -> RecordedTrace | None:
    """The trace of a view that asks the chain nothing else."""
    asking = [one for one in view.sources if not isinstance(one, TransfersSource)]
    if len(asking) == 1 and isinstance(asking[0], TraceSource):
        return material.traces.get(asking[0].trace)
    return None


def joint_of(material: Material, view: View) -> tuple[Joint, list[RecordedTrace | None]]:
    """The questions of a view, and the recorded trace of each; raises CanvasEmpty."""
    told: dict[str, Any] = {
        "patterns": view.patterns,
        "clusters": view.clusters,
        "opened": view.opened,
        "collapsed": view.collapsed,
    }
    queries: list[GraphQuery] = []
    traces: list[RecordedTrace | None] = []
    compare = view.compare if only_trace(material, view) else None
    for source in view.sources:
        if isinstance(source, TraceSource) and source.trace in material.traces:
            trace = material.traces[source.trace]
            queries.append(trace_query(trace.question, compare, **told))
            traces.append(trace)
        elif isinstance(source, ChainSource):
            starts = asked(*source.starts)
            queries.append(GraphQuery(starts=starts, direction=source.direction, hops=1, **told))
            traces.append(None)
    if not queries:
        raise CanvasEmpty
    names = tuple("" if trace is None else trace.name for trace in traces)
    return Joint(tuple(queries), names, view.level), traces


def trace_query(question: TraceQuestion, compare: str | None, **told: Any) -> GraphQuery:
    """The first view of a recorded trace: its own starts, policy and limits."""
    return GraphQuery(
        starts=tuple(
            AskedStart(start.outpoint, start.share_sat, start.reference)
            for start in question.starts
        ),
        direction=question.direction,
        policy=question.policy,
        policies=question.policies,
        compare=None if compare == question.policy else compare,
        hops=question.hops,
        min_sat=question.min_sat,
        since=question.since,
        until=question.until,
        pass_services=question.pass_services,
        stops_at=question.stops_at,
        **told,
    )


def _draw_reported(material: Material, view: View) -> MoneyGraph:
    """Draw reported transfers alone; nothing at all where all that a view names is gone."""
    if not view.sources:
        raise CanvasEmpty
    is_asked = any(isinstance(source, TransfersSource) for source in view.sources)
    hung = [each for each in material.hung if isinstance(each, Hung) and is_asked]
    folded = Folded({}, [])
    notes = [note for each in hung for note in each.on(Ground(folded))]
    net = Net(hops={}, fees={}, strands=[], fetches=[], policies=0)
    writer = Writer(is_backward=False, is_traced=False, second="")
    composed = compose(cast("Sight", _NoChain()), net, folded, writer, "", ())
    return MoneyGraph(
        query=GraphQuery(asked("reported")),
        question=None,
        nodes=composed.nodes,
        edges=composed.edges,
        axis=composed.axis,
        width=max((node.x + node.width for node in composed.nodes), default=0),
        height=composed.layout.height,
        totals=(),
        fetch_list=(),
        notes=tuple(notes),
        kept_closed=(),
        title=render("note.canvas-reported-title"),
        network="",
        is_real_money=True,
    )


class _NoChain:
    """The sight of a picture without a chain: nothing of one is asked, but its name."""

    chain = ""

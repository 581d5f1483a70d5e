"""Drawing a view: its sources over one chain, in one layout, as nodes and edges.

From a view and what its sources name (`Material`); to a picture and its JSON. `docs/formats/view.md`
says what a view is; the page asks for a picture with each act and puts only what changed on screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart
from kancil.studies.fiat_value import NO_PRICES, Worth
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.stated import Transfer
from kancil.studies.trace.question import TraceQuestion

from .errors import CanvasEmpty
from .view import ChainSource, TraceSource, View

FOLDS = frozenset({"ends", "chain", "stage", "below"})
"""Kinds of boxes that stand for several things."""


@dataclass(frozen=True, slots=True)
class RecordedTrace:
    """A trace of the case as the ledger has it."""

    number: int
    question: TraceQuestion
    result_sha256: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a view is drawn from."""

    chain: Chain
    labels: LabelsUsed
    traces: Mapping[int, RecordedTrace] = field(default_factory=dict)
    reported: Sequence[Transfer] = ()
    worth: Worth = NO_PRICES
    runs: Runs = field(default_factory=Runs)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a box stands for, as the panel is asked about it."""

    kind: str
    """`transaction`, `output`, `address`, `cluster`, `party` or `fold`."""
    chain: str
    value: str


def draw_view(material: Material, view: View) -> MoneyGraph:
    """Draw a view; raises CanvasEmpty, and what exploring raises."""
    query = query_of(material, view)
    return explore(
        material.chain, material.labels, query, material.runs, material.reported, material.worth
    )


def query_of(material: Material, view: View) -> GraphQuery:
    """The question of the first source of a view that has one."""
    told: dict[str, Any] = {
        "patterns": view.patterns,
        "clusters": view.clusters,
        "opened": view.opened,
        "collapsed": view.collapsed,
    }
    for source in view.sources:
        if isinstance(source, TraceSource) and source.trace in material.traces:
            question = material.traces[source.trace].question
            return trace_query(question, view.compare, **told)
        if isinstance(source, ChainSource):
            starts = asked(*source.starts)
            return GraphQuery(starts=starts, direction=source.direction, hops=1, **told)
    raise CanvasEmpty


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


def subject_of(chain: str, node: Node) -> Subject:
    """What a box stands for."""
    if node.kind == "tx":
        return Subject("transaction", chain, node.txid)
    if node.kind == "party":
        return Subject("party", "", node.id)
    if node.kind == "cluster":
        return Subject("cluster", chain, node.id)
    if node.outpoint and node.kind not in FOLDS:
        return Subject("output", chain, node.outpoint)
    return Subject("fold", chain, node.id)


def as_json(material: Material, view: View, graph: MoneyGraph) -> dict[str, Any]:
    """A picture for the page."""
    found = graph.as_dict()
    chain = material.chain.name
    for node, told in zip(graph.nodes, found["nodes"], strict=True):
        subject = subject_of(chain, node)
        told["subject"] = {"kind": subject.kind, "chain": subject.chain, "value": subject.value}
        told["shares"] = []
    del found["query"]
    return {
        **found,
        "level": view.level,
        "chain": chain,
        "paths": [],
        "changed": {"labels": 0, "blocks": False},
    }

"""The money graph, whole and step by step: explore, expand, collapse, and what a selection means.

From an open chain, its labels and a query; to a picture, or to what changes in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.errors import GraphFull, GraphNodeFixed, GraphNodeNotFound
from kancil.studies.fiat_value import NO_PRICES, Worth
from kancil.studies.labels_used import LabelsUsed

from .explorer import Explorer
from .folding import MOST_NODES
from .model import Edge, GraphChange, MoneyGraph, Node
from .query import GraphQuery
from .runs import Runs
from .stated import StatedRows, Transfer


def explore(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
    looks: CoinjoinLooks | None = None,
) -> MoneyGraph:
    """Draw a query. Raises what resolving starts and tracing raise.

    `runs`: answers kept from earlier queries; the picture is the same without, but that patterns
    for which no time was left are looked for again. `stated`: transfers of tables, drawn beside
    the chain's where they name what is drawn. `worth`: prices of imported tables, told beside
    amounts. `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
    """
    explorer = _explorer(chain, labels, runs, stated, worth, looks)
    return explorer.graph(query, again=lambda kept: kept.is_out_of_time)


def expand(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    node: str,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
) -> GraphChange:
    """Open a node of a drawn query, and give what that changes.

    Raises GraphNodeNotFound, GraphNodeFixed where nothing more is held behind it, GraphFull, and
    what `explore` raises.
    """
    explorer = _explorer(chain, labels, runs, stated, worth)
    before = explorer.graph(query)
    token = _known(before, node).opens
    if not token:
        raise GraphNodeFixed(node=node)
    is_hidden = token in query.collapsed
    after = explorer.graph(query.showing(token) if is_hidden else query.opening(token))
    if token in after.kept_closed:
        raise GraphFull(most=MOST_NODES)
    return _change(before, after)


def collapse(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    node: str,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
) -> GraphChange:
    """Fold a node back into what it came from, or hide all that lies behind it.

    Raises GraphNodeNotFound, GraphNodeFixed where it cannot, and what `explore` raises.
    """
    explorer = _explorer(chain, labels, runs, stated, worth)
    before = explorer.graph(query)
    found = _known(before, node)
    around = f"next-{node.removeprefix('tx-')}"
    for token in (around, found.parent, node):
        if token in query.opened:
            return _change(before, explorer.graph(query.closing(token)))
    if not found.closes:
        raise GraphNodeFixed(node=node)
    return _change(before, explorer.graph(query.hiding(node)))


def _known(graph: MoneyGraph, ident: str) -> Node:
    found = graph.node(ident)
    if found is None:
        raise GraphNodeNotFound(node=ident)
    return found


def _explorer(
    chain: Chain,
    labels: LabelsUsed,
    runs: Runs | None,
    stated: Sequence[Transfer],
    worth: Worth,
    looks: CoinjoinLooks | None = None,
) -> Explorer:
    hung = (StatedRows(tuple(stated)),) if stated else ()
    return Explorer(chain, labels, runs or Runs(), hung, worth, looks)


def _change(before: MoneyGraph, after: MoneyGraph) -> GraphChange:
    """Compare two pictures."""
    old = {node.id: node for node in before.nodes}
    old_edges = {edge.id: edge for edge in before.edges}
    new, new_edges = {node.id for node in after.nodes}, {edge.id for edge in after.edges}
    kept = [node for node in after.nodes if node.id in old and old[node.id] != node]
    kept_edges = [edge for edge in after.edges if edge.id in old_edges]
    kept_edges = [edge for edge in kept_edges if old_edges[edge.id] != edge]
    moved = [node for node in kept if _unplaced(node) == _unplaced(old[node.id])]
    moved_edges = [edge for edge in kept_edges if _unrouted(edge) == _unrouted(old_edges[edge.id])]
    places = {node.id for node in moved}
    routes = {edge.id for edge in moved_edges}
    added = tuple(node for node in after.nodes if node.id not in old)
    removed = tuple(node.id for node in before.nodes if node.id not in new)
    return GraphChange(
        graph=after,
        added=added,
        changed=tuple(node for node in kept if node.id not in places),
        moved=tuple(moved),
        removed=removed,
        added_edges=tuple(edge for edge in after.edges if edge.id not in old_edges),
        changed_edges=tuple(edge for edge in kept_edges if edge.id not in routes),
        moved_edges=tuple(moved_edges),
        removed_edges=tuple(edge.id for edge in before.edges if edge.id not in new_edges),
        said=render(
            "note.graph-changed",
            added=grouped(len(added)),
            removed=grouped(len(removed)),
            total=grouped(len(after.nodes)),
        ),
    )


def _unplaced(node: Node) -> Node:
    return replace(node, layer=0, x=0, y=0, width=0, height=0)


def _unrouted(edge: Edge) -> Edge:
    return replace(edge, width=0, points=())

"""What a selection on a money graph stands for: rows of the trace, and why each is among them.

From a drawn graph and the ids that were selected; to the rows of each selected node, and those
that only touch it. A fold stands for every row that it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kancil.studies.errors import GraphNodeNotFound

from .model import Edge, MoneyGraph, Node

TRANSACTIONS = frozenset({"tx", "chain", "stage", "below", "cluster"})
"""Nodes that stand for transactions, one or many; all others stand for outputs or for somebody."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One selected node or ribbon."""

    told: str
    """Its words in the picture."""
    rows: tuple[int, ...]
    """Rows of the trace that it stands for; empty for what only a table states, and for a start."""
    beside: tuple[int, ...]
    """Rows at its other side: into a transaction where `rows` lead out of it, or the reverse."""
    why: str
    """Why `rows` are here: `out`, `into`, `held` or `output`."""
    why_beside: str
    """Why `beside` are here: `into` or `out`."""


def selected_of(graph: MoneyGraph, idents: Iterable[str]) -> tuple[Selected, ...]:
    """What each selected node or ribbon stands for, each once; raises GraphNodeNotFound.

    The rows are those of the trace that `graph.question` asks; none without a policy.
    """
    nodes = {node.id: node for node in graph.nodes}
    edges = {edge.id: edge for edge in graph.edges}
    is_backward = graph.query.direction == "backward"
    found = []
    for ident in dict.fromkeys(idents):
        if ident in nodes:
            found.append(_node(graph, nodes[ident], is_backward=is_backward))
        elif ident in edges:
            found.append(_edge(edges[ident]))
        else:
            raise GraphNodeNotFound(node=ident)
    return tuple(found)


def reasons(selected: Iterable[Selected]) -> dict[int, str]:
    """Why each row is here, in the order of the rows; what stands for it goes before."""
    found: dict[int, str] = {}
    several = tuple(selected)
    for row, why in (*_pairs(several), *_pairs_beside(several)):
        found.setdefault(row, why)
    return dict(sorted(found.items()))


def _pairs(several: Iterable[Selected]) -> Iterator[tuple[int, str]]:
    return ((row, each.why) for each in several for row in each.rows)


def _pairs_beside(several: Iterable[Selected]) -> Iterator[tuple[int, str]]:
    return ((row, each.why_beside) for each in several for row in each.beside)


def _node(graph: MoneyGraph, node: Node, *, is_backward: bool) -> Selected:
    told = ", ".join(line.text for line in node.lines)
    if node.kind not in TRANSACTIONS:
        return Selected(told, node.rows, (), "held" if node.kind == "ends" else "output", "into")
    # Asked forward, a row belongs to the transaction that made its output; asked back, to the one
    # that spent it.
    why, other = ("into", "out") if is_backward else ("out", "into")
    touching = {row for edge in graph.edges if node.id in (edge.source, edge.target)
                for row in edge.rows}  # fmt: skip
    beside = tuple(sorted(touching.difference(node.rows)))
    return Selected(told, node.rows, beside, why if node.kind == "tx" else "held", other)


def _edge(edge: Edge) -> Selected:
    return Selected(edge.told, edge.rows, (), "output", "into")

"""One step in a picture that is drawn: what opens behind a node, and what folds it back.

From a picture and a node's id; to the token that a query or a view names as open or as folded.
"""

from __future__ import annotations

from collections.abc import Collection

from kancil.studies.errors import GraphNodeFixed, GraphNodeNotFound

from .model import MoneyGraph, Node


def known_node(graph: MoneyGraph, ident: str) -> Node:
    """The node of this id; raises GraphNodeNotFound."""
    found = graph.node(ident)
    if found is None:
        raise GraphNodeNotFound(node=ident)
    return found


def opens_behind(graph: MoneyGraph, ident: str) -> str:
    """What to open to see more of a node.

    Raises GraphNodeNotFound, GraphNodeFixed where nothing more is held behind it.
    """
    token = known_node(graph, ident).opens
    if not token:
        raise GraphNodeFixed(node=ident)
    return token


def folds_back(graph: MoneyGraph, ident: str, opened: Collection[str]) -> str:
    """What of the opened to close, so that a node folds back; empty: hide all that lies behind it.

    Raises GraphNodeNotFound, GraphNodeFixed where it cannot fold.
    """
    found = known_node(graph, ident)
    around = f"next-{ident.removeprefix('tx-')}"
    for token in (around, found.parent, ident):
        if token in opened:
            return token
    if not found.closes:
        raise GraphNodeFixed(node=ident)
    return ""

"""What an officer does to a picture, one act at a time.

From a view and an act as the page sends it; to the view after it, its picture, and what was done in
a sentence. Acts change the view alone: what is recorded (a trace, a note) is asked for elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.errors import GraphFull, GraphNodeFixed, GraphNodeNotFound
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.model import MoneyGraph, Node

from .errors import CanvasActUnknown
from .picture import Material, draw_view
from .view import View, read_id


@dataclass(frozen=True, slots=True)
class Done:
    """A view after an act."""

    view: View
    graph: MoneyGraph
    said: str


def perform(material: Material, view: View, act: Any) -> Done:
    """Do one act; raises CanvasActUnknown, ViewNotReadable, and what the act itself raises."""
    do = act.get("do") if isinstance(act, dict) else None
    if do == "none":
        return Done(view, draw_view(material, view), "")
    if do == "expand":
        return _expand(material, view, read_id(act.get("node")))
    if do == "collapse":
        return _collapse(material, view, read_id(act.get("node")))
    raise CanvasActUnknown(act=str(do)[:40])


def _expand(material: Material, view: View, node: str) -> Done:
    before = draw_view(material, view)
    token = _known(before, node).opens
    if not token:
        raise GraphNodeFixed(node=node)
    if token in view.collapsed:
        shown = tuple(one for one in view.collapsed if one != token)
        return _changed(material, before, replace(view, collapsed=shown))
    after = view.opening(token)
    done = _changed(material, before, after)
    if token in done.graph.kept_closed:
        raise GraphFull(most=MOST_NODES)
    return done


def _collapse(material: Material, view: View, node: str) -> Done:
    before = draw_view(material, view)
    found = _known(before, node)
    around = f"next-{node.removeprefix('tx-')}"
    for token in (around, found.parent, node):
        if token in view.opened:
            return _changed(material, before, view.closing(token))
    if not found.closes:
        raise GraphNodeFixed(node=node)
    hidden = (*view.collapsed, node)
    return _changed(material, before, replace(view, collapsed=hidden))


def _known(graph: MoneyGraph, ident: str) -> Node:
    found = graph.node(ident)
    if found is None:
        raise GraphNodeNotFound(node=ident)
    return found


def _changed(material: Material, before: MoneyGraph, view: View) -> Done:
    """Draw the view after an act, and count what is new in it."""
    after = draw_view(material, view)
    old, new = {node.id for node in before.nodes}, {node.id for node in after.nodes}
    said = render(
        "note.graph-changed",
        added=grouped(len(new - old)),
        removed=grouped(len(old - new)),
        total=grouped(len(new)),
    )
    return Done(view, after, said)

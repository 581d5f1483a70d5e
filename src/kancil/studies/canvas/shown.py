"""What a view shows of its picture: without what its author hid or filtered, with boxes moved.

From a drawn picture and a view to another picture; how much is left out of it, `summary.py` tells.
The page does the same in the browser (`static/js/canvas/view.js`, `place.js`); paper and files made
by the server come here. No result changes: a hidden box is still in the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kancil.studies.moneygraph.model import Edge, MoneyGraph, Node

from .view import Filter, View

_START = "start"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as its author left it."""

    graph: MoneyGraph
    hidden: tuple[Node, ...]
    """Boxes of the whole picture that the author hid."""
    filtered: tuple[Node, ...]
    """Boxes that only the filter leaves out: no line to them is left."""
    whole: int
    """Boxes of the whole picture."""
    marks: Mapping[str, str]
    """The author's own colour of a box, by its id."""

    @property
    def left(self) -> int:
        """Left edge; below nought where a box was moved out."""
        return min((0, *(node.x for node in self.graph.nodes)))

    @property
    def top(self) -> int:
        """Upper edge."""
        return min((0, *(node.y for node in self.graph.nodes)))


def shown_of(graph: MoneyGraph, view: View) -> Shown:
    """Apply a view to its whole picture."""
    known = {node.id: node for node in graph.nodes}
    hidden = {each for each in view.hidden if each in known}
    edges, touched, filtered = list[Edge](), set[str](), set[str]()
    for edge in graph.edges:
        ends = {edge.source, edge.target}
        if ends & hidden:
            continue
        if _is_filtered(edge, known, view.filter):
            filtered |= ends
        else:
            edges.append(edge)
            touched |= ends
    left_out = {each for each in filtered - touched if each in known and known[each].kind != _START}
    nodes = [node for node in graph.nodes if node.id not in hidden | left_out]
    places = {each: at for each, at in view.positions.items() if each in known}
    moved = tuple(_moved(node, places) for node in nodes)
    colours = {each: one.colour for one in view.groups for each in one.nodes} | dict(view.colours)
    return Shown(
        graph=replace(
            graph,
            nodes=moved,
            edges=tuple(_led(edge, known, places) for edge in edges),
            axis=() if places else graph.axis,
            width=max((node.x + node.width for node in moved), default=0),
            height=max((node.y + node.height for node in moved), default=0),
        ),
        hidden=tuple(node for node in graph.nodes if node.id in hidden),
        filtered=tuple(node for node in graph.nodes if node.id in left_out),
        whole=len(graph.nodes),
        marks={each: colour for each, colour in colours.items() if each in known},
    )


def value_of(edge: Edge) -> int | None:
    """How large a line is: the most of its share, else its outputs' whole value."""
    if edge.amount.share is not None:
        return edge.amount.share.upper
    return edge.amount.value_sat


def _is_filtered(edge: Edge, nodes: Mapping[str, Node], told: Filter) -> bool:
    value = value_of(edge)
    if told.min_sat and value is not None and value < told.min_sat:
        return True
    times = [_moment(each) for each in _times(edge, nodes)]
    if not times:
        return False
    is_early = told.since is not None and times[-1] < told.since
    return is_early or (told.until is not None and times[0] > told.until)


def _times(edge: Edge, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """First and last time of a line: its own, else of the transaction that made it."""
    if edge.times:
        return edge.times
    source = nodes[edge.source]
    return source.times if source.txid else nodes[edge.target].times


def _moment(text: str) -> datetime:
    """A time of a picture; a day counts as its first second."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")


def _moved(node: Node, places: Mapping[str, tuple[int, int]]) -> Node:
    if node.id not in places:
        return node
    x, y = places[node.id]
    return replace(node, x=x, y=y)


def _led(edge: Edge, nodes: Mapping[str, Node], places: Mapping[str, tuple[int, int]]) -> Edge:
    """A line between boxes of which one was moved: it keeps its ports and gives up its lanes."""
    if edge.source not in places and edge.target not in places:
        return edge
    points = []
    for name, (x, y) in ((edge.source, edge.points[0]), (edge.target, edge.points[-1])):
        node = nodes[name]
        at_x, at_y = places.get(name, (node.x, node.y))
        points.append((x + at_x - node.x, y + at_y - node.y))
    return replace(edge, points=tuple(points))

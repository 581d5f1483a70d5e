"""A view on paper: the picture as its author saved it, as one SVG without script.

What the author added (groups, colours, paths) stands in colours of its own, each with a shape, so
that nobody takes it for something that the chain or a policy says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path as File

from kancil.studies.moneygraph.drawing import draw_svg, way_of
from kancil.studies.moneygraph.model import Node

from .paths import DrawnPath
from .shown import Shown
from .view import Group, View

_ROOM = 12
"""Between a group's frame and its boxes."""
_BAND = 6
_STYLE = File(__file__).parent / "paper.css"
_SHAPES = {
    "mark-1": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "mark-2": "M-5.5 -5.5h11v11h-11z",
    "mark-3": "M0 -7l7 12h-14z",
    "mark-4": "M0 -8l8 8l-8 8l-8 -8z",
    "mark-5": "M0 -7l6.8 5l-2.6 8h-8.4l-2.6 -8z",
    "mark-6": "M-2.5 -7h5v4.5h4.5v5h-4.5v4.5h-5v-4.5h-4.5v-5h4.5z",
}
"""Circle, square, triangle, diamond, pentagon, cross."""


def draw_view_svg(
    shown: Shown, view: View, paths: Sequence[DrawnPath] = (), caption: Sequence[str] = ()
) -> bytes:
    """A view as a file, with its colours in it; `paths`: those of the view, as drawn."""
    nodes = {node.id: node for node in shown.graph.nodes}
    under = [frame for group in view.groups for frame in _frame(group, nodes)]
    over = [_mark(nodes[each], colour) for each, colour in shown.marks.items() if each in nodes]
    over += [line for path in paths for line in _path(path, shown)]
    style = _STYLE.read_text(encoding="utf-8")
    framed = (shown.left - _ROOM, shown.top - 3 * _ROOM) if under else (shown.left, shown.top)
    return draw_svg(
        shown.graph, under=under, over=over, corner=framed, caption=caption, style=style
    )


def _frame(group: Group, nodes: Mapping[str, Node]) -> list[str]:
    """The frame of a group and its name; nothing where none of its boxes is shown."""
    held = [nodes[each] for each in group.nodes if each in nodes]
    if not held:
        return []
    left, top = min(node.x for node in held) - _ROOM, min(node.y for node in held) - _ROOM
    right = max(node.x + node.width for node in held) + _ROOM
    bottom = max(node.y + node.height for node in held) + _ROOM
    place = f'x="{left}" y="{top}" width="{right - left}" height="{bottom - top}"'
    name = f'<text class="fill {group.colour}" x="{left + 4}" y="{top - 6}">'
    return [
        f'<rect class="line {group.colour}" {place} rx="12"/>',
        f"{name}{escape(group.name)}</text>",
    ]


def _mark(node: Node, colour: str) -> str:
    """A band at the left of a box, and the colour's shape on its corner."""
    return (
        f'<rect class="fill {colour}" x="{node.x}" y="{node.y + 4}" width="{_BAND}" '
        f'height="{node.height - 8}"/>'
        f'<path class="fill {colour}" transform="translate({node.x} {node.y})" '
        f'd="{_SHAPES[colour]}"/>'
    )


def _path(path: DrawnPath, shown: Shown) -> list[str]:
    """A path along the lines of the picture that it goes through, and its name at its first."""
    edges = [edge for edge in shown.graph.edges if edge.id in path.edges]
    ways = [f'<path class="line {path.colour}" d="{way_of(edge)}"/>' for edge in edges]
    if edges:
        x, y = edges[0].points[0]
        words = f'<text class="fill {path.colour}" x="{x + 12}" y="{y + 16}">'
        ways.append(f"{words}{escape(path.name)}</text>")
    return ways

"""The graph as an SVG file of its own: the same places and words as on the canvas, no script.

Ribbons keep level as far as their words go, so that no amount sits on one. Other people's text is
escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from textwrap import wrap

from kancil.studies.drawing.box_words import AMOUNT, NAME, TITLE
from kancil.studies.drawing.picture import STYLE, TOKENS

from .model import Edge, MoneyGraph, Node

MARGIN = 32
AXIS = 30
LINE = 16
BEND = 90
LETTER = 7
OWN_STYLE = Path(__file__).parent / "drawing.css"
_CLASS = {TITLE: "lab", AMOUNT: "amt", NAME: "nam"}
_FOLDS = ("ends", "chain", "stage", "below", "cluster")


def draw_svg(
    graph: MoneyGraph,
    *,
    under: Sequence[str] = (),
    over: Sequence[str] = (),
    corner: tuple[int, int] = (0, 0),
    caption: Sequence[str] = (),
    style: str = "",
) -> bytes:
    """The picture as a file, with its colours in it.

    `style`: rules for what is added; `under`, `over`: elements behind its boxes and on top;
    `corner`: its left and upper edge; `caption`: lines below it that say what it is.
    """
    sheets = (TOKENS, STYLE, OWN_STYLE)
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets) + style
    left, top = corner[0] - MARGIN, corner[1] - MARGIN - AXIS
    width, height = (
        graph.width - corner[0] + 2 * MARGIN,
        graph.height - corner[1] + 2 * MARGIN + AXIS,
    )
    below = _caption(caption, left + MARGIN, top + height, width - 2 * MARGIN)
    height += len(below) * LINE
    size = f'width="{width}" height="{height}"'
    box = f'viewBox="{left} {top} {width} {height}" {size}'
    parts = [
        f'<svg class="flow" xmlns="http://www.w3.org/2000/svg" role="img" {box}>',
        f"<title>{escape(graph.title)}</title>",
        f"<style>{style}</style>",
        f'<rect class="sheet" x="{left}" y="{top}" {size}/>',
    ]
    parts += [
        f'<text class="axis" x="{x}" y="{-AXIS}">{escape(days)}</text>' for x, days in graph.axis
    ]
    parts += [*map(_ribbon, graph.edges), *under, *map(_box, graph.nodes)]
    parts += [text for edge in graph.edges for text in _words(edge)]
    notes = "".join(f"<desc>{escape(note)}</desc>" for note in (*graph.notes, *_said(graph)))
    return ("\n".join([*parts, *over, *below, notes, "</svg>"]) + "\n").encode("utf-8")


def _caption(lines: Sequence[str], x: int, top: int, room: int) -> list[str]:
    """The lines of a caption, broken where they are wider than the picture."""
    broken = [piece for line in lines for piece in wrap(line, max(40, room // LETTER))]
    return [
        f'<text class="sub" x="{x}" y="{top + number * LINE}">{escape(line)}</text>'
        for number, line in enumerate(broken)
    ]


def _said(graph: MoneyGraph) -> tuple[str, ...]:
    """What heuristics and patterns say, each with what is known of its error."""
    heard = dict.fromkeys(one.sentence for node in graph.nodes for one in node.heuristics)
    if not graph.query.patterns:
        return tuple(heard)
    return (*heard, *(found.sentence for found in graph.findings), *graph.patterns_said)


def _ribbon(edge: Edge) -> str:
    classes = ["way", edge.tone or "plain"]
    if edge.stated_by:
        classes.append("stated")
    elif not edge.amount.is_determined:
        classes.append("doubt")
    if edge.findings:
        classes.append("found")
    width = 3 if edge.stated_by else edge.width
    return f'<path class="{" ".join(classes)}" stroke-width="{width}" d="{way_of(edge)}"/>'


def way_of(edge: Edge) -> str:
    """The way of a line, as the `d` of a path: level as far as its words go, then its turns."""
    level = 18 + LETTER * max(map(len, edge.words)) if edge.words else 12
    (x, y), *_ = edge.points
    way = [f"M{x} {y}"]
    for at in range(0, len(edge.points) - 1, 2):
        (x0, y0), (x1, y1) = edge.points[at], edge.points[at + 1]
        begin = min(x0 + (12 if at else level), x1 - BEND)
        middle = (begin + x1) // 2
        if edge.goes_back:
            way.append(f"C{x0 + BEND} {y0 + BEND} {x1 - BEND} {y1 + BEND} {x1} {y1}")
        else:
            way.append(f"L{x0} {y0}H{begin}C{middle} {y0} {middle} {y1} {x1} {y1}")
    return "".join(way)


def _box(node: Node) -> str:
    classes = ["node", node.tone or "plain"]
    if node.kind == "start":
        classes.append("first")
    if node.findings:
        classes.append("found")
    frame = f'width="{node.width}" height="{node.height}" rx="8"'
    name = " ".join(classes)
    parts = ["<g>"]
    if node.kind in _FOLDS:
        parts.append(f'<rect class="{name}" x="{node.x + 5}" y="{node.y + 5}" {frame}/>')
    parts.append(f'<rect class="{name}" x="{node.x}" y="{node.y}" {frame}/>')
    top = node.y + (node.height - len(node.lines) * LINE) // 2 + 12
    for number, line in enumerate(node.lines):
        kind = _CLASS.get(line.kind, "sub")
        y = top + number * LINE
        words = escape(_cut(line.text, node.width))
        parts.append(f'<text class="{kind}" x="{node.x + 10}" y="{y}">{words}</text>')
    parts.append("</g>")
    return "".join(parts)


def _cut(text: str, width: int) -> str:
    """Words of a box, cut where they would run out of it."""
    most = (width - 20) * 10 // 62
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def _words(edge: Edge) -> list[str]:
    """Write the words of an edge above the level beginning of its ribbon."""
    (x, y), *_ = edge.points
    base = y - edge.width // 2 - 5 - 14 * (len(edge.words) - 1)
    return [
        f'<text class="{"sub" if number else "rba"}" x="{x + 12}" y="{base + 14 * number}">'
        f"{escape(word)}</text>"
        for number, word in enumerate(edge.words)
    ]

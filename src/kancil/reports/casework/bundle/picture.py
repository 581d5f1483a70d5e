"""The picture of a trace: money from left to right by time, drawn as SVG, no script.

Ribbons are as thick as the coins they carry; amounts stand beside them. What is dashed is not
known to be so much. The same picture stands in the report, there in the page's own colours.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from kancil.ground.words import render

from .amounts import btc_range
from .answers import Answer, Answers
from .box_words import AMOUNT, NAME, TITLE, Line, lines_of
from .flow import END, FOLD, START, Box, Flow, flow_of
from .layout import AXIS, BOX_WIDTH, LINE, PAD, WIDTH, Layout, Piece, Slot, lay_out

_MARGIN = 40
_STUB = 34
_TEXT_CLASS = {TITLE: "lab", AMOUNT: "amt", NAME: "nam"}
STYLE = Path(__file__).parent / "picture.css"
TOKENS = Path(__file__).parent / "tokens.css"


def draw_picture(answer: Answer, answers: Answers) -> bytes:
    """Give the picture as a file of its own, with its colours in it."""
    style = TOKENS.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    return (picture_svg(answer, flow_of(answer, answers), style) + "\n").encode("utf-8")


def picture_svg(answer: Answer, flow: Flow, style: str = "") -> str:
    """Give the SVG element; `style`: its own style sheet, empty inside a page that has one."""
    words = {
        key: lines_of(box, is_backward=flow.is_backward, adds_up=flow.adds_up)
        for key, box in flow.boxes.items()
    }
    layout = lay_out(flow, lambda box: len(words[box.key]))
    title = render("note.report-picture-title", number=answer.number)
    width, height = WIDTH + 2 * _MARGIN, layout.height + PAD
    opening = (
        f'<svg class="flow" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{-_MARGIN} 0 {width} {height}" width="{width}" height="{height}">'
    )
    parts = [opening, f"<title>{escape(title)}</title>"]
    if style:
        sheet = f'<rect class="sheet" x="{-_MARGIN}" y="0" width="{width}" height="{height}"/>'
        parts += [f"<style>{style}</style>", sheet]
    parts.extend(_axis(layout))
    parts.extend(_ribbon(piece, layout) for piece in layout.pieces)
    parts.extend(
        _box(slot, slot.box, words[slot.key], layout)
        for slot in layout.slots
        if slot.box is not None
    )
    parts.extend(_amount(piece, layout) for piece in layout.pieces if piece.is_first)
    parts.append("</svg>")
    return "\n".join(part for part in parts if part)


def _axis(layout: Layout) -> list[str]:
    """Write the first day of each layer above it."""
    firsts: dict[int, str] = {}
    for slot in layout.slots:
        if slot.box is not None and slot.box.times:
            day = min(slot.box.times)[:10]
            firsts[slot.layer] = min(firsts.get(slot.layer, day), day)
    parts = []
    before = ""
    for layer in sorted(firsts):
        if firsts[layer] != before:
            y = layout.band_of(layer).top + AXIS - 12
            parts.append(
                f'<text class="axis" x="{layout.x_of(layer)}" y="{y}">{firsts[layer]}</text>'
            )
        before = firsts[layer]
    return parts


def _left(slot: Slot, layout: Layout) -> int:
    return layout.x_of(slot.layer)


def _right(slot: Slot, layout: Layout) -> int:
    return layout.x_of(slot.layer) + BOX_WIDTH


def _wraps(piece: Piece, layout: Layout) -> bool:
    return layout.band_of(piece.source.layer) is not layout.band_of(piece.target.layer)


def _ribbon(piece: Piece, layout: Layout) -> str:
    ribbon = piece.ribbon
    classes = ["rib", ribbon.tone or "plain"]
    if ribbon.lower != ribbon.upper:
        classes.append("doubt")
    x0, x1 = _right(piece.source, layout), _left(piece.target, layout)
    if _wraps(piece, layout):
        shapes = [
            _band_path(x0, x0 + _STUB, piece.y0, piece.y0, piece.thick),
            _band_path(x1 - _STUB, x1, piece.y1, piece.y1, piece.thick),
        ]
        mark = "\u25b8"
        middle = piece.y0 + piece.thick // 2 + 4
        arrow = f'<text class="axis" x="{x0 + _STUB + 2}" y="{middle}">{mark}</text>'
    else:
        shapes = [_band_path(x0, x1, piece.y0, piece.y1, piece.thick)]
        arrow = ""
    for slot, x in ((piece.source, x0 - BOX_WIDTH), (piece.target, x1)):
        if slot.box is None and slot is piece.target:
            shapes.append(_band_path(x, x + BOX_WIDTH, piece.y1, _lane_out(slot), piece.thick))
    return f'<path class="{" ".join(classes)}" d="{" ".join(shapes)}"/>{arrow}'


def _lane_out(slot: Slot) -> int:
    return slot.outs[0].y0 if slot.outs else slot.y


def _band_path(x0: int, x1: int, y0: int, y1: int, thick: int) -> str:
    middle = (x0 + x1) // 2
    return (
        f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}"
        f"V{y1 + thick}C{middle} {y1 + thick} {middle} {y0 + thick} {x0} {y0 + thick}Z"
    )


def _amount(piece: Piece, layout: Layout) -> str:
    """Write the amount just above the ribbon; ends carry theirs in their box."""
    ribbon = piece.ribbon
    ends = (piece.source.box, _last(piece).box)
    if any(box is not None and box.kind == END for box in ends):
        return ""
    x0, x1 = _right(piece.source, layout), _left(piece.target, layout)
    y = min(piece.y0, piece.y1) if piece.y0 == piece.y1 else (piece.y0 + piece.y1) // 2
    x, anchor = (x0 + x1) // 2, "middle"
    if _wraps(piece, layout):
        x, y, anchor = x0 + 4, piece.y0, "start"
    text = btc_range(ribbon.lower, ribbon.upper).removesuffix(" BTC")
    return f'<text class="rba" x="{x}" y="{y - 5}" text-anchor="{anchor}">{escape(text)}</text>'


def _last(piece: Piece) -> Slot:
    slot = piece.target
    while slot.box is None and slot.outs:
        slot = slot.outs[0].target
    return slot


def _box(slot: Slot, box: Box, lines: list[Line], layout: Layout) -> str:
    x, y = _left(slot, layout), slot.y
    classes = ["node", box.tone or "plain"]
    if box.kind == START:
        classes.append("first")
    parts = ["<g>"]
    if box.kind == FOLD or box.count > 1:
        parts.append(
            f'<rect class="{" ".join(classes)}" x="{x + 4}" y="{y + 4}" width="{BOX_WIDTH}" '
            f'height="{slot.height}" rx="8"/>'
        )
    parts.append(
        f'<rect class="{" ".join(classes)}" x="{x}" y="{y}" width="{BOX_WIDTH}" '
        f'height="{slot.height}" rx="8"/>'
    )
    top = y + (slot.height - len(lines) * LINE) // 2
    for number, line in enumerate(lines):
        name = _TEXT_CLASS.get(line.kind, "sub")
        base = top + number * LINE + 12
        parts.append(f'<text class="{name}" x="{x + 10}" y="{base}">{escape(line.text)}</text>')
    parts.append("</g>")
    return "".join(parts)

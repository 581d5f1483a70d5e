"""The picture of a trace: money from left to right by time, drawn as SVG, no script.

Ribbons are as thick as the coins they carry; amounts stand beside them. What is dashed is not
known to be so much. The same picture stands in the report, there in the page's own colours.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from kancil.ground.words import render

from .box_words import AMOUNT, NAME, TITLE
from .drawing import MARGIN, Band, BoxShape, RibbonShape, Words, draw
from .flow import Answered, Flow, Ground, flow_of

_TEXT_CLASS = {TITLE: "lab", AMOUNT: "amt", NAME: "nam"}
_GOES_ON = "\u25b8"
STYLE = Path(__file__).parent / "picture.css"
TOKENS = Path(__file__).parent / "tokens.css"


def draw_picture(answer: Answered, ground: Ground) -> bytes:
    """The picture as a file of its own, with its colours in it."""
    style = TOKENS.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    return (picture_svg(answer, flow_of(answer, ground), style) + "\n").encode("utf-8")


def picture_svg(answer: Answered, flow: Flow, style: str = "") -> str:
    """The SVG element; `style`: its own style sheet, empty inside a page that has one."""
    drawing = draw(flow)
    title = render("note.report-picture-title", number=answer.number)
    width, height = drawing.width + 2 * MARGIN, drawing.height
    opening = (
        f'<svg class="flow" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{-MARGIN} 0 {width} {height}" width="{width}" height="{height}">'
    )
    parts = [opening, f"<title>{escape(title)}</title>"]
    if style:
        sheet = f'<rect class="sheet" x="{-MARGIN}" y="0" width="{width}" height="{height}"/>'
        parts += [f"<style>{style}</style>", sheet]
    parts.extend(_text("axis", words) for words in drawing.axis)
    parts.extend(_ribbon(ribbon) for ribbon in drawing.ribbons)
    parts.extend(_box(box) for box in drawing.boxes)
    parts.extend(_amount(words) for words in drawing.amounts)
    parts.append("</svg>")
    return "\n".join(parts)


def _text(name: str, words: Words) -> str:
    return f'<text class="{name}" x="{words.x}" y="{words.y}">{escape(words.text)}</text>'


def _ribbon(ribbon: RibbonShape) -> str:
    classes = ["rib", ribbon.tone or "plain"]
    if ribbon.is_doubtful:
        classes.append("doubt")
    arrow = "" if ribbon.goes_on is None else _text("axis", Words(*ribbon.goes_on, _GOES_ON))
    shapes = " ".join(_band_path(band) for band in ribbon.bands)
    return f'<path class="{" ".join(classes)}" d="{shapes}"/>{arrow}'


def _band_path(band: Band) -> str:
    x0, x1, y0, y1, thick = band.x0, band.x1, band.y0, band.y1, band.thick
    middle = (x0 + x1) // 2
    return (
        f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}"
        f"V{y1 + thick}C{middle} {y1 + thick} {middle} {y0 + thick} {x0} {y0 + thick}Z"
    )


def _amount(words: Words) -> str:
    anchor = "middle" if words.is_middle else "start"
    return (
        f'<text class="rba" x="{words.x}" y="{words.y}" text-anchor="{anchor}">'
        f"{escape(words.text)}</text>"
    )


def _box(box: BoxShape) -> str:
    classes = ["node", box.tone or "plain"]
    if box.is_first:
        classes.append("first")
    parts = ["<g>"]
    if box.is_stack:
        parts.append(_frame(box, classes, 4))
    parts.append(_frame(box, classes, 0))
    for line, y in box.lines:
        name = _TEXT_CLASS.get(line.kind, "sub")
        parts.append(_text(name, Words(box.left, y, line.text)))
    parts.append("</g>")
    return "".join(parts)


def _frame(box: BoxShape, classes: list[str], aside: int) -> str:
    return (
        f'<rect class="{" ".join(classes)}" x="{box.x + aside}" y="{box.y + aside}" '
        f'width="{box.width}" height="{box.height}" rx="8"/>'
    )

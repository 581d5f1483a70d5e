"""The flow of the money for the printed page: folded and laid out until a person can read it.

From an answer to shapes with places. A page is narrow and high, so the flow runs in short lines one
below the other; where it still does not fit, it is set smaller, never cut.
"""

from __future__ import annotations

from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.reports.document.blocks import Own
from kancil.studies.drawing.drawing import Drawing, draw
from kancil.studies.drawing.flow import Flow

MARGIN = 6
"""Pixels beside the drawing."""
_LINE_MARGIN = 44
"""Pixels beside a drawing whose lines go on below."""
PAGE_WIDTH = 493
REST_OF_PAGE, WHOLE_PAGE = 455, 640
"""Points that a picture may take: below what is said of it, or on a page of its own."""
_READABLE = 0.56
"""Points a pixel below which a picture gets a page of its own."""
_SHAPES = ((3, 660), (4, 800), (5, 980))
"""Columns and pixels that are tried, the largest letters first."""
_FIRST, _DOUBTFUL = "first", "doubtful"
_TONES = (_FIRST, "service", "sanctioned", "unknown", _DOUBTFUL)
_LARGEST = 0.8
"""Points a pixel, at most: a small flow is not blown up."""


def flow_block(flow: Flow, label: str) -> Own:
    """The picture of a trace; `label`: what people call the trace."""
    drawing, margin, unit = _fitting(flow)
    alt = render("note.pdf-flow-alt", trace=label)
    own = {"alt": alt, "margin": margin, "unit": f"{unit:.4f}", "legend": _legend(drawing)}
    return Own("flow", {**plain(drawing), **own})


def _legend(drawing: Drawing) -> list[tuple[str, str]]:
    """What stands in the picture and what it means, to be set in the picture's own colours."""
    tones = {box.tone for box in drawing.boxes} | {ribbon.tone for ribbon in drawing.ribbons}
    if any(one.is_first for one in drawing.boxes):
        tones.add(_FIRST)
    if any(one.is_doubtful for one in drawing.ribbons):
        tones.add(_DOUBTFUL)
    return [(tone, render(f"name.flow-{tone}")) for tone in _TONES if tone in tones]


def _fitting(flow: Flow) -> tuple[Drawing, int, float]:
    """A drawing that fits below its words if a person can read it there, else on a page."""
    below = _largest(flow, REST_OF_PAGE)
    return below if below[2] >= _READABLE else _largest(flow, WHOLE_PAGE)


def _largest(flow: Flow, height: int) -> tuple[Drawing, int, float]:
    """Try the shapes; give the one whose letters come out largest, its margin and its scale."""
    best: tuple[Drawing, int, float] | None = None
    for columns, width in _SHAPES:
        drawing = draw(flow, columns=columns, width=width)
        is_wrapped = any(ribbon.goes_on for ribbon in drawing.ribbons)
        margin = _LINE_MARGIN if is_wrapped else MARGIN
        wide = max((box.x + box.width + 4 for box in drawing.boxes), default=width)
        drawing = Drawing(
            min(wide, width), drawing.height, drawing.axis, drawing.ribbons, drawing.boxes,
            drawing.amounts,
        )  # fmt: skip
        unit = min(_LARGEST, PAGE_WIDTH / (drawing.width + 2 * margin), height / drawing.height)
        if best is None or unit > best[2]:
            best = drawing, margin, unit
    if best is None:
        raise AssertionError(_SHAPES)
    return best

"""A few figures of one country in few lines: a bar for now, a line for the older round."""

from __future__ import annotations

from collections.abc import Sequence

from kancil.assessment.method import percent_text

from .moved import MovedBar
from .svg import SMALL, About, Drawing, wrapped

_BAR, _NUMBER, _GAP = 11, 92, 7


def since_bars(bars: Sequence[MovedBar], about: About) -> str:
    """Draw each figure with its number and by how many points it moved since the line."""
    drawing = Drawing(about)
    left = about.width * 0.46
    track = about.width - left - _NUMBER
    y = 1.0
    for bar in bars:
        end = drawing.lines(0, y, wrapped(bar.label, left - 10, SMALL), class_="c-small")
        middle = (y + end) / 2
        top = middle - _BAR / 2
        drawing.add("rect", x=left, y=top, width=track, height=_BAR, class_="c-track")
        if bar.now is not None:
            width = track * bar.now / 100
            drawing.add(
                "rect", x=left, y=top, width=width, height=_BAR, class_="c-fill-soft c-edge"
            )
        if bar.before is not None:
            x = left + float(track * bar.before / 100)
            drawing.add("line", x1=x, x2=x, y1=top - 3, y2=top + _BAR + 3, class_="c-arrow")
        said = f"{percent_text(bar.now) or '–'}{_by(bar)}"
        drawing.text(left + track + 8, middle + 4, said, class_="c-small c-bold")
        y = end + _GAP
    return drawing.finish(y)


def _by(bar: MovedBar) -> str:
    if bar.now is None or bar.before is None:
        return ""
    sign = "+" if bar.now > bar.before else "–" if bar.now < bar.before else "±"
    return f" ({sign}{percent_text(abs(bar.now - bar.before))})"

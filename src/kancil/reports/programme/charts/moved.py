"""Two rounds compared: each figure then and now, over what can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kancil.assessment.method import percent_text
from kancil.ground.words import render

from .bars import bar_label, percent_said, room_for_labels
from .legend import Swatch, box, legend, patterned
from .svg import SMALL, About, Drawing, wrapped

_BAR, _NUMBER = 12, 118


@dataclass(frozen=True, slots=True)
class MovedBar:
    """One figure in two rounds; percents are 0 to 100, None: no figure."""

    label: str
    before: Fraction | None
    now: Fraction | None
    url: str = ""


def moved_bars(bars: Sequence[MovedBar], about: About) -> str:
    """Draw each figure then (hollow) and now (solid), and by how many points it moved."""
    drawing = Drawing(about)
    left = room_for_labels(about, 0.34)
    track = about.width - left - _NUMBER
    y = 2.0
    for bar in bars:
        y, end = bar_label(drawing, bar.label, left, y, bar.url)
        _one(drawing, bar.before, left, track, y, is_now=False)
        _one(drawing, bar.now, left, track, y + _BAR + 3, is_now=True)
        beside = wrapped(moved_said(bar.before, bar.now), _NUMBER - 60, SMALL)
        said = drawing.lines(left + track + 62, y + 5, beside, class_="c-small")
        y = max(y + 2 * _BAR + 8, end, said) + 10
    y = legend(drawing, 0, y, about.width, _meanings(bars))
    return drawing.finish(y + 2)


def moved_said(before: Fraction | None, now: Fraction | None) -> str:
    """By how many points a figure moved, with an arrow; empty where one is missing."""
    if before is None or now is None:
        return ""
    points = percent_text(abs(now - before))
    arrow = "↑" if now > before else "↓" if now < before else "="
    return f"{arrow} {points}"


def _one(
    drawing: Drawing, percent: Fraction | None, left: float, track: float, y: float, *, is_now: bool
) -> None:
    drawing.add("rect", x=left, y=y, width=track, height=_BAR, class_="c-track")
    which = "c-now" if is_now else "c-was"
    if percent is None:
        fill = drawing.pattern("hatch")
        drawing.add("rect", x=left, y=y, width=track, height=_BAR, class_=f"{which} c-none",
                    fill=fill)  # fmt: skip
    else:
        drawing.add("rect", x=left, y=y, width=track * percent / 100, height=_BAR,
                    class_=f"{which} {'c-fill' if is_now else 'c-hollow'}")  # fmt: skip
    drawing.text(left + track + 8, y + _BAR - 1, percent_said(percent) or "–",
                 class_="c-bold" if is_now else "c-small")  # fmt: skip


def _meanings(bars: Sequence[MovedBar]) -> list[tuple[Swatch, str]]:
    found: list[tuple[Swatch, str]] = [
        (box("c-hollow"), render("chart.was")), (box("c-fill"), render("chart.now")),
    ]  # fmt: skip
    if any(bar.before is None or bar.now is None for bar in bars):
        found.append((patterned("c-none", "hatch"), render("chart.gap")))
    return found

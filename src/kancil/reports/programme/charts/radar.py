"""A radar of sectors. It has no middle and no total: axes stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin

from kancil.ground.words import render

from .bars import percent_said
from .legend import Swatch, legend, stroke
from .svg import About, Drawing, height_of, longest_word, width_of, wrapped


@dataclass(frozen=True, slots=True)
class Axis:
    """One sector; percents are 0 to 100."""

    label: str
    percent: Fraction | None
    """None: no figure; its axis is dashed and nothing is drawn on it."""
    before: Fraction | None = None
    """In the round before, where two are shown."""
    url: str = ""


def sector_radar(axes: Sequence[Axis], about: About) -> str:
    """Draw what each sector reaches, on an axis of its own, clockwise from the top."""
    drawing = Drawing(about)
    lines = [_label(axis, about.width) for axis in axes]
    beside = max((width_of(line) for each in lines for line in each), default=0)
    radius = max(70.0, min(150.0, about.width / 2 - min(beside, about.width * 0.3) - 14))
    above = (height_of(lines[0]) if lines else 0) + 14
    middle = (about.width / 2, above + radius)
    _rings(drawing, middle, radius, len(axes))
    for place, axis in enumerate(axes):
        x, y = _point(middle, radius, place, len(axes), 100)
        dash = "" if axis.percent is not None else " c-dash"
        drawing.add(
            "path", d=f"M{middle[0]:.2f} {middle[1]:.2f}L{x:.2f} {y:.2f}", class_=f"c-axis{dash}"
        )
    _shape(drawing, [axis.before for axis in axes], middle, radius, "c-before c-ghost", "")
    _shape(drawing, [axis.percent for axis in axes], middle, radius, "c-line", "c-area")
    end = middle[1] + radius
    for place, (axis, label) in enumerate(zip(axes, lines, strict=True)):
        end = max(end, _said(drawing, axis, label, place, len(axes), middle, radius))
    found: list[tuple[Swatch, str]] = []
    if any(axis.before is not None for axis in axes):
        found += [
            (stroke("c-line"), render("chart.now")),
            (stroke("c-ghost"), render("chart.was-line")),
        ]
    if any(axis.percent is None for axis in axes):
        found.append((stroke("c-axis c-dash"), render("chart.no-axis")))
    end = legend(drawing, 0, end + 8, about.width, found)
    return drawing.finish(end + 2)


def _label(axis: Axis, width: int) -> list[str]:
    said = percent_said(axis.percent) or render("chart.no-figure")
    return [*wrapped(axis.label, max(90, width * 0.26, longest_word([axis.label]) + 1)), said]


def _point(
    middle: tuple[float, float], radius: float, place: int, of: int, percent: Fraction | int
) -> tuple[float, float]:
    turn = 2 * pi * place / of - pi / 2
    far = radius * float(percent) / 100
    return middle[0] + far * cos(turn), middle[1] + far * sin(turn)


def _rings(drawing: Drawing, middle: tuple[float, float], radius: float, of: int) -> None:
    for percent in (25, 50, 75, 100):
        dash = "" if percent == 100 else " c-dash"
        if of < 3:
            drawing.add("circle", cx=middle[0], cy=middle[1], r=radius * percent / 100,
                        class_=f"c-grid{dash}")  # fmt: skip
            continue
        points = [_point(middle, radius, place, of, percent) for place in range(of)]
        drawing.add("path", d=_path(points) + "Z", class_=f"c-grid{dash}")
        drawing.text(middle[0] + 4, middle[1] - radius * percent / 100 + 13, str(percent),
                     class_="c-small")  # fmt: skip


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _shape(
    drawing: Drawing,
    percents: Sequence[Fraction | None],
    middle: tuple[float, float],
    radius: float,
    line: str,
    area: str,
) -> None:
    """Join neighbours that both have a figure; nothing is drawn across a gap."""
    of = len(percents)
    points = [
        None if percent is None else _point(middle, radius, place, of, percent)
        for place, percent in enumerate(percents)
    ]
    there = [point for point in points if point is not None]
    if len(there) == of >= 3:
        if area:
            drawing.add("path", d=_path(there) + "Z", class_=area)
        drawing.add("path", d=_path(there) + "Z", class_=line)
    else:
        for place, point in enumerate(points):
            following = points[(place + 1) % of]
            if point is not None and following is not None and of > 1:
                drawing.add("path", d=_path([point, following]), class_=line)
    for x, y in there:
        if area:
            drawing.add("circle", cx=x, cy=y, r=4, class_="c-dot")


def _said(
    drawing: Drawing,
    axis: Axis,
    label: list[str],
    place: int,
    of: int,
    middle: tuple[float, float],
    radius: float,
) -> float:
    x, y = _point(middle, radius + 12, place, of, 100)
    side = x - middle[0]
    anchor = "middle" if abs(side) < 8 else "start" if side > 0 else "end"
    if y < middle[1] - radius + 4:
        top = y - height_of(label)
    elif abs(side) < 8:
        top = y
    else:
        top = y - height_of(label) / 2
    widest = max(width_of(line) for line in label)
    if anchor == "start":
        x = min(x, drawing.about.width - widest)
    elif anchor == "end":
        x = max(x, widest)
    words, said = label[:-1], label[-1]
    end = drawing.label(x, top, words, of=axis.label, url=axis.url, anchor=anchor)
    return drawing.lines(x, end, [said], anchor=anchor, class_="c-bold")

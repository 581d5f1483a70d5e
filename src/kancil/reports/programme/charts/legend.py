"""What the shapes of a picture mean, written below it: only of those that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .svg import SMALL, Drawing, height_of, wrapped

Swatch = Callable[[Drawing, float, float], None]
"""Draws a shape of 22 by 14 with its upper left corner at x, y."""
_MARK, _GAP = 30, 6


def legend(
    drawing: Drawing, x: float, y: float, width: float, entries: Sequence[tuple[Swatch, str]]
) -> float:
    """Write each shape with its words, in as many columns as there is room for; give the end."""
    columns = max(1, int(width // 300))
    wide = width / columns
    top = y
    for start in range(0, len(entries), columns):
        high = 0.0
        for place, (swatch, words) in enumerate(entries[start : start + columns]):
            left = x + place * wide
            lines = wrapped(words, wide - _MARK - _GAP, SMALL)
            swatch(drawing, left, top + 3)
            drawing.lines(left + _MARK, top, lines, class_="c-small")
            high = max(high, height_of(lines))
        top += high + 4
    return top


def box(class_: str, fill: Callable[[Drawing], str] | None = None) -> Swatch:
    """A shape that is a filled box."""

    def draw(drawing: Drawing, x: float, y: float) -> None:
        more = {"fill": fill(drawing)} if fill else {}
        drawing.add("rect", x=x, y=y, width=22, height=12, class_=class_, **more)

    return draw


def patterned(class_: str, pattern: str) -> Swatch:
    """A shape that is a box with a pattern."""
    return box(class_, lambda drawing: drawing.pattern(pattern))


def stroke(class_: str) -> Swatch:
    """A shape that is a line across."""

    def draw(drawing: Drawing, x: float, y: float) -> None:
        drawing.add("path", d=f"M{x:g} {y + 6:g}H{x + 22:g}", class_=class_)

    return draw

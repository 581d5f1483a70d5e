"""Threats: how widespread by how harmful, each a numbered mark. No product is made of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kancil.ground.words import render

from .legend import Swatch, legend
from .svg import SMALL, About, Drawing, height_of, longest_word, wrapped

_MARK, _STEP_X, _STEP_Y = 12, 44, 32


class Trend(StrEnum):
    """Where a threat is going."""

    UP = "up"
    SAME = "same"
    DOWN = "down"
    UNKNOWN = "unknown"


class Sureness(StrEnum):
    """How sure the assessors are."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """One threat; `prevalence` and `impact` are stages from 1, None: not known."""

    label: str
    prevalence: int | None
    impact: int | None
    trend: Trend = Trend.UNKNOWN
    sureness: Sureness = Sureness.UNKNOWN
    url: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether it has a place in the grid."""
        return self.prevalence is not None and self.impact is not None


def threat_matrix(
    marks: Sequence[Mark], prevalences: Sequence[str], impacts: Sequence[str], about: About
) -> str:
    """Draw each threat at its stage of prevalence (to the right) and impact (upwards).

    `prevalences`, `impacts`: the words of the stages, the lowest first. A threat that is not known
    on either is listed below the grid and is not placed. The list below gives names to numbers.
    """
    drawing = Drawing(about)
    left = max(76.0, about.width * 0.16)
    cell = (about.width - left) / max(1, len(prevalences))
    across = max(1, int((cell - 8) // _STEP_X))
    cells: dict[tuple[int, int], list[int]] = {}
    for place, mark in enumerate(marks):
        if mark.prevalence is not None and mark.impact is not None:
            cells.setdefault((mark.prevalence, mark.impact), []).append(place)
    y = drawing.lines(0, 0, wrapped(render("chart.impact"), left, SMALL), class_="c-small c-bold")
    for row in range(len(impacts), 0, -1):
        most = max((len(cells.get((column, row), ())) for column in range(1, len(prevalences) + 1)),
                   default=0)  # fmt: skip
        lines = wrapped(impacts[row - 1], left - 10, SMALL)
        high = max(46, height_of(lines) + 6, 10 + _STEP_Y * (-(-most // across)))
        drawing.lines(0, y + (high - height_of(lines)) / 2, lines, class_="c-small")
        for column in range(1, len(prevalences) + 1):
            x = left + cell * (column - 1)
            drawing.add("rect", x=x, y=y, width=cell, height=high, class_="c-track")
            for at, place in enumerate(cells.get((column, row), ())):
                cx = x + 8 + _MARK + _STEP_X * (at % across)
                cy = y + 8 + _MARK + _STEP_Y * (at // across)
                _mark(drawing, marks[place], place + 1, cx, cy)
        y += high
    is_tight = longest_word(prevalences, SMALL) > cell - 6
    said = [str(place + 1) if is_tight else words for place, words in enumerate(prevalences)]
    heads = [wrapped(words, cell - 6, SMALL) for words in said]
    for place, head in enumerate(heads):
        drawing.lines(left + cell * (place + 0.5), y + 4, head, anchor="middle", class_="c-small")
    y += 6 + max((height_of(head) for head in heads), default=0)
    y = drawing.lines(left, y, wrapped(render("chart.prevalence"), about.width - left, SMALL),
                      class_="c-small c-bold")  # fmt: skip
    if is_tight:
        key = " · ".join(f"{place + 1} {words}" for place, words in enumerate(prevalences))
        y = drawing.lines(0, y, wrapped(key, about.width, SMALL), class_="c-small")
    y = _names(drawing, marks, y + 10)
    y = legend(drawing, 0, y + 8, about.width, _meanings(marks))
    return drawing.finish(y + 2)


_FILLS = {Sureness.HIGH: "c-fill", Sureness.LOW: "c-hollow", Sureness.UNKNOWN: "c-hollow c-none"}


def _mark(drawing: Drawing, mark: Mark, number: int, x: float, y: float) -> None:
    linked = drawing.link(mark.url, mark.label)
    _disc(drawing, mark.sureness, x, y, _MARK)
    on = " c-on" if mark.sureness is Sureness.HIGH else ""
    drawing.text(x, y + 4.5, str(number), anchor="middle", class_=f"c-bold c-small-number{on}")
    if linked:
        drawing.close("a")
    _arrow(drawing, mark.trend, x + _MARK + 8, y)


def _disc(drawing: Drawing, sureness: Sureness, x: float, y: float, r: float) -> None:
    if sureness is Sureness.MEDIUM:
        fill = drawing.pattern("stripe")
        drawing.add("circle", cx=x, cy=y, r=r, class_="c-edge", fill=fill)
        drawing.add("circle", cx=x, cy=y, r=r * 0.68, class_="c-plate")
    else:
        drawing.add("circle", cx=x, cy=y, r=r, class_=_FILLS[sureness])


def _arrow(drawing: Drawing, trend: Trend, x: float, y: float) -> None:
    if trend is Trend.UP:
        path = f"M{x:.2f} {y + 7:.2f}V{y - 6:.2f}M{x - 4:.2f} {y - 2:.2f}l4 -5l4 5"
    elif trend is Trend.DOWN:
        path = f"M{x:.2f} {y - 7:.2f}V{y + 6:.2f}M{x - 4:.2f} {y + 2:.2f}l4 5l4 -5"
    elif trend is Trend.SAME:
        path = f"M{x - 5:.2f} {y - 2.5:.2f}h10M{x - 5:.2f} {y + 2.5:.2f}h10"
    else:
        drawing.text(x, y + 4.5, "?", anchor="middle", class_="c-small")
        return
    drawing.add("path", d=path, class_="c-arrow")


def _names(drawing: Drawing, marks: Sequence[Mark], y: float) -> float:
    width = drawing.about.width
    columns = 2 if width >= 600 else 1
    wide = width / columns
    placed = [(place + 1, mark) for place, mark in enumerate(marks) if mark.is_placed]
    others = [(place + 1, mark) for place, mark in enumerate(marks) if not mark.is_placed]
    for start in range(0, len(placed), columns):
        ends = [y]
        for at, (number, mark) in enumerate(placed[start : start + columns]):
            ends.append(_name(drawing, number, mark, wide * at, y, wide))
        y = max(ends) + 2
    if others:
        heading = wrapped(render("chart.not-placed"), width)
        y = drawing.lines(0, y + 6, heading, class_="c-bold")
        for number, mark in others:
            y = _name(drawing, number, mark, 0, y, width) + 2
    return y


def _name(drawing: Drawing, number: int, mark: Mark, x: float, y: float, width: float) -> float:
    drawing.text(x + 20, y + 12.6, str(number), anchor="end", class_="c-bold")
    return drawing.lines(x + 28, y, wrapped(mark.label, width - 40))


def _meanings(marks: Sequence[Mark]) -> list[tuple[Swatch, str]]:
    placed = [mark for mark in marks if mark.is_placed]
    found: list[tuple[Swatch, str]] = []
    for sureness in Sureness:
        if any(mark.sureness is sureness for mark in placed):
            found.append((_disc_swatch(sureness), render(f"chart.sure-{sureness.value}")))
    for trend in Trend:
        if any(mark.trend is trend for mark in placed):
            found.append((_arrow_swatch(trend), render(f"chart.trend-{trend.value}")))
    return found


def _disc_swatch(sureness: Sureness) -> Swatch:
    def draw(drawing: Drawing, x: float, y: float) -> None:
        _disc(drawing, sureness, x + 11, y + 6, 8)

    return draw


def _arrow_swatch(trend: Trend) -> Swatch:
    def draw(drawing: Drawing, x: float, y: float) -> None:
        _arrow(drawing, trend, x + 11, y + 6)

    return draw

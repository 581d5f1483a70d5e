"""A plan in time: items as bars by month, what waits for what as lines, and today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kancil.ground.words import render

from .legend import Swatch, box, legend, patterned, stroke
from .svg import About, Drawing, height_of, width_of, wrapped

_BAR, _MONTH, _MOST = 16, 9, 120
"""Height of a bar; least width of a month, as long as there are no more than so many."""
_APART = 3
"""Least width between two strokes of the scale."""
_Point = tuple[float, float]


class SpanState(StrEnum):
    """Where an item stands; each looks its own way."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Span:
    """One item of a plan."""

    id: str
    label: str
    begins_on: date | None
    """None: no date yet; it is listed and not drawn."""
    months: int
    state: SpanState = SpanState.PROPOSED
    depends_on: Sequence[str] = ()
    url: str = ""


def timeline(spans: Sequence[Span], today: date, about: About) -> str:
    """Draw items from their first month to their last; lines go from what must be done first.

    The picture grows wider than `about.width` where there are many months; where there are very
    many, months become narrower.
    """
    dated = [span for span in spans if span.begins_on is not None]
    first, count = _months(dated, today)
    left = round(max(150.0, about.width * 0.34))
    month = max(_MONTH * min(1.0, _MOST / count), (about.width - left - 4) / count)
    if left + month * count + 4 > about.width:
        wide = int(left + month * count + 4) + 1
        about = replace(about, width=wide)
    drawing = Drawing(about)
    top = _heads(drawing, first, count, left, month)
    y, ends, undated = top + 4.0, dict[str, tuple[float, float, float]](), list[_Point]()
    for span in spans:
        y = _row(drawing, span, first, left, month, count, y, ends, undated)
    _waits(drawing, spans, ends)
    x = left + month * (_place(today, first) + (today.day - 1) / 31)
    drawing.add("path", d=f"M{x:.2f} {top:.2f}V{y:.2f}", class_="c-today")
    said = render("chart.no-date")
    for x, at in undated:
        drawing.add("rect", x=x - 2, y=at - 12, width=width_of(said), height=16, class_="c-plate")
        drawing.text(x, at, said, class_="c-small")
    y = legend(drawing, 0, y + 8, about.width, _meanings(spans))
    return drawing.finish(y + 2)


def _place(day: date, first: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _months(spans: Sequence[Span], today: date) -> tuple[date, int]:
    """The first month and how many there are; all of every item and today are in them."""
    begins = [span.begins_on for span in spans if span.begins_on is not None]
    first = min([*begins, today] if begins else [today]).replace(day=1)
    last = max(
        [_place(span.begins_on, first) + max(1, span.months) for span in spans if span.begins_on],
        default=12,
    )
    return first, max(6, last, _place(today, first) + 1)


def _heads(drawing: Drawing, first: date, count: int, left: float, month: float) -> float:
    for place in _strokes(first, count, month):
        at = first.month - 1 + place
        x = left + month * place
        is_year = at % 12 == 0
        is_quarter = at % 3 == 0
        if is_year or place == 0:
            year, room = first.year + at // 12, (12 - at % 12) * month
            if room >= 34 or (year % 10 == 0 and month * 120 >= 34):
                drawing.text(x + 2, 12, str(year), class_="c-small c-bold")
        if is_quarter and month * 3 >= 24 and place < count:
            drawing.text(x + 2, 27, f"{at % 12 + 1:02d}", class_="c-small")
        drawing.add(
            "path", d=f"M{x:.2f} {31 if not is_year else 16}v{4 if not is_year else 19}",
            class_="c-grid",
        )  # fmt: skip
    drawing.add("path", d=f"M{left:.2f} 35H{left + month * count:.2f}", class_="c-grid")
    return 35.0


def _strokes(first: date, count: int, month: float) -> range:
    """The months at which the scale has a stroke: all, each January, or none."""
    if month >= _APART:
        return range(count + 1)
    return range((13 - first.month) % 12, count + 1 if month * 12 >= _APART else 0, 12)


def _row(
    drawing: Drawing,
    span: Span,
    first: date,
    left: float,
    month: float,
    count: int,
    y: float,
    ends: dict[str, tuple[float, float, float]],
    undated: list[_Point],
) -> float:
    lines = wrapped(span.label, left - 14)
    high = max(_BAR + 10, height_of(lines) + 8)
    drawing.label(0, y + (high - height_of(lines)) / 2, lines, of=span.label, url=span.url)
    drawing.add("path", d=f"M0 {y + high:.2f}H{left + month * count:.2f}", class_="c-grid c-rule")
    middle = y + high / 2
    if span.begins_on is None:
        undated.append((left + 4, middle + 4))
    else:
        begins = _place(span.begins_on, first)
        x = left + month * begins
        wide = month * max(1, span.months)
        pattern, class_ = _LOOKS[span.state]
        more = {"fill": drawing.pattern(pattern)} if pattern else {}
        drawing.add("rect", x=x, y=middle - _BAR / 2, width=wide, height=_BAR, rx=2,
                    class_=f"c-span {class_}", **more)  # fmt: skip
        ends[span.id] = (x, x + wide, middle)
    return y + high


_LOOKS: Mapping[SpanState, tuple[str, str]] = {
    SpanState.PROPOSED: ("", "c-hollow"),
    SpanState.APPROVED: ("", "c-fill"),
    SpanState.REJECTED: ("hatch", "c-none"),
    SpanState.DONE: ("stripe", "c-edge"),
}
"""Pattern, if any, and class of each state."""


def _waits(
    drawing: Drawing, spans: Sequence[Span], ends: Mapping[str, tuple[float, float, float]]
) -> None:
    for span in spans:
        if span.id not in ends:
            continue
        x, _, y = ends[span.id]
        for needed in span.depends_on:
            if needed in ends:
                _, end, at = ends[needed]
                path = f"M{end:.2f} {at:.2f}"
                if end > x - 14:
                    path += f"H{end + 6:.2f}V{(at + y) / 2:.2f}"
                path += f"H{x - 7:.2f}V{y:.2f}H{x - 1:.2f}"
                drawing.add("path", d=path, class_="c-wait c-arrow")
                drawing.add("path", d=f"M{x - 1:.2f} {y:.2f}l-5 -3.5v7z", class_="c-arrow-mark")


def _meanings(spans: Sequence[Span]) -> list[tuple[Swatch, str]]:
    found: list[tuple[Swatch, str]] = []
    for state, (pattern, class_) in _LOOKS.items():
        if any(span.state is state and span.begins_on for span in spans):
            swatch = patterned(class_, pattern) if pattern else box(class_)
            found.append((swatch, render(f"chart.plan-{state.value}")))
    if any(span.depends_on for span in spans):
        found.append((stroke("c-arrow"), render("chart.waits")))
    found.append((stroke("c-today"), render("chart.today")))
    return found

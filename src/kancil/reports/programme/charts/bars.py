"""Bars: what each area reaches with what is known of it, and how many gave which answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kancil.assessment.method import percent_text
from kancil.ground.words import render

from .legend import Swatch, box, legend, patterned, stroke
from .svg import SMALL, About, Drawing, wrapped

_NARROW = 520
"""Below this width a label stands above its bar."""
_BAR, _COVER, _GAP, _NUMBER = 16, 5, 14, 66


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure; percents are 0 to 100."""

    label: str
    percent: Fraction | None
    coverage: Fraction | None
    """Percent of the weight that is answered; None: there is nothing of which it could be."""
    confirmed: Fraction | None = None
    """Percent of the answered weight that rests on confirmed evidence; None: not said."""
    raw: Fraction | None = None
    """Before a cap, where it was capped."""
    low: Fraction | None = None
    high: Fraction | None = None
    """How far disputes could move it."""
    reason: str = ""
    """Why there is no percent."""
    url: str = ""

    @property
    def is_capped(self) -> bool:
        """Whether a critical indicator holds it down."""
        return self.raw is not None and self.percent is not None and self.raw > self.percent


def area_bars(bars: Sequence[Bar], about: About) -> str:
    """Draw a bar for each figure, from 0 to 100, with its coverage below it.

    A bar is solid where at least half of its answered weight is confirmed, else striped. Where too
    little is answered there is no bar but a hatched gap with the reason.
    """
    drawing = Drawing(about)
    left = room_for_labels(about, 0.36)
    track = about.width - left - _NUMBER
    y = _scale(drawing, left, track)
    for bar in bars:
        y = _bar(drawing, bar, left, track, y) + _GAP
    y = legend(drawing, 0, y + 2, about.width, _meanings(bars))
    return drawing.finish(y + 2)


def room_for_labels(about: About, share: float) -> float:
    """Where bars begin; 0 where the picture is narrow and labels stand above them."""
    return 0.0 if about.width < _NARROW else round(about.width * share)


def bar_label(
    drawing: Drawing, label: str, left: float, y: float, url: str = ""
) -> tuple[float, float]:
    """Write a label beside its bar, or above it; give the top of the bar, and the label's end."""
    lines = wrapped(label, left - 14 if left else drawing.about.width)
    end = drawing.label(0, y, lines, of=label, url=url)
    return (y if left else end + 2), end


def percent_said(percent: Fraction | None) -> str:
    """Write a percentage with its sign; empty where there is none."""
    return "" if percent is None else f"{percent_text(percent)}\u202f%"


def _scale(drawing: Drawing, left: float, track: float) -> float:
    for share in (0, 50, 100):
        x = left + track * share / 100
        anchor = "start" if share == 0 else "middle"
        drawing.text(x, 12, str(share), anchor=anchor, class_="c-small")
    return 22


def _quarters(drawing: Drawing, left: float, track: float, y: float) -> None:
    for share in (25, 50, 75):
        x = left + track * share / 100
        drawing.add("path", d=f"M{x:.2f} {y:.2f}v{_BAR}", class_="c-grid c-dash")


def _bar(drawing: Drawing, bar: Bar, left: float, track: float, y: float) -> float:
    y, label_end = bar_label(drawing, bar.label, left, y, bar.url)
    end = (
        _figure(drawing, bar, left, track, y)
        if bar.percent is not None
        else (_none(drawing, bar, left, track, y))
    )
    if bar.coverage is None:
        return max(end, label_end)
    cover = render("chart.coverage-short", percent=percent_said(bar.coverage))
    drawing.add("rect", x=left, y=end + 2, width=track, height=_COVER, class_="c-track")
    wide = track * min(bar.coverage, Fraction(100)) / 100
    drawing.add("rect", x=left, y=end + 2, width=wide, height=_COVER, class_="c-cover")
    end = drawing.lines(left, end + _COVER + 3, wrapped(cover, track, SMALL), class_="c-small")
    return max(end, label_end)


def _figure(drawing: Drawing, bar: Bar, left: float, track: float, y: float) -> float:
    percent = bar.percent if bar.percent is not None else Fraction(0)
    wide = track * percent / 100
    drawing.add("rect", x=left, y=y, width=track, height=_BAR, class_="c-track")
    is_solid = bar.confirmed is None or bar.confirmed >= 50
    if is_solid:
        drawing.add("rect", x=left, y=y, width=wide, height=_BAR, class_="c-bar c-fill")
    else:
        fill = drawing.pattern("stripe")
        drawing.add("rect", x=left, y=y, width=wide, height=_BAR, class_="c-bar c-edge", fill=fill)
    _quarters(drawing, left, track, y)
    if bar.is_capped and bar.raw is not None:
        beyond = track * (bar.raw - percent) / 100
        drawing.add("rect", x=left + wide, y=y + 1, width=beyond, height=_BAR - 2, class_="c-ghost")
        _cap(drawing, left + float(wide), y)
    _whisker(drawing, bar, left, track, y + _BAR / 2)
    x, middle = left + track + 8, y + _BAR - 3
    drawing.text(x, middle, percent_said(bar.percent), class_="c-bold")
    return y + _BAR


def _none(drawing: Drawing, bar: Bar, left: float, track: float, y: float) -> float:
    fill = drawing.pattern("hatch")
    drawing.add("rect", x=left, y=y, width=track, height=_BAR, class_="c-gap c-none", fill=fill)
    _whisker(drawing, bar, left, track, y + _BAR / 2)
    drawing.text(left + track + 8, y + _BAR - 3, "–", class_="c-bold")
    lines = wrapped(bar.reason or render("chart.no-figure"), track + _NUMBER, SMALL)
    return drawing.lines(left, y + _BAR + 1, lines, class_="c-small")


def _cap(drawing: Drawing, x: float, y: float) -> None:
    drawing.add("path", d=f"M{x:.2f} {y - 3:.2f}V{y + _BAR + 1:.2f}", class_="c-cap")
    drawing.add("path", d=f"M{x - 4:.2f} {y - 6:.2f}h8l-4 5z", class_="c-cap-mark")


def _whisker(drawing: Drawing, bar: Bar, left: float, track: float, y: float) -> None:
    if bar.low is None or bar.high is None:
        return
    low, high = (left + float(track * share / 100) for share in (bar.low, bar.high))
    path = f"M{low:.2f} {y - 4:.2f}v8M{low:.2f} {y:.2f}H{high:.2f}M{high:.2f} {y - 4:.2f}v8"
    drawing.add("path", d=path, class_="c-halo")
    drawing.add("path", d=path, class_="c-whisker")


def _meanings(bars: Sequence[Bar]) -> list[tuple[Swatch, str]]:
    shown = [bar for bar in bars if bar.percent is not None]
    weak = [bar for bar in shown if bar.confirmed is not None and bar.confirmed < 50]
    found: list[tuple[Swatch, str]] = []
    if any(bar not in weak for bar in shown):
        found.append((box("c-fill"), render("chart.solid")))
    if weak:
        found.append((patterned("c-edge", "stripe"), render("chart.striped")))
    if any(bar.coverage is not None for bar in bars):
        found.append((_covered, render("chart.coverage")))
    if any(bar.is_capped for bar in bars):
        found.append((_capped, render("chart.capped")))
    if any(bar.low is not None for bar in bars):
        found.append((stroke("c-whisker"), render("chart.whisker")))
    if any(bar.percent is None for bar in bars):
        found.append((patterned("c-none", "hatch"), render("chart.gap")))
    return found


def _covered(drawing: Drawing, x: float, y: float) -> None:
    drawing.add("rect", x=x, y=y + 4, width=22, height=_COVER, class_="c-track")
    drawing.add("rect", x=x, y=y + 4, width=15, height=_COVER, class_="c-cover")


def _capped(drawing: Drawing, x: float, y: float) -> None:
    drawing.add("rect", x=x + 10, y=y + 1, width=12, height=11, class_="c-ghost")
    drawing.add("path", d=f"M{x + 10:.2f} {y:.2f}v13", class_="c-cap")
    drawing.add("path", d=f"M{x + 6:.2f} {y - 3:.2f}h8l-4 5z", class_="c-cap-mark")


@dataclass(frozen=True, slots=True)
class Count:
    """How many gave one answer, or gave none."""

    label: str
    count: int | None
    """None: it is hidden, since the group is small."""
    is_response: bool = True
    """False: not applicable, not known, not answered, not visible."""


def count_bars(counts: Sequence[Count], of: int, about: About) -> str:
    """Draw how many of `of` said what; who did not answer is hatched, and never left out."""
    drawing = Drawing(about)
    left = room_for_labels(about, 0.46)
    track = about.width - left - 84
    y = 2.0
    for each in counts:
        y, end = bar_label(drawing, each.label, left, y)
        drawing.add("rect", x=left, y=y + 1, width=track, height=14, class_="c-track")
        wide = Fraction(track) * (each.count or 0) / of if of else Fraction(0)
        if each.is_response:
            drawing.add("rect", x=left, y=y + 1, width=wide, height=14, class_="c-bar c-fill")
        else:
            fill = drawing.pattern("hatch")
            drawing.add(
                "rect", x=left, y=y + 1, width=wide, height=14, class_="c-bar c-none", fill=fill
            )
        said = render("chart.study-hidden")
        if each.count is not None:
            said = render("chart.count-of", count=str(each.count), of=str(of))
        drawing.text(left + track + 8, y + 13, said, class_="c-small")
        y = max(y + 18, end) + 6
    found: list[tuple[Swatch, str]] = []
    if any(not each.is_response for each in counts):
        found.append((box("c-fill"), render("chart.responded")))
        found.append((patterned("c-none", "hatch"), render("chart.not-responded")))
    y = legend(drawing, 0, y + 2, about.width, found)
    return drawing.finish(y + 2)

"""Cells and names that the pages of results share: figures, scopes, periods, progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from kancil.desk.programme.results.figures import FigureRow
from kancil.desk.programme.results.framework import IndicatorRow
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped_decimal
from kancil.programme.counting.rule import Dimension, value_name
from kancil.programme.counting.shown import number_of, without_days_said
from kancil.programme.vocabulary import ResultKind
from kancil.records.described import named
from kancil.web.cells import Section, link, number, table, tag
from kancil.web.parts import Cell, Done


def way(*further: tuple[str, Phrase | str]) -> list[dict[str, Any]]:
    """The steps above a page: the framework, and then these."""
    steps: list[tuple[str, Phrase | str]] = [(reverse("results"), Phrase("web.room.results"))]
    return [{"url": url, "name": name} for url, name in (*steps, *further)]


def kind_name(kind: str) -> Phrase:
    """The name of the place of a statement: outcome, output."""
    return named(ResultKind(kind))


def amount(text: str) -> str:
    """A number with its thousands grouped, or words as they are."""
    return text if number_of(text) is None else grouped_decimal(text)


def value_said(figure: FigureRow) -> str | Phrase:
    """A figure's value; of a share, of how many."""
    if figure.value is None:
        return Phrase("note.donor-hidden")
    said: str | Phrase = amount(figure.value)
    if figure.measure == "percentage":
        said = Phrase("web.result.percent", {"value": said})
    if figure.of is not None:
        return Phrase("web.result.value-of", {"value": said, "count": figure.of})
    beside = without_days_said(figure.without_days)
    return (
        said
        if beside is None
        else Phrase("web.result.value-beside", {"value": said, "beside": beside})
    )


def progress_cell(row: IndicatorRow) -> Cell:
    """How far the newest figure is from the target: a bar where both are whole numbers."""
    figure, text = row.figure, row.text
    if figure is None:
        return tag("unknown", "web.result.no-figure")
    if figure.value is None:
        return tag("unknown", "web.result.group-hidden")
    value, target = number_of(figure.value), number_of(text.target)
    if value is None or target is None or figure.is_part:
        return value_said(figure)
    is_alone = figure.of is None and figure.without_days == 0
    is_plain = text.measure == "unit" and is_alone and text.baseline in ("", "0")
    if is_plain and value == int(value) >= 0 and target == int(target) > 0:
        return Done(int(value), int(target))
    told = {"value": value_said(figure), "target": amount(text.target)}
    return Phrase("web.result.target-of", told)


def trend_cell(row: IndicatorRow) -> Cell:
    """How the newest figure stands to the one of the period before."""
    now = number_of(row.figure.value) if row.figure and row.figure.value else None
    before = number_of(row.before.value) if row.before and row.before.value else None
    if now is None or before is None or row.before is None:
        return "–"
    word = "up" if now > before else "down" if now < before else "same"
    told = {"value": amount(str(before)), "period": period_said(row.before)}
    return Phrase(f"web.result.{word}", told)


def period_said(figure: FigureRow) -> str:
    """The days for which a figure stands; a whole year by its number."""
    since, until = figure.period_from, figure.period_to
    if since.year == until.year and (since.month, since.day, until.month, until.day) == _YEAR:
        return str(since.year)
    return span(since, until)


def period_cell(figure: FigureRow | None) -> Cell:
    """The days for which a figure stands, where there is one."""
    return "–" if figure is None else period_said(figure)


def scope_cell(figure: FigureRow) -> Cell:
    """For which country and grant a figure stands."""
    parts = [each for each in (figure.country_name, figure.grant_reference) if each]
    return " · ".join(parts) if parts else Phrase("web.result.whole")


def figure_link(figure: FigureRow) -> Cell:
    """A figure's value, which opens it."""
    return link(reverse("figure_behind", args=[figure.id]), value_said(figure))


def splits(figure: FigureRow, names: Mapping[str, str]) -> list[Section]:
    """A figure's parts, one dimension after the other; `names`: of countries by code."""
    rows: list[tuple[Cell, ...]] = []
    for name, cells in figure.split.items():
        said = Phrase(f"programme.counting.dimension-{name}")
        for value, count in sorted(cells.items(), key=lambda pair: -(pair[1] or 0)):
            shown = tag("unknown", "web.result.group-hidden") if count is None else number(count)
            rows.append((said, names.get(value) or value_name(Dimension(name), value), shown))
    columns = ("result-by-what", "result-part", "result-count>")
    return [table("web.result.split", columns, rows)] if rows else []


_YEAR = (1, 1, 12, 31)

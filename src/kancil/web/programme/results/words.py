"""Cells and names that the pages of results share: figures, scopes, periods, progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from kancil.desk.programme.queries.figures import FigureRow
from kancil.desk.programme.queries.framework import IndicatorRow
from kancil.ground.phrase import Phrase
from kancil.programme.counting.rule import Dimension, value_name
from kancil.programme.counting.shown import number_of
from kancil.programme.vocabulary import ResultKind, named
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
    value = number_of(text)
    return text if value is None else f"{value:,}"


def value_said(figure: FigureRow) -> str | Phrase:
    """A figure's value; of a share, of how many."""
    if figure.value is None:
        return Phrase("web.result.hidden")
    said: str | Phrase = amount(figure.value)
    if figure.measure == "percentage":
        said = Phrase("web.result.percent", {"value": said})
    if figure.of is not None:
        return Phrase("web.result.value-of", {"value": said, "count": figure.of})
    return said


def progress_cell(row: IndicatorRow) -> Cell:
    """How far the newest figure is from the target: a bar where both are whole numbers."""
    figure, text = row.figure, row.text
    if figure is None:
        return tag("unknown", "web.result.no-figure")
    if figure.value is None:
        return tag("unknown", "web.result.hidden")
    value, target = number_of(figure.value), number_of(text.target)
    if value is None or target is None:
        return value_said(figure)
    is_plain = text.measure == "unit" and figure.of is None and text.baseline in ("", "0")
    if is_plain and value == int(value) >= 0 and target == int(target) > 0:
        return Done(int(value), int(target))
    return Phrase("web.done", {"count": value_said(figure), "of": amount(text.target)})


def trend_cell(row: IndicatorRow) -> Cell:
    """How the newest figure stands to the one of the period before."""
    now = number_of(row.figure.value) if row.figure and row.figure.value else None
    before = number_of(row.before.value) if row.before and row.before.value else None
    if now is None or before is None or row.before is None:
        return "–"
    word = "up" if now > before else "down" if now < before else "same"
    year = row.before.period_to.isoformat()
    return Phrase(f"web.result.{word}", {"value": amount(str(before)), "day": year})


def period_cell(figure: FigureRow | None) -> Cell:
    """The days for which a figure stands."""
    return "–" if figure is None else f"{figure.period_from} – {figure.period_to}"


def scope_cell(figure: FigureRow) -> Cell:
    """For which country and grant a figure stands."""
    parts = [each for each in (figure.country_name, figure.grant_reference) if each]
    return " · ".join(parts) if parts else Phrase("web.result.whole")


def figure_link(figure: FigureRow) -> Cell:
    """A figure's value, which opens it."""
    return link(reverse("figure_behind", args=[figure.id]), value_said(figure))


def splits(figure: FigureRow, names: Mapping[str, str]) -> list[Section]:
    """A figure's parts, a table for each dimension; `names`: of countries by code."""
    found = []
    for name, cells in figure.split.items():
        dimension = Dimension(name)
        heading = Phrase("web.result.split-by", {"dimension": Phrase(f"{_DIMENSION}{name}")})
        rows: list[tuple[Cell, ...]] = [
            (
                names.get(value) or value_name(dimension, value),
                tag("unknown", "web.result.hidden") if count is None else number(count),
            )
            for value, count in sorted(cells.items(), key=lambda pair: -(pair[1] or 0))
        ]
        columns = ("result-part", "result-count>")
        found.append({**table("web.result.split-by", columns, rows), "heading": heading})
    return found


_DIMENSION = "programme.counting.dimension-"

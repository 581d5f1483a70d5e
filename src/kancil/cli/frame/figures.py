"""Figures on the screen and as JSON: what is hidden is said to be, and an error has its basis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase
from kancil.records.table import Cell, Column, Holds, Table

from .door import Door

NOT_MEASURED = "not-measured"
"""Nobody has measured how far a figure of this kind is off."""


def error_value(
    basis: str = NOT_MEASURED, lower: str | None = None, upper: str | None = None
) -> dict[str, str | None]:
    """What is known of a figure's error, for `--json`: bounds where there are any, and their basis.

    Bounds are in the figure's own unit; null: none is known.
    """
    return {"lower": lower, "upper": upper, "basis": basis}


def tables_value(tables: Iterable[Table]) -> dict[str, Any]:
    """The rows of each table by its name, for `--json`; a hidden number is null."""
    return {each.name: each.as_rows() for each in tables}


def show_figures(door: Door, tables: Sequence[Table]) -> None:
    """Print each table that has rows, and once what a hidden number is."""
    for table in tables:
        if table.rows:
            door.screen.title(render_phrase(table.title))
            door.screen.table(
                [
                    render_phrase(each.heading) + (">" if each.is_number else "")
                    for each in table.columns
                ],
                [
                    [_cell(column, cell) for column, cell in zip(table.columns, row, strict=True)]
                    for row in table.rows
                ],
            )
    door.screen.say(render("note.figures-hidden"))


def _cell(column: Column, cell: Cell) -> str:
    if cell is None:
        return render("name.figure-hidden") if column.holds is Holds.COUNT else "–"
    shown = column.shown(cell)
    return render_phrase(shown) if isinstance(shown, Phrase) else str(shown)

"""Described tables as the sheets of a workbook, in the spoken language: the same as their CSV."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kancil.assessment.answer_forms.workbook import Cell, write_workbook
from kancil.ground.words import render_phrase
from kancil.records.table import Cell as TableCell
from kancil.records.table import Column, Holds, Table


def tables_workbook(tables: Sequence[Table]) -> bytes:
    """Each table as a sheet; raises AnswerSheetTooLarge for more rows than a sheet has."""
    sheets: dict[str, list[list[Cell]]] = {}
    widths: dict[str, Sequence[int]] = {}
    for number, each in enumerate(tables, 1):
        name = f"{number} {render_phrase(each.title)}"[:31]
        head: list[Cell] = [render_phrase(one.heading) for one in each.columns]
        rows = [[_cell(*pair) for pair in zip(each.columns, row, strict=True)] for row in each.rows]
        sheets[name] = [head, *rows]
        widths[name] = [16 if one.is_number else 28 for one in each.columns]
    return write_workbook(sheets, widths)


def _cell(column: Column, cell: TableCell) -> Cell:
    if cell is None:
        return None
    if column.holds is Holds.DECIMAL:
        return Decimal(cell)
    if column.holds is Holds.COUNT or (isinstance(cell, str) and cell.isdigit()):
        return int(cell)
    shown = column.shown(cell)
    return shown if isinstance(shown, str | int) else render_phrase(shown)

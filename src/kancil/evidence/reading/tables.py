"""Some rows of a table, as text: CSV, TSV, or the first sheet of a workbook."""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO

from kancil.evidence.tables.headings import is_heading
from kancil.evidence.tables.table import Table, sniff_table

from .page import Asked, TablePage

PAGE_ROWS = 200
_CELL_CHARACTERS = 2_000


def table_page(stream: BinaryIO, name: str, asked: Asked) -> TablePage:
    """Some rows from a number on; what stands above the column names is in the text alone.

    Rows before it are read too, so a late page of a large table takes some seconds. Raises
    TableTooLarge, TableIsNoText, TableNotReadable.
    """
    found = sniff_table(stream, name, knows=is_heading, may_be_workbook=True)
    at = max(asked.at, 0)
    rows = list(islice(Table(stream, found.form, name).rows(), at, at + PAGE_ROWS + 1))
    return TablePage(
        tuple(map(_cell, found.columns)),
        tuple((row.line, tuple(map(_cell, row.cells))) for row in rows[:PAGE_ROWS]),
        at,
        len(rows) > PAGE_ROWS,
        found.reasons,
    )


def _cell(text: str) -> str:
    return text if len(text) <= _CELL_CHARACTERS else f"{text[:_CELL_CHARACTERS]}…"

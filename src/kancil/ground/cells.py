"""Cells of tables that leave: text that no spreadsheet runs as a formula, and the table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | None


def write_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""The bytes of a table, UTF-8 with `\n`, quoted after RFC 4180; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else str(cell) for cell in row])
    return text.getvalue().encode("utf-8")


def plain_cell(text: str) -> str:
    """Make other people's text safe for a table: one line, no control character, no formula."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "'" + flat if flat[:1] in ("=", "+", "-", "@") else flat

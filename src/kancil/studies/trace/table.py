r"""The tables of a bundle: CSV written in one way only, and read back strictly.

UTF-8, `\n`, quoting after RFC 4180; the first line names the columns. A cell is text; amounts are
whole satoshi. Cells that a spreadsheet would run as a formula are not changed here: no cell of a
bundle comes from an unchecked source but labels, and those are quoted by `plain_cell`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from kancil.ground.cells import Cell, write_table

Row = tuple[Cell, ...]


def read_table(data: bytes, columns: Sequence[str]) -> list[dict[str, str]] | None:
    """Read a table that must have exactly these columns; None if it is not one.

    The bytes must be those that `write_table` makes of the same cells.
    """
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if not lines or lines[0] != list(columns):
        return None
    if any(len(line) != len(columns) for line in lines):
        return None
    if write_table(columns, lines[1:]) != data:
        return None
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]

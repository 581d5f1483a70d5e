"""A table of a recorded study as a section of a page: one description, whatever the study."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from kancil.ground.phrase import Param, Phrase
from kancil.records.table import Cell as Value
from kancil.records.table import Column, Holds, Table
from kancil.web.cells import Section, amount, identifier, link, number, rows_left
from kancil.web.parts import Cell, Several
from kancil.web.parts import Column as Heading

from .chain_cells import named_cell, time_cell, tx_cell

SHOWN_ROWS = 50
_NARROW = 6
"""Columns that fit beside each other without scrolling."""
_FEW_ROWS = 20
_SENTENCE = 40
"""Characters from which a text needs a wide column."""
_TXID = re.compile(r"[0-9a-f]{64}")
_OUTPOINT = re.compile(r"([0-9a-f]{64}):[0-9]+")
_DIGESTS = ("block_hash", "file_sha256")
"""Columns whose digests are no transactions."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a table's cells and buttons lead."""

    chain: str
    """Name of the chain that its pages are of; empty: none is held."""
    all_rows: str
    """The page of the whole table, a part at a time."""
    csv: str
    finding: str
    """Where a finding of a row is begun; empty where the reader may not."""


def table_sections(table: Table, ways: Ways, supporting: Collection[int]) -> list[Section]:
    """The first rows of a table; nothing where it has none.

    `supporting`: the rows of which a finding can be made. A long table without any is folded.
    """
    if not table.rows:
        return []
    shown = table_part(table, ways, supporting, 1, SHOWN_ROWS)
    if not supporting and len(table.rows) > _FEW_ROWS:
        told: dict[str, Param] = {"title": table.title, "count": len(table.rows)}
        shown |= {"kind": "folded", "heading": Phrase("web.recorded.rows", told)}
    count = len(table.rows)
    left = rows_left(min(SHOWN_ROWS, count), count, url=ways.all_rows, do="web.recorded.all")
    return [*left, shown]


def table_part(
    table: Table, ways: Ways, supporting: Collection[int], first: int, most: int
) -> Section:
    """Rows of a table from `first` on, with identifiers as links."""
    can_write = bool(supporting) and bool(ways.finding)
    headings = [_heading(table, place) for place in range(len(table.columns))]
    if can_write:
        headings.insert(0, Heading(Phrase("web.column.do")))
    rows: list[tuple[Cell, ...]] = []
    for place, row in enumerate(table.rows[first - 1 : first - 1 + most], first):
        cells = [
            _cell(column, value, ways.chain)
            for column, value in zip(table.columns, row, strict=True)
        ]
        if can_write:
            url = f"{ways.finding}?table={table.name}&row={place}"
            written = link(url, Phrase("web.recorded.finding"))
            cells.insert(0, written if place in supporting else "")
        rows.append(tuple(cells))
    return {
        "kind": "table",
        "heading": table.title,
        "columns": headings,
        "rows": rows,
        "pages": None,
        "scroll": len(headings) > _NARROW,
        "more": {"url": ways.csv, "text": Phrase("web.recorded.csv")},
    }


def _heading(table: Table, place: int) -> Heading:
    column = table.columns[place]
    is_wide = column.holds is Holds.PHRASE or (
        column.holds is Holds.TEXT
        and any(len(str(row[place] or "")) > _SENTENCE for row in table.rows[:SHOWN_ROWS])
    )
    return Heading(column.heading, right=column.is_number, wide=is_wide)


def _cell(column: Column, value: Value, chain: str) -> Cell:
    if value is None or value == "":
        return "–"
    if column.holds is Holds.SAT:
        return amount(int(value))
    if column.holds is Holds.COUNT:
        return number(int(value))
    if column.holds is Holds.TIME:
        return time_cell(str(value))
    if column.holds is Holds.ID:
        found = [_identifier(column, part, chain) for part in str(value).split()]
        return found[0] if len(found) == 1 else Several(found)
    shown = column.shown(value)
    return shown if isinstance(shown, Phrase) else str(shown)


def _identifier(column: Column, text: str, chain: str) -> Cell:
    """Show an identifier as a link to its page, where the chain is held."""
    outpoint = _OUTPOINT.fullmatch(text)
    is_digest = outpoint is not None or _TXID.fullmatch(text) is not None
    if not chain or column.name in _DIGESTS:
        return identifier(text, short=is_digest)
    if outpoint is not None:
        url = reverse("tx", kwargs={"chain": chain, "txid": outpoint[1]})
        return identifier(text, url, short=True)
    return tx_cell(chain, text) if is_digest else named_cell(chain, text)

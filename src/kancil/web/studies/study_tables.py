"""A table of a recorded study as a section of a page: one description, whatever the study."""

from __future__ import annotations

import re

from django.urls import reverse

from kancil.ground.phrase import Phrase
from kancil.records.table import Cell as Value
from kancil.records.table import Column, Holds, Table
from kancil.web.cells import Section, amount, identifier, link, number, rows_left
from kancil.web.parts import Cell, Several
from kancil.web.parts import Column as Heading

from .chain_cells import named_cell, time_cell, tx_cell

SHOWN_ROWS = 200
_NARROW = 6
"""Columns that fit beside each other without scrolling."""
_TXID = re.compile(r"[0-9a-f]{64}")
_OUTPOINT = re.compile(r"([0-9a-f]{64}):[0-9]+")
_DIGESTS = ("block_hash", "file_sha256")
"""Columns whose digests are no transactions."""


def table_sections(
    table: Table, *, chain: str, csv_url: str, finding_url: str = "", of: frozenset[int] | set[int]
) -> list[Section]:
    """A table with its identifiers as links; nothing where it has no rows.

    `chain`: name of the chain that its pages are of; empty: none is held. `of`: the rows of which
    a finding can be made at `finding_url`.
    """
    if not table.rows:
        return []
    headings = [Heading(each.heading, right=each.is_number) for each in table.columns]
    if of:
        headings.append(Heading(Phrase("web.column.do")))
    rows: list[tuple[Cell, ...]] = []
    for place, row in enumerate(table.rows[:SHOWN_ROWS], 1):
        cells = [
            _cell(column, value, chain) for column, value in zip(table.columns, row, strict=True)
        ]
        if of:
            url = f"{finding_url}?table={table.name}&row={place}"
            cells.append(link(url, Phrase("web.recorded.finding")) if place in of else "")
        rows.append(tuple(cells))
    shown: Section = {
        "kind": "table",
        "heading": table.title,
        "columns": headings,
        "rows": rows,
        "pages": None,
        "scroll": len(headings) > _NARROW,
        "more": {"url": csv_url, "text": Phrase("web.recorded.csv", {"count": len(table.rows)})},
    }
    return [*rows_left(len(rows), len(table.rows), url=csv_url, do="web.cut.file"), shown]


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

"""The tables of a study's result as tabs of a page: one description, whatever the study."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.studies.recorded import first_supporting, supporting_rows
from kancil.ground.phrase import Phrase
from kancil.records.table import Cell as Value
from kancil.records.table import Column, Holds, Table
from kancil.studies.study import Result, Study, shown_tables
from kancil.web.cells import Section, amount, facts, identifier, limits, link, number
from kancil.web.parts import Cell, Several
from kancil.web.parts import Column as Heading
from kancil.web.studies.chain_cells import named_cell, time_cell, tx_cell
from kancil.web.studies.result_page import PAGE_ROWS, chosen_tab, paged, part_of, said, tabs

LONG_ROWS = 8
"""Rows of a table of sentences that stand on one page of it."""
_LOOKED = 50
"""Rows of a column by which it is told whether it holds sentences."""
_NARROW = 6
"""Columns that fit beside each other without scrolling."""
_SENTENCE = 40
"""Characters from which a text needs a wide column."""
_TXID = re.compile(r"[0-9a-f]{64}")
_OUTPOINT = re.compile(r"([0-9a-f]{64}):[0-9]+")
_DIGESTS = ("block_hash", "file_sha256")
"""Columns whose digests are no transactions."""
_SUBJECT = "subject"
"""A table that a page shows as facts."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a result's cells and buttons lead."""

    chain: str
    """Name of the chain that its pages are of; empty: none is held."""
    csv: Callable[[str], str] | None = None
    """The file of a table, by its name; None: of what is not recorded there is none."""
    finding: str = ""
    """Where a finding of a row is begun; empty where the reader may not."""
    keep: str = ""
    """Parameters of the page that its links keep, ending in `&`."""
    act: Callable[[str, Mapping[str, Value]], Cell] | None = None
    """What can be done with a row, by its table and itself; empty where nothing can."""


Parts = Mapping[str, tuple[Phrase, Callable[[], Sequence[Section]]]]
"""Further tabs of a page: name, its words, and what it shows."""


def result_sections(
    request: HttpRequest, member: Study, result: Result, ways: Ways,
    parts: Parts | None = None, *, picture: Sequence[Section] = (),
) -> list[Section]:  # fmt: skip
    """A result as every page shows it: sentence, picture, tabs, the chosen one, limits folded."""
    tables = {each.name: each for each in shown_tables(result) if each.rows}
    shown = [each for each in tables.values() if each.name != _SUBJECT]
    supported = first_supporting(member, result)
    first = supported[0] if supported else ""
    shown.sort(key=lambda each: each.name != first)
    names = {each.name: each.title for each in shown} | _facts_tab(result)
    others = dict(parts or {})
    names |= {name: words for name, (words, _) in others.items()}
    texts = member.limits(result)
    answer = member.answer(result)
    found: list[Section] = [said(answer), *picture] if answer else [*picture]
    if names:
        tab = chosen_tab(request, list(names))
        counts = {each.name: len(each.rows) for each in shown}
        found.append(tabs(names, counts, tab, ways.keep))
        if tab in others:
            found += others[tab][1]()
        else:
            found.append(table_section(request, member, result, tables[tab], ways))
    return [*found, limits(texts)]


def _facts_tab(result: Result) -> dict[str, Phrase]:
    table = next((each for each in result.tables if each.name == _SUBJECT), None)
    return {} if table is None or not table.rows else {table.name: table.title}


def table_section(
    request: HttpRequest, member: Study, result: Result, table: Table, ways: Ways
) -> Section:
    """One table, a part at a time; a subject as facts."""
    if table.name == _SUBJECT:
        row = table.rows[0]
        told = [
            (column.name.replace("_", "-"), _cell(column, value, ways.chain))
            for column, value in zip(table.columns, row, strict=True)
        ]
        shown = facts("web.recorded.subject", told)
        shown["rows"] = [(column.heading, cell) for column, (_, cell) in
                         zip(table.columns, told, strict=True)]  # fmt: skip
        return shown
    is_long = any(_heading(table, place).wide for place in range(len(table.columns)))
    most = LONG_ROWS if is_long else PAGE_ROWS
    part = part_of(request, range(len(table.rows)), most)
    first = max(part.start_index(), 1)
    supporting = supporting_rows(member, result, table, first, most) if ways.finding else set()
    shown = table_part(table, ways, supporting, first, most)
    return paged(shown, part, table.name, ways.keep, dense=not is_long)


def table_part(
    table: Table, ways: Ways, supporting: Collection[int], first: int, most: int
) -> Section:
    """Rows of a table from `first` on, with identifiers as links.

    `supporting`: the rows of which a finding can be made.
    """
    headings = [_heading(table, place) for place in range(len(table.columns))]
    is_long = any(each.wide for each in headings)
    places = range(first, min(first + most, len(table.rows) + 1))
    acts = {
        place: ways.act(table.name, table.row(place) or {}) if ways.act else "" for place in places
    }
    rows: list[tuple[Cell, ...]] = []
    for place in places:
        values = zip(table.columns, table.rows[place - 1], strict=True)
        cells = [_cell(column, value, ways.chain) for column, value in values]
        if supporting:
            url = f"{ways.finding}?table={table.name}&row={place}"
            written = link(url, Phrase("web.recorded.finding"))
            cells.insert(0, written if place in supporting else "")
        if any(acts.values()):
            cells.append(acts[place])
        rows.append(tuple(cells))
    if supporting:
        headings.insert(0, Heading(Phrase("web.column.do")))
    if any(acts.values()):
        headings.append(Heading(Phrase("web.column.what-if")))
    shown = {
        "kind": "table",
        "heading": table.title,
        "columns": headings,
        "rows": rows,
        "scroll": is_long or len(headings) > _NARROW,
    }
    if ways.csv is not None:
        shown["more"] = {"url": ways.csv(table.name), "text": Phrase("web.recorded.csv")}
    return shown


def _heading(table: Table, place: int) -> Heading:
    column = table.columns[place]
    is_wide = column.holds is Holds.PHRASE or (
        column.holds is Holds.TEXT
        and any(len(str(row[place] or "")) > _SENTENCE for row in table.rows[:_LOOKED])
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

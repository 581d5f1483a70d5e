"""A recorded study as a printed section: its question, its answer, its tables, its limits.

Words, columns and rows are those of the study and of the bundle's own report. A table too wide for
a page stands with the cells of a row below each other, each behind its heading, so that no column
is left out; the attached CSV holds every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.records.table import Cell as Value
from kancil.records.table import Column as StudyColumn
from kancil.records.table import Holds
from kancil.records.table import Table as StudyTable
from kancil.reports.casework.bundle.content_studies import (
    NOTES,
    NUMBERS,
    WIDTH,
    StudyContent,
    cell_text,
    filled,
    heading_of,
    is_wide,
    title_of,
)
from kancil.reports.casework.bundle.content_tables import ROWS_SHOWN
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Own,
    Paragraph,
    Section,
    Table,
    bullets,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)

from .times import both_text, read_time, time_cell

_ROW_NUMBERS = ("row", "of_row")


def study_section(label: str, study: StudyContent, zone: ZoneInfo, *, starts_page: bool) -> Section:
    """The section of one study; `label`: its short number, such as `S1`."""
    blocks: list[Block] = []
    if study.answer:
        answer = {"class": "none", "title": render("note.study-answer"), "lines": study.answer}
        blocks.append(Own("statements", answer))
    if study.run_again:
        blocks.append(Paragraph(study.run_again, "warn"))
    tables = [] if study.result is None else list(study.result.tables)
    for one in tables:
        if one.name != NOTES:
            blocks.append(Heading(title_of(one)))
            blocks.append(described_table(one, f"{label}-{one.name}.csv", zone))
    if study.limits:
        blocks.append(Heading(render("note.study-limits")))
        blocks.append(bullets(study.limits))
    rests = render("note.study-rests")
    blocks.append(Heading(rests))
    blocks.append(
        facts(
            rests,
            (
                (render("note.study-which"), cell(study.name)),
                (render("note.study-digest"), cell(mono(study.digest))),
            ),
        )
    )
    blocks.append(Paragraph(render("note.pdf-study-files", study=label), "muted"))
    return section(f"{label}. {study.question}", *blocks, starts_page=starts_page)


def described_table(shown: StudyTable, file: str, zone: ZoneInfo) -> Table:
    """A described table as a printed one; `file`: the attached one that holds all its rows."""
    places = filled(shown)
    columns = [shown.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in shown.rows[:ROWS_SHOWN]]
    note = ""
    if len(shown.rows) > ROWS_SHOWN:
        note = render("note.pdf-cut", shown=ROWS_SHOWN, count=grouped(len(shown.rows)), file=file)
    empty = render("note.report-none")
    set_out = _below_each_other if is_wide(columns) else _side_by_side
    heads, cells = set_out(columns, rows, zone)
    return table(title_of(shown), heads, cells, note=note, empty=empty)


def _side_by_side(
    columns: Sequence[StudyColumn],
    rows: Sequence[Sequence[Value]],
    zone: ZoneInfo,
) -> tuple[list[Column], list[list[Cell]]]:
    whole = sum(WIDTH[one.holds] for one in columns) or 1
    heads = [
        Column(heading_of(one), WIDTH[one.holds] / whole, is_number=one.holds in NUMBERS)
        for one in columns
    ]
    cells = [
        [_cell(column, value, zone) for column, value in zip(columns, row, strict=True)]
        for row in rows
    ]
    return heads, cells


def _cell(column: StudyColumn, value: Value, zone: ZoneInfo) -> Cell:
    if column.holds is Holds.TIME and value:
        return time_cell(read_time(str(value)), zone)
    text = cell_text(column, value)
    return cell(mono(text) if column.holds is Holds.ID else text)


def _below_each_other(
    columns: Sequence[StudyColumn],
    rows: Sequence[Sequence[Value]],
    zone: ZoneInfo,
) -> tuple[list[Column], list[list[Cell]]]:
    """The row's number, what is named in it, and its amounts; of these three what there is."""
    has_number = columns[0].name in _ROW_NUMBERS
    has_amounts = any(one.holds in NUMBERS for one in columns[has_number:])
    heads = [
        *([Column(heading_of(columns[0]), 0.07)] if has_number else []),
        Column(render("note.pdf-col-row-says"), 0.65),
        *([Column(render("note.pdf-col-row-amounts"), 0.28)] if has_amounts else []),
    ]
    cells = []
    for row in rows:
        pairs = list(zip(columns, row, strict=True))
        first = [cell(strong(cell_text(*pairs[0])))] if has_number else []
        rest = pairs[1:] if has_number else pairs
        says = [_line(*one, zone) for one in rest if one[0].holds not in NUMBERS]
        amounts = [_line(*one, zone) for one in rest if one[0].holds in NUMBERS]
        cells.append([*first, cell(*says), *([cell(*amounts)] if has_amounts else [])])
    return heads, cells


def _line(column: StudyColumn, value: Value, zone: ZoneInfo) -> Line | None:
    """A cell behind its column's heading; None for an empty one."""
    text, tag = cell_text(column, value), heading_of(column)
    if not text:
        return None
    if column.holds is Holds.ID:
        return mono(text, tag)
    moment = read_time(str(value)) if column.holds is Holds.TIME else None
    if moment is not None:
        return muted(both_text(moment, zone), tag)
    return Line(text, tag=tag)

"""Described tables of reported transfers as sections, a page at a time, and as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kancil.ground.phrase import Phrase
from kancil.records.table import Cell as Value
from kancil.records.table import Column, Holds, Row, Table
from kancil.web.cells import Section, identifier, number
from kancil.web.parts import Cell
from kancil.web.parts import Column as Heading
from kancil.web.studies.result_page import PAGE_ROWS

_NARROW = 5
"""Columns that fit beside each other without scrolling."""


def described(request: HttpRequest, table: Table, *, name: str = "") -> list[Section]:
    """The rows of a table, a page at a time; nothing where it has none.

    `name`: the parameter of the address that says which page.
    """
    if not table.rows:
        return []
    asked = request.GET.get(name or f"{table.name}-page", "1")
    pages = -(-len(table.rows) // PAGE_ROWS)
    page = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() else 1
    first = (page - 1) * PAGE_ROWS
    shown: Section = {
        "kind": "table",
        "heading": table.title,
        "columns": headings_of(table),
        "rows": [cells_of(table, row) for row in table.rows[first : first + PAGE_ROWS]],
        "pages": None,
        "scroll": len(table.columns) > _NARROW,
        "more": {"url": _with(request, csv=table.name), "text": Phrase("web.recorded.csv")},
    }
    links: list[Section] = []
    if pages > 1:
        links = [{
            "kind": "tabs", "heading": table.title,
            "rows": [
                {"url": _with(request, **{name or f"{table.name}-page": str(number)}),
                 "name": str(number), "count": None, "current": number == page}
                for number in _near(page, pages)
            ],
        }]  # fmt: skip
    return [shown, *links]


def headings_of(table: Table) -> list[Heading]:
    """The headings of a table's columns, numbers to the right."""
    return [Heading(each.heading, right=each.is_number) for each in table.columns]


def cells_of(table: Table, row: Row) -> tuple[Cell, ...]:
    """A row as cells of a page: identifiers can be copied, what is not known is a dash."""
    return tuple(_cell(column, value) for column, value in zip(table.columns, row, strict=True))


def _cell(column: Column, value: Value) -> Cell:
    if value is None or value == "":
        return "–"
    if column.holds is Holds.ID:
        return identifier(str(value))
    if column.holds is Holds.COUNT:
        return number(int(value))
    shown = column.shown(value)
    return shown if isinstance(shown, Phrase) else str(shown)


def _near(page: int, pages: int) -> list[int]:
    return sorted({1, pages, *range(max(1, page - 3), min(pages, page + 3) + 1)})


def _with(request: HttpRequest, **values: str) -> str:
    query = request.GET.copy()
    for key, value in values.items():
        query[key] = value
    return f"?{query.urlencode()}"


def as_csv(request: HttpRequest, tables: list[Table]) -> HttpResponse | None:
    """The table that the address asks for as CSV; None where it asks for none of these."""
    asked = request.GET.get("csv", "")
    for table in tables:
        if table.name == asked:
            answer = HttpResponse(table.csv(), content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
            return answer
    return None

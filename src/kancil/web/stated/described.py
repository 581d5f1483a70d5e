"""Described tables of reported transfers as sections, a page at a time, and as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kancil.records.table import Table
from kancil.web.cells import Section
from kancil.web.studies.result_page import PAGE_ROWS
from kancil.web.studies.study_tables import Ways, table_part

_CHAIN = ""


def described(request: HttpRequest, table: Table, *, name: str = "") -> list[Section]:
    """The rows of a table, a page at a time; nothing where it has none.

    `name`: the parameter of the address that says which page.
    """
    if not table.rows:
        return []
    asked = request.GET.get(name or f"{table.name}-page", "1")
    pages = -(-len(table.rows) // PAGE_ROWS)
    page = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() else 1
    ways = Ways(_CHAIN, csv=lambda name: _with(request, csv=name))
    shown = table_part(table, ways, (), (page - 1) * PAGE_ROWS + 1, PAGE_ROWS)
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
    return [{**shown, "scroll": len(table.columns) > 5}, *links]


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

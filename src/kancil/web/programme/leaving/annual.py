"""Annual tables: a year of the programme by country, kind, donor, sex; as a page, XLSX and CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.reports.annual import annual_tables as tables_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.records.table import Holds, Table
from kancil.reports.programme.annual.content import tables_workbook
from kancil.web.acting import today
from kancil.web.cells import Section, asking, note, show
from kancil.web.forms import WordsForm
from kancil.web.parts import Column
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK = "xlsx"


class YearForm(WordsForm):
    """Which year, and whether small groups and money are left in."""

    annual_year = forms.IntegerField(min_value=2000, max_value=2100)
    annual_internal = forms.BooleanField(required=False)


@page("donor-reports/annual/", "annual_tables", may=MONEY)
def annual_tables(request: HttpRequest) -> HttpResponse:
    """The tables of a year, public unless they are asked for otherwise."""
    first: dict[str, Any] = {"annual_year": today().year}
    asked = YearForm(request.GET if "annual_year" in request.GET else first)
    sections: list[Section] = [asking("web.annual.choose", asked, submit="web.annual.show")]
    if not asked.is_valid():
        return show(request, Phrase("web.room.annual-tables"), sections, crumbs=_crumbs())
    year, is_internal = asked.cleaned_data["annual_year"], asked.cleaned_data["annual_internal"]
    tables = tables_of(person_of(request), year, is_public=not is_internal)
    kind = "internal" if is_internal else "public"
    if wanted := request.GET.get("as"):
        return _file(tables, wanted, f"programme-{year}-{kind}")
    is_hidden = is_internal and not desk_of(person_of(request)).sees_all_people
    which = f"web.annual-is-{kind}{'-hidden' if is_hidden else ''}"
    sections.append(note("warn" if is_internal else "info", which))
    sections += [_section(each) for each in tables if each.rows]
    query = {"annual_year": year, **({"annual_internal": "on"} if is_internal else {})}
    buttons = [
        {"url": f"{reverse('annual_tables')}?{urlencode({**query, 'as': each})}", "text": name}
        for each, name in (
            (_WORKBOOK, words("web.annual.xlsx")),
            *((one.name, words("web.annual.csv", name=words(one.title.key)))
              for one in tables if one.rows),
        )
    ]  # fmt: skip
    title = Phrase("web.annual.title", {"year": str(year)})
    return show(request, title, sections, crumbs=_crumbs(), buttons=buttons)


def _crumbs() -> list[dict[str, object]]:
    return [{"url": reverse("donor_reports"), "name": Phrase("web.room.donor-reports")}]


def _section(of: Table) -> Section:
    """A described table on a page."""
    return {
        "kind": "table", "heading": of.title, "pages": None,
        "columns": [Column(each.heading, right=_is_right(each)) for each in of.columns],
        "rows": [
            tuple(each.shown(cell) for each, cell in zip(of.columns, row, strict=True))
            for row in of.rows
        ],
    }  # fmt: skip


def _is_right(column: Any) -> bool:
    return column.holds in (Holds.COUNT, Holds.DECIMAL) or column.name == "people"


def _file(tables: list[Table], wanted: str, name: str) -> HttpResponse:
    if wanted == _WORKBOOK:
        answer = HttpResponse(tables_workbook(tables), content_type=_XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return answer
    found = next((each for each in tables if each.name == wanted), None)
    if found is None:
        raise PageNotFound
    answer = HttpResponse(found.csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{wanted}.csv"'
    return answer

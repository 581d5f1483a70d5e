"""Stated transfers of a case: the tables that were read, their rows, and the graph around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.desk.studies.reported import CaseBook, case_book
from kancil.desk.studies.reported_words import answer_of, limits_of, looks
from kancil.desk.studies.stated import (
    StatedTable,
    counting,
    readings_of_cases,
    stated_part,
    stated_tables,
)
from kancil.ground.cells import plain_cell, write_table
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.units import few, grouped
from kancil.records.table import Table
from kancil.records.transfer import NAMES, StatedTransfer
from kancil.studies.reported.beside import Joined, join_stated
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, button, empty, limits, link, note, number, show, table, when
from kancil.web.limits import limit_cell, limits_by_exhibit, tables_note
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import chosen_tab, said, tabs
from kancil.web.unit_desk import unit_desk

from .deciding import conversion_form, join_sections, victim_sections
from .described import as_csv, described
from .following import follow_sections
from .parties import account_sections
from .rows import stated_cells, stated_columns

PAGE_ROWS = 50
CSV_ROWS = 100_000
"""Rows in one CSV file; what is more stands in the next."""
_SAMPLE = {"chain": "main"}


@page("cases/<str:case>/stated/", "stated", may=EVERYONE, of="case", menu="case", order=25)
def stated(request: HttpRequest, case: Case) -> HttpResponse:
    """What tables of others state in this case, and what a chain says of it."""
    desk = unit_desk()
    readings = readings_of_cases(desk.ledger, {case.id})
    every = counting(readings)
    acts = person_of(request).acts
    if not every:
        first = reverse("exhibits", kwargs={"case": case.number}) if acts else ""
        nothing = empty("web.stated.empty", url=first)
        return show(request, Phrase("web.room.stated"), [nothing], crumbs=crumbs(case))
    shown = _asked_tables(request, every, readings)
    found = case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id))
    tab = chosen_tab(request, list(TABS))
    sections, tables = _tab(request, case, found, tab, readings, shown)
    file = as_csv(request, tables)
    if file is not None:
        return file
    here = reverse("stated", kwargs={"case": case.number})
    counts = {
        "transfers": sum(each.rows for each in every),
        "accounts": len(found.book.parties),
        "look": looks(found),
        "joins": len(found.suggestions),
        "victims": len(found.victims.places),
        "tables": len(every),
    }
    return show(
        request,
        Phrase("web.room.stated"),
        [
            said(answer_of(found)),
            *tables_note(each.exhibit for each in every),
            tabs(TABS, counts, tab),
            *sections,
            limits(limits_of(found)),
        ],
        crumbs=crumbs(case),
        buttons=_buttons(case, every, here),
    )


TABS = {
    "transfers": Phrase("web.reported.tab-transfers"),
    "accounts": Phrase("web.reported.tab-accounts"),
    "follow": Phrase("web.reported.tab-follow"),
    "look": Phrase("web.reported.tab-look"),
    "joins": Phrase("web.reported.tab-joins"),
    "victims": Phrase("web.reported.tab-victims"),
    "tables": Phrase("web.reported.tab-tables"),
}


def _tab(
    request: HttpRequest, case: Case, found: CaseBook, tab: str, readings: list[StatedTable],
    shown: list[StatedTable],
) -> tuple[list[Section], list[Table]]:  # fmt: skip
    """The sections of one tab, and the described tables that it may give as files."""
    if tab == "accounts":
        return account_sections(request, case, found)
    if tab == "follow":
        sections, tables = follow_sections(request, found)
        forms = conversion_form(request, case)
        is_first = "row_one" in request.GET  # a box of the canvas asked to confirm a conversion
        return [*forms, *sections] if is_first else [*sections, *forms], tables
    if tab == "look":
        return _look(request, found)
    if tab == "joins":
        return join_sections(request, case, found), []
    if tab == "victims":
        return victim_sections(request, case, found)
    here = reverse("stated", kwargs={"case": case.number})
    if tab == "tables":
        return [_tables(case, readings, here)], []
    desk, chain = unit_desk(), _chain(request)
    part = Paginator(range(sum(each.rows for each in shown)), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    rows = stated_part(desk.workspace, desk.vault, shown, max(0, part.start_index() - 1), PAGE_ROWS)
    section = _rows(case, rows, chain)
    return [
        *(note("warn", "web.reported.reading-replaced", **_again(each, readings))
          for each in shown if each.replaced_by is not None),
        {**section, "pages": part, "scroll": True, "query": _query(request)},
    ], []  # fmt: skip


_LOOKS = {
    "balance_mismatches": (
        "web.reported.look-balance-mismatches", "web.reported.look-balance-mismatches-none",
    ),
    "false_tokens": ("web.reported.look-false-tokens", "web.reported.look-false-tokens-none"),
    "look_alikes": ("web.reported.look-look-alikes", "web.reported.look-look-alikes-none"),
    "hubs": ("web.reported.look-hubs", "web.reported.look-hubs-none"),
}  # fmt: skip
"""What is said of each table of what needs a look: that something was met, or nothing."""


def _look(request: HttpRequest, found: CaseBook) -> tuple[list[Section], list[Table]]:
    """What an officer should look at: each kind with why it is told, or that none was met."""
    tricks, balances = found.tricks, found.balances
    sections: list[Section] = []
    tables = [balances.mismatches, tricks.false_tokens, tricks.look_alikes, tricks.hubs]
    for table_ in tables:
        met, none = _LOOKS[table_.name]
        compared = {"compared": grouped(balances.compared), "exhibits": few(balances.ahead, 5)}
        if table_.rows:
            sections.append(note("warn", met, **compared))
            sections += described(request, table_)
        else:
            sections.append(note("info", none, **compared))
    return sections, tables


def _buttons(case: Case, every: list[StatedTable], here: str) -> list[dict[str, Any]]:
    url = reverse("canvas", kwargs={"case": case.number})
    keepers = reverse("keepers", kwargs={"case": case.number})
    return [button(url, "web.reported.canvas", main=True),
            button(keepers, "web.keepers.open"), *_csv_buttons(every, here)]  # fmt: skip


def _query(request: HttpRequest) -> str:
    """What the links to other parts keep of the address."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def _asked_tables(
    request: HttpRequest, every: list[StatedTable], readings: list[StatedTable]
) -> list[StatedTable]:
    """The reading that was asked for, by the number of its entry, else all that count."""
    name = request.GET.get("table", "")
    if not name:
        return every
    found = [each for each in readings if str(each.n) == name]
    if not found:
        raise PageNotFound
    return found


def _chain(request: HttpRequest) -> Chain | None:
    """The chain beside which rows are shown: the one asked for, else the unit's first."""
    workspace = unit_desk().workspace
    names = chain_names(workspace)
    name = request.GET.get("chain", "") or next(iter(names), "")
    return open_chain(workspace, name) if name else None


def _tables(case: Case, readings: list[StatedTable], here: str) -> Section:
    limited = limits_by_exhibit({str(one.exhibit.id) for one in readings})
    return table(
        "web.stated.tables",
        ("exhibit", "stated-by", "limit", "rows>", "skipped>", "mapping", "when", "entry>",
         "state"),
        [
            (
                link(
                    reverse("exhibit", kwargs={"case": case.number, "exhibit": one.exhibit.number}),
                    f"{one.exhibit.label} {one.exhibit.title}",
                ),
                link(f"{here}?table={one.n}", one.stated_by),
                limit_cell(limited.get(one.exhibit.id, ())),
                number(one.rows),
                number(one.skipped),
                str(one.mapping["name"]),
                when(one.read_at),
                number(one.n),
                _counts(one, readings),
            )
            for one in readings
        ],
    )  # fmt: skip


def _counts(one: StatedTable, readings: list[StatedTable]) -> Phrase:
    """Whether a reading counts, and where its table was read again."""
    if one.replaced_by is not None:
        return Phrase("web.reported.reading-replaced", {**_again(one, readings)})
    if any(each.replaced_by == one.n for each in readings):
        return Phrase("web.reported.reading-again", {**_again(one, readings)})
    return Phrase("web.reported.reading-counts")


def _again(one: StatedTable, readings: list[StatedTable]) -> dict[str, str]:
    """The reading of a table that counts: its day, and the number of its entry."""
    counting = next(each for each in readings if each.n == (one.replaced_by or one.n))
    day = counting.read_at.astimezone(unit_desk().workspace.zone)
    return {"day": date_format(day, "j M Y"), "entry": str(counting.n)}


def _rows(
    case: Case, rows: Sequence[tuple[StatedTable, StatedTransfer]], chain: Chain | None
) -> Section:
    joined: list[Joined | None] = [None] * len(rows)
    if chain is not None:
        joined = list(join_stated(chain, (row for _, row in rows)))
    cells: list[tuple[Cell, ...]] = []
    canvas, keepers = (
        reverse(name, kwargs={"case": case.number}) for name in ("canvas", "keepers")
    )
    limited = limits_by_exhibit({str(read.exhibit.id) for read, _ in rows})
    for (read, row), beside in zip(rows, joined, strict=True):
        around: tuple[Cell, ...] = ()
        if chain is not None:
            is_held = beside is not None and beside.tx_state is not None
            url = reverse("case_graph", kwargs={"case": case.number, "chain": chain.name})
            around = (
                (link(f"{url}?start={row.txid}", Phrase("web.stated.graph")),)
                if is_held
                else (link(f"{canvas}?transfers=1", Phrase("web.stated.on-canvas")),)
            )
        told = stated_cells(row, beside, chain)
        place = f"{read.exhibit.label}, {told[0]}"
        follow = f"?tab=follow&transfer={quote(place)}&way=forward"
        codes = limited.get(read.exhibit.id)
        said_by: Cell = row.stated_by
        if codes:
            said_by = Several([row.stated_by, limit_cell(codes)])
        stop = link(f"{keepers}?transfer={quote(place)}", Phrase("web.keepers.stop"))
        cells.append((link(follow, place), said_by, *told[1:], Several([*around, stop])))
    columns = stated_columns(is_joined=chain is not None)
    return table("web.stated.rows", (columns[0], "stated-by", *columns[1:], "see-also"), cells)


@page("cases/<str:case>/stated/csv/", "stated_csv", may=EVERYONE, of="case")
def stated_csv(request: HttpRequest, case: Case) -> HttpResponse:
    """All stated transfers of the case as CSV, in which no cell runs as a formula."""
    desk = unit_desk()
    tables = stated_tables(desk.ledger, CaseId(case.id))
    number_of = request.GET.get("part", "1")
    parts = _csv_parts(tables)
    if number_of not in {str(number) for number in range(1, parts + 1)}:
        raise PageNotFound
    first = (int(number_of) - 1) * CSV_ROWS
    rows = stated_part(desk.workspace, desk.vault, tables, first, CSV_ROWS)
    data = write_table(NAMES, [_csv_cells(row) for _, row in rows])
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    name = f"stated-transfers-C{case.number}" + (f"-{number_of}" if parts > 1 else "")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _csv_parts(tables: Sequence[StatedTable]) -> int:
    """In how many files all rows are given; one is there also for no row."""
    return max(1, -(-sum(each.rows for each in tables) // CSV_ROWS))


def _csv_buttons(tables: Sequence[StatedTable], here: str) -> list[dict[str, Any]]:
    """Offer all rows as CSV, in as many files as they need."""
    parts = _csv_parts(tables)
    if parts == 1:
        return [button(f"{here}csv/", "web.stated.csv")]
    return [
        {
            **button(f"{here}csv/?part={number}", "web.stated.csv"),
            "text": Phrase("web.stated.csv-part", {"number": number, "parts": parts}),
        }
        for number in range(1, parts + 1)
    ]


def _csv_cells(row: StatedTransfer) -> list[str | int]:
    values = {**row.as_dict(), "notes": " ".join(row.notes)}
    return ["" if values[name] is None else plain_cell(str(values[name])) for name in NAMES]


@page(
    "cases/<str:case>/around/<str:chain>/", "case_graph", may=EVERYONE, of="case",
    sample=_SAMPLE,
)  # fmt: skip
def case_graph(request: HttpRequest, case: Case, chain: str) -> HttpResponse:
    """Open a transaction or an address on the canvas, with what tables of this case report."""
    asked = {"chain": chain, "start": request.GET.get("start", "").strip()[:200], "transfers": "1"}
    return redirect(f"{reverse('canvas', kwargs={'case': case.number})}?{urlencode(asked)}")

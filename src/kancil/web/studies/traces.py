"""The money of a case: ask where coins went or came from, see the answer, make it a finding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Trace
from kancil.ground.cells import write_table
from kancil.ground.phrase import Phrase
from kancil.studies.fiat_value import Worth
from kancil.studies.trace.run import TraceAnswer, told_rows
from kancil.studies.trace.tables import COLUMNS
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    button,
    choosing,
    empty,
    facts,
    identifier,
    link,
    number,
    rows_left,
    show,
    table,
    tag,
    when,
)
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Tick
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .beside import beside_notes, beside_of
from .choosing import AT_ONCE
from .coinjoins import coinjoin_sections, stops_told
from .graphs import (
    answer_file,
    answer_step,
    compare_links,
    draw,
    query_of,
    switched,
    trace_graph,
)
from .recorded import TRACE_SAMPLE, run_again, share, trace_of, trace_url
from .study_pages import studies_table
from .worths import worth_cell, worth_notes, worth_now

SHOWN_ROWS = 200
FILES = ("transfers", "holdings", "left_out", "fetch_list", "totals")
"""Tables of a trace that are given as files."""


@page("cases/<str:case>/money/", "money", may=EVERYONE, of="case", menu="case", order=20)
def money(request: HttpRequest, case: Case) -> HttpResponse:
    """The traces and other studies that were recorded for the case."""
    traces = queries.traces(case)
    ask = reverse("trace_new", kwargs={"case": case.number})
    acts = person_of(request).acts
    sections: list[Section] = [
        table(
            "web.money.traces",
            ("number", "chain", "policy", "direction", "when"),
            [
                (
                    link(trace_url(case, trace), f"T{trace.number}"),
                    trace.chain,
                    Phrase(f"web.policy.{trace.policy}"),
                    Phrase(f"web.direction.{trace.direction}"),
                    when(trace.run_at),
                )
                for trace in traces
            ],
        )
    ]
    if not traces:
        sections = [empty("web.money.empty", url=ask if acts else "")]
    sections += studies_table(case)
    buttons = [button(ask, "web.money.ask", main=True)] if acts else []
    if acts:
        look = reverse("patterns_new", kwargs={"case": case.number})
        buttons.append(button(look, "web.patterns.title"))
    return show(request, Phrase("web.room.money"), sections, crumbs=crumbs(case), buttons=buttons)


@page(
    "cases/<str:case>/money/<str:trace>/", "trace", may=EVERYONE, of="case",
    sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_page(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """One trace: all policies side by side, its rows, where coins rest, what is not known."""
    found = trace_of(case, trace)
    desk = unit_desk()
    chain, labels, answer = run_again(desk, found)
    value = answer.as_dict()
    question = answer.question
    told: list[tuple[str, Cell]] = [
        ("asked", " ".join(question.asked)),
        ("direction", Phrase(f"web.direction.{question.direction}")),
        ("policy", Phrase(f"web.policy.{question.policy}")),
        ("policy-reason", question.policy_reason or Phrase("note.not-stated")),
        ("coinjoins", stops_told(answer)),
        ("hops", Phrase("web.no-limit") if question.hops is None else number(question.hops)),
        ("start-amount", share(str(answer.chosen.totals.start), str(answer.chosen.totals.start))),
    ]
    chosen = [name for name, _ in question.policies]
    compare = request.GET.get("compare")
    beside = beside_of(desk, case, chain)
    query = switched(request, query_of(question, compare if compare in chosen else None))
    graph, worth = draw(chain, labels, query, beside.rows, answer.looks), worth_now(chain)
    acts = person_of(request).acts
    sections: list[Section] = [
        *beside_notes(case, graph, beside),
        compare_links(case, found.number, question.policy, chosen),
        facts("web.trace.asked", told),
        _policies(value["policies"], question.policy),
        *_left(case, found, "transfers", answer),
        _transfers(chain.name, case, found, value["transfers"], worth, acts=acts),
        *_left(case, found, "holdings", answer),
        _ends(chain.name, value["holdings"]),
        *coinjoin_sections(chain, answer),
    ]
    if value["fetch_list"]:
        rows = [(row["kind"], identifier(row["outpoint"])) for row in value["fetch_list"]]
        sections += _left(case, found, "fetch_list", answer)
        sections.append(table("web.trace.fetch", ("kind", "output"), rows[:SHOWN_ROWS]))
    sections += worth_notes(worth)
    way = crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))
    shown = {
        "title": Phrase(f"web.trace.title-{question.direction}", {"number": f"T{found.number}"}),
        "crumbs": way,
        "before": [],
        "sections": sections,
        **trace_graph(request, case, found.number, graph, acts=acts),
    }
    return render(request, "kancil/graph.html", shown)


@page(
    "cases/<str:case>/money/<str:trace>/step/", "trace_step", may=EVERYONE, of="case",
    methods=("POST",), sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_step(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Open or fold a node of a trace's graph."""
    desk = unit_desk()
    chain, labels, _ = run_again(desk, trace_of(case, trace))
    return answer_step(request, chain, labels, beside_of(desk, case, chain).rows)


def _tx(chain: str, text: str, txid: str) -> Cell:
    return identifier(text, reverse("tx", kwargs={"chain": chain, "txid": txid}), short=True)


def _policies(rows: list[dict[str, Any]], chosen: str) -> Section:
    parts = ("resting", "newly_issued", "unknown_source", "fees", "left_out")
    shown = [part for part in parts if any(row[f"{part}_upper_sat"] != "0" for row in rows)]
    return table(
        "web.trace.policies",
        ("policy", "order", *(f"{part.replace('_', '-')}>" for part in shown)),
        [
            (
                tag("service", f"web.policy.{row['policy']}")
                if row["policy"] == chosen
                else Phrase(f"web.policy.{row['policy']}"),
                Phrase(f"web.order.{row['order']}"),
                *(
                    Phrase("note.not-summed")
                    if row["adds_up"] == "no"
                    else share(row[f"{part}_lower_sat"], row[f"{part}_upper_sat"])
                    for part in shown
                ),
            )
            for row in rows
        ],
    )


def _transfers(
    chain: str, case: Case, trace: Trace, rows: list[dict[str, Any]], worth: Worth, *, acts: bool
) -> Section:
    def finding(row: dict[str, Any]) -> Cell:
        url = reverse("finding_new", kwargs={"case": case.number, "trace": trace.number})
        return link(f"{url}?row={row['row']}", Phrase("web.finding.make"))

    def take(row: dict[str, Any]) -> Cell:
        return Tick("row", str(row["row"]), Phrase("web.select.take", {"row": int(row["row"])}))

    columns = ("row>", "hop>", "transaction", "share>", "worth>", "address")
    shown: list[tuple[Cell, ...]] = [
        (
            *((take(row),) if acts else ()),
            number(int(row["row"])),
            number(int(row["hop"])),
            _tx(chain, row["txid"], row["txid"]),
            share(row["lower_sat"], row["upper_sat"]),
            worth_cell(worth, int(row["lower_sat"]), int(row["upper_sat"]), _time_of(row)),
            identifier(row["address"]) if row["address"] else Phrase("web.no-address"),
            *((finding(row),) if acts else ()),
        )
        for row in rows[:SHOWN_ROWS]
    ]
    if not acts:
        return table("web.trace.transfers", columns, shown)
    return choosing(
        "web.trace.transfers",
        ("take", *columns, "do"),
        shown,
        submit="web.select.go",
        text=Phrase("web.select.of-table", {"most": AT_ONCE}),
        action=reverse("trace_select", kwargs={"case": case.number, "trace": trace.number}),
        is_asking=True,
    )


def _time_of(row: dict[str, Any]) -> datetime | None:
    """The miner's time of a row's block; None where it has none."""
    return datetime.fromisoformat(row["block_time"]) if row["block_time"] else None


def _ends(chain: str, rows: list[dict[str, Any]]) -> Section:
    return table(
        "web.trace.ends",
        ("output", "share>", "address", "state"),
        [
            (
                _tx(chain, row["output"], row["output"].partition(":")[0])
                if row["output"]
                else Phrase("note.not-stated"),
                share(row["lower_sat"], row["upper_sat"]),
                identifier(row["address"]) if row["address"] else Phrase("web.no-address"),
                tag(
                    "unknown" if row["state"] == "unknown-source" else "service",
                    f"note.rests-{row['state']}",
                ),
            )
            for row in rows[:SHOWN_ROWS]
        ],
    )


def _left(case: Case, trace: Trace, name: str, answer: TraceAnswer) -> list[Section]:
    """Above a table that it has more rows than are shown, and offer all of them as a file."""
    given = {"case": case.number, "trace": trace.number, "name": name}
    count = len(answer.tables[name])
    url = reverse("trace_rows", kwargs=given)
    return rows_left(min(count, SHOWN_ROWS), count, url=url, do="web.cut.file")


@page(
    "cases/<str:case>/money/<str:trace>/rows/<str:name>.csv", "trace_rows", may=EVERYONE,
    of="case", sample={**TRACE_SAMPLE, "name": "transfers"},
)  # fmt: skip
def trace_rows(request: HttpRequest, case: Case, trace: str, name: str) -> HttpResponse:
    """All rows of a table of a trace, with labels in words; no cell runs as a formula."""
    if name not in FILES:
        raise PageNotFound
    found = trace_of(case, trace)
    _, _, answer = run_again(unit_desk(), found)
    data = write_table(COLUMNS[name], told_rows(name, answer))
    said = HttpResponse(data, content_type="text/csv; charset=utf-8")
    said["Content-Disposition"] = f'attachment; filename="T{found.number}-{name}.csv"'
    return said


@page(
    "cases/<str:case>/money/<str:trace>/<str:kind>/", "trace_file", may=EVERYONE, of="case",
    methods=("POST",), sample={**TRACE_SAMPLE, "kind": "csv"},
)  # fmt: skip
def trace_file(request: HttpRequest, case: Case, trace: str, kind: str) -> HttpResponse:
    """A trace's graph as a file."""
    desk = unit_desk()
    chain, labels, _ = run_again(desk, trace_of(case, trace))
    return answer_file(request, chain, labels, kind, beside_of(desk, case, chain).rows)

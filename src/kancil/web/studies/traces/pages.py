"""The money of a case: what was asked, and of a trace its sentence, its picture and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.roll import KEPT
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.studies.trace_words import sentences_of
from kancil.ground.cells import write_table
from kancil.ground.phrase import Phrase
from kancil.studies.canvas.picture import trace_query
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.drawing import draw_svg
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.trace.run import TraceAnswer, told_rows
from kancil.studies.trace.tables import COLUMNS
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    identifier,
    limits,
    link,
    note,
    number,
    show,
    table,
    when,
)
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.graphs import (
    compare_links,
    draw,
)
from kancil.web.studies.recorded import TRACE_SAMPLE, run_again, share, trace_of, trace_url
from kancil.web.studies.result_page import chosen_tab, once, said, tabs
from kancil.web.studies.results.pages import studies_table
from kancil.web.studies.traces.beside import beside_notes, beside_of
from kancil.web.studies.traces.coinjoins import coinjoin_sections, stops_told
from kancil.web.studies.traces.drafts import draft_note, drafts_section
from kancil.web.studies.traces.newer_labels import newer_note, run_with_todays_labels
from kancil.web.studies.traces.tables import TraceTables
from kancil.web.studies.worths import worth_now, worth_texts
from kancil.web.unit_desk import UnitDesk, unit_desk

FILES = ("transfers", "holdings", "left_out", "fetch_list", "totals")
"""Tables of a trace that are given as files."""
_TABS = ("transfers", "now", "policies", "limits", "check")


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
    sections.append(drafts_section(unit_desk(), case, acts=acts))
    buttons = [button(ask, "web.money.ask", main=True)] if acts else []
    if acts:
        look = reverse("patterns_new", kwargs={"case": case.number})
        buttons.append(button(look, "web.patterns.title"))
    return show(request, Phrase("web.room.money"), sections, crumbs=crumbs(case), buttons=buttons)


@dataclass
class _Shown:
    """A recorded trace that was run again for whoever looks at it."""

    request: HttpRequest
    case: Case
    found: Trace
    desk: UnitDesk
    chain: Chain
    labels: LabelsUsed
    answer: TraceAnswer

    @cached_property
    def tables(self) -> TraceTables:
        acts = person_of(self.request).acts
        return TraceTables(
            self.request, self.case, self.found, self.chain, self.answer, worth_now(self.chain),
            acts=acts,
        )  # fmt: skip

    @cached_property
    def graph(self) -> MoneyGraph:
        """The trace as a graph; kept in this process, so that a tab costs nothing anew."""
        query = trace_query(self.answer.question, None)
        rows = beside_of(self.desk, self.case, self.chain).rows
        return draw(self.chain, self.labels, query, rows, self.answer.looks)

    @property
    def sentences(self) -> list[Phrase]:
        """The answer in words."""
        return sentences_of(self.desk.workspace, self.chain, self.answer)

    @property
    def given(self) -> dict[str, int]:
        """Values for its addresses."""
        return {"case": self.case.number, "trace": self.found.number}


def _opened(request: HttpRequest, case: Case, trace: str) -> _Shown:
    found, desk = trace_of(case, trace), unit_desk()
    return _Shown(request, case, found, desk, *run_again(desk, found))


@page(
    "cases/<str:case>/money/<str:trace>/", "trace", may=EVERYONE, of="case",
    sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_page(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """One trace: its answer in a sentence, its picture, its tables in tabs, its limits folded."""
    shown = _opened(request, case, trace)
    beside = beside_notes(case, shown.graph, beside_of(shown.desk, case, shown.chain))
    names = [*_TABS, *(("reported",) if beside else ())]
    tab = chosen_tab(request, names)
    answer, texts = shown.answer, _limits(shown)
    counts = {
        "transfers": len(answer.tables["transfers"]),
        "now": len(answer.tables["holdings"]) + len(answer.tables["left_out"]),
        "limits": len(texts),
    }
    parts: Mapping[str, Callable[[], Sequence[Section]]] = {
        "transfers": shown.tables.transfers,
        "now": shown.tables.now,
        "policies": lambda: _policies(shown),
        "limits": lambda: _missing(shown),
        "check": lambda: _check(shown),
        "reported": lambda: beside,
    }
    sections: list[Section] = [
        *_banners(shown),
        said(shown.sentences),
        {
            "kind": "picture",
            "url": reverse("trace_canvas", kwargs=shown.given),
            "image": reverse("trace_picture", kwargs=shown.given),
            "text": Phrase("web.trace.picture-of", {"number": f"T{shown.found.number}"}),
        },
        tabs({name: Phrase(f"web.result-tab.{name}") for name in names}, counts, tab),
        *parts[tab](),
        limits(texts),
    ]
    way = crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))
    title = f"web.trace.title-{answer.question.direction}"
    number_of, buttons = shown.found.number, []
    if answer.question.direction == "forward" and shown.found.state == KEPT:
        url = reverse("keepers", kwargs={"case": case.number})
        buttons.append(button(f"{url}?trace=T{number_of}", "web.keepers.open"))
    return show(request, Phrase(title, {"number": f"T{number_of}"}), sections, crumbs=way,
                buttons=buttons)  # fmt: skip


def _banners(shown: _Shown) -> list[Section]:
    """What would mislead if it were not seen: a test network, a draft, labels that came later."""
    found: list[Section] = []
    if not shown.chain.network.is_real_money:
        found.append(note("warn", "note.watermark", network=shown.chain.network.name))
    acts = person_of(shown.request).acts
    url = reverse("trace_again", kwargs=shown.given) if acts else ""
    found += draft_note(shown.case, shown.found, acts=acts)
    return [*found, *newer_note(shown.desk, shown.chain, shown.labels, shown.answer, url)]


def _limits(shown: _Shown) -> list[Phrase]:
    """All that stands beside the answer, once: of the graph, the chain, the labels, the values."""
    chain, answer = shown.chain, shown.answer
    found: list[Any] = [
        *shown.graph.notes,
        Phrase("web.chain.limits",
               {"scope": chain.scope, "unchecked": ", ".join(chain.not_checked)}),
        *worth_texts(worth_now(chain)),
    ]  # fmt: skip
    if answer.labels:
        found.append(Phrase("note.label-allegation"))
    return once(found)


def _policies(shown: _Shown) -> list[Section]:
    question, chosen = shown.answer.question, shown.found
    names = [name for name, _ in question.policies]
    return [
        shown.tables.policies(),
        compare_links(shown.case, chosen.number, question.policy, names),
        *coinjoin_sections(shown.chain, shown.answer),
    ]


def _missing(shown: _Shown) -> list[Section]:
    """What is missing to go on; the sentences stand in the folded panel below."""
    found = shown.tables.missing()
    return found or [note("intact", "web.trace.nothing-missing")]


def _check(shown: _Shown) -> list[Section]:
    """What was asked, what it rests on, and how anybody can check it."""
    question, found = shown.answer.question, shown.found
    told: list[tuple[str, Cell]] = [
        ("asked", " ".join(question.asked)),
        ("direction", Phrase(f"web.direction.{question.direction}")),
        ("policy", Phrase(f"web.policy.{question.policy}")),
        ("policy-reason", question.policy_reason or Phrase("note.not-stated")),
        ("coinjoins", stops_told(shown.answer)),
        ("hops", Phrase("web.no-limit") if question.hops is None else number(question.hops)),
        (
            "start-amount",
            share(str(shown.answer.chosen.totals.start), str(shown.answer.chosen.totals.start)),
        ),
        ("chain", found.chain),
        ("result-sha256", identifier(found.result_sha256)),
    ]
    bundle = reverse("bundle", kwargs={"case": shown.case.number})
    same = note("intact", "web.trace.came-out-same", url=bundle, do="web.trace.to-bundle")
    return [same, facts("web.trace.asked", told)]


@page(
    "cases/<str:case>/money/<str:trace>/again/", "trace_again", may=ACTING, of="case",
    methods=("POST",), sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_again(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Ask the same question again over the labels of today; recorded as a trace of its own."""
    desk = unit_desk()
    return redirect(
        trace_url(case, run_with_todays_labels(request, desk, case, trace_of(case, trace)))
    )


@page(
    "cases/<str:case>/money/<str:trace>/picture.svg", "trace_picture", may=EVERYONE, of="case",
    sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_picture(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """A trace's graph as a picture."""
    data = draw_svg(_opened(request, case, trace).graph)
    name = f"C{case.number}-{trace}.svg"
    return HttpResponse(
        data,
        content_type="image/svg+xml",
        headers={"Content-Disposition": content_disposition_header(False, name) or "inline"},
    )


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
    sent = HttpResponse(data, content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="T{found.number}-{name}.csv"'
    return sent

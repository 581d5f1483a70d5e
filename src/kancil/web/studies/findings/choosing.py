"""From what is selected on a trace's graph, or ticked in its table, to a draft of each row.

Nothing is decided here: the rows are listed with what each is, the officer ticks those wanted
and chooses the class of each, and each becomes a draft of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.studies.actions import begin_drafts
from kancil.desk.studies.queries import Wording, open_wordings
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.records.finding import FindingClass
from kancil.studies.canvas.picture import Material, RecordedTrace, draw_view
from kancil.studies.canvas.view import TraceSource, View, read_view
from kancil.studies.errors import FindingNotSupported
from kancil.studies.findings import CLASSES, make_finding
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.selection import Selected, reasons, selected_of
from kancil.studies.trace.run import TraceAnswer
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    choosing,
    empty,
    identifier,
    link,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Choice, Tick
from kancil.web.signed_in import person_of
from kancil.web.studies.graphs import read_sent, runs_of
from kancil.web.studies.recorded import TRACE_SAMPLE, run_again, share, trace_of, trace_url
from kancil.web.unit_desk import unit_desk

AT_ONCE = 20
"""So many findings are begun, or accepted, at once: no more than somebody reads with care."""
LISTED = 200
"""So many rows are listed."""
TOLD = 50
"""So many selected boxes are told one by one."""
PROPOSED = FindingClass.POLICY_RESULT.value


@dataclass(frozen=True, slots=True)
class Offer:
    """Rows that are listed to be chosen from."""

    why: dict[int, str]
    """Why each is here."""
    ticked: frozenset[int]
    selected: tuple[Selected, ...] = ()
    labels: tuple[int, ...] = ()
    """Numbers of the trace's labels that stand at the addresses of selected boxes."""


@page(
    "cases/<str:case>/money/<str:trace>/select/", "trace_select", may=ACTING, of="case",
    methods=("GET", "POST"), sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_select(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """List the rows that are selected; each that is ticked here becomes a draft of its own."""
    found, desk = trace_of(case, trace), unit_desk()
    chain, labels, answer = run_again(desk, found)
    rows = {int(str(row["row"])): row for row in answer.as_dict()["transfers"]}
    if request.POST.get("do") == "keep":
        ticked = read_rows(request.POST.getlist("row"), rows)
        if ticked:
            return _keep(request, case, found, _Asked(chain, answer, rows, ticked))
        messages.warning(request, words("web.select.none-ticked"))
    offer = _offer(request, found, chain, labels, answer, rows)
    if isinstance(offer, HttpResponse):
        return offer
    way = crumbs(case, (trace_url(case, found), f"T{found.number}"))
    title = Phrase("web.select.title", {"number": f"T{found.number}"})
    if not offer.why:
        sections = [*_told(offer.selected), *_alleged(case, found, answer, offer)]
        if not offer.labels:
            sections.append(empty("web.select.empty", url=trace_url(case, found)))
        return show(request, title, sections, crumbs=way)
    sections = [
        *_told(offer.selected),
        *_alleged(case, found, answer, offer),
        *_limits(offer),
        _list(case, found, answer, rows, offer),
    ]
    return show(request, title, sections, crumbs=way, lead=Phrase("web.select.lead"))


def read_rows(sent: Iterable[str], rows: dict[int, Any]) -> list[int]:
    """Read numbers of rows, each once, by number; raises FindingNotSupported for one not there."""
    found = set()
    for text in sent:
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        if not is_number or int(text) not in rows:
            raise FindingNotSupported(why=Phrase("why.finding-row", {"row": text[:20]}))
        found.add(int(text))
    return sorted(found)


def ranges(numbers: Iterable[int], mark: str = "") -> str:
    """Write numbers with those that follow each other drawn together: `1–3, 7`."""
    parts: list[list[int]] = []
    for each in sorted(set(numbers)):
        if parts and parts[-1][1] == each - 1:
            parts[-1][1] = each
        else:
            parts.append([each, each])
    return ", ".join(
        f"{mark}{first}" if first == last else f"{mark}{first}–{mark}{last}"
        for first, last in parts
    )


def _offer(
    request: HttpRequest, found: Trace, chain: Chain, labels: LabelsUsed, answer: TraceAnswer,
    rows: dict[int, Any],
) -> Offer | HttpResponse:  # fmt: skip
    """Find what is to be listed: of the graph, of the table's ticks, or of this page sent again."""
    if "nodes" in request.POST:
        view = read_view(read_sent(request.POST.get("view", "")))
        graph = _picture(view, found, chain, labels, answer)
        if graph is None:
            messages.warning(request, words("web.graph.other-question"))
            return redirect(request.path.removesuffix("select/"))
        nodes = _of_trace(request.POST["nodes"].split(), view, graph)
        selected = selected_of(graph, nodes)
        stands = sorted({row for each in selected for row in each.rows})
        named = {each.address for each in graph.nodes if each.id in nodes and each.address}
        alleged = tuple(n for n, each in enumerate(answer.labels, 1) if each.address in named)
        return Offer(reasons(selected), frozenset(stands[:AT_ONCE]), selected, alleged)
    if request.method == "POST":
        names = (name.removeprefix("class-") for name in request.POST if name.startswith("class-"))
        return Offer(dict.fromkeys(read_rows(names, rows), "ticked"), frozenset())
    ticked = read_rows(request.GET.getlist("row"), rows)
    return Offer(dict.fromkeys(ticked, "ticked"), frozenset(ticked[:AT_ONCE]))


def _picture(
    view: View, trace: Trace, chain: Chain, labels: LabelsUsed, answer: TraceAnswer
) -> MoneyGraph | None:
    """The trace's own part of a view of the canvas; None where the view is of another result."""
    own = [one for one in view.sources if isinstance(one, TraceSource)]
    source = next((one for one in own if one.trace == trace.number), None)
    if source is None or source.result_sha256 != answer.digest:
        return None
    recorded = RecordedTrace(trace.number, answer.question, answer.digest, labels, answer.results)
    material = Material(
        chain=chain, labels=labels, traces={trace.number: recorded}, runs=runs_of(chain)
    )
    return draw_view(material, replace(view, sources=(source,)))


def _of_trace(nodes: Sequence[str], view: View, graph: MoneyGraph) -> list[str]:
    """The selected boxes that are of the trace: other sources, and tables, have boxes of theirs."""
    known = {node.id for node in graph.nodes}
    is_alone = len(view.sources) == 1
    return [node for node in nodes if node in known or (is_alone and not node.startswith("party-"))]


def _told(selected: Sequence[Selected]) -> Iterator[Section]:
    """What each selected box holds; a box that stands for no row is told too."""
    if not selected:
        return
    lines = [
        (each.told, Phrase("web.select.no-row") if not each.rows else ranges(each.rows))
        for each in selected[:TOLD]
    ]
    yield table("web.select.selected", ("box", "stands-for"), lines)
    if len(selected) > TOLD:
        yield note("info", "web.select.more-boxes", count=len(selected) - TOLD)


def _alleged(case: Case, trace: Trace, answer: TraceAnswer, offer: Offer) -> Iterator[Section]:
    """What publishers allege of the selected boxes: each becomes a finding of its own."""
    given = {"case": case.number, "trace": trace.number}
    rows = []
    for label in offer.labels[:TOLD]:
        said = answer.labels[label - 1]
        where = f"{reverse('finding_new', kwargs=given)}?label={label}"
        told = {"publisher": said.publisher, "label": said.label or said.category or ""}
        rows.append(
            {
                "url": where,
                "name": Phrase("web.select.attribution", told),
                "text": said.address,
            }
        )
    if rows:
        yield {"kind": "acts", "heading": Phrase("web.select.alleged"), "rows": rows}


def _limits(offer: Offer) -> Iterator[Section]:
    stands = [row for row, _ in offer.why.items()]
    if len(stands) > LISTED:
        yield note("warn", "web.select.more-rows", listed=LISTED, count=len(stands) - LISTED)
    if len(stands) > AT_ONCE:
        yield note("info", "web.select.at-once", most=AT_ONCE)


def options_of(answer: TraceAnswer, row: dict[str, Any]) -> list[tuple[str, Phrase]]:
    """The classes that a finding of a row can have; an attribution names one of its labels."""
    offered = [(PROPOSED, Phrase(f"web.class.{PROPOSED}"))]
    if row["block_hash"] and row["to_output"]:
        name = FindingClass.CHAIN_FACT.value
        offered.append((name, Phrase(f"web.class.{name}")))
    for label in str(row["labels"] or "").split():
        said = answer.labels[int(label) - 1]
        told = {"publisher": said.publisher, "label": said.label or said.category or ""}
        offered.append((f"attribution-{label}", Phrase("web.select.attribution", told)))
    return offered


def _list(
    case: Case, trace: Trace, answer: TraceAnswer, rows: dict[int, Any], offer: Offer
) -> Section:
    open_rows: dict[int, list[int]] = {}
    for wording, draft in open_wordings(case.id).items():
        if wording.trace == trace.id and wording.finding_class != "attribution":
            open_rows.setdefault(wording.row, []).append(draft)

    def cells(row: dict[str, Any], why: str) -> tuple[Cell, ...]:
        at = int(str(row["row"]))
        place = {"row": at}
        return (
            Tick("row", str(at), Phrase("web.select.take", place), at in offer.ticked),
            number(at),
            identifier(row["txid"], short=True),
            identifier(row["to_output"]) if row["to_output"] else Phrase("note.not-stated"),
            share(row["lower_sat"], row["upper_sat"]),
            _why(case, why, open_rows.get(at, [])),
            Choice(
                f"class-{at}", Phrase("web.select.class-of", place), options_of(answer, row),
                PROPOSED,
            ),
        )  # fmt: skip

    shown = list(offer.why.items())[:LISTED]
    return choosing(
        "web.select.rows",
        ("take", "row>", "transaction", "output", "share>", "why", "class"),
        [cells(rows[at], why) for at, why in shown],
        submit="web.select.keep",
        text=Phrase("web.select.text", {"most": AT_ONCE}),
        action=reverse("trace_select", kwargs={"case": case.number, "trace": trace.number}),
        do="keep",
    )


def _why(case: Case, why: str, known: Sequence[int]) -> Cell:
    """Why a row is here, or that a draft of it is open already."""
    if known:
        where = reverse("finding_draft", kwargs={"case": case.number, "draft": known[0]})
        return link(where, Phrase("web.select.is-draft", {"drafts": ranges(known, "D")}))
    return tag("plain", f"web.row-is-{why}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Rows that were ticked, of a trace that was run again."""

    chain: Chain
    answer: TraceAnswer
    rows: dict[int, Any]
    ticked: list[int]

    def wording(self, request: HttpRequest, trace: Trace, row: int) -> Wording:
        """What the draft of a row says; raises FindingNotSupported."""
        chosen = request.POST.get(f"class-{row}", PROPOSED)
        if chosen not in dict(options_of(self.answer, self.rows[row])):
            known = ", ".join(CLASSES)
            raise FindingNotSupported(why=Phrase("why.finding-class", {"known": known}))
        finding_class, label = chosen, 1
        if chosen.startswith("attribution-"):
            finding_class, label = "attribution", int(chosen.removeprefix("attribution-"))
        make_finding(self.chain, self.answer, finding_class, row, label)
        return Wording(trace.id, finding_class, row, label, "")


def _keep(request: HttpRequest, case: Case, trace: Trace, asked: _Asked) -> HttpResponse:
    """Begin a draft of each ticked row, as many as are begun at once, and name the others."""
    taken, left = asked.ticked[:AT_ONCE], asked.ticked[AT_ONCE:]
    wordings = [asked.wording(request, trace, row) for row in taken]
    begun = begin_drafts(case=CaseId(case.id), wordings=wordings, by=person_of(request))
    if begun.new:
        told = words("web.select.begun", drafts=ranges(begun.new, "D"), count=len(begun.new))
        messages.success(request, told)
    if begun.known:
        messages.info(request, words("web.select.known", drafts=ranges(begun.known, "D")))
    if left:
        told = words("web.select.not-taken", rows=ranges(left), most=AT_ONCE)
        messages.warning(request, told)
    where = reverse("finding_drafts", kwargs={"case": case.number})
    drafts = urlencode([("draft", each) for each in sorted({*begun.new, *begun.known})])
    return redirect(f"{where}?{drafts}")

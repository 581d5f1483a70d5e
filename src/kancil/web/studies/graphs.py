"""The money graph on the site: its page, its steps, its files. The graph itself is a report's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import kept_beside, label_shelf, open_chain
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.labels_used import LabelsUsed, load_labels
from kancil.studies.moneygraph.drawing import draw_svg
from kancil.studies.moneygraph.explore import collapse, expand, explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery, asked, read_id, read_query
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.stated import Transfer
from kancil.studies.moneygraph.twin import write_csv
from kancil.studies.moneygraph.widget import widget_words
from kancil.studies.trace.question import TraceQuestion
from kancil.web.cells import Section, link, note, show
from kancil.web.guard import shown_params, status_of
from kancil.web.page import EVERYONE, page
from kancil.web.unit_desk import unit_desk

from .worths import worth_now

MOST_BYTES = 200_000
"""A query that came from the page itself is far smaller."""
_SAMPLE = {"chain": "main"}


def graph_context(graph: MoneyGraph, *, step_url: str, files_url: str) -> dict[str, Any]:
    """What the graph's part of a page needs."""
    query = json.dumps(graph.query.as_dict())
    files = [
        {"url": f"{files_url}{kind}/", "name": Phrase(f"web.graph.{kind}")}
        for kind in ("svg", "csv")
    ]
    return {
        "graph": graph.as_dict(),
        "graph_words": widget_words(),
        "step_url": step_url,
        "files": files,
        "query": query,
        "notes": graph.notes,
        "told": (
            ("findings", Phrase("web.graph.patterns"), graph.patterns_said, graph.pattern_groups),
            ("heard", Phrase("web.graph.heard"), (), graph.heard_groups),
        ),
    }


SWITCHES = ("patterns", "clusters", "through")
"""Parameters of a graph's page that are on if they are `1`."""


def switched(request: HttpRequest, query: GraphQuery) -> GraphQuery:
    """Put a page's switches into its query; without a policy one also may pass CoinJoins."""
    on = {name: request.GET.get(name) == "1" for name in SWITCHES}
    is_through = query.policy is None and on["through"]
    return replace(
        query,
        patterns=on["patterns"],
        clusters=on["clusters"],
        stops_at=() if is_through else query.stops_at,
    )


def switches(request: HttpRequest, query: GraphQuery) -> list[dict[str, Any]]:
    """Offer to turn each switch the other way, all else as it is; links, so without script too."""
    offered = SWITCHES if query.policy is None else SWITCHES[:-1]
    found = []
    for name in offered:
        is_on = request.GET.get(name) == "1"
        given = request.GET.copy()
        given[name] = "0" if is_on else "1"
        text = Phrase(f"web.graph.{name}-{'off' if is_on else 'on'}")
        found.append({"url": f"?{given.urlencode()}", "text": text})
    return found


def query_of(question: TraceQuestion, compare: str | None) -> GraphQuery:
    """The first view of a recorded trace: its own starts, policy and limits."""
    return GraphQuery(
        starts=tuple(
            AskedStart(start.outpoint, start.share_sat, start.reference)
            for start in question.starts
        ),
        direction=question.direction,
        policy=question.policy,
        policies=question.policies,
        compare=None if compare == question.policy else compare,
        hops=question.hops,
        min_sat=question.min_sat,
        since=question.since,
        until=question.until,
        pass_services=question.pass_services,
        stops_at=question.stops_at,
    )


def labels_of(chain: Chain, only: tuple[str, ...] | None = None) -> LabelsUsed:
    """The unit's labels, which are kept; `only`: the imports a recorded trace looked at.

    Raises LabelStoreBroken, TraceNotReadable when one of them is gone.
    """
    workspace = unit_desk().workspace
    index = label_shelf(workspace).index(chain.network)
    found = tuple(stored.id for stored in index.imports)
    if only is not None and set(only) != set(found):
        return load_labels(workspace.labels_dir, chain, only)
    return LabelsUsed(index, found)


def draw(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    stated: Sequence[Transfer] = (),
    looks: CoinjoinLooks | None = None,
) -> MoneyGraph:
    """Draw a query; answers of earlier ones are kept in this process, but for patterns cut short.

    `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
    """
    return explore(chain, labels, query, runs_of(chain), stated, worth_now(chain), looks)


def runs_of(chain: Chain) -> Runs:
    """The answers that are kept as long as the chain is kept open."""
    return kept_beside(chain, "money graph", Runs)


def answer_step(
    request: HttpRequest, chain: Chain, labels: LabelsUsed, stated: Sequence[Transfer] = ()
) -> JsonResponse:
    """Open or fold a node; an error is told in words."""
    try:
        given = read_sent(_body(request))
        action = expand if given.get("action") == "expand" else collapse
        query, node = read_query(given.get("query")), read_id(given.get("node"))
        change = action(chain, labels, query, node, runs_of(chain), stated, worth_now(chain))
    except KancilError as error:
        told = {
            "sentence": words(f"error.{error.code}.sentence", **shown_params(error)),
            "next": words(f"error.{error.code}.next", **shown_params(error)),
        }
        return JsonResponse(told, status=status_of(error))
    return JsonResponse(change.as_dict())


def _body(request: HttpRequest) -> bytes:
    """What was sent; a form, which has been read as one already, is no query."""
    try:
        return request.body
    except RawPostDataException as error:
        raise GraphQueryNotReadable(part="query") from error


def read_sent(data: bytes | str) -> dict[str, Any]:
    """Read the JSON that a page of the graph sent; raises GraphQueryNotReadable."""
    if len(data) > MOST_BYTES:
        raise GraphQueryNotReadable(part="query")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GraphQueryNotReadable(part="query") from error
    if not isinstance(value, dict):
        raise GraphQueryNotReadable(part="query")
    return value


def answer_file(
    request: HttpRequest, chain: Chain, labels: LabelsUsed, kind: str,
    stated: Sequence[Transfer] = (),
) -> HttpResponse:  # fmt: skip
    """The picture as SVG, or its table as CSV."""
    graph = draw(chain, labels, read_query(read_sent(request.POST.get("query", ""))), stated)
    data, form = (
        (write_csv(graph), "text/csv; charset=utf-8")
        if kind == "csv"
        else (draw_svg(graph), "image/svg+xml")
    )
    answer = HttpResponse(data, content_type=form)
    answer["Content-Disposition"] = f'attachment; filename="money-graph.{kind}"'
    return answer


@page("chains/<str:chain>/graph/", "graph", may=EVERYONE, sample=_SAMPLE)
def graph_page(request: HttpRequest, chain: str) -> HttpResponse:
    """Look around a transaction or an address: the chain alone, whole outputs, no policy."""
    start = request.GET.get("start", "").strip()[:200]
    title = Phrase("web.graph.title", {"start": start or chain})
    if not start:
        return show(request, title, [note("info", "web.graph.no-start")])
    opened = open_chain(unit_desk().workspace, chain)
    labels = labels_of(opened)
    query = switched(request, GraphQuery(starts=asked(start), direction="both", hops=1))
    graph = draw(opened, labels, query)
    shown = {
        "title": title,
        "before": [note("info", "web.graph.whole-outputs")],
        "sections": [],
        "switches": switches(request, query),
        **graph_context(
            graph,
            step_url=reverse("graph_step", kwargs={"chain": chain}),
            files_url=reverse("graph", kwargs={"chain": chain}),
        ),
    }
    return render(request, "kancil/graph.html", shown)


@page(
    "chains/<str:chain>/graph/step/", "graph_step", may=EVERYONE, methods=("POST",), sample=_SAMPLE
)
def graph_step(request: HttpRequest, chain: str) -> JsonResponse:
    """Open or fold a node of a chain's graph."""
    opened = open_chain(unit_desk().workspace, chain)
    return answer_step(request, opened, labels_of(opened))


@page(
    "chains/<str:chain>/graph/<str:kind>/", "graph_file", may=EVERYONE, methods=("POST",),
    sample={**_SAMPLE, "kind": "csv"},
)  # fmt: skip
def graph_file(request: HttpRequest, chain: str, kind: str) -> HttpResponse:
    """A chain's graph as a file."""
    opened = open_chain(unit_desk().workspace, chain)
    return answer_file(request, opened, labels_of(opened), kind)


def trace_graph(
    request: HttpRequest, case: Case, number: int, graph: MoneyGraph, *, acts: bool
) -> dict[str, Any]:
    """What a trace's page needs for its graph."""
    given = {"case": case.number, "trace": number}
    context = graph_context(
        graph,
        step_url=reverse("trace_step", kwargs=given),
        files_url=reverse("trace", kwargs=given),
    )
    context["switches"] = switches(request, graph.query)
    if acts:
        context["finding_url"] = reverse("trace_select", kwargs=given)
    return context


def compare_links(case: Case, number: int, chosen: str, policies: list[str]) -> Section:
    """Offer each other policy beside the chosen one."""
    url = reverse("trace", kwargs={"case": case.number, "trace": number})
    rows = [
        (link(f"{url}?compare={name}", Phrase(f"web.policy.{name}")),)
        for name in policies
        if name != chosen
    ]
    return {
        "kind": "table",
        "heading": Phrase("web.graph.compare"),
        "columns": [{"name": Phrase("web.column.policy"), "right": False}],
        "rows": rows,
        "pages": None,
    }

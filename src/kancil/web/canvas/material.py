"""What a view of a case is drawn from: its chain, labels, recorded traces, reported transfers."""

from __future__ import annotations

from django.http import HttpRequest

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.studies.canvas.errors import CanvasEmpty, CanvasOfTwoChains
from kancil.studies.canvas.picture import Material, RecordedTrace
from kancil.studies.canvas.view import ChainSource, Source, TraceSource, TransfersSource, View
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.run import read_recorded
from kancil.web.studies.beside import beside_of
from kancil.web.studies.graphs import labels_of, runs_of
from kancil.web.studies.recorded import trace_of
from kancil.web.studies.worths import worth_now
from kancil.web.unit_desk import UnitDesk


def first_view(request: HttpRequest, desk: UnitDesk, case: Case) -> View:
    """The view that an address of the page asks for; raises CanvasEmpty."""
    found: list[Source] = []
    for name in request.GET.getlist("trace"):
        body = desk.ledger.read(trace_of(case, name).n).body
        found.append(TraceSource(int(name), str(body.get("result_sha256"))))
    start = request.GET.get("start", "").strip()[:200]
    if start:
        names = chain_names(desk.workspace)
        chain = request.GET.get("chain", "") or next(iter(names), "")
        found.append(ChainSource(chain, (start,)))
    if request.GET.get("transfers") == "1":
        found.append(TransfersSource())
    return View(sources=tuple(found))


def material_of(desk: UnitDesk, case: Case, view: View) -> Material:
    """What a view is drawn from; raises CanvasEmpty, CanvasOfTwoChains, PageNotFound."""
    traces: dict[int, RecordedTrace] = {}
    chains: list[str] = []
    only: tuple[str, ...] | None = None
    recorded = {each.number: each for each in queries.traces(case)}
    for source in view.sources:
        if isinstance(source, ChainSource):
            chains.append(source.chain)
        elif isinstance(source, TraceSource):
            if source.trace not in recorded:
                raise PageNotFound
            said = read_recorded(desk.ledger.read(recorded[source.trace].n).body)
            traces[source.trace] = RecordedTrace(source.trace, said.question, said.result_sha256)
            chains.append(said.chain)
            only = said.labels
    if not chains:
        raise CanvasEmpty
    for other in chains:
        if other != chains[0]:
            raise CanvasOfTwoChains(one=chains[0], other=other)
    chain = open_chain(desk.workspace, chains[0])
    labels: LabelsUsed = labels_of(chain, only if len(view.sources) == 1 else None)
    return Material(
        chain=chain,
        labels=labels,
        traces=traces,
        reported=beside_of(desk, case, chain).rows,
        worth=worth_now(chain),
        runs=runs_of(chain),
    )

"""What a view of a case is drawn from: its chain, labels, recorded traces, reported transfers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.desk.canvas.errors import SavedViewNotFound
from kancil.desk.canvas.queries import SavedView, saved_view
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.studies.cash_out_words import cash_out_limits, cash_out_said
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.desk.studies.reported import CaseBook, case_book
from kancil.desk.studies.reported_drawn import asked_exhibits, reported_source
from kancil.desk.studies.trace_words import sentences_of
from kancil.ground.ids import CaseId
from kancil.studies.canvas.errors import CanvasChainGone, CanvasEmpty, CanvasOfTwoChains
from kancil.studies.canvas.picture import Material, RecordedTrace
from kancil.studies.canvas.reported_source import ReportedSource
from kancil.studies.canvas.source import Hung
from kancil.studies.canvas.view import (
    MOST_SOURCES,
    ChainSource,
    TraceSource,
    TransfersSource,
    View,
)
from kancil.studies.canvas.view import Source as ViewSource
from kancil.studies.errors import TraceNotReproduced
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.trace.run import RecordedTrace as Said
from kancil.studies.trace.run import TraceAnswer, read_recorded, run_trace
from kancil.web.studies.graphs import labels_of, runs_of
from kancil.web.studies.recorded import trace_of
from kancil.web.studies.traces.beside import beside_of
from kancil.web.studies.worths import worth_now
from kancil.web.unit_desk import UnitDesk

_answers = Runs(16)
"""Recorded traces that were run again, by result and by what the chain held."""


def first_view(request: HttpRequest, desk: UnitDesk, case: Case) -> View:
    """The view that an address of the page asks for.

    Where it asks nothing: what tables of the case report, and the traces that go on from there;
    without sources where no table was read.
    """
    found: list[ViewSource] = []
    for name in dict.fromkeys(request.GET.getlist("trace")):
        found.append(trace_source(desk, case, name))
    start = request.GET.get("start", "").strip()[:200]
    if start:
        names = chain_names(desk.workspace)
        chain = request.GET.get("chain", "") or next(iter(names), "")
        found.append(ChainSource(chain, (start,)))
    if request.GET.get("transfers") == "1":
        found.append(TransfersSource())
    elif not found and book_of(desk, case).tables:
        found += [*_traces_of_rows(desk, case), TransfersSource()]
    compare = request.GET.get("compare", "")
    return View(sources=tuple(found), compare=compare if compare in _POLICIES else None)


def _traces_of_rows(desk: UnitDesk, case: Case) -> list[TraceSource]:
    """The recorded traces, of one chain, that begin at a transaction that a table names."""
    named = set(book_of(desk, case).book.texts["txid"])
    chains, found = set[str](), []
    for each in queries.traces(case):
        starts = read_recorded(desk.ledger.read(each.n).body).question.starts
        if named.isdisjoint(one.outpoint.partition(":")[0] for one in starts):
            continue
        chains.add(each.chain)
        if len(chains) == 1:
            found.append(trace_source(desk, case, str(each.number)))
    return found[: MOST_SOURCES - 1]


def asked_view(request: HttpRequest, desk: UnitDesk, case: Case) -> SavedView | None:
    """The saved view that an address of the page asks for; raises SavedViewNotFound."""
    name = request.GET.get("view", "")
    if not name:
        return None
    if not (name.isascii() and name.isdigit() and len(name) < 10):
        raise SavedViewNotFound(view=name[:20])
    return saved_view(desk.ledger, CaseId(case.id), int(name))


def trace_source(desk: UnitDesk, case: Case, name: str) -> TraceSource:
    """A recorded trace of the case as a source; raises PageNotFound."""
    found = trace_of(case, name)
    body = desk.ledger.read(found.n).body
    return TraceSource(found.number, str(body.get("result_sha256")))


_POLICIES = frozenset(policy.name for policy in POLICIES)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A trace of the case as its ledger entry has it."""

    number: int
    said: Said
    inputs: list[str]


def material_of(desk: UnitDesk, case: Case, view: View) -> Material:
    """What a view is drawn from; raises CanvasEmpty, CanvasOfTwoChains, PageNotFound."""
    recorded = _recorded(desk, case, view)
    chain = _chain_of(desk, view, recorded)
    exhibits = asked_exhibits(view)
    said, rests_on = _reported_said(desk, case, exhibits)
    if chain is None:
        hung = (Hung((reported_of(desk, case, None, exhibits),)),)
        return Material(None, None, hung=hung, reported=said, reported_limits=rests_on)
    return Material(
        chain=chain,
        labels=labels_of(chain),
        traces={one.number: _trace(desk, chain, one) for one in recorded},
        hung=(Hung((reported_of(desk, case, chain, exhibits),)),),
        worth=worth_now(chain),
        runs=runs_of(chain),
        reported=said,
        reported_limits=rests_on,
    )


def _reported_said(
    desk: UnitDesk, case: Case, exhibits: Sequence[str] | None
) -> tuple[Sequence[str], Sequence[str]]:
    """From victims to cash-out, and its limits, where a view asks for all tables of the case."""
    if exhibits is None or exhibits:
        return (), ()
    found = book_of(desk, case)
    return cash_out_said(found), cash_out_limits(found)


def book_of(desk: UnitDesk, case: Case) -> CaseBook:
    """What the tables of a case report."""
    return case_book(desk.ledger, desk.workspace, desk.vault, CaseId(case.id))


def reported_of(
    desk: UnitDesk, case: Case, chain: Chain | None, exhibits: Sequence[str] | None = ()
) -> ReportedSource:
    """The reported transfers of a case as a source.

    `exhibits`: of these alone, none of all; None: only what names something drawn of the chain.
    """
    found = book_of(desk, case)
    told = () if chain is None or not found.tables else beside_of(desk, case, chain).rows
    return reported_source(found, told, exhibits, desk.workspace)


def _recorded(desk: UnitDesk, case: Case, view: View) -> list[_Recorded]:
    """The recorded traces of a view that the case has with that very result."""
    numbers = {each.number: each for each in queries.traces_and_drafts(case)}
    found = []
    for source in view.sources:
        if isinstance(source, TraceSource) and source.trace in numbers:
            body: dict[str, Any] = desk.ledger.read(numbers[source.trace].n).body
            said = read_recorded(body)
            if said.result_sha256 == source.result_sha256:
                found.append(_Recorded(source.trace, said, list(body["provenance"]["inputs"])))
    return found


def _chain_of(desk: UnitDesk, view: View, recorded: Sequence[_Recorded]) -> Chain | None:
    """The one chain of a view; None where it asks none.

    Raises CanvasEmpty, CanvasOfTwoChains, CanvasChainGone.
    """
    if not view.sources:
        raise CanvasEmpty
    names = [one.said.chain for one in recorded]
    names += [one.chain for one in view.sources if isinstance(one, ChainSource)]
    for other in names:
        if other != names[0]:
            raise CanvasOfTwoChains(one=names[0], other=other)
    if names and names[0] not in chain_names(desk.workspace):
        raise CanvasChainGone(chain=names[0])
    return open_chain(desk.workspace, names[0]) if names else None


def _trace(desk: UnitDesk, chain: Chain, one: _Recorded) -> RecordedTrace:
    """A recorded trace with its result, run once as long as this process lives."""
    said, labels = one.said, labels_of(chain, one.said.labels)
    answer = answer_of(chain, labels, said)
    is_other = list(chain.inputs_digests) != one.inputs
    if answer.digest != said.result_sha256 and not is_other:
        raise TraceNotReproduced(trace=f"T{one.number}", chain=said.chain)
    return RecordedTrace(
        answer=tuple(sentences_of(desk.workspace, chain, answer)),
        number=one.number,
        question=said.question,
        result_sha256=said.result_sha256,
        labels=labels,
        results=answer.results,
        is_other_chain=answer.digest != said.result_sha256,
    )


def answer_of(chain: Chain, labels: LabelsUsed, said: Said) -> TraceAnswer:
    """A recorded trace's answer, from memory where it was run already on what the chain holds."""
    key = (said.result_sha256, str(chain.path), len(chain.record.ingests), chain.inputs_digests)
    return _answers.get(key, lambda: run_trace(chain, labels, said.question))

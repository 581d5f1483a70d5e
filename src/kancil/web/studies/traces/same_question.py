"""A trace that is asked for: the recorded one of the same question, or one that is recorded now."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.roll import KEPT
from kancil.desk.cases import queries
from kancil.desk.cases.actions import keep_draft, keep_trace
from kancil.desk.cases.queries import Case, Trace
from kancil.ground.ids import CaseId, TraceId, new_id
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.question import TraceQuestion
from kancil.studies.trace.run import read_recorded, run_trace
from kancil.web.studies.graphs import labels_of
from kancil.web.studies.recorded import trace_of
from kancil.web.unit_desk import UnitDesk


def trace_at_hand(
    request: HttpRequest,
    desk: UnitDesk,
    case: Case,
    chain: Chain,
    question: TraceQuestion,
    *,
    is_draft: bool = False,
) -> tuple[Trace, bool]:
    """The trace that answers a question over the blocks and labels of today; whether it is new.

    Nothing is recorded where the case has that trace. `is_draft`: one that is new waits to be kept;
    where none is wanted, a draft that answers the question is kept. Raises LegalBasisExpired, and
    what tracing raises.
    """
    labels = labels_of(chain)
    found = _recorded(desk, case, chain, labels, question)
    if found is not None and (is_draft or found.state == KEPT):
        return found, False
    if found is not None:
        keep_draft(desk.ledger, trace=TraceId(found.id), by=desk.server(request))
        return trace_of(case, str(found.number)), False
    answer = run_trace(chain, labels, question)
    entry = keep_trace(
        desk.ledger,
        desk.workspace,
        case=CaseId(case.id),
        trace=TraceId(new_id()),
        provenance=answer.provenance(chain, labels),
        result_sha256=answer.digest,
        rows=answer.as_dict(),
        by=desk.server(request),
        is_draft=is_draft,
    )
    return trace_of(case, str(entry.body["number"])), True


def _recorded(
    desk: UnitDesk, case: Case, chain: Chain, labels: LabelsUsed, question: TraceQuestion
) -> Trace | None:
    """The latest recorded trace that asks the same of the same blocks and labels."""
    for each in reversed(queries.traces_and_drafts(case)):
        body = desk.ledger.read(each.n).body
        said = read_recorded(body)
        of_now = (said.chain, said.labels, body["provenance"]["inputs"])
        if of_now != (chain.name, labels.imports, list(chain.inputs_digests)):
            continue
        if _asks(said.question) == _asks(question):
            return each
    return None


def _asks(question: TraceQuestion) -> TraceQuestion:
    """A question without what does not change its answer."""
    return replace(question, policy_reason="", asked=())

"""Recorded traces of a case, found and run again for whoever looks at them."""

from __future__ import annotations

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.studies.queries import kept_beside, open_chain
from kancil.ground.phrase import Phrase
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.trace.run import TraceAnswer, read_recorded, reproduce
from kancil.web.cells import amount
from kancil.web.parts import Cell
from kancil.web.studies.graphs import labels_of
from kancil.web.unit_desk import UnitDesk

KEPT = 8
"""Traces whose answers are kept beside an open chain."""
TRACE_SAMPLE = {"trace": 1}
"""Values with which the permission test visits a page of a trace."""


def trace_url(case: Case, trace: Trace) -> str:
    """The page of a trace."""
    return reverse("trace", kwargs={"case": case.number, "trace": trace.number})


def trace_of(case: Case, name: str) -> Trace:
    """Find a recorded trace of the case, kept or a draft; raises PageNotFound."""
    found = next(
        (each for each in queries.traces_and_drafts(case) if str(each.number) == name), None
    )
    if found is None:
        raise PageNotFound
    return found


def run_again(desk: UnitDesk, trace: Trace) -> tuple[Chain, LabelsUsed, TraceAnswer]:
    """Run a recorded trace again; raises TraceNotReproduced when it comes out otherwise.

    What came out is kept as long as the chain is: the same trace is not followed twice.
    """
    said = read_recorded(desk.ledger.read(trace.n).body)
    chain = open_chain(desk.workspace, said.chain)
    labels = labels_of(chain, said.labels)
    kept = kept_beside(chain, "recorded traces", lambda: Runs(KEPT))
    key = (trace.id, said.result_sha256, labels.imports)
    return chain, labels, kept.get(key, lambda: reproduce(said, trace.number, chain, labels))


def share(lower: str, upper: str) -> Cell:
    """Show a share of the coins asked about: an amount, or between which two it lies."""
    if lower == upper:
        return amount(int(lower))
    return Phrase("web.trace.between", {"lower": f"{int(lower):,}", "upper": f"{int(upper):,}"})

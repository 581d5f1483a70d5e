"""Labels that came after a trace was recorded: whether they touch it, and running it again."""

from __future__ import annotations

from django.http import HttpRequest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.studies.queries import kept_beside, label_shelf
from kancil.ground.units import few
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.trace.run import TraceAnswer
from kancil.studies.trace.tables import COLUMNS
from kancil.web.cells import Section, note
from kancil.web.studies.recorded import run_again
from kancil.web.studies.traces.same_question import trace_at_hand
from kancil.web.unit_desk import UnitDesk

_NAMED = 2
_TABLES = ("transfers", "holdings", "left_out")


def newer_note(
    desk: UnitDesk, chain: Chain, used: LabelsUsed, answer: TraceAnswer, again: str
) -> list[Section]:
    """That labels of today touch a result which did not know them; nothing where none do.

    `again`: where it is run again; empty for a reader who may not.
    """
    gone = _touching(_index(desk, chain, used, are_withdrawn=True), chain, answer)
    withdrawn = [note("warn", "web.trace.label-withdrawn",
                      named=few([f"{who}: {what}" for who, what in gone], _NAMED))]  # fmt: skip
    touching = newer_labels(desk, chain, used, answer)
    if not touching:
        return withdrawn if gone else []
    count, named = len(touching), few([f"{who}: {what}" for who, what in touching], _NAMED)
    key = "web.trace.newer-labels" if count > 1 else "web.trace.newer-label"
    found = note("info", key, count=count, named=named, do="web.trace.run-again")
    return [*(withdrawn if gone else ()), {**found, "post": again}]


def newer_labels(
    desk: UnitDesk, chain: Chain, used: LabelsUsed, answer: TraceAnswer
) -> list[tuple[str, str]]:
    """Publisher and label of each label on an address of a trace that came after it."""
    return _touching(_index(desk, chain, used), chain, answer)


def _touching(index: LabelIndex, chain: Chain, answer: TraceAnswer) -> list[tuple[str, str]]:
    if not len(index):
        return []
    addresses = {
        str(row[COLUMNS[name].index("address")])
        for name in _TABLES
        for row in answer.tables[name]
        if row[COLUMNS[name].index("address")]
    }
    starts = answer.results[answer.question.policy].starts
    addresses |= {chain.address_of(one.output) or "" for one in starts} - {""}
    found = {
        (label.publisher, label.label or label.category)
        for address in addresses
        for label in index.of(*script_of_text(address, chain.network))
    }
    return sorted(found)


def _index(
    desk: UnitDesk, chain: Chain, used: LabelsUsed, *, are_withdrawn: bool = False
) -> LabelIndex:
    """The labels that a trace did not look at, or those withdrawn since that it did.

    Kept beside the chain.
    """
    shelf = label_shelf(desk.workspace, chain)
    newer = tuple(
        each
        for each in shelf.imports
        if each.is_withdrawn is are_withdrawn and (each.id in used.imports) is are_withdrawn
    )
    kept = kept_beside(chain, "newer labels", lambda: Runs(4))
    imports = [(each, shelf.tables[each.id]) for each in newer]
    key = tuple(each.id for each in newer)
    return kept.get(key, lambda: LabelIndex(imports, chain.network))


def run_with_todays_labels(request: HttpRequest, desk: UnitDesk, case: Case, trace: Trace) -> Trace:
    """Ask a trace's question over all labels of today: a trace of its own, recorded once.

    Raises LegalBasisExpired, and what tracing raises.
    """
    chain, _, answer = run_again(desk, trace)
    return trace_at_hand(request, desk, case, chain, answer.question)[0]

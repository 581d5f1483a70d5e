"""What each trace of a picture says of one box: its own rows, never added to another trace's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from kancil.custody.roll import KEPT
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.studies.queries import open_chain
from kancil.studies.moneygraph.parts import Subject
from kancil.studies.trace.run import read_recorded
from kancil.studies.trace.tables import TRANSFERS
from kancil.web.parts import Cell
from kancil.web.studies.chain_cells import bounds_cell
from kancil.web.studies.graphs import labels_of
from kancil.web.unit_desk import UnitDesk

from .material import answer_of

MOST_ROWS = 6
_BY = {"transaction": "txid", "output": "to_output", "address": "address", "cluster": "address"}
"""Column of a trace's transfers in which the name of a box stands."""


@dataclass(frozen=True, slots=True)
class Share:
    """A row of a trace that names a box."""

    trace: int
    is_draft: bool
    row: int
    share: Cell
    output: str
    finding_url: str
    more: int = 0
    """Rows of this trace beyond those told."""


def shares_of(desk: UnitDesk, case: Case, subject: Subject, traces: Sequence[str]) -> list[Share]:
    """The rows of the traces that name a box, the first few of each."""
    column = _BY.get(subject.kind)
    wanted = {int(name) for name in traces}
    if column is None:
        return []
    found: list[Share] = []
    for each in queries.traces_and_drafts(case):
        if each.number in wanted:
            found += _rows(desk, case, each, subject, TRANSFERS.index(column))
    return found


@dataclass(frozen=True, slots=True)
class Alleged:
    """A label of a box's address as a trace saw it: a finding can repeat it."""

    publisher: str
    label: str
    finding_url: str


def alleged_of(
    desk: UnitDesk, case: Case, chain: str, address: str, traces: Sequence[str]
) -> list[Alleged]:
    """What publishers allege of an address, as the first of the traces that saw it did."""
    wanted = {int(name) for name in traces}
    for each in queries.traces_and_drafts(case) if address else ():
        if each.number not in wanted:
            continue
        said = read_recorded(desk.ledger.read(each.n).body)
        if said.chain != chain:
            continue
        opened = open_chain(desk.workspace, chain)
        labels = answer_of(opened, labels_of(opened, said.labels), said).labels
        url = reverse("finding_new", kwargs={"case": case.number, "trace": each.number})
        found = [
            Alleged(one.publisher, one.label or one.category or "", f"{url}?label={number}")
            for number, one in enumerate(labels, 1)
            if one.address == address
        ]
        if found:
            return found[:MOST_ROWS]
    return []


def _rows(
    desk: UnitDesk, case: Case, trace: Trace, subject: Subject, place: int
) -> Iterator[Share]:
    said = read_recorded(desk.ledger.read(trace.n).body)
    if said.chain != subject.chain:
        return
    chain = open_chain(desk.workspace, said.chain)
    answer = answer_of(chain, labels_of(chain, said.labels), said)
    rows = [row for row in answer.tables["transfers"] if row[place] == subject.value]
    for row in rows[:MOST_ROWS]:
        told = dict(zip(TRANSFERS, row, strict=True))
        url = reverse("finding_new", kwargs={"case": case.number, "trace": trace.number})
        yield Share(
            trace=trace.number,
            is_draft=trace.state != KEPT,
            row=int(str(told["row"])),
            share=bounds_cell(str(told["lower_sat"]), str(told["upper_sat"])),
            output=str(told["to_output"] or ""),
            finding_url=f"{url}?row={told['row']}",
            more=max(0, len(rows) - MOST_ROWS),
        )

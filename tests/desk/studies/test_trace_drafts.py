"""Drafts of traces in the desk's tables: kept and set aside alike on each database."""

from __future__ import annotations

import pytest

from kancil.custody.cases import record_trace
from kancil.custody.errors import TraceNoDraft
from kancil.custody.roll import DRAFT, KEPT, SET_ASIDE
from kancil.desk.cases import queries
from kancil.desk.cases.actions import keep_draft, set_draft_aside
from kancil.desk.cases.index import row_faults
from kancil.desk.cases.models import Trace
from kancil.ground.ids import TraceId, new_id
from tests.custody.sample import make_sample_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk

PROVENANCE = {"chain": "main", "parameters": {"policy": "haircut", "direction": "forward"}}


def test_keep_and_set_aside_move_rows_with_the_ledger(desk: Desk) -> None:
    ledger = desk.ledger()
    sample = make_sample_in(ledger, desk.workspace.unit.id)
    first, second = (TraceId(new_id()) for _ in range(2))
    for trace in (first, second):
        record_trace(
            ledger, case=sample.case, trace=trace, provenance=PROVENANCE,
            result_sha256="0" * 64, by=sample.anna, is_draft=True,
        )  # fmt: skip
    case = queries.find_case("C1")
    assert case is not None
    assert [each.state for each in queries.drafts(case)] == [DRAFT, DRAFT]
    assert list(queries.traces(case)) == []
    set_draft_aside(ledger, trace=first, by=sample.anna)
    keep_draft(ledger, trace=second, by=sample.anna)
    states = dict(Trace.objects.values_list("id", "state"))
    assert (states[first], states[second]) == (SET_ASIDE, KEPT)
    assert [each.id for each in queries.traces(case)] == [second]
    with pytest.raises(TraceNoDraft):
        set_draft_aside(ledger, trace=second, by=sample.anna)
    assert states == dict(Trace.objects.values_list("id", "state")), "a refusal moves no row"
    keep_draft(ledger, trace=first, by=sample.anna)
    assert [each.number for each in queries.traces(case)] == [1, 2]
    rows_against_ledger(ledger)
    Trace.objects.filter(id=first).update(state=DRAFT)
    assert [(each.table, each.column) for each in row_faults(desk.ledger())] == [("trace", "state")]

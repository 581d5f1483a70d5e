"""Drafts of traces: no result of a case until somebody keeps them, whatever came in between."""

from __future__ import annotations

import pytest

from kancil.custody.cases import (
    accept_finding,
    record_kept,
    record_set_aside,
    record_trace,
)
from kancil.custody.errors import TraceNoDraft
from kancil.custody.roll import DRAFT, KEPT, SET_ASIDE, Roll
from kancil.ground.ids import TraceId, new_id
from tests.custody.sample import Sample, make_sample


def _trace(sample: Sample, *, is_draft: bool) -> TraceId:
    trace = TraceId(new_id())
    record_trace(
        sample.ledger, case=sample.case, trace=trace, provenance={}, result_sha256="0" * 64,
        by=sample.anna, is_draft=is_draft,
    )  # fmt: skip
    return trace


def test_a_draft_is_recorded_and_is_no_result_until_it_is_kept() -> None:
    sample = make_sample()
    draft, kept = _trace(sample, is_draft=True), _trace(sample, is_draft=False)
    roll = sample.ledger.folded(Roll)
    assert (roll.trace_state(draft), roll.trace_state(kept)) == (DRAFT, KEPT)
    assert roll.case("C1").traces == [kept]
    assert roll.trace("T1") is not None, "who asked what stays on record"
    record_set_aside(sample.ledger, trace=draft, by=sample.anna)
    assert sample.ledger.folded(Roll).trace_state(draft) == SET_ASIDE
    record_kept(sample.ledger, trace=draft, by=sample.anna)
    roll = sample.ledger.folded(Roll)
    assert roll.case("C1").traces == [draft, kept], "in the order in which they were run"
    assert roll == Roll.of(sample.ledger.entries())


def test_what_is_kept_is_not_set_aside_and_nothing_is_kept_twice() -> None:
    sample = make_sample()
    kept, draft = _trace(sample, is_draft=False), _trace(sample, is_draft=True)
    size = sample.ledger.folded(Roll).size
    for act in (record_kept, record_set_aside):
        with pytest.raises(TraceNoDraft):
            act(sample.ledger, trace=kept, by=sample.anna)
        with pytest.raises(TraceNoDraft):
            act(sample.ledger, trace=TraceId(new_id()), by=sample.anna)
    record_set_aside(sample.ledger, trace=draft, by=sample.anna)
    with pytest.raises(TraceNoDraft):
        record_set_aside(sample.ledger, trace=draft, by=sample.anna)
    assert sample.ledger.folded(Roll).size == size + 1


@pytest.mark.parametrize("is_aside", [False, True])
def test_a_finding_keeps_the_draft_that_it_rests_on(is_aside: bool) -> None:
    sample = make_sample()
    draft = _trace(sample, is_draft=True)
    if is_aside:
        record_set_aside(sample.ledger, trace=draft, by=sample.anna)
    accept_finding(
        sample.ledger, case=sample.case, finding_class="chain-fact", code="x", params={},
        language="en", text="x", trace=draft, result_sha256="0" * 64, by=sample.anna,
    )  # fmt: skip
    roll = sample.ledger.folded(Roll)
    assert roll.trace_state(draft) == KEPT
    assert roll.case("C1").traces == [draft]

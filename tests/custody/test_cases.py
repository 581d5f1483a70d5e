"""Cases: legal bases that expire, traces, findings and bundles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kancil.custody.basis import LegalBasis, from_text
from kancil.custody.cases import (
    accept_finding,
    add_basis,
    open_case,
    record_bundle,
    record_report,
    record_trace,
    withdraw_finding,
)
from kancil.custody.entry import Entry
from kancil.custody.errors import AlreadyRecorded, CaseNotFound, FindingNotFound, LegalBasisExpired
from kancil.custody.exhibits import Item, acquire_exhibit, add_exhibit, seize_exhibit
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground import clock
from kancil.ground.ids import BasisId, CaseId, ExhibitId, TraceId, new_id
from tests.custody.sample import CONTENT, Sample, make_sample


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def warrant(expires_on: date | None) -> LegalBasis:
    return LegalBasis(BasisId(new_id()), "warrant", number="7/2026", expires_on=expires_on)


def today() -> date:
    return clock.now().date()


def test_a_trace_a_finding_and_a_bundle_are_numbered_in_the_unit(sample: Sample) -> None:
    trace = TraceId(new_id())
    record_trace(
        sample.ledger, case=sample.case, trace=trace, provenance={"method": "m"},
        result_sha256="a" * 64, by=sample.anna,
    )  # fmt: skip
    accept_finding(
        sample.ledger, case=sample.case, finding_class="chain-fact", code="x", params={"n": 1},
        language="en", text="It was paid.", trace=trace, result_sha256="a" * 64, by=sample.boun,
    )  # fmt: skip
    made = record_bundle(
        sample.ledger, case=sample.case, analysis_sha256="b" * 64, traces=[trace],
        purpose="court", by=sample.anna, bundle_format="kancil-bundle/2", page_sha256=None,
    )  # fmt: skip
    roll = sample.ledger.folded(Roll)
    case = roll.case("C1")
    assert (case.traces, case.bundles) == ([trace], [made.n])
    found_trace, found = roll.trace("T1"), roll.finding("1")
    assert found_trace is not None
    assert found is not None
    assert (found_trace.id, found.entry.officer) == (trace, sample.boun.id)
    assert found.entry.body["text"] == "It was paid."
    assert not verify_ledger(sample.ledger).is_broken
    with pytest.raises(AlreadyRecorded):
        record_trace(
            sample.ledger, case=sample.case, trace=trace, provenance={}, result_sha256="a" * 64,
            by=sample.anna,
        )  # fmt: skip


def test_an_expired_basis_stops_new_work_until_it_is_renewed(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_case(
        sample.ledger, title="Short", basis=warrant(today() + timedelta(days=2)), by=sample.anna
    )
    case = opened.case_id
    assert case is not None
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)

    def work() -> None:
        trace = TraceId(new_id())
        add_exhibit(
            sample.ledger, case=case, title="x", content=CONTENT, source="x", by=sample.anna
        )
        record_trace(
            sample.ledger, case=case, trace=trace, provenance={}, result_sha256="a" * 64,
            by=sample.anna,
        )  # fmt: skip

    before = sample.ledger.head()
    with pytest.raises(LegalBasisExpired):
        work()
    with pytest.raises(LegalBasisExpired):
        open_case(sample.ledger, title="x", basis=warrant(today() - timedelta(1)), by=sample.anna)
    assert sample.ledger.head() == before
    renewed = warrant(later.date() + timedelta(days=30))
    add_basis(sample.ledger, case=case, basis=renewed, by=sample.anna)
    work()
    with pytest.raises(AlreadyRecorded):
        add_basis(sample.ledger, case=case, basis=renewed, by=sample.anna)
    assert not verify_ledger(sample.ledger).is_broken


def test_the_last_day_is_that_of_the_units_zone(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Vientiane is seven hours ahead: 16:59 UTC is still the same day there, 17:00 the next.
    last = datetime(2030, 5, 1, 16, 59, 59, tzinfo=UTC)
    basis = warrant(date(2030, 5, 1))
    monkeypatch.setattr(clock, "now", lambda: last)
    case = open_case(sample.ledger, title="x", basis=basis, by=sample.anna).case_id
    monkeypatch.setattr(clock, "now", lambda: last + timedelta(seconds=1))
    assert case is not None
    with pytest.raises(LegalBasisExpired):
        record_trace(
            sample.ledger, case=case, trace=TraceId(new_id()), provenance={},
            result_sha256="a" * 64, by=sample.anna,
        )  # fmt: skip


def leave(sample: Sample, case: CaseId) -> list[str | None]:
    """Make a bundle, a report and a disclosure; gives the day each says the basis ended."""
    made = [
        record_bundle(
            sample.ledger, case=case, analysis_sha256="a" * 64, traces=[], purpose="x",
            by=sample.anna, bundle_format="kancil-bundle/2", page_sha256=None,
        )
    ]  # fmt: skip
    for kind in ("prosecutor", "disclosure"):
        made.append(
            record_report(
                sample.ledger, case=case, kind=kind, language="en", sha256="a" * 64,
                analysis_sha256="b" * 64, certificate_sha256=None, traces=[], by=sample.anna,
            )
        )  # fmt: skip
    return [entry.body["basis_ended_on"] for entry in made]


def test_what_was_done_is_reported_and_disclosed_after_the_basis_ended_and_says_so(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = datetime(2030, 5, 1, 16, 59, 59, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: last - timedelta(days=1))
    opened = open_case(sample.ledger, title="x", basis=warrant(date(2030, 4, 30)), by=sample.anna)
    case = CaseId(str(opened.case_id))
    monkeypatch.setattr(clock, "now", lambda: last)
    add_basis(sample.ledger, case=case, basis=warrant(date(2030, 5, 1)), by=sample.anna)
    assert leave(sample, case) == [None] * 3
    monkeypatch.setattr(clock, "now", lambda: last + timedelta(seconds=1))
    assert leave(sample, case) == ["2030-05-01"] * 3
    add_basis(sample.ledger, case=case, basis=warrant(date(2030, 6, 1)), by=sample.anna)
    assert leave(sample, case) == [None] * 3
    assert not verify_ledger(sample.ledger).is_broken


def test_acquiring_needs_a_basis_that_still_runs(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis = warrant(today() + timedelta(days=2))
    case = CaseId(str(open_case(sample.ledger, title="x", basis=basis, by=sample.anna).case_id))
    seized = seize_exhibit(
        sample.ledger, case=case, title="Phone", item=Item("phone", "", "", "", ""), place="x",
        seized_at=clock.now(), seized_from="x", seized_by=sample.anna.id, by=sample.anna,
    )  # fmt: skip

    def acquire() -> Entry:
        return acquire_exhibit(
            sample.ledger, exhibit=ExhibitId(str(seized.exhibit_id)), content=CONTENT, tool="dd",
            tool_version="9", write_blocker="Acme WB1", source_digest=None, by=sample.anna,
        )  # fmt: skip

    assert acquire().body["content"]["size_bytes"] == "11"
    assert len(sample.ledger.folded(Roll).exhibit("E3").contents) == 1
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    before = sample.ledger.head()
    with pytest.raises(LegalBasisExpired):
        acquire()
    assert sample.ledger.head() == before


def test_a_case_that_is_not_there_is_not_found(sample: Sample) -> None:
    with pytest.raises(CaseNotFound):
        add_basis(sample.ledger, case=CaseId(new_id()), basis=from_text("x"), by=sample.anna)
    roll = sample.ledger.folded(Roll)
    for name in ("C2", "x", "", "E1", "\u0661"):
        with pytest.raises(CaseNotFound):
            roll.case(name)


def accepted(sample: Sample) -> str:
    entry = accept_finding(
        sample.ledger, case=sample.case, finding_class="chain-fact", code="x", params={},
        language="en", text="It was paid.", trace=None, result_sha256=None, by=sample.boun,
    )  # fmt: skip
    return str(entry.body["finding"])


def test_a_withdrawn_finding_stays_and_says_who_took_it_back_and_why(sample: Sample) -> None:
    finding = accepted(sample)
    entry = withdraw_finding(sample.ledger, finding="F1", reason="wrong row", by=sample.anna)
    assert entry.body == {"finding": finding, "reason": "wrong row"}
    assert entry.case_id == sample.case
    roll = sample.ledger.folded(Roll)
    assert roll.finding("F1") is not None
    assert [(key, taken.officer) for key, taken in roll.withdrawn.items()] == [
        (finding, sample.anna.id)
    ]
    assert not verify_ledger(sample.ledger).is_broken


def test_a_finding_is_withdrawn_once_and_only_if_it_is_there(sample: Sample) -> None:
    accepted(sample)
    with pytest.raises(FindingNotFound):
        withdraw_finding(sample.ledger, finding="F2", reason="x", by=sample.anna)
    withdraw_finding(sample.ledger, finding="F1", reason="x", by=sample.anna)
    with pytest.raises(AlreadyRecorded):
        withdraw_finding(sample.ledger, finding="F1", reason="again", by=sample.anna)
    assert len(sample.ledger.folded(Roll).withdrawn) == 1


def test_a_finding_can_be_withdrawn_after_the_legal_basis_has_expired(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CaseId(str(open_case(
        sample.ledger, title="T", basis=warrant(today() + timedelta(days=1)), by=sample.anna,
    ).case_id))  # fmt: skip
    accept_finding(
        sample.ledger, case=case, finding_class="chain-fact", code="x", params={}, language="en",
        text="It was paid.", trace=None, result_sha256=None, by=sample.anna,
    )  # fmt: skip
    later = clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(LegalBasisExpired):
        accept_finding(
            sample.ledger, case=case, finding_class="chain-fact", code="x", params={},
            language="en", text="It was.", trace=None, result_sha256=None, by=sample.anna,
        )  # fmt: skip
    withdraw_finding(sample.ledger, finding="F1", reason="x", by=sample.anna)


def test_a_report_is_recorded_in_its_case_with_its_digest(sample: Sample) -> None:
    made = record_report(
        sample.ledger, case=sample.case, kind="disclosure", language="en", sha256="a" * 64,
        analysis_sha256="b" * 64, certificate_sha256="c" * 64, traces=[], by=sample.anna,
    )  # fmt: skip
    assert sample.ledger.folded(Roll).case("C1").reports == [made.n]
    assert made.body["sha256"] == "a" * 64
    assert not verify_ledger(sample.ledger).is_broken

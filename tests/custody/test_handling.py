"""Limits of use in the ledger: set, lifted, never narrowed, and accepted by whoever verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kancil.custody.acting import ActingOfficer, OnBehalf
from kancil.custody.basis import from_text
from kancil.custody.cases import accept_finding, open_case, record_trace
from kancil.custody.errors import LimitNotFound, MistakeByAnother, OwnKeyNeeded
from kancil.custody.exhibits import DisposalOrder, dispose_exhibit, record_transfers
from kancil.custody.handling import (
    Limit,
    Limitation,
    Release,
    digests_of,
    entries_resting,
    limit_exhibit,
    limited_exhibits,
    limits_of,
    release_exhibit,
)
from kancil.custody.reported import record_decision, record_victim_amount
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground.ids import TraceId, new_id
from tests.custody.sample import CONTENT, Sample, make_sample

POLICE = Limitation(("police-channel",), "National bureau of X", "message 17 of 2026")
CONSENT = Release("police-channel", "consent", "12/2026", date(2026, 3, 9))
FILE = "b" * 64


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def limit(sample: Sample, limitation: Limitation = POLICE, by: str = "anna") -> int:
    who: ActingOfficer = getattr(sample, by)
    return limit_exhibit(sample.ledger, exhibit=sample.file, limitation=limitation, by=who).n


def release(sample: Sample, given: Release = CONSENT, by: str = "anna") -> int:
    who: ActingOfficer = getattr(sample, by)
    return release_exhibit(sample.ledger, exhibit=sample.file, release=given, by=who).n


def limits(sample: Sample) -> list[Limit]:
    return limits_of(sample.ledger.folded(Roll).exhibit(sample.file))


def test_a_limit_stands_until_it_is_lifted(sample: Sample) -> None:
    set_in = limit(sample)
    (found,) = limits(sample)
    assert (found.n, found.code, found.stated) == (set_in, "police-channel", POLICE)
    assert not found.is_lifted(sample.case)
    lifted_in = release(sample)
    (found,) = limits(sample)
    assert found.is_lifted_everywhere
    assert [(one.n, one.release) for one in found.lifted] == [(lifted_in, CONSENT)]
    (limited,) = limited_exhibits(sample.ledger.folded(Roll))
    assert limited.id == sample.file


def test_consent_for_one_case_lifts_nothing_in_another(sample: Sample) -> None:
    other = open_case(sample.ledger, title="B", basis=from_text("Court"), by=sample.anna).case_id
    assert other is not None
    limit(sample)
    release(sample, replace(CONSENT, cases=(sample.case,)))
    (found,) = limits(sample)
    assert (found.is_lifted(sample.case), found.is_lifted(other)) == (True, False)
    assert not found.is_lifted_everywhere


def test_a_limit_set_again_after_consent_stands_again(sample: Sample) -> None:
    limit(sample)
    release(sample)
    limit(sample)
    found = limits(sample)
    assert [each.is_lifted_everywhere for each in found] == [True, False]


def test_nothing_is_lifted_that_does_not_stand(sample: Sample) -> None:
    limit(sample)
    with pytest.raises(LimitNotFound):
        release(sample, replace(CONSENT, code="fiu"))
    release(sample)
    with pytest.raises(LimitNotFound):
        release(sample)


def test_a_server_lifts_nothing(sample: Sample) -> None:
    limit(sample)
    acting = replace(sample.anna, on_behalf=OnBehalf(sample.anna.id, "anna", "password"))
    with pytest.raises(OwnKeyNeeded):
        release_exhibit(sample.ledger, exhibit=sample.file, release=CONSENT, by=acting)


def test_a_mistake_is_recorded_by_another_officer(sample: Sample) -> None:
    limit(sample)
    mistake = replace(CONSENT, by="mistake", reference="the exhibit beside it was meant")
    with pytest.raises(MistakeByAnother):
        release(sample, mistake)
    release(sample, mistake, by="boun")
    (found,) = limits(sample)
    assert found.is_lifted_everywhere


def test_a_limit_outlives_the_exhibit_and_knows_its_bytes(sample: Sample) -> None:
    order = DisposalOrder("Court", "9/2026", date(2026, 3, 9), None)
    dispose_exhibit(sample.ledger, exhibit=sample.file, order=order, by=sample.anna)
    limit(sample)
    file = sample.ledger.folded(Roll).exhibit(sample.file)
    assert limits_of(file)
    assert digests_of(file) == {CONTENT.sha256, CONTENT.listing_sha256}


def test_the_ledger_verifies_and_its_limits_come_back_by_the_same_fold(sample: Sample) -> None:
    until = replace(POLICE, codes=("fiu", "confidential-until"), until=date(2026, 12, 31),
                    cases=(sample.case,), offences=("fraud",))  # fmt: skip
    limit(sample, until)
    release(sample, replace(CONSENT, code="fiu", exhibit=sample.phone))
    verdict = verify_ledger(sample.ledger)
    assert verdict.problems == []
    assert "kinds-not-known" not in {each.code for each in verdict.not_checked}
    again = Roll.of(sample.ledger.entries()).exhibit(sample.file)
    assert [each.stated for each in limits_of(again)] == [until, until]
    assert [len(each.lifted) for each in limits_of(again)] == [1, 0]


def test_what_rests_on_an_exhibit_is_found_and_nothing_else(sample: Sample) -> None:
    ledger, case, anna = sample.ledger, sample.case, sample.anna
    ids = [TraceId(new_id()), TraceId(new_id())]
    for trace, inputs in zip(ids, ([FILE], ["e" * 64]), strict=True):
        record_trace(ledger, case=case, trace=trace, provenance={"inputs": inputs},
                     result_sha256="f" * 64, by=anna)  # fmt: skip
        accept_finding(ledger, case=case, finding_class="policy-result", code="x", params={},
                       language="en", text="x", trace=trace, result_sha256="f" * 64,
                       by=anna)  # fmt: skip
    table = record_transfers(ledger, exhibit=sample.file, sha256=FILE, mapping={},
                             mapping_sha256="f" * 64, version=1, rows=1, skipped=0,
                             result_sha256="f" * 64, by=anna).n  # fmt: skip
    rows = [{"entry": table, "row": 1}, {"entry": table + 100, "row": 1}]
    party = {"kind": "iban", "value": "X", "publisher": "Bank"}
    for one in (*rows, party):
        record_decision(ledger, case=case, body={"one": one, "other": None}, by=anna)
    for row in rows:
        record_victim_amount(ledger, case=case, body={"victim": row}, by=anna)
    entries = list(ledger.case_entries(case))
    found = entries_resting(entries, frozenset({sample.file}), frozenset({FILE}))
    kinds = [each.kind for each in found]
    assert kinds == ["exhibit.added", "trace.run", "finding.accepted", "transfers.read",
                     "transfers.decided", "transfers.decided", "victims.recorded"]  # fmt: skip
    assert entries_resting(entries, frozenset(), frozenset()) == []

"""Exhibits: their way through hands, seals, courts and, under an order, to their end."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import ExhibitGone, ExhibitNotFound, OfficerRetired, ReceiptWrong
from kancil.custody.exhibits import (
    DisposalOrder,
    add_exhibit,
    deposit_exhibit,
    dispose_exhibit,
    make_receipt,
    open_exhibit,
    paper_receipt,
    return_exhibit,
    seal_exhibit,
    store_exhibit,
    transfer_exhibit,
)
from kancil.custody.officers import retire_officer
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground import clock
from kancil.ground.ids import ExhibitId, new_id
from kancil.ground.plain import plain
from kancil.ground.words import render
from tests.custody.sample import CONTENT, Sample, make_sample, new_signer


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def receipt_of(sample: Sample, **changes: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "unit": sample.unit, "exhibit": sample.phone, "giver": sample.anna.id,
        "to": sample.boun.id, "place": "Vientiane", "seal": "S-001", "at": clock.now(),
        "signer": sample.boun.signer,
    }  # fmt: skip
    return make_receipt(**{**stated, **changes})


def hand_over(sample: Sample, receipt: dict[str, Any], **changes: Any) -> None:
    stated: dict[str, Any] = {
        "exhibit": sample.phone, "to": sample.boun.id, "to_kind": "officer",
        "place": "Vientiane", "seal": "S-001", "by": sample.anna,
    }  # fmt: skip
    transfer_exhibit(sample.ledger, receipt=receipt, **{**stated, **changes})


def test_a_hand_over_is_signed_by_giver_and_receiver(sample: Sample) -> None:
    hand_over(sample, receipt_of(sample))
    exhibit = sample.ledger.folded(Roll).exhibit("E1")
    assert (exhibit.holder, exhibit.status) == (sample.boun.id, "held")
    assert not verify_ledger(sample.ledger).is_broken
    with pytest.raises(ReceiptWrong):  # Anna no longer holds it
        hand_over(sample, receipt_of(sample))


def _other_signer(sample: Sample) -> dict[str, Any]:
    return receipt_of(sample, signer=new_signer())


def _givers_own(sample: Sample) -> dict[str, Any]:
    return receipt_of(sample, signer=sample.anna.signer)


def _other_exhibit(sample: Sample) -> dict[str, Any]:
    return receipt_of(sample, exhibit=sample.file)


def _other_seal(sample: Sample) -> dict[str, Any]:
    return receipt_of(sample, seal="S-002")


def _changed_after(sample: Sample) -> dict[str, Any]:
    found = copy.deepcopy(receipt_of(sample))
    found["statement"]["at"] = "2026-01-01T00:00:00.000000Z"
    return found


def _no_signature(sample: Sample) -> dict[str, Any]:
    return {**receipt_of(sample), "signature": "%%"}


def _nothing(_sample: Sample) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    "make",
    [_other_signer, _givers_own, _other_exhibit, _other_seal, _changed_after, _no_signature,
     _nothing],
)  # fmt: skip
def test_a_receipt_that_does_not_hold_stops_the_hand_over(
    sample: Sample, make: Callable[[Sample], dict[str, Any]]
) -> None:
    before = sample.ledger.head()
    with pytest.raises(ReceiptWrong):
        hand_over(sample, make(sample))
    assert sample.ledger.head() == before


def test_a_false_receipt_written_past_the_act_is_found_by_verify(sample: Sample) -> None:
    from kancil.custody.entry import Draft

    body = {
        "from": sample.anna.id, "to": sample.boun.id, "to_kind": "officer", "place": "Vientiane",
        "seal": "S-001", "receipt": _other_signer(sample),
    }  # fmt: skip
    draft = Draft("exhibit.transferred", body, sample.anna.id, sample.case, sample.phone)
    sample.ledger.append(draft, sample.anna.signer)
    assert [p.code for p in verify_ledger(sample.ledger).problems] == ["receipt-wrong"]


def test_a_laboratory_signs_on_paper_and_gives_back(sample: Sample) -> None:
    paper = paper_receipt("e" * 64)
    hand_over(sample, paper, to="Central laboratory", to_kind="laboratory")
    assert sample.ledger.folded(Roll).exhibit("E1").status == "away"
    with pytest.raises(ReceiptWrong):  # only the receiver can record it
        hand_over(sample, paper, giver="Central laboratory", to=sample.boun.id)
    hand_over(sample, paper, giver="Central laboratory", to=sample.anna.id)
    assert sample.ledger.folded(Roll).exhibit("E1").holder == sample.anna.id
    verdict = verify_ledger(sample.ledger)
    assert not verdict.is_broken
    assert ("paper-receipts", {"count": 2}) in [(n.code, n.params) for n in verdict.not_checked]
    with pytest.raises(ReceiptWrong):
        paper_receipt("no digest")


def test_nobody_hands_over_to_a_retired_officer(sample: Sample) -> None:
    retire_officer(sample.ledger, officer=sample.boun.id, reason="x", by=sample.anna)
    with pytest.raises(OfficerRetired):
        hand_over(sample, receipt_of(sample))


def test_seals_places_and_the_court_are_followed(sample: Sample) -> None:
    by: ActingOfficer = sample.anna
    open_exhibit(
        sample.ledger, exhibit=sample.phone, place="Lab", seal="S-001", reason="imaging", by=by
    )
    assert sample.ledger.folded(Roll).exhibit("E1").seal is None
    seal_exhibit(sample.ledger, exhibit=sample.phone, seal="S-002", place="Lab", by=by)
    deposit_exhibit(
        sample.ledger, exhibit=sample.phone, to="Court", place="Court", seal="S-002", reason=None,
        by=by,
    )  # fmt: skip
    exhibit = sample.ledger.folded(Roll).exhibit("E1")
    assert (exhibit.seal, exhibit.status, exhibit.holder) == ("S-002", "deposited", "Court")
    kinds = [event.kind for event in exhibit.events]
    assert kinds[0] == "exhibit.seized"
    assert kinds[-3:] == ["exhibit.opened", "exhibit.sealed", "exhibit.deposited"]


def test_what_was_returned_is_gone(sample: Sample) -> None:
    return_exhibit(
        sample.ledger, exhibit=sample.phone, to="owner", place="Vientiane", seal=None,
        reason="case closed", by=sample.anna,
    )  # fmt: skip
    with pytest.raises(ExhibitGone):
        store_exhibit(
            sample.ledger, exhibit=sample.phone, place="x", seal=None, reason=None, by=sample.anna
        )


def test_disposal_leaves_digests_and_still_verifies(sample: Sample) -> None:
    order = DisposalOrder("Court", "9/2027", date(2027, 1, 2), "f" * 64)
    entry = dispose_exhibit(sample.ledger, exhibit=sample.file, order=order, by=sample.boun)
    assert entry.body["tombstone"] == [plain(CONTENT)]
    assert entry.body["order"]["date"] == "2027-01-02"
    roll = sample.ledger.folded(Roll)
    assert roll.exhibit("E2").status == "disposed"
    assert roll.live_contents() == []
    assert not verify_ledger(sample.ledger).is_broken
    with pytest.raises(ExhibitGone) as gone:
        dispose_exhibit(sample.ledger, exhibit=sample.file, order=order, by=sample.boun)
    said = render("error.exhibit-gone.sentence", **gone.value.params)
    assert said == "Exhibit E2 was disposed of; nothing more can be done with it."


def test_bytes_may_be_added_to_a_seized_thing(sample: Sample) -> None:
    entry = add_exhibit(
        sample.ledger, case=sample.case, title="SIM", content=CONTENT, source="reader",
        exhibit=sample.phone, by=sample.anna,
    )  # fmt: skip
    assert entry.body["number"] == 1
    assert entry.exhibit is not None
    assert entry.exhibit.n == 4
    with pytest.raises(ExhibitNotFound):
        seal_exhibit(
            sample.ledger, exhibit=ExhibitId(new_id()), seal="x", place=None, by=sample.anna
        )

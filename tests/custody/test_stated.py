"""Readings of tables and imports of prices are entries: of an exhibit, and of the unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kancil.custody.basis import LegalBasis
from kancil.custody.cases import open_case
from kancil.custody.entry import Entry
from kancil.custody.errors import ExhibitGone, ExhibitNotFound, LegalBasisExpired
from kancil.custody.exhibits import (
    DisposalOrder,
    add_exhibit,
    dispose_exhibit,
    record_transfers,
)
from kancil.custody.roll import Roll
from kancil.custody.unit import record_prices
from kancil.custody.verify import verify_ledger
from kancil.ground import clock
from kancil.ground.errors import NotCanonical
from kancil.ground.ids import BasisId, CaseId, ExhibitId, new_id
from tests.custody.sample import CONTENT, Sample, make_sample


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def read(sample: Sample, exhibit: ExhibitId, **more: Any) -> Entry:
    stated: dict[str, Any] = {
        "sha256": "b" * 64, "mapping": {"format": "kancil-mapping/1", "version": 1},
        "mapping_sha256": "c" * 64, "version": 1, "rows": 5, "skipped": 1,
        "result_sha256": "d" * 64, "by": sample.anna,
    }  # fmt: skip
    return record_transfers(sample.ledger, exhibit=exhibit, **{**stated, **more})


def test_a_reading_is_an_event_of_its_exhibit_and_keeps_the_mapping(sample: Sample) -> None:
    entry = read(sample, sample.file)
    assert (entry.kind, entry.exhibit_id, entry.case_id) == (
        "transfers.read", sample.file, sample.case,
    )  # fmt: skip
    assert entry.body["mapping"] == {"format": "kancil-mapping/1", "version": 1}
    roll = sample.ledger.folded(Roll)
    assert [each.n for each in roll.transfers] == [entry.n]
    assert roll.exhibit(sample.file).events[-1].kind == "transfers.read"
    assert roll.exhibit(sample.file).status == "held"
    assert not verify_ledger(sample.ledger).is_broken


def test_a_reading_needs_an_exhibit_that_is_here(sample: Sample) -> None:
    with pytest.raises(ExhibitNotFound):
        read(sample, ExhibitId(new_id()))
    order = DisposalOrder("Court", "9/2026", date(2026, 3, 9), None)
    dispose_exhibit(sample.ledger, exhibit=sample.file, order=order, by=sample.anna)
    with pytest.raises(ExhibitGone):
        read(sample, sample.file)


def test_a_reading_is_new_work_and_needs_a_legal_basis(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.now()
    basis = LegalBasis(
        BasisId(new_id()), "order", number="1", expires_on=today.date() + timedelta(days=2)
    )
    case = open_case(sample.ledger, title="T", basis=basis, by=sample.anna).case_id
    added = add_exhibit(
        sample.ledger, case=CaseId(str(case)), title="Table", content=CONTENT, source="x",
        by=sample.anna,
    )  # fmt: skip
    later = today.replace(year=today.year + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(LegalBasisExpired):
        read(sample, ExhibitId(str(added.exhibit_id)))


def test_a_mapping_that_cannot_be_signed_is_refused(sample: Sample) -> None:
    before = sample.ledger.head().size
    with pytest.raises(NotCanonical):
        read(sample, sample.file, mapping={"share": 0.5})
    assert sample.ledger.head().size == before


def test_an_import_of_prices_belongs_to_the_unit_and_keeps_what_was_stated(sample: Sample) -> None:
    entry = record_prices(
        sample.ledger, sha256="a" * 64, stated={"source": "invented", "zone": "UTC"},
        assets=["BTC"], currencies=["USD"], rows=2, skipped=0, by=sample.anna,
    )  # fmt: skip
    assert (entry.kind, entry.case_id, entry.exhibit_id) == ("prices.imported", None, None)
    assert entry.body["stated"]["source"] == "invented"
    assert [each.n for each in sample.ledger.folded(Roll).prices] == [entry.n]
    assert not verify_ledger(sample.ledger).is_broken

"""Acts on the directory are entries of the unit, and keep whole what an officer found right."""

from __future__ import annotations

from datetime import date

from kancil.custody.directory import record_directory, record_office
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground.plain import plain
from tests.custody.sample import make_sample
from tests.legal.directory.sample import office


def test_both_acts_are_entries_of_the_unit_and_the_ledger_verifies() -> None:
    sample = make_sample()
    stated = {
        "as_of": "2026-03-09", "entries": 1, "fingerprint": "SHA256:x", "sha256": "a" * 64,
        "unit": {"country": "TH", "id": "u", "name": "Unit"}, "version": 1,
    }  # fmt: skip
    taken = record_directory(sample.ledger, stated=stated, compared_how="read out", by=sample.anna)
    found = record_office(
        sample.ledger, what="added", office=plain(office()), on=date(2026, 3, 9), how="called",
        note="", by=sample.anna,
    )  # fmt: skip
    for entry, kind in ((taken, "directory.imported"), (found, "directory.verified")):
        assert (entry.kind, entry.case_id, entry.exhibit_id) == (kind, None, None)
    assert taken.body == {**stated, "compared_how": "read out"}
    assert found.body["office"] == plain(office())
    assert [each.n for each in sample.ledger.folded(Roll).directory] == [taken.n, found.n]
    assert verify_ledger(sample.ledger).size == found.n

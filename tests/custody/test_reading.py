"""Who read an exhibit: once a day for what is shown, each time for what leaves; nothing changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import add_basis
from kancil.custody.errors import ExhibitGone, LegalBasisExpired
from kancil.custody.exhibits import return_exhibit
from kancil.custody.reading import DOWNLOADED, VIEWED, download_exhibit, view_exhibit
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground import clock
from tests.custody.sample import Sample, make_sample

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def view(sample: Sample, sha256: str = ONE, by: ActingOfficer | None = None) -> bool:
    who = sample.anna if by is None else by
    return view_exhibit(sample.ledger, exhibit=sample.file, sha256=sha256, by=who) is not None


def download(sample: Sample, sha256: str = ONE, *, goes_on: bool = False) -> bool:
    written = download_exhibit(
        sample.ledger, exhibit=sample.file, sha256=sha256, by=sample.anna, goes_on=goes_on
    )
    return written is not None


def test_what_is_shown_is_recorded_once_for_each_person_and_day(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert view(sample)
    assert not view(sample, OTHER)
    assert view(sample, by=sample.boun)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert view(sample, OTHER)
    events = sample.ledger.folded(Roll).exhibit(sample.file).events
    assert [(each.officer, each.body["sha256"]) for each in events if each.kind == VIEWED] == [
        (sample.anna.id, ONE), (sample.boun.id, ONE), (sample.anna.id, OTHER),
    ]  # fmt: skip
    verdict = verify_ledger(sample.ledger)
    assert not verdict.is_broken
    assert not [note for note in verdict.not_checked if note.code == "kinds-not-known"]


def test_the_day_is_the_one_of_the_unit(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2096, 3, 9, 16, 59, tzinfo=UTC)  # 23:59 in the unit's zone
    monkeypatch.setattr(clock, "now", lambda: late)
    assert view(sample)
    monkeypatch.setattr(clock, "now", lambda: late + timedelta(minutes=2))
    assert view(sample)
    monkeypatch.setattr(clock, "now", lambda: late + timedelta(hours=20))
    assert not view(sample)


def test_each_download_is_recorded_and_one_that_goes_on_once_a_day(sample: Sample) -> None:
    assert [download(sample), download(sample)] == [True, True]
    assert not download(sample, goes_on=True)
    assert download(sample, OTHER, goes_on=True)
    assert not download(sample, OTHER, goes_on=True)
    kinds = [each.kind for each in sample.ledger.exhibit_entries(sample.file)]
    assert kinds.count(DOWNLOADED) == 3


def test_reading_changes_nothing_of_the_exhibit(sample: Sample) -> None:
    def state() -> tuple[object, ...]:
        found = sample.ledger.folded(Roll).exhibit(sample.file)
        return found.status, found.holder, found.seal, list(found.contents)

    before = state()
    view(sample)
    download(sample)
    assert state() == before


def test_an_exhibit_that_is_gone_and_an_ended_basis_are_refused(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kancil.custody.basis.LegalBasis.has_expired", lambda *_: True)
        for read in (view, download):
            with pytest.raises(LegalBasisExpired):
                read(sample)
    add_basis(sample.ledger, case=sample.case, basis=from_text("a new order"), by=sample.anna)
    assert view(sample)
    return_exhibit(sample.ledger, exhibit=sample.file, to="Owner", place="Door", seal=None,
                   reason=None, by=sample.anna)  # fmt: skip
    for read in (view, download):
        with pytest.raises(ExhibitGone):
            read(sample)

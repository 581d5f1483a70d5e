"""Officers and keys: who may add, end and replace whom, and what the roll then says."""

from __future__ import annotations

import pytest

from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import (
    AlreadyRecorded,
    KeyNotActive,
    LastOfficer,
    OfficerNotFound,
    OfficerRetired,
)
from kancil.custody.officers import (
    add_first_officer,
    add_officer,
    found_unit,
    recover_only_officer,
    retire_officer,
    revoke_key,
    rotate_key,
)
from kancil.custody.roll import Roll
from kancil.custody.unit import record_backup, state_disk
from kancil.custody.verify import verify_ledger
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.signing import fingerprint
from tests.custody.sample import Sample, add_colleague, founded, make_sample, new_signer


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def key(officer: ActingOfficer) -> str:
    return fingerprint(officer.signer.public_raw)


def test_the_roll_knows_officers_and_who_vouched(sample: Sample) -> None:
    roll = sample.ledger.folded(Roll)
    assert roll.unit is not None
    assert (roll.unit.name, roll.unit.zone.key) == ("Sample Cybercrime Unit", "Asia/Vientiane")
    anna, boun = roll.officer("O1"), roll.officer("2")
    assert (anna.id, anna.vouched_by) == (sample.anna.id, None)
    assert (boun.id, boun.vouched_by, boun.vouched_how) == (
        sample.boun.id, sample.anna.id, "key shown in person",
    )  # fmt: skip
    assert roll.officer("Boun Souk") is boun
    span = roll.active_key(boun.id)
    assert span is not None
    assert (span.fingerprint, span.vouched_by) == (key(sample.boun), sample.anna.id)
    with pytest.raises(OfficerNotFound):
        roll.officer("O9")


def test_a_unit_is_founded_once_with_one_first_officer(sample: Sample) -> None:
    with pytest.raises(AlreadyRecorded):
        found_unit(
            sample.ledger, name="x", country="LA", zone="UTC", unit_signer=sample.unit_signer
        )
    with pytest.raises(AlreadyRecorded):
        add_first_officer(
            sample.ledger, officer=OfficerId(new_id()), name="x", role="x",
            public_raw=new_signer().public_raw, vouched_how="x", unit_signer=sample.unit_signer,
        )  # fmt: skip


def test_an_officer_without_an_active_key_of_theirs_does_nothing(sample: Sample) -> None:
    before = sample.ledger.head()
    impostor = ActingOfficer(sample.anna.id, sample.boun.signer)
    with pytest.raises(KeyNotActive):
        record_backup(sample.ledger, sha256="a" * 64, by=impostor)
    with pytest.raises(KeyNotActive):
        record_backup(
            sample.ledger, sha256="a" * 64, by=ActingOfficer(sample.anna.id, new_signer())
        )
    with pytest.raises(OfficerNotFound):
        record_backup(
            sample.ledger, sha256="a" * 64, by=ActingOfficer(OfficerId(new_id()), new_signer())
        )
    assert sample.ledger.head() == before


def test_a_known_key_or_officer_is_not_added_again(sample: Sample) -> None:
    for officer, public_raw in (
        (sample.boun.id, new_signer().public_raw),
        (OfficerId(new_id()), sample.boun.signer.public_raw),
        (OfficerId(new_id()), sample.unit_signer.public_raw),
    ):
        with pytest.raises(AlreadyRecorded):
            add_officer(
                sample.ledger, officer=officer, name="x", role="x", public_raw=public_raw,
                vouched_how="x", by=sample.anna,
            )  # fmt: skip


def test_a_retired_officer_acts_no_more(sample: Sample) -> None:
    retire_officer(sample.ledger, officer=sample.boun.id, reason="moved", by=sample.boun)
    with pytest.raises(OfficerRetired):
        record_backup(sample.ledger, sha256="a" * 64, by=sample.boun)
    with pytest.raises(LastOfficer):
        retire_officer(sample.ledger, officer=sample.anna.id, reason="x", by=sample.anna)
    assert sample.ledger.folded(Roll).officer("O2").retired_at is not None
    assert not verify_ledger(sample.ledger).is_broken


def test_a_key_is_replaced_by_its_owner_or_vouched_for_by_another(sample: Sample) -> None:
    second, third = new_signer(), new_signer()
    rotate_key(
        sample.ledger, officer=sample.boun.id, public_raw=second.public_raw,
        replaces=key(sample.boun), reason="yearly", by=sample.boun,
    )  # fmt: skip
    with pytest.raises(KeyNotActive):
        record_backup(sample.ledger, sha256="a" * 64, by=sample.boun)
    boun = ActingOfficer(sample.boun.id, second)
    record_backup(sample.ledger, sha256="a" * 64, by=boun)
    revoke_key(
        sample.ledger,
        officer=boun.id,
        revoked=key(boun),
        cause="lost",
        reason="bag",
        by=sample.anna,
    )
    rotate_key(
        sample.ledger, officer=boun.id, public_raw=third.public_raw, replaces=key(boun),
        reason="new after loss", by=sample.anna,
    )  # fmt: skip
    record_backup(sample.ledger, sha256="b" * 64, by=ActingOfficer(boun.id, third))
    span = sample.ledger.folded(Roll).active_key(boun.id)
    assert span is not None
    assert span.vouched_by == sample.anna.id
    assert not verify_ledger(sample.ledger).is_broken


def test_a_key_that_is_not_theirs_is_not_replaced_or_revoked(sample: Sample) -> None:
    with pytest.raises(KeyNotActive):
        rotate_key(
            sample.ledger, officer=sample.boun.id, public_raw=new_signer().public_raw,
            replaces=key(sample.anna), reason="x", by=sample.anna,
        )  # fmt: skip
    with pytest.raises(KeyNotActive):
        revoke_key(
            sample.ledger, officer=sample.boun.id, revoked=key(sample.anna), cause="lost",
            reason="x", by=sample.anna,
        )  # fmt: skip


def test_the_only_officers_lost_key_is_replaced_by_the_units() -> None:
    ledger, _, unit_signer, anna = founded()
    with pytest.raises(LastOfficer):
        revoke_key(ledger, officer=anna.id, revoked=key(anna), cause="lost", reason="x", by=anna)
    new = new_signer()
    recover_only_officer(
        ledger, officer=anna.id, public_raw=new.public_raw, replaces=key(anna), reason="lost",
        unit_signer=unit_signer,
    )  # fmt: skip
    anna = ActingOfficer(anna.id, new)
    state_disk(ledger, encrypted="yes", seen="dm-crypt", exception=None, by=anna)
    assert not verify_ledger(ledger).is_broken
    span = ledger.folded(Roll).active_key(anna.id)
    assert span is not None
    assert span.vouched_by == "unit"
    add_colleague(ledger, anna, "Boun")
    with pytest.raises(LastOfficer):
        recover_only_officer(
            ledger, officer=anna.id, public_raw=new_signer().public_raw, replaces=key(anna),
            reason="x", unit_signer=unit_signer,
        )  # fmt: skip

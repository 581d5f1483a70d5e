"""The unit's own certificate: made once, recorded, sealed, renewed when it has ended."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from hypothesis import example, given
from hypothesis import strategies as st

from kancil.custody.certificate import YEARS, _make, report_key
from kancil.custody.errors import KeyFileExposed, KeyLocked
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.ground import clock
from tests.custody.sample import Sample, make_sample


@pytest.fixture
def sample() -> Sample:
    return make_sample()


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    ring = KeyRing(tmp_path / "keys")
    ring.found()
    return ring


def recorded(sample: Sample) -> list[str]:
    return [entry.body["sha256"] for entry in sample.ledger.folded(Roll).certificates]


def test_the_certificate_is_made_at_first_use_recorded_once_and_sealed(
    sample: Sample, keys: KeyRing
) -> None:
    at = clock.now()
    first = report_key(sample.ledger, keys, at=at, by=sample.anna)
    again = report_key(sample.ledger, keys, at=at, by=sample.anna)
    assert first.certificate == again.certificate
    assert recorded(sample) == [first.authority_sha256]
    assert stat.S_IMODE(keys.report_path.stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in keys.report_path.read_bytes()
    assert keys.report_path.read_bytes().count(b"PRIVATE KEY-----") == 2, "one key and no other"
    assert not verify_ledger(sample.ledger).is_broken


def test_the_ledger_holds_the_authoritys_certificate_itself(sample: Sample, keys: KeyRing) -> None:
    key = report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    (entry,) = sample.ledger.folded(Roll).certificates
    assert x509.load_pem_x509_certificate(entry.body["pem"].encode()) == key.authority
    assert "own authority" in entry.body["subject"]
    assert entry.body["not_after"] == key.authority.not_valid_after_utc.date().isoformat()


def test_its_authority_vouches_for_one_p256_key_that_may_sign_documents(
    sample: Sample, keys: KeyRing
) -> None:
    key = report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    key.certificate.verify_directly_issued_by(key.authority)
    key.authority.verify_directly_issued_by(key.authority)
    assert isinstance(key.private.curve, SECP256R1)
    usage = key.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    basic = key.authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


def test_an_interruption_between_file_and_entry_is_made_good(
    sample: Sample,
    keys: KeyRing,
) -> None:
    key = report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    other = make_sample()
    assert recorded(other) == []
    found = report_key(other.ledger, keys, at=clock.now(), by=other.anna)
    assert found.certificate == key.certificate
    assert recorded(other) == [key.authority_sha256]


def test_an_ended_certificate_is_followed_by_a_new_one_and_both_stay_recorded(
    sample: Sample, keys: KeyRing
) -> None:
    first = report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    later = clock.now() + timedelta(days=365 * YEARS + 1)
    second = report_key(sample.ledger, keys, at=later, by=sample.anna)
    assert recorded(sample) == [first.authority_sha256, second.authority_sha256]
    assert second.certificate.not_valid_after_utc > later


def test_a_file_that_others_may_read_or_that_is_spoilt_is_refused(
    sample: Sample, keys: KeyRing
) -> None:
    report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    whole = keys.report_path.read_bytes()
    keys.report_path.chmod(0o644)
    with pytest.raises(KeyFileExposed):
        report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)
    keys.report_path.chmod(0o600)
    for spoilt in (b"", whole[:200], whole.replace(b"A", b"B"), whole[: whole.rindex(b"-----BEG")]):
        keys.report_path.write_bytes(spoilt)
        with pytest.raises(KeyLocked):
            report_key(sample.ledger, keys, at=clock.now(), by=sample.anna)


@example("សំណុំរឿងឧក្រិដ្ឋកម្មបច្ចេកវិទ្យា អង្គភាពគំរូ", "KH")
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200), st.text(max_size=3)
)
def test_any_name_of_a_unit_makes_a_certificate(name: str, country: str) -> None:
    key = _make(name, country, clock.now())
    key.certificate.verify_directly_issued_by(key.authority)

"""A certificate says what was marked and when, comes back from each form, and shows any change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.ground import canonical
from kancil.ground.phrase import Phrase
from kancil.training.badges.certificate import (
    Achievement,
    Certificate,
    HashedIdentifier,
    Marked,
    MarkedKind,
    Taken,
    check_certificate,
    credential_bytes,
    credential_of,
    hashed_identifier,
    sign_certificate,
)
from kancil.training.badges.errors import (
    BadgeBroken,
    BadgeNotReadable,
    BadgeNotUsable,
    BadgeProofOther,
    BadgeTooLarge,
)
from kancil.training.badges.proof import with_proof
from kancil.training.badges.reading import MAX_BYTES, compact_text, read_certificate
from tests.training.badges.samples import BOX, HIDDEN, OTHER, certificate, signed

NO_EXPERT = "It is no qualification as an expert witness."


def test_a_credential_is_an_open_badge_of_version_3() -> None:
    found = credential_of(signed())
    assert found["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/")
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["issuer"]["id"].startswith("did:key:z6Mk")
    assert found["proof"]["verificationMethod"].startswith(found["issuer"]["id"] + "#")
    assert found["credentialSubject"]["achievement"]["version"] == "1.0"


def test_a_credential_says_that_it_is_no_qualification_as_an_expert_witness() -> None:
    found = credential_of(signed())
    assert found["description"].endswith(NO_EXPERT)
    assert found["credentialSubject"]["achievement"]["criteria"]["narrative"].endswith(NO_EXPERT)


def test_a_credential_says_what_was_marked_when_and_how_well() -> None:
    found = credential_of(signed())
    first, result = found["evidence"][0], found["credentialSubject"]["result"][0]
    assert first["name"] == "Ransom payment to an exchange"
    assert first["narrative"] == "Marked on 2026-11-26."
    assert (result["status"], result["value"]) == ("Completed", "83")


def test_marks_stand_in_it_only_with_consent() -> None:
    marked = tuple(replace(each, percent=None) for each in certificate().marked)
    found = credential_of(signed(marked=marked))
    assert all("value" not in each for each in found["credentialSubject"]["result"])
    assert read_certificate(canonical.dumps(found), "c").certificate.marked == marked


def test_an_identifier_stands_in_it_only_as_a_salted_hash() -> None:
    hidden = hashed_identifier(" STAFF-2031 ")
    assert hidden is not None
    assert hidden.fits("STAFF-2031")
    assert not hidden.fits("STAFF-2032")
    assert b"2031" not in credential_bytes(signed(identifier=hidden)).replace(
        hidden.salt.encode(), b""
    ).replace(hidden.hash.encode(), b"")
    again = hashed_identifier("STAFF-2031")
    assert again is not None
    assert again.hash != hidden.hash
    assert hashed_identifier("  ") is None


@pytest.mark.parametrize("said", [Achievement.ATTENDED, Achievement.PASSED])
def test_passing_and_attending_are_two_certificates_and_both_come_back(said: Achievement) -> None:
    passing = 60 if said is Achievement.PASSED else None
    made = signed(achievement=said, pass_percent=passing)
    found = credential_of(made)["credentialSubject"]["achievement"]
    assert ("at least 60 percent" in found["criteria"]["narrative"]) is (passing is not None)
    for text in (credential_bytes(made), compact_text(made).encode()):
        assert read_certificate(text, "c") == made
    other = Achievement.ATTENDED if said is Achievement.PASSED else Achievement.PASSED
    turned = compact_text(made).replace(f'"{said}"', f'"{other}"')
    with pytest.raises(BadgeBroken):
        read_certificate(turned.encode(), "turned")


@pytest.mark.parametrize(
    ("said", "passing"),
    [(Achievement.ATTENDED, 60), (Achievement.PASSED, None), (Achievement.PASSED, 0),
     (Achievement.PASSED, 101), (Achievement.TAKEN, 60)],
)  # fmt: skip
def test_a_pass_mark_stands_on_a_certificate_of_passing_alone(
    said: Achievement, passing: int | None
) -> None:
    with pytest.raises(BadgeNotUsable):
        signed(achievement=said, pass_percent=passing)


OLDER = Path(__file__).parents[2] / "data" / "training" / "older"


def test_certificates_of_the_first_format_verify_as_they_did() -> None:
    """Written by the program before passing was told from attending."""
    for name in ("taken.credential.json", "taken.code.txt"):
        found = read_certificate((OLDER / name).read_bytes(), name)
        assert found == signed(identifier=HIDDEN)
        assert found.certificate.achievement is Achievement.TAKEN


OTHER_PROOFS = (
    {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"},
    {"type": "Ed25519Signature2020"},
)


@pytest.mark.parametrize("proof", OTHER_PROOFS)
def test_another_form_of_proof_is_called_so_and_not_a_change(proof: dict[str, str]) -> None:
    """As W3C's own examples: VC-DI-EDDSA, appendix B.1 and B.3."""
    credential = {**credential_of(signed()), "proof": {**proof, "proofValue": "z21EVs3eXERqTn4"}}
    for each in (credential, {**credential, "proof": [credential["proof"]]}):
        with pytest.raises(BadgeProofOther):
            read_certificate(canonical.dumps(each), "other")


def test_any_changed_letter_breaks_it() -> None:
    data = credential_bytes(signed()).replace(b"Chanthavong", b"Chanthavang")
    with pytest.raises(BadgeBroken):
        read_certificate(data, "changed")
    text = compact_text(signed()).replace('"83"', '"93"')
    with pytest.raises(BadgeBroken):
        read_certificate(text.encode(), "changed")


def test_another_key_cannot_speak_in_the_boxs_name() -> None:
    document = credential_of(signed())
    del document["proof"]
    forged = with_proof(document, OTHER, "2026-11-27T09:30:00Z")
    with pytest.raises(BadgeNotReadable):
        read_certificate(canonical.dumps(forged), "forged")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("description", "Certified expert witness."),
        ("name", "Another course"),
        ("validFrom", "2026-11-28T09:30:00Z"),
        ("evidence", []),
        ("expert", "yes"),
    ],
)
def test_a_signed_credential_of_another_form_is_none_of_ours(place: str, value: Any) -> None:
    document = {**credential_of(signed()), place: value}
    del document["proof"]
    with pytest.raises(BadgeNotReadable):
        read_certificate(
            canonical.dumps(with_proof(document, BOX, "2026-11-27T09:30:00Z")), "other"
        )


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"{}", b"7", b'["kancil-certificate/2"]', b'["kancil-certificate/1"]',
        b'["kancil-certificate/1",1,2,3,4,5,6,7,8,9,10,11,12,13,14,[]]', b"\xff",
        b'{"a":1,"a":2}', b'{"proof":{}}x',
    ],
)  # fmt: skip
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(BadgeNotReadable):
        read_certificate(data, "x")


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadgeTooLarge):
        read_certificate(b"[" * (MAX_BYTES + 1), "x")


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": " Dala"},
        {"name": "two\nlines"},
        {"issuer": "x" * 121},
        {"marked": ()},
        {"marked": certificate().marked * 7},
        {"issued_at": datetime(2026, 11, 27, 9, 30)},  # noqa: DTZ001  # what is refused
        {"issued_at": datetime(2026, 11, 27, 9, 30, 0, 5, tzinfo=UTC)},
        {"id": "1"},
        {"taken": replace(certificate().taken, hours=0)},
        {"taken": replace(certificate().taken, course="Tracing Bitcoin")},
        {"taken": replace(certificate().taken, version="one, two")},
        {"taken": replace(certificate().taken, until=date(2026, 11, 22))},
        {"marked": (replace(certificate().marked[0], percent=101),)},
        {"identifier": replace(HIDDEN, salt="1")},
    ],
)
def test_what_no_certificate_may_say_is_not_signed(changed: dict[str, Any]) -> None:
    with pytest.raises(BadgeNotUsable):
        sign_certificate(certificate(**changed), BOX)


def test_a_usual_compact_text_fits_a_code_that_telephones_read() -> None:
    assert len(compact_text(signed(identifier=HIDDEN)).encode()) < 900


DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40)
NAMES = TEXTS.map(str.strip).filter(bool)
MARKS = st.builds(
    Marked, st.sampled_from(MarkedKind), NAMES, st.sampled_from(("1", "1.0", "2026-A")), DAYS,
    st.none() | st.integers(0, 100),
)  # fmt: skip


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    since = draw(DAYS)
    taken = Taken(
        draw(st.sampled_from(("a", "bitcoin-tracing", "b2-c"))), draw(NAMES), "1.0",
        draw(st.integers(1, 999)), since, since + timedelta(draw(st.integers(0, 99))),
    )  # fmt: skip
    return certificate(
        name=draw(NAMES), issuer=draw(NAMES), taken=taken,
        marked=tuple(draw(st.lists(MARKS, min_size=1, max_size=4))),
        identifier=draw(st.none() | st.just(HIDDEN)),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(certificates())
def test_each_form_gives_the_same_certificate_again(made: Certificate) -> None:
    check_certificate(made)
    found = sign_certificate(made, BOX)
    assert read_certificate(credential_bytes(found), "file") == found
    assert read_certificate(compact_text(found).encode(), "code") == found
    pretty = json.dumps(credential_of(found), indent=2).encode()
    assert read_certificate(pretty, "pretty") == found


def test_a_hash_without_its_salt_is_not_taken() -> None:
    with pytest.raises(BadgeNotUsable):
        check_certificate(certificate(identifier=HashedIdentifier("00", "00" * 16)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_certificate_saved_in_utf_16_is_refused_with_the_reason(encoding: str) -> None:
    for text in (credential_bytes(signed()).decode(), compact_text(signed())):
        with pytest.raises(BadgeNotReadable) as refused:
            read_certificate(text.encode(encoding), "dala.credential.json")
        assert refused.value.params["why"] == Phrase("why.badge-utf16")

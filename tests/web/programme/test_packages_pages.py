"""Packages on the programme's site: a key is trusted, a package imported, shown and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.ids import new_id
from kancil.ground.signing import fingerprint
from kancil.records.package import write_package
from tests.desk.packages.class_files import class_file
from tests.records.package_example import PATH, SIGNER, package
from tests.training.badges.samples import BOX
from tests.web.programme.asking import confirm, confirmed, sent, shown, words_of
from tests.web.programme.served import ProgrammeSite

KEPT = PATH.read_bytes()
KEY = fingerprint(SIGNER.public_raw)
HERE = f"/packages/{package().id}/"
TRUST = {
    "key_fingerprint": KEY, "site_name": "Unit of Laos", "site_kind": "unit",
    "site_country": "LA", "compared_how": "read aloud",
}  # fmt: skip


def bring(programme: ProgrammeSite, data: bytes = KEPT) -> str:
    file = SimpleUploadedFile("figures.kancil-package", data)
    return sent(programme, "olga", "/packages/import/", {"figures_file": file})


def trusted(programme: ProgrammeSite) -> None:
    client = confirmed(programme, "olga")
    answer: Any = client.post("/packages/keys/", TRUST, follow=True)
    assert "The key is trusted from now on." in words_of(answer)


def test_a_key_is_trusted_and_the_package_stands_by_country(programme: ProgrammeSite) -> None:
    assert "No package was imported yet" in shown(programme, "olga", "/packages/")
    refused = bring(programme)
    assert KEY in refused
    assert "Compare this fingerprint with the site by another channel" in refused
    trusted(programme)
    text = bring(programme)
    assert "30 requests were sent from 2026-01-01 to 2026-06-30; 22 have an answer" in text
    assert "hidden" in text
    assert "imported before" in bring(programme)
    listed = shown(programme, "ada", "/packages/")
    assert "Figures by country" in listed
    assert "Lao" in listed
    back = programme.client("ada").get(f"{HERE}file/")
    assert back.getvalue() == KEPT
    assert "imported a package of figures" in shown(programme, "olga", "/record/")


def test_what_is_superseded_or_withdrawn_is_shown_as_such(programme: ProgrammeSite) -> None:
    trusted(programme)
    bring(programme)
    newer = replace(package(), id=new_id(), supersedes=package().id,
                    made_at=package().review.at)  # fmt: skip
    bring(programme, write_package(newer, SIGNER))
    assert "has superseded this one" in shown(programme, "olga", HERE)
    there = f"/packages/{newer.id}/"
    text = sent(programme, "olga", there, {"package_reason": "The unit counted twice."})
    assert "This package was withdrawn." in text
    assert "The unit counted twice." in text
    listed = shown(programme, "olga", "/packages/")
    assert "Superseded and withdrawn packages" in listed
    assert "Figures by country" not in listed


def test_a_bad_file_is_one_sentence_and_changes_nothing(programme: ProgrammeSite) -> None:
    trusted(programme)
    assert "is not the package that was signed" in bring(programme, KEPT.replace(b"30", b"31", 1))
    assert "cannot be read as a package" in bring(programme, b"PK\x03\x04")
    assert "larger than" in bring(programme, b"x" * 1_100_000)
    assert "No package was imported yet" in shown(programme, "olga", "/packages/")
    shown(programme, "olga", HERE, 404)
    shown(programme, "don", "/packages/", 403)


def test_a_key_is_ended_by_ticking_it(programme: ProgrammeSite) -> None:
    trusted(programme)
    client = programme.client("olga")
    confirm(client)
    given = {"do": "end", "fingerprint": [KEY]}
    assert "Keys that ended" in words_of(client.post("/packages/keys/", given, follow=True))
    assert KEY in bring(programme)


def test_a_class_of_a_classroom_is_shown_as_counts(programme: ProgrammeSite) -> None:
    client = confirmed(programme, "olga")
    key = fingerprint(BOX.public_raw)
    given = {**TRUST, "key_fingerprint": key, "site_name": "Box", "site_kind": "classroom"}
    client.post("/packages/keys/", given, follow=True)
    text = bring(programme, class_file(1))
    assert "20 people took part in the class from 2026-11-23 to 2026-11-27, and 12 were" in text
    for said in ("Trainees by country", "Ransom payment to an exchange", "Normalised gain", "0.63"):
        assert said in text
    listed = shown(programme, "olga", "/packages/")
    assert "Classes" in listed
    assert "Figures by country" not in listed

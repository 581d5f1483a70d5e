"""Accounts, keys of colleagues, and the record of the site."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.signedfile import PUBLIC_KEY_FORMAT, write_signed
from kancil.ground.signing import fingerprint
from tests.web.programme.asking import confirmed, words_of
from tests.web.programme.served import ProgrammeSite

NEW = {"username": "gil", "person_name": "Gil <script>alert(1)</script>", "role": "focal-point"}
PAGES = ("/people/", "/people/new/", "/record/")


@pytest.mark.parametrize("name", ["lea", "ann", "rex", "fay", "don", "out"])
def test_accounts_and_record_are_for_those_who_keep_the_site(
    programme: ProgrammeSite, name: str
) -> None:
    client = confirmed(programme, name)
    number = programme.people["ann"].pk
    for page in (*PAGES, f"/people/{number}/"):
        assert client.get(page).status_code == 403, page
    assert client.post("/people/new/", NEW).status_code == 403
    for act in ("ended", "password", "countries"):
        given = {"account_reason": "why", "given_countries": ["XBO"]}
        assert client.post(f"/people/{number}/{act}/", given).status_code == 403


def test_an_account_is_added_and_its_password_shown_once(programme: ProgrammeSite) -> None:
    client = confirmed(programme, "olga")
    answer = client.post("/people/new/", {**NEW, "given_countries": ["XBO", "XCE"]})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    password = re.findall(r'class="id">((?:[a-z0-9]{5}-){3}[a-z0-9]{5})<', page)
    assert len(password) == 1
    from kancil.desk.people.models import Person

    gil = Person.objects.get(username="gil")
    assert gil.check_password(password[0])
    assert gil.must_change_password
    there = f"/people/{gil.pk}/"
    page = client.get(there).content.decode()
    assert password[0] not in page
    assert "Bola, Cera" in page
    assert client.post(there + "countries/", {"given_countries": ["XKA"]}).status_code == 302
    assert "Kasa" in words_of(client.get(there))
    assert "Bola, Cera" not in words_of(client.get(there))
    assert client.post(there + "countries/", {"given_countries": ["XQQ"]}).status_code == 200
    assert client.post(there + "ended/", {"account_reason": ""}).status_code == 200
    assert client.post(there + "ended/", {"account_reason": "left us"}).status_code == 302
    assert not Person.objects.get(pk=gil.pk).is_active
    text = words_of(client.get(there))
    assert "left us" in text
    assert "Restore this account" in text
    assert client.post(there + "brought-back/", {"account_reason": "back"}).status_code == 302
    answer = client.post(there + "password/", {"account_reason": "forgot it"})
    assert "This password is shown only once" in words_of(answer)
    assert client.post(there + "nothing/", {"account_reason": "x"}).status_code == 404
    assert client.get("/people/99999/").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "ANN"}, "ANN"),
        ({"username": ""}, "This must be filled in."),
        ({"username": "x" * 61}, "60"),
        ({"role": "officer"}, "Choose one of the options."),
        ({"role": "administrator"}, "Choose one of the options."),
        ({"role": "assessor", "given_countries": ["XBO"]}, "Only a focal point or a donor reader"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_what_was_typed_stays(
    programme: ProgrammeSite, change: dict[str, Any], said: str
) -> None:
    answer = confirmed(programme, "olga").post("/people/new/", {**NEW, **change})
    assert answer.status_code == 200
    assert said in words_of(answer)
    assert 'value="Gil &lt;script&gt;' in answer.content.decode()


def test_only_an_administrator_changes_one(programme: ProgrammeSite) -> None:
    ada = programme.people["ada"].pk
    olga = confirmed(programme, "olga")
    assert "End this account" not in words_of(olga.get(f"/people/{ada}/"))
    answer = olga.post(f"/people/{ada}/ended/", {"account_reason": "why"})
    assert "not" in words_of(answer)
    from kancil.desk.people.models import Person

    assert Person.objects.get(pk=ada).is_active
    # the last administrator stays
    answer = confirmed(programme, "ada").post(f"/people/{ada}/ended/", {"account_reason": "why"})
    assert answer.status_code == 200
    assert Person.objects.get(pk=ada).is_active


def test_whoever_has_not_shown_themselves_is_asked_first_and_keeps_what_they_typed(
    programme: ProgrammeSite,
) -> None:
    client = programme.client("olga")
    answer = client.post("/people/new/", {**NEW, "given_countries": ["XBO", "XCE"]})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/")
    page = client.get("/people/new/").content.decode()
    assert 'value="gil"' in page
    assert page.count("checked") == 2
    number = programme.people["ann"].pk
    answer = client.post(f"/people/{number}/ended/", {"account_reason": "why"})
    assert answer.headers["Location"].startswith("/account/confirm/")
    from kancil.desk.people.models import Person

    assert Person.objects.get(pk=number).is_active
    number = programme.people["fay"].pk
    client.post(f"/people/{number}/password/", {"account_reason": "forgot it"})
    page = client.get(f"/people/{number}/").content.decode()
    assert "forgot it" in page
    assert page.count("checked") == 1, "Fay's country: sent without it, Fay would lose it"


def key_file(name: str = "key") -> tuple[SimpleUploadedFile, str]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kancil.ground.signing import MemorySigner

    signer = MemorySigner(Ed25519PrivateKey.generate())
    content = write_signed({"format": PUBLIC_KEY_FORMAT, "name": "Ann"}, signer)
    return SimpleUploadedFile(name, content), fingerprint(signer.public_raw)


def test_a_key_is_known_once_its_fingerprint_was_compared(programme: ProgrammeSite) -> None:
    lea = confirmed(programme, "lea")
    file, name = key_file()
    given = {
        "key_owner": str(programme.people["ann"].pk), "compared_how": "by <i>telephone</i>",
    }  # fmt: skip
    answer = lea.post("/keys/", {**given, "key_file": file, "key_fingerprint": "SHA256:other"})
    assert "It is not the fingerprint of this key." in words_of(answer)
    assert "SHA256:other" in answer.content.decode()
    file.seek(0)
    assert (
        lea.post("/keys/", {**given, "key_file": file, "key_fingerprint": name}).status_code == 302
    )
    page = lea.get("/keys/").content.decode()
    assert name in page
    assert "by &lt;i&gt;telephone" in page
    assert lea.post("/keys/", {"do": "end", "fingerprint": ["SHA256:none"]}).status_code == 403
    assert lea.post("/keys/", {"do": "end", "fingerprint": [name]}).status_code == 302
    text = words_of(lea.get("/keys/"))
    assert "Ended keys" in text
    assert "No key yet" in text
    for other in ("ann", "rex", "fay", "don"):
        assert programme.client(other).get("/keys/").status_code == 403


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff" * 30_000, base64.b64encode(b"x" * 32)])
def test_a_file_that_is_no_key_is_refused_in_words(
    programme: ProgrammeSite, content: bytes
) -> None:
    file = SimpleUploadedFile("<b>key", content)
    given = {"key_owner": str(programme.people["ann"].pk), "key_fingerprint": "SHA256:x"}
    answer = confirmed(programme, "olga").post(
        "/keys/", {**given, "compared_how": "aloud", "key_file": file}
    )
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "notice danger" in answer.content.decode()
    assert 'value="aloud"' in answer.content.decode()


def test_a_key_file_is_asked_for_again_after_they_showed_who_they_are(
    programme: ProgrammeSite,
) -> None:
    file, name = key_file()
    client = programme.client("olga")
    given = {"key_owner": str(programme.people["ann"].pk), "compared_how": "aloud"}
    answer = client.post("/keys/", {**given, "key_file": file, "key_fingerprint": name})
    assert answer.headers["Location"].startswith("/account/confirm/")
    assert 'value="aloud"' in client.get("/keys/").content.decode()


def test_the_record_of_the_site_tells_an_administrator_nothing_of_rounds(
    programme: ProgrammeSite,
) -> None:
    ada = words_of(programme.client("ada").get("/record/"))
    assert "Account added" in ada
    assert "Country added" in ada
    for word in ("Answer given", "Round opened", "Statute extract", "Body added", "Interview"):
        assert word not in ada
    olga = words_of(programme.client("olga").get("/record/"))
    assert "Interview recorded" not in olga
    assert "Older entries" in olga

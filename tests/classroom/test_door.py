"""The door of a classroom: the certificate to trust, the join code, and what is counted there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.test import override_settings

from kancil.custody.keys import KeyRing
from kancil.custody.site_certificate import AUTHORITY_FILE, site_authority, site_certificate
from kancil.desk.base.opening import open_desk
from kancil.ground.clock import now
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "a long enough passphrase 7"


@pytest.fixture
def at_door(room: Unit) -> Iterator[Client]:
    """A browser in which nobody is signed in, at a classroom that is served."""
    room.ask("serve", "--prepare")
    open_desk(open_workspace(room.root))
    from django.test import Client

    cache.clear()
    with override_settings(ROOT_URLCONF="kancil.web.sites.classroom"):
        yield Client(headers={"host": "localhost"})
    cache.clear()


def _authority(room: Unit) -> x509.Certificate:
    keys = KeyRing(room.root / "keys")
    found = site_authority(site_certificate(keys, ["box.local"], at=now()))
    (room.root / AUTHORITY_FILE).write_bytes(found.public_bytes(Encoding.PEM))
    return found


def test_the_certificate_is_handed_out_before_sign_in(room: Unit, at_door: Client) -> None:
    found = _authority(room)
    page = at_door.get("/ca/")
    assert page.status_code == 200
    text = page.content.decode("utf-8")
    assert found.fingerprint(SHA256()).hex(":").upper() in text
    assert "Ask the trainer to read the fingerprint out" in text
    file = at_door.get("/ca/kancil-classroom.crt")
    assert file["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(file.content) == found


def test_without_an_own_certificate_there_is_none_to_trust(at_door: Client) -> None:
    assert "There is no certificate to trust" in at_door.get("/ca/").content.decode("utf-8")
    assert at_door.get("/ca/kancil-classroom.crt").status_code == 404


def test_the_sign_in_page_leads_to_both(at_door: Client) -> None:
    text = at_door.get("/sign-in/").content.decode("utf-8")
    assert 'href="/join/"' in text
    assert 'href="/ca/"' in text


def _class() -> Any:
    from kancil.desk.people.models import Person
    from kancil.desk.training.models import TrainingClass

    by = Person.objects.get(username="admin")
    today = now().date()
    return TrainingClass.objects.create(
        title="Class", join_code="ABCD2345", begins_on=today, ends_on=today, recipients="",
        opened_by=by, opened_at=now(),
    )  # fmt: skip


def _join(client: Client, code: str, username: str = "dara", **changed: str) -> Any:
    given = {"join_code": code, "person_name": "Dara (invented)", "username": username,
             "password1": PASSWORD, "password2": PASSWORD, **changed}  # fmt: skip
    return client.post("/join/", given)


def test_a_trainee_joins_by_the_code_and_signs_in(room: Unit, at_door: Client) -> None:
    _class()
    assert 'value="ABCD2345"' in at_door.get("/join/?code=ABCD2345").content.decode("utf-8")
    answer = _join(at_door, "abcd-2345")
    assert answer.status_code == 302, answer.content.decode("utf-8")
    assert answer["Location"] == "/training/next/", "joining signs in"
    assert at_door.get("/").status_code == 200
    from kancil.desk.people.models import Person

    made = Person.objects.get(username="dara")
    assert (made.role, made.needs_second_factor, made.must_change_password) == (
        "trainee", False, False,
    )  # fmt: skip
    assert at_door.get("/join/")["Location"] == "/"
    at_door.logout()
    came = at_door.post("/sign-in/", {"login": "dara", "password": PASSWORD})
    assert came.status_code == 302, came.content.decode("utf-8")
    assert at_door.get("/join/")["Location"] == "/"
    entries = room.ask("verify", room.root)
    assert entries["troubles"] == []


def test_what_does_not_fit_is_said_at_its_field(at_door: Client) -> None:
    _class()
    said = {
        "wrong code": _join(at_door, "ZZZZ9999"),
        "differ": _join(at_door, "ABCD2345", password2="another passphrase 7"),
        "short": _join(at_door, "ABCD2345", password1="short", password2="short"),
        "taken": _join(at_door, "ABCD2345", username="admin"),
    }
    from kancil.desk.people.models import Person

    for name, answer in said.items():
        assert answer.status_code == 200, name
        assert 'aria-invalid="true"' in answer.content.decode("utf-8"), name
    assert not Person.objects.filter(role="trainee").exists()


def test_wrong_codes_of_one_address_are_counted(at_door: Client) -> None:
    _class()
    for _ in range(10):
        assert "Too many tries" not in _join(at_door, "ZZZZ9999").content.decode("utf-8")
    assert "Too many tries" in _join(at_door, "ABCD2345").content.decode("utf-8")


def test_a_code_is_typed_where_it_cannot_be_scanned(at_door: Client) -> None:
    asked = at_door.get("/join/").content.decode("utf-8")
    assert 'name="join_code"' in asked
    assert "password1" not in asked
    _class()
    led = at_door.get("/join/", {"join_code": "abcd 2345"}).content.decode("utf-8")
    assert 'name="password1"' in led, "the form's own address leads on"


def test_a_wrong_code_is_refused_before_anything_else_is_asked_and_is_counted(
    at_door: Client,
) -> None:
    _class()
    for _ in range(10):
        told = at_door.get("/join/", {"code": "ZZZZ9999"}).content.decode("utf-8")
        assert 'aria-invalid="true"' in told
        assert "password1" not in told
    told = at_door.get("/join/", {"code": "ABCD2345"}).content.decode("utf-8")
    assert "Too many tries" in told


def test_only_a_classroom_is_served_to_a_room(unit: Unit, room: Unit, tmp_path: Path) -> None:
    assert unit.refused("serve", "--classroom", "--name", "box.local")["code"] == (
        "option-not-usable"
    )
    assert room.refused("serve", "--classroom")["code"] == "option-missing"
    made = room.ask("serve", "--classroom", "--name", "box.local", "--prepare")
    assert made["url"].startswith("https://box.local:")
    path = room.root / AUTHORITY_FILE
    found = x509.load_pem_x509_certificate(path.read_bytes())
    assert made["authority"]["fingerprint"] == found.fingerprint(SHA256()).hex()
    plain = room.ask("serve", "--prepare")
    assert plain["url"].startswith("http://localhost:")
    assert tmp_path.is_dir()

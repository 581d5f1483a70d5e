"""The site on either database: a character that no column holds, a database that goes away."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from kancil.desk.base import settings as desk_settings
from kancil.desk.base.opening import close_desk, open_desk
from kancil.desk.people.models import Person
from tests.desk.desks import Desk, Maker
from tests.desk.test_backup import filled
from tests.desk.test_locks import head_held

NUL = [
    ("GET", "/cases/%00/", {}),
    ("GET", "/cases/1/exhibits/%00/", {}),
    ("GET", "/find/", {"q": "a\x00b"}),
    ("GET", "/find/", {"q": "a\x00" + "b" * 62}),
    ("GET", "/find/", {"\x00": "b"}),
    ("POST", "/people/new/", {"username": "a\x00", "person_name": "b", "role": "officer"}),
    ("POST", "/people/1/%00/", {}),
    ("POST", "/cases/new/", {"title": "a\x00b"}),
    ("POST", "/sign-in/", {"login": "a\x00b", "password": "p"}),
]


def client_of(name: str | None = None) -> Client:
    cache.clear()
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if name is not None:
        person = Person.objects.get(username=name)
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_nul_anywhere_is_one_sentence_and_never_a_fault(desk: Desk) -> None:
    filled(desk)
    Person.objects.filter(username="anna").update(role="administrator")
    for name in ("anna", None):
        client = client_of(name)
        for method, address, given in NUL:
            answer = client.generic(method, address) if not given else (
                client.get(address, given) if method == "GET" else client.post(address, given)
            )  # fmt: skip
            assert answer.status_code == 400, (method, address, given)
            assert b"the character NUL" in answer.content
    assert Person.objects.count() == 2


@pytest.mark.thorough
def test_a_database_that_went_away_is_a_page_with_a_sentence(maker: Maker, tmp_path: Path) -> None:
    desk = maker.make("postgresql", tmp_path / "unit")
    filled(desk)
    client = client_of("anna")
    assert client.get("/").status_code == 200
    maker.drop(desk.url)
    desk.open()
    for address in ("/", "/cases/1/", "/sign-in/"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert b"DATABASE_URL" in answer.content
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    close_desk()


def test_a_case_is_not_entered_while_another_process_holds_the_desk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(desk)
    client = client_of("anna")
    monkeypatch.setattr(desk_settings, "BUSY_SECONDS", 1)
    open_desk(desk.workspace, desk.url)
    with head_held(desk):
        answer = client.get("/cases/1/")
        assert answer.status_code == 503
        assert b"has kept the database busy" in answer.content
    assert client.get("/cases/1/").status_code == 200

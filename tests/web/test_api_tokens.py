"""The page of tokens: one is made with the password at hand, shown once, listed, and ended."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.running import Unit
from tests.web.api_unit import Api, api_of

if TYPE_CHECKING:
    from django.test import Client

SHOWN = re.compile(r"kancil_[A-Za-z0-9_-]{43}")
FORM = {"token_name": "Nightly export", "token_scope": "write", "token_days": 90}


@pytest.fixture
def api(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Api:
    return api_of(sample, tmp_path_factory.mktemp("tokens"))


def signed_in(api: Api, who: str) -> Client:
    """A browser in which that person typed their password just now."""
    client = api.site.client(who)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(api.site.people[who].pk)
    session.save()
    return client


def stored(**wanted: Any) -> Any:
    from kancil.desk.people.models import Token

    return Token.objects.filter(**wanted)


def test_a_token_is_shown_once_and_only_its_digest_is_stored(api: Api) -> None:
    client = signed_in(api, "officer")
    made = client.post("/account/tokens/", FORM).content.decode()
    secret = SHOWN.findall(made)[0]
    assert api.ask("get", "/cases/C1", secret).status == 200
    assert not SHOWN.findall(client.get("/account/tokens/").content.decode())
    row = stored(name="Nightly export").get()
    assert row.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(row))
    assert (row.expires_at - row.made_at).days == 90
    assert row.last_used_at is not None


def test_making_a_token_asks_for_the_password_again(api: Api) -> None:
    before = stored().count()
    answer = api.site.client("officer").post("/account/tokens/", FORM)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/")
    assert stored().count() == before


def test_with_the_password_typed_again_the_token_is_made_after_all(api: Api) -> None:
    person = api.site.add("typist", "officer")
    person.set_password("a long enough password")
    person.save()
    client = api.site.client("typist")
    asked = client.post("/account/tokens/", FORM)
    wrong = client.post(asked.headers["Location"], {"password": "not this one at all"})
    assert wrong.status_code == 200
    right = client.post(asked.headers["Location"], {"password": "a long enough password"})
    back = client.get(right.headers["Location"]).content.decode()
    assert 'value="Nightly export"' in back, "what was typed is there again"
    assert stored(person=person).count() == 0
    assert SHOWN.findall(client.post("/account/tokens/", FORM).content.decode())


def test_a_token_lives_ninety_days_at_the_most_and_a_readers_only_reads(api: Api) -> None:
    before = stored().count()
    officer, reader = signed_in(api, "officer"), signed_in(api, "reader")
    for wrong in ({"token_days": 91}, {"token_days": 0}, {"token_name": ""}, {"token_scope": "x"}):
        assert not SHOWN.findall(officer.post("/account/tokens/", FORM | wrong).content.decode())
    assert not SHOWN.findall(reader.post("/account/tokens/", FORM).content.decode())
    assert stored().count() == before
    shown = reader.post("/account/tokens/", FORM | {"token_scope": "read"}).content.decode()
    assert SHOWN.findall(shown)


def test_only_the_owner_of_a_token_ends_it(api: Api) -> None:
    secret = api.token("examiner")
    row = stored(person=api.site.people["examiner"])[0]
    other = api.site.client("officer").post("/account/tokens/end/", {"token": row.id})
    assert other.status_code == 404
    assert api.ask("get", "/cases", secret).status == 200
    client = api.site.client("examiner")
    assert client.post("/account/tokens/end/", {"token": row.id}).status_code == 302
    assert api.ask("get", "/cases", secret).status == 401
    assert client.post("/account/tokens/end/", {"token": row.id}).status_code == 404
    assert "ended" in client.get("/account/tokens/").content.decode()


def test_the_page_shows_nobody_elses_tokens(api: Api) -> None:
    signed_in(api, "supervisor").post("/account/tokens/", FORM | {"token_name": "Hers alone"})
    assert "Hers alone" in api.site.client("supervisor").get("/account/tokens/").content.decode()
    for who in ("officer", "administrator", "outsider"):
        assert "Hers alone" not in api.site.client(who).get("/account/tokens/").content.decode()


def test_a_token_made_and_ended_is_in_the_ledger_with_its_name_alone(api: Api) -> None:
    client = signed_in(api, "administrator")
    before = api.site.ledger.head().size
    name = "For the registry"
    secret = SHOWN.findall(
        client.post("/account/tokens/", FORM | {"token_name": name}).content.decode()
    )[0]
    row = stored(name=name).get()
    assert client.post("/account/tokens/end/", {"token": row.id}).status_code == 302
    assert client.post("/account/tokens/end/", {"token": row.id}).status_code == 404
    made, ended = api.site.ledger.entries(before + 1)
    for entry, change in ((made, "token-made"), (ended, "token-ended")):
        assert (entry.kind, entry.body["change"]) == ("account.changed", change)
        assert (entry.body["account"], entry.body["reason"]) == ("administrator", name)
        assert secret.encode() not in entry.data
        assert row.sha256.encode() not in entry.data
    assert "Token for a program made" in client.get("/audit/").content.decode()


def test_a_token_made_and_ended_is_logged_without_the_secret(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    logger = logging.getLogger("kancil.access")
    logger.addHandler(caplog.handler)
    try:
        secret = api.token("officer")
        row = stored(person=api.site.people["officer"])[0]
        api.site.client("officer").post("/account/tokens/end/", {"token": row.id})
    finally:
        logger.removeHandler(caplog.handler)
    assert f"officer made the token {row.id}" in caplog.text
    assert f"officer ended the token {row.id}" in caplog.text
    assert secret not in caplog.text

"""Whoever reads the table of sessions cannot sign in with it, on either site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit
from tests.web.programme.conftest import sample_programme
from tests.web.programme.served import copied, opened
from tests.web.site import Site, site_of

__all__ = ["sample", "sample_programme", "unit"]


@pytest.fixture
def site(unit: Unit) -> Site:
    """A copy of the sample unit, served."""
    return site_of(unit)


def stored() -> list[str]:
    """Read the keys that a copy of the database holds."""
    from django.contrib.sessions.models import Session

    return list(Session.objects.values_list("session_key", flat=True))


def pages_of(key: str) -> int:
    """Ask for the first page with a session's key; gives the answer's status."""
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = key
    return client.get("/").status_code


def test_the_table_holds_no_key_that_opens_a_session(site: Site) -> None:
    client = site.client("administrator")
    cookie = client.cookies["sessionid"].value
    assert client.get("/").status_code == pages_of(cookie) == 200
    assert len(stored()) == 1
    assert cookie not in stored()
    assert [pages_of(key) for key in stored()] == [302]


def test_nor_does_the_programmes(sample_programme: Path, tmp_path: Path) -> None:
    with opened(copied(sample_programme, tmp_path)) as programme:
        cookie = programme.client("olga").cookies["sessionid"].value
        assert pages_of(cookie) == 200
        assert cookie not in stored()
        assert [pages_of(key) for key in stored()] == [302] * len(stored()) != []


def test_a_session_is_renewed_ended_and_ended_by_others(site: Site) -> None:
    from kancil.desk.people.actions import end_sessions
    from kancil.desk.people.queries import session_keys_of
    from kancil.desk.people.sessions import SessionStore, stored_key

    person = site.people["officer"]
    client = site.client("officer")
    session = SessionStore(client.cookies["sessionid"].value)
    assert session.exists(client.cookies["sessionid"].value)
    session.cycle_key()
    session.save()
    assert pages_of(client.cookies["sessionid"].value) == 302
    assert pages_of(str(session.session_key)) == 200
    assert session_keys_of(person) == [stored_key(str(session.session_key))]
    end_sessions(person)
    assert pages_of(str(session.session_key)) == 302

    again = site.client("officer")
    SessionStore(again.cookies["sessionid"].value).delete()
    assert session_keys_of(person) == []

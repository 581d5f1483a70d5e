"""Accounts by command: the acts of the site's pages, and the same entries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import Unit, run
from tests.web.signing import confirm, with_key
from tests.web.site import Site, site_of


@pytest.fixture
def site(unit: Unit) -> Site:
    """A copy of the sample unit, served, with an administrator who has a password."""
    found = site_of(unit)
    with_key(found, "administrator")
    return found


def last(site: Site, kind: str) -> Any:
    *_, found = site.entries(kind)
    return found


def said(body: dict[str, Any], *apart: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("on_behalf", *apart)}


def test_an_account_by_command_is_the_entry_of_the_site_signed_by_who_acts(site: Site) -> None:
    unit = site.unit
    made = unit.ask("person", "add", "dara", "--name", "Dara", "--role", "examiner")
    by_command = last(site, "account.added")
    client = site.client("administrator")
    confirm(client)
    given = {"username": "noy", "person_name": "Dara", "role": "examiner"}
    assert client.post("/people/new/", given).status_code == 200
    on_site = last(site, "account.added")
    assert said(by_command.body, "account") == said(on_site.body, "account")
    assert (by_command.body["account"], on_site.body["account"]) == ("dara", "noy")
    assert by_command.on_behalf is None
    assert by_command.officer == site.by.id
    assert made["password"] not in by_command.data.decode()
    officer = unit.ask("officer", "list")[1]["id"]
    unit.say("person", "add", "boun", "--name", "Boun", "--role", "officer", "--officer", "O2")
    assert last(site, "account.added").body["officer"] == officer


def test_a_new_password_by_command_is_the_entry_of_the_site_and_ends_sign_ins(site: Site) -> None:
    signed_in = site.client("examiner")
    assert signed_in.get("/").status_code == 200
    words = ("person", "password", "examiner", "--reason", "forgotten")
    made = site.unit.ask(*words)
    by_command = last(site, "account.changed")
    assert signed_in.get("/").status_code == 302, "the examiner's browsers are signed out"
    assert made["password"] not in by_command.data.decode()
    client = site.client("administrator")
    confirm(client)
    number = site.people["examiner"].pk
    answer = client.post(f"/people/{number}/password/", {"reason_of_act": "forgotten"})
    assert answer.status_code == 200
    assert said(by_command.body) == said(last(site, "account.changed").body)
    assert by_command.officer == site.by.id


def test_nothing_is_changed_where_nobody_acts_or_no_reason_is_given(site: Site) -> None:
    before = site.ledger.head().size
    nobody = {"KANCIL_HOME": str(site.unit.root)}
    for words in (
        ("person", "add", "dara", "--name", "Dara", "--role", "reader"),
        ("person", "password", "examiner", "--reason", "x"),
    ):
        assert run(*words, env=nobody).status != 0, words
    assert run("person", "password", "examiner", env=site.unit.env("O1")).status == 2
    refused = site.unit.refused("person", "password", "examiner", "--reason", "  ")
    assert refused["code"] == "option-missing"
    assert site.ledger.head().size == before
    from kancil.desk.people.queries import find_person

    assert find_person("dara") is None


def test_the_first_administrator_is_in_the_ledger(unit: Unit) -> None:
    made = unit.ask("serve", "--prepare")["administrator"]
    entries = unit.ask("ledger", "export", "-o", unit.root.parent / "entries.jsonl")
    assert entries
    text = (unit.root.parent / "entries.jsonl").read_text("utf-8")
    assert '"account.added"' in text
    assert f'"account":"{made["name"]}"' in text.replace("\\", "")
    assert made["password"] not in text

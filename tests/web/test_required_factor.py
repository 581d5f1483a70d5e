"""An administrator of a unit needs a second factor, from the first sign-in on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.codes import code_now
from tests.web.site import Site, site_of

OWN = "seven horses in the rain"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file."""
    return site_of(copied(sample, tmp_path_factory.mktemp("factor")))


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    """Begin each test with nothing counted."""
    from django.core.cache import cache

    cache.clear()


def test_a_new_administrator_sets_up_a_second_factor_before_any_page_opens(site: Site) -> None:
    from django.test import Client

    from kancil.desk.access.actions import admit_person
    from kancil.desk.people.queries import Role, lacks_second_factor
    from kancil.web.page import PAGES
    from tests.web.test_permissions import address

    person, password = admit_person(
        site.ledger, username="boss", name="Boss", role=Role.ADMINISTRATOR, by=site.by
    )
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/", {"login": "boss", "password": password}).status_code == 302
    assert client.get("/").headers["Location"] == "/account/password/"
    given = {"oldpassword": password, "password1": OWN, "password2": OWN}
    assert client.post("/account/password/", given).status_code == 302
    own = {"people", "person_new", "person", "second_factors", "audit", "audit_sign_ins", "home"}
    asked = [page for page in PAGES if page.name in own]
    assert len(asked) == len(own)
    for page in asked:
        answer = client.get(address(page))
        assert answer.headers["Location"] == "/account/factors/", page.name
    assert client.post("/people/new/", {"username": "x"}).headers["Location"] == "/account/factors/"
    assert "requires a second factor" in client.get("/account/factors/").content.decode()
    assert lacks_second_factor(person)
    to_confirm = client.get("/account/code/on/").headers["Location"]
    assert to_confirm.startswith("/account/confirm/")
    assert client.post(to_confirm, {"password": OWN}).status_code == 302
    shown = client.get("/account/code/on/").content.decode()
    found = re.search(r'data-copy="([A-Z2-7]+)"', shown)
    assert found is not None
    code = code_now(found[1])
    assert client.post("/account/code/on/", {"code": code}).status_code == 302
    assert not lacks_second_factor(person)
    assert client.get("/people/").status_code == 200


def test_whoever_becomes_an_administrator_needs_one_and_no_longer_when_it_ends(
    site: Site,
) -> None:
    from kancil.desk.access.actions import change_role
    from kancil.desk.people.queries import Role

    person = site.people["examiner"]
    for role, is_needed in ((Role.ADMINISTRATOR, True), (Role.EXAMINER, False)):
        change_role(site.ledger, person, role=role, reason="test", by=site.by)
        person.refresh_from_db()
        assert person.needs_second_factor is is_needed


def test_what_a_supervisor_requires_never_leaves_administrators_out(site: Site) -> None:
    from kancil.custody.accounts import require_second_factor
    from kancil.custody.roll import Roll

    require_second_factor(site.ledger, roles=["officer"], by=site.by)
    assert site.ledger.folded(Roll).factor_roles == {"administrator", "officer"}
    require_second_factor(site.ledger, roles=[], exception="sample data only", by=site.by)
    assert site.ledger.folded(Roll).factor_roles == frozenset()
    page = site.client("administrator").get("/people/").content.decode()
    assert "without a second factor here: sample data only" in page
    require_second_factor(site.ledger, roles=[], by=site.by)
    assert site.ledger.folded(Roll).factor_roles == {"administrator"}
    page = site.client("administrator").get("/people/").content.decode()
    assert "sample data only" not in page


def test_an_administrator_of_an_older_workspace_needs_one_after_the_upgrade(site: Site) -> None:
    from importlib import import_module

    from django.apps import apps
    from django.db import connection

    from kancil.desk.people.models import Person

    Person.objects.update(needs_second_factor=False)
    step = import_module("kancil.desk.people.migrations.0005_administrators_factor")
    with connection.schema_editor() as editor:
        step._need(apps, editor)
    needing = {each.role for each in Person.objects.filter(needs_second_factor=True)}
    assert needing == {"administrator"}
    Person.objects.update(needs_second_factor=False)


def test_a_lost_factor_is_removed_by_command_when_nobody_can_sign_in(site: Site) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from kancil.desk.people.queries import factors_of

    person = site.people["administrator"]
    TOTP.activate(person, generate_totp_secret())
    site.unit.say("person", "factors", "administrator", "--reason", "telephone lost")
    assert factors_of(person) == []
    entry = site.entries("account.changed")[-1]
    assert (entry.body["change"], entry.body["reason"]) == ("factors", "telephone lost")
    refused = site.unit.refused("person", "factors", "nobody", "--reason", "x")
    assert refused["code"] == "person-not-found"


def test_init_states_an_exception_in_the_ledger_or_none(tmp_path: Path) -> None:
    from tests.cli.running import run

    for name, words, said in (
        ("strict", (), None),
        ("sample", ("--second-factor-exception", "sample data only"), "sample data only"),
    ):
        root = tmp_path / name
        assert run("init", root, "--disk-exception", "test", *words).status == 0
        unit = Unit(root, "O1")
        assert unit.ask("ledger", "export", "-o", tmp_path / f"{name}.jsonl")
        text = (tmp_path / f"{name}.jsonl").read_text("utf-8")
        assert ("unit.second-factor" in text) is (said is not None)
        assert said is None or said in text
        first = unit.ask("serve", "--prepare")["administrator"]["name"]
        from kancil.desk.people.models import Person

        assert Person.objects.get(username=first).needs_second_factor is (said is None)

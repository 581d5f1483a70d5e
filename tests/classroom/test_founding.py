"""A classroom is one by its first ledger entry, for ever; no other site is taken for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from kancil.custody.roll import Roll
from kancil.desk.base.opening import open_desk
from kancil.ground.workspace import Site, open_workspace
from tests.cli.running import Unit, run

CLASSROOM = "kancil.web.sites.classroom"


def _founding(unit: Unit) -> tuple[dict[str, Any], Site]:
    """The body of entry 1, and the site that the roll makes of it."""
    from kancil.cli.frame.desk import desk_ledger

    ledger = desk_ledger(open_workspace(unit.root))
    founded = ledger.folded(Roll).unit
    assert founded is not None
    return ledger.read(1).body, founded.site


def test_the_founding_entry_and_the_settings_both_say_classroom(room: Unit) -> None:
    assert open_workspace(room.root).site is Site.CLASSROOM
    body, site = _founding(room)
    assert (body["site"], site) == ("classroom", Site.CLASSROOM)
    assert room.ask("verify", room.root)["troubles"] == []


def test_a_units_founding_entry_says_nothing_new(unit: Unit) -> None:
    body, site = _founding(unit)
    assert (set(body), site) == ({"country", "name", "public_key", "zone"}, Site.UNIT)


@pytest.mark.parametrize("stated", ["unit", "programme"])
def test_settings_that_say_another_site_than_the_ledger_are_refused(
    room: Unit, stated: str
) -> None:
    path = room.root / "kancil.toml"
    path.write_text(path.read_text("utf-8").replace('"classroom"', f'"{stated}"'), "utf-8")
    command = ("case", "list") if stated == "unit" else ("assess", "country", "list")
    error = room.refused(*command)
    assert error["code"] == "site-differs"
    assert stated in error["sentence"]
    assert "classroom" in error["sentence"]


def test_a_unit_whose_settings_say_classroom_is_refused(unit: Unit) -> None:
    path = unit.root / "kancil.toml"
    path.write_text(path.read_text("utf-8").replace("format = 2", 'format = 2\nsite = "classroom"'))
    assert unit.refused("case", "list")["code"] == "site-differs"


def test_a_backup_is_restored_as_what_it_is(room: Unit, unit: Unit, tmp_path: Path) -> None:
    own, real = tmp_path / "room.tar", tmp_path / "unit.tar"
    room.ask("backup", "-o", own)
    unit.ask("backup", "-o", real)
    for path, words in ((own, ()), (real, ("--classroom",))):
        error = room.refused("restore", path, tmp_path / "again", *words)
        assert error["code"] == "backup-of-other-site"
        assert not (tmp_path / "again").exists()
    ran = run("restore", own, tmp_path / "again", "--classroom")
    assert ran.status == 0, ran.err
    assert open_workspace(tmp_path / "again").site is Site.CLASSROOM


def test_each_site_offers_its_own_roles(room: Unit, unit: Unit) -> None:
    from kancil.desk.people.models import ROLES_OF, Role

    assert {Role.TRAINER, Role.TRAINEE} <= ROLES_OF[Site.CLASSROOM]
    assert ROLES_OF[Site.CLASSROOM] >= ROLES_OF[Site.UNIT]
    for site in (Site.UNIT, Site.PROGRAMME):
        assert ROLES_OF[site].isdisjoint({Role.TRAINER, Role.TRAINEE})
    add = ("person", "add", "dara", "--name", "Dara", "--role", "trainee")
    assert room.ask(*add)["role"] == "trainee"
    assert unit.refused(*add)["code"] == "option-not-usable"


def test_a_classroom_asks_no_second_factor_of_anybody(room: Unit) -> None:
    for role in ("administrator", "trainer", "trainee"):
        room.ask("person", "add", role, "--name", role, "--role", role)
    open_desk(open_workspace(room.root))
    from kancil.desk.people.models import Person

    assert not Person.objects.filter(needs_second_factor=True).exists()


@override_settings(ROOT_URLCONF=CLASSROOM)
def test_every_page_says_training(room: Unit, unit: Unit) -> None:
    room.ask("person", "add", "dara", "--name", "Dara", "--role", "trainee")
    open_desk(open_workspace(room.root))
    from kancil.desk.people.models import Person

    person = Person.objects.get(username="dara")
    Person.objects.update(must_change_password=False)
    client = Client(headers={"host": "localhost"})
    for address in ("/sign-in/", "/no-such-page/"):
        assert b'class="training"' in client.get(address).content, address
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/")
    assert page.status_code == 200
    band = b'<p class="training" role="region" aria-label="TRAINING"><b>TRAINING</b>'
    assert band in page.content
    open_desk(open_workspace(unit.root))
    assert b'class="training"' not in Client(headers={"host": "localhost"}).get("/sign-in/").content


@override_settings(ROOT_URLCONF=CLASSROOM)
def test_a_trainer_reads_every_attempt_and_changes_none(room: Unit) -> None:
    for name in ("trainer", "trainee", "other"):
        role = "trainer" if name == "trainer" else "trainee"
        room.ask("person", "add", name, "--name", name.title(), "--role", role)
    room.ask("serve", "--prepare")
    room.ask("case", "new", "Attempt", "--legal-basis", "Order of the story")
    room.ask("person", "join", "C1", "trainee")
    open_desk(open_workspace(room.root))
    from kancil.cli.frame.desk import desk_ledger
    from kancil.desk.people.models import Person

    Person.objects.update(must_change_password=False)
    answers = {}
    for name in ("trainer", "trainee", "other"):
        client = Client(headers={"host": "localhost"})
        client.force_login(
            Person.objects.get(username=name), "allauth.account.auth_backends.AuthenticationBackend"
        )
        seen = client.get("/cases/1/").status_code
        client.post("/cases/1/notes/new/", {"text": f"A remark by {name}"})
        written = [
            entry for entry in desk_ledger(open_workspace(room.root)).entries()
            if entry.kind == "note.added" and name in entry.body["text"]
        ]  # fmt: skip
        answers[name] = (seen, len(written))
    assert answers == {"trainer": (200, 0), "trainee": (200, 1), "other": (404, 0)}

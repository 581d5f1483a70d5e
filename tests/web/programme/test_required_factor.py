"""The programme's site: second factors required and removed, sign-ins ended, failures listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.running import run
from tests.web.look import start_django
from tests.web.programme.asking import confirmed, words_of
from tests.web.programme.served import PASSWORD, ProgrammeSite, desk_of, given_passwords

if TYPE_CHECKING:
    from kancil.desk.people.models import Person


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty programme without an exception, kept by `ada`, with one of most roles."""
    root = tmp_path_factory.mktemp("required") / "programme"
    start_django()
    ran = run("init", root, "--site", "programme", "--officer", "Ada Adair", "--username", "ada")
    assert ran.status == 0, ran.err
    with desk_of(root):
        from kancil.desk.assessment.actions.people import admit_person
        from kancil.desk.people.models import Person, Role

        ada = Person.objects.get(username="ada")
        assert ada.needs_second_factor
        for name, role in (("olga", "programme-officer"), ("ann", "assessor"), ("boss", ada.role)):
            admit_person(by=ada, username=name, name=name.title(), role=Role(role))
        given_passwords()
    return root


@pytest.fixture
def programme(founded: Path) -> Iterator[ProgrammeSite]:
    """It served, with nothing tried, and a second factor of `ada` alone."""
    from django.core.cache import cache

    with desk_of(founded):
        from allauth.mfa.models import Authenticator
        from axes.models import AccessAttempt, AccessFailureLog

        from kancil.desk.people.models import Person

        cache.clear()
        for rows in (Authenticator, AccessAttempt, AccessFailureLog):
            rows.objects.all().delete()
        people = {each.username: each for each in Person.objects.all()}
        with_codes(people["ada"])
        yield ProgrammeSite(founded, people, "", "", "")


def with_codes(person: Person) -> str:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = str(generate_totp_secret())
    TOTP.activate(person, secret)
    return secret


def browser() -> Any:
    from django.test import Client

    return Client(headers={"host": "localhost"})


def test_every_administrator_is_led_to_a_second_factor_before_any_page(
    programme: ProgrammeSite,
) -> None:
    client = programme.client("boss")
    for path in ("/", "/people/", "/people/sign-ins/", "/record/", "/keys/"):
        assert client.get(path).headers["Location"] == "/account/factors/", path
    text = words_of(client.get("/account/factors/"))
    assert "This site requires a second factor for your role" in text
    with_codes(programme.people["boss"])
    assert client.get("/people/").status_code == 200


def test_a_second_factor_is_required_of_roles_and_the_record_says_so(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.people.models import Person, Role

    ann, olga = programme.client("ann"), programme.client("olga")
    assert ann.get("/").status_code == 200
    sent = {"factor_roles": ["assessor"]}
    answer = olga.post("/people/second-factor/", sent)
    assert answer.headers["Location"].startswith("/account/confirm/")
    assert ann.get("/").status_code == 200
    olga = confirmed(programme, "olga")
    assert olga.post("/people/second-factor/", sent).status_code == 302
    assert ann.get("/").headers["Location"] == "/account/factors/"
    assert olga.get("/").status_code == 200
    text = words_of(programme.client("ada").get("/record/"))
    assert "Second factors required" in text
    assert "missing, and required" in words_of(olga.get("/people/"))
    from kancil.desk.assessment.actions.people import admit_person

    later, _ = admit_person(
        by=programme.people["ada"], username="later", name="Later", role=Role.ASSESSOR
    )
    assert later.needs_second_factor
    assert olga.post("/people/second-factor/", {"sent": "x"}).status_code == 302
    needing = Person.objects.filter(needs_second_factor=True).values_list("role", flat=True)
    assert set(needing) == {"administrator"}
    assert ann.get("/").status_code == 200


def test_a_lost_factor_is_removed_and_sign_ins_are_ended_with_a_reason(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.people.queries import factors_of

    ann = programme.people["ann"]
    there = programme.client("ann")
    assert there.get("/").status_code == 200
    client = confirmed(programme, "olga")
    page = words_of(client.get(f"/people/{ann.pk}/"))
    assert "Sign them out everywhere" in page
    assert "Remove second factors" not in page
    where = f"/people/{ann.pk}/sign-ins/"
    assert client.post(where, {"account_reason": ""}).status_code == 200
    assert there.get("/").status_code == 200
    assert client.post(where, {"account_reason": "laptop lost"}).status_code == 302
    assert there.get("/").headers["Location"].startswith("/sign-in/")
    with_codes(ann)
    there = programme.client("ann")
    assert "Remove second factors" in words_of(client.get(f"/people/{ann.pk}/"))
    given = {"account_reason": "telephone lost"}
    assert client.post(f"/people/{ann.pk}/factors/", given).status_code == 302
    assert factors_of(ann) == []
    assert there.get("/").headers["Location"].startswith("/sign-in/")
    page = words_of(client.get(f"/people/{ann.pk}/"))
    for said in (
        "laptop lost",
        "telephone lost",
        "Second factors removed",
        "Signed out everywhere",
    ):
        assert said in page
    ada = programme.people["ada"]
    assert client.post(f"/people/{ada.pk}/factors/", given).status_code == 200
    assert factors_of(ada) == ["totp"]


def test_failures_are_listed_for_administrators_and_on_the_account(
    programme: ProgrammeSite,
) -> None:
    with_codes(programme.people["ann"])
    client = browser()
    for spelling in ("ann", "ANN", " Ann"):
        client.post("/sign-in/", {"login": spelling, "password": "wrong wrong wrong"})
    client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    for _ in range(120):
        client.post("/sign-in/code/", {"code": "not one"})
    page = words_of(programme.client("ada").get("/people/sign-ins/"))
    assert page.count("wrong second factor") == 5
    assert page.count("wrong second factor, and locked") == 1
    assert "a name without an account" not in page
    number = programme.people["ann"].pk
    assert "wrong second factor, and locked" in words_of(
        programme.client("olga").get(f"/people/{number}/")
    )
    for name in ("olga", "ann"):
        assert programme.client(name).get("/people/sign-ins/").status_code == 403
    assert programme.client("ann").get("/people/second-factor/").status_code == 403


def test_a_command_removes_the_only_administrators_lost_factor(programme: ProgrammeSite) -> None:
    from kancil.desk.people.queries import factors_of

    env = {"KANCIL_HOME": str(programme.root)}
    words = ("assess", "person", "factors", "ada", "--reason", "telephone lost")
    ran = run("--as", "ada", *words, env=env)
    assert ran.status == 0, ran.err
    assert factors_of(programme.people["ada"]) == []
    assert run("--as", "olga", *words, env=env).status != 0


def test_a_sample_says_that_its_administrators_need_none(tmp_path: Path) -> None:
    root = tmp_path / "sample"
    ran = run(
        "init", root, "--site", "programme", "--username", "ada",
        "--second-factor-exception", "sample data only",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    with desk_of(root):
        from kancil.desk.people.models import Person

        given_passwords()
        site = ProgrammeSite(root, {"ada": Person.objects.get(username="ada")}, "", "", "")
        text = words_of(site.client("ada").get("/people/"))
        assert "without a second factor here: sample data only" in text
        assert "sample data only" in words_of(site.client("ada").get("/record/"))
        client = confirmed(site, "ada")
        assert client.post("/people/second-factor/", {"sent": "x"}).status_code == 302
        assert client.get("/people/").headers["Location"] == "/account/factors/"


def test_the_account_menu_leads_to_password_and_second_factors(programme: ProgrammeSite) -> None:
    for name in ("ada", "olga", "ann"):
        page = programme.client(name).get("/").content.decode()
        menu = page[page.index('class="menu-body"') :]
        assert '<a href="/account/password/">My password</a>' in menu
        assert '<a href="/account/factors/">Second factors</a>' in menu

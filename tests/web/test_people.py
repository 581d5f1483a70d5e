"""Accounts on the site: what an administrator does is recorded, and who may do what."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSWORD, confirm, forget_confirming, with_key
from tests.web.site import OUTSIDER, Site, site_of

HOSTILE = '<b>x</b>=cmd|"1"'


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit with keys; wrong passwords of another test are forgotten."""
    from django.core.cache import cache

    served = site_of(copied(sample, tmp_path_factory.mktemp("people")))
    for name in ("officer", "supervisor", "administrator"):
        with_key(served, name)
    cache.clear()
    return served


def act(site: Site, name: str, what: str, **given: str) -> int:
    """Have the administrator do something to an account; gives the answer's status."""
    client = site.client("administrator")
    confirm(client)
    where = f"/people/{site.people[name].pk}/{what}/"
    return client.post(where, {"reason_of_act": HOSTILE, **given}).status_code


def test_an_account_is_added_ended_and_brought_back_and_each_is_an_entry(site: Site) -> None:
    from kancil.desk.people.models import Person

    client = site.client("administrator")
    new = {"username": "new/one", "person_name": HOSTILE, "role": "officer"}
    assert "/account/confirm/" in client.post("/people/new/", new).headers["Location"]
    confirm(client)
    back = client.get("/people/new/").content.decode()
    assert 'value="new/one"' in back
    page = client.post("/people/new/", new).content.decode()
    assert re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", page)
    assert "<b>x</b>" not in page
    person = site.people["new"] = Person.objects.get(username="new/one")
    added = site.entries("account.added")[-1]
    assert (added.body["account"], added.body["role"]) == ("new/one", "officer")
    assert added.body["on_behalf"]["account"] == "administrator"
    there = site.client("new")
    assert there.get("/").status_code == 302  # to choose a password of their own
    assert act(site, "new", "ended") == 302
    assert there.get("/").headers["Location"].startswith("/sign-in/")
    assert act(site, "new", "brought-back") == 302
    person.refresh_from_db()
    assert person.is_active
    changes = [entry.body["change"] for entry in site.entries("account.changed")]
    assert changes[-2:] == ["ended", "brought-back"]
    assert site.entries("account.changed")[-1].body["reason"] == HOSTILE
    assert client.get(f"/people/{person.pk}/").status_code == 200
    assert "<b>x</b>" not in client.get("/people/").content.decode()


def test_lists_of_people_and_cases_show_no_seconds(site: Site) -> None:
    for name, path in (("administrator", "/people/"), ("officer", "/cases/1/people/"),
                       ("officer", "/cases/"), ("officer", "/")):  # fmt: skip
        page = site.client(name).get(path).content.decode()
        shown = re.sub(r"<[^>]*>", " ", page[page.index("<main") :])
        assert re.search(r"\d\d:\d\d", shown), path
        assert not re.search(r"\d\d:\d\d:\d\d", shown), path


def test_a_role_is_changed_but_the_last_administrator_stays(site: Site) -> None:
    assert act(site, OUTSIDER, "role", role="examiner") == 302
    assert site.entries("account.changed")[-1].body["role"] == "examiner"
    before = len(site.entries("account.changed"))
    for what, given in (("role", {"role": "officer"}), ("ended", {})):
        assert act(site, "administrator", what, **given) == 200
    assert act(site, OUTSIDER, "role", role="king") == 200
    assert act(site, OUTSIDER, "crown") == 404
    assert len(site.entries("account.changed")) == before
    site.people["administrator"].refresh_from_db()
    assert site.people["administrator"].role == "administrator"
    assert site.people["administrator"].is_active
    assert act(site, OUTSIDER, "role", role="officer") == 302


def test_a_new_password_and_signing_out_end_what_is_open(site: Site) -> None:
    from kancil.desk.people.queries import session_keys_of

    person = site.people["examiner"]
    there = site.client("examiner")
    assert there.get("/").status_code == 200
    assert len(session_keys_of(person)) == 1
    assert act(site, "examiner", "sign-ins") == 302
    assert session_keys_of(person) == []
    assert there.get("/").status_code == 302
    assert act(site, "examiner", "password") == 200
    assert site.entries("account.changed")[-1].body["change"] == "password"
    person.refresh_from_db()
    assert person.must_change_password
    person.must_change_password = False
    person.save()


def test_only_an_administrator_does_something_to_an_account(site: Site) -> None:
    before = site.ledger.head().size
    where = f"/people/{site.people['officer'].pk}/"
    for name in ("officer", "examiner", "supervisor", "reader"):
        client = site.client(name)
        for what in ("role", "password", "sign-ins", "factors", "ended", "brought-back"):
            given = {"reason_of_act": "x", "role": "administrator"}
            assert client.post(f"{where}{what}/", given).status_code == 403
        assert client.get(where).status_code == (200 if name == "supervisor" else 403)
    assert site.ledger.head().size == before
    assert site.client("administrator").get("/people/999999999999999999999/").status_code == 404


def test_who_lacks_a_required_second_factor_is_led_to_it_and_can_do_nothing_else(
    site: Site,
) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    supervisor, officer = site.client("supervisor"), site.client("officer")
    confirm(supervisor)
    assert officer.get("/").status_code == 200
    sent = {"factor_roles": ["officer", "reader"]}
    assert supervisor.post("/people/second-factor/", sent).status_code == 302
    recorded = site.entries("unit.second-factor")[-1].body["roles"]
    assert recorded == ["administrator", "officer", "reader"]
    assert site.client("administrator").get("/").headers["Location"] == "/account/factors/"
    TOTP.activate(site.people["administrator"], generate_totp_secret())
    for path in ("/", "/cases/1/", "/find/?q=C1", "/verify/", "/account/key/"):
        assert officer.get(path).headers["Location"] == "/account/factors/", path
    assert officer.post("/cases/new/", {"case_title": "x"}).headers["Location"] == (
        "/account/factors/"
    )
    assert officer.get("/account/factors/").status_code == 200
    assert site.client("examiner").get("/").status_code == 200
    TOTP.activate(site.people["officer"], generate_totp_secret())
    assert officer.get("/").status_code == 200
    assert "code" in supervisor.get("/people/").content.decode()
    assert act(site, "officer", "factors") == 302
    assert not Authenticator.objects.filter(user=site.people["officer"]).exists()
    assert site.client("officer").get("/").headers["Location"] == "/account/factors/"
    client = site.client("administrator")
    confirm(client)
    new = {"username": "later", "person_name": "Later", "role": "reader"}
    assert client.post("/people/new/", new).status_code == 200
    from kancil.desk.people.models import Person

    assert Person.objects.get(username="later").needs_second_factor
    assert supervisor.post("/people/second-factor/", {"sent": "x"}).status_code == 302
    assert {each.role for each in Person.objects.filter(needs_second_factor=True)} == {
        "administrator"
    }
    assert site.client("officer").get("/").status_code == 200


def test_sign_ins_and_locks_are_shown_and_a_password_in_the_wrong_field_is_not(
    site: Site,
) -> None:
    from django.test import Client

    browser = Client(headers={"host": "localhost", "user-agent": "=HYPERLINK(<i>)"})
    for name in ("supervisor", "my secret password"):
        for _ in range(6):
            browser.post("/sign-in/", {"login": name, "password": "wrong wrong wrong"})
    locked = browser.post("/sign-in/", {"login": "supervisor", "password": PASSWORD})
    assert locked.status_code == 429
    client = site.client("administrator")
    page = client.get("/audit/sign-ins/").content.decode()
    assert "my secret password" not in page
    assert "a name without an account" in page
    assert "refused and locked" in page
    assert "<i>" not in page
    assert "supervisor" in page
    assert client.get("/audit/sign-ins/?before=nonsense").status_code == 200
    one = client.get(f"/people/{site.people['supervisor'].pk}/").content.decode()
    assert "refused and locked" in one


def test_a_membership_ends_with_a_reason_and_nobody_ends_their_own(site: Site) -> None:
    client, number = site.client("officer"), site.people["examiner"].pk
    there = site.client("examiner")
    assert there.get("/cases/1/").status_code == 200
    where = f"/cases/1/people/{number}/remove/"
    assert where in client.get("/cases/1/people/").content.decode()
    assert client.post(where, {"reason_of_act": ""}).status_code == 200
    assert there.get("/cases/1/").status_code == 200
    assert site.client("reader").post(where, {"reason_of_act": "x"}).status_code == 403
    assert client.post(where, {"reason_of_act": HOSTILE}).status_code == 302
    assert there.get("/cases/1/").status_code == 404
    entry = site.entries("case.member-removed")[-1]
    assert (entry.body["account"], entry.body["reason"]) == ("examiner", HOSTILE)
    assert client.post(where, {"reason_of_act": "again"}).status_code == 404
    own = f"/cases/1/people/{site.people['officer'].pk}/remove/"
    assert client.post(own, {"reason_of_act": "leaving"}).status_code == 404
    assert client.get("/cases/1/people/99999999999999999999/remove/").status_code == 404
    assert client.post("/cases/1/people/", {"member": "examiner"}).status_code == 302
    assert there.get("/cases/1/").status_code == 200


def test_no_template_label_or_refusal_of_allauth_speaks_for_itself(site: Site) -> None:
    from django.template.loader import get_template
    from django.test import Client

    from kancil.ground.words import render
    from kancil.web.page import PAGES

    named: dict[str, str] = {}
    for page in PAGES:
        brought = getattr(page.view, "view_class", None)
        if brought is not None and getattr(brought, "template_name", None):
            found: Any = get_template(brought.template_name)
            named[page.name] = found.template.origin.name
    assert len(named) >= 12
    assert not {name: path for name, path in named.items() if "/kancil/web/templates/" not in path}
    browser = Client(headers={"host": "localhost"})
    page_ = browser.get("/sign-in/").content.decode()
    for key in ("web.field.login", "web.field.password"):
        assert render(key, "en") in page_
    assert "Username" not in page_
    assert "Forgot" not in page_
    wrong = browser.post("/sign-in/", {"login": "nobody here", "password": "x"}).content.decode()
    assert render("web.refused.sign-in", "en") in wrong
    assert "specified are not correct" not in wrong


def test_making_a_key_asks_who_is_there_and_keeps_no_passphrase(site: Site) -> None:
    from tests.web.signing import PASSPHRASE

    person = site.add("keyless", "officer")
    person.set_password(PASSWORD)
    person.save()
    client = site.client("keyless")
    asks = 'name="sign_in_password"'
    assert asks in client.get("/account/key/").content.decode()
    given = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
    assert asks in client.post("/account/key/", given).content.decode()
    assert PASSPHRASE not in str(dict(client.session))
    person.refresh_from_db()
    assert person.officer is None
    confirm(client)
    assert asks not in client.get("/account/key/").content.decode()
    forget_confirming(client, minutes=6)
    assert asks in client.post("/account/key/", given).content.decode(), "a new key: five minutes"
    given["sign_in_password"] = PASSWORD
    assert client.post("/account/key/", given).status_code == 302
    person.refresh_from_db()
    assert person.officer is not None


@pytest.mark.parametrize("name", ["officer", "reader", "administrator"])
def test_the_account_menu_leads_to_password_and_second_factors(site: Site, name: str) -> None:
    page = site.client(name).get("/").content.decode()
    menu = page[page.index('class="menu-body"') :]
    menu = menu[: menu.index("</details>")]
    assert '<a href="/account/password/">My password</a>' in menu
    assert '<a href="/account/factors/">Second factors</a>' in menu

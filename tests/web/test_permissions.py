"""Every page, as every role, as a member and as a stranger: exactly the allowed answers."""

from __future__ import annotations

import re
from typing import Any

from kancil.ground.workspace import Site as SiteKind
from tests.web.site import OUTSIDER, ROLES, Site

RAW_KEY = re.compile(r"\b(?:web|note|name|error|thing|why)\.[a-z][a-z0-9]*[.-][a-z0-9.-]+")


def address(page: Any) -> str:
    """The address of a page for the sample's case 1."""
    from django.urls import reverse

    given = {**page.sample, **({"case": 1} if page.of else {})}
    missing = set(re.findall(r"<\w+:(\w+)>", page.address)) - set(given)
    given |= dict.fromkeys(missing, 1)
    return reverse(page.name, kwargs=given)


def pages() -> list[Any]:
    from kancil.web.sites import unit as site_module

    assert site_module.urlpatterns
    from kancil.web.page import pages_of

    return pages_of(SiteKind.UNIT)


def seen(answer: Any) -> str:
    """A page without what every page has anew: tokens, and its own address."""
    text = re.sub(r"/cases/[0-9]+/", "", answer.content.decode())
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


def test_nobody_sees_a_page_without_signing_in_but_those_by_which_one_does(site: Site) -> None:
    client = site.client(None)
    for page in pages():
        answer = client.get(address(page))
        if page.may is None:
            assert answer.status_code in (200, 302, 405, 404), page.name
        else:
            assert answer.status_code in (302, 405), page.name
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/sign-in/"), page.name


def test_each_role_gets_exactly_the_pages_it_may_have(site: Site) -> None:
    for role in ROLES:
        client = site.client(role)
        for page in pages():
            if page.may is None or "GET" not in page.methods:
                continue
            status = client.get(address(page)).status_code
            wanted = (200, 302, 404) if role in page.may else (403,)
            assert status in wanted, (role, page.name, status)


def test_a_case_is_no_case_for_whoever_is_not_its_member(site: Site) -> None:
    client = site.client(OUTSIDER)
    absent = client.get("/cases/999/")
    assert absent.status_code == 404
    for page in pages():
        if page.of is None:
            continue
        for method in page.methods:
            answer = getattr(client, method.lower())(address(page))
            assert answer.status_code == 404, (page.name, method)
    assert seen(client.get("/cases/1/")) == seen(absent), "a case that is there looks like none"


def test_a_reader_changes_nothing(site: Site) -> None:
    client = site.client("reader")
    before = site.ledger.head().size
    for page in pages():
        if "POST" in page.methods and page.may is not None:
            client.post(address(page), {"member": OUTSIDER, "case_title": "x", "authority": "y"})
    kinds = {entry.kind for entry in site.ledger.entries(before + 1)}
    assert kinds <= {"case.entered"}


def test_no_page_shows_a_key_in_place_of_words(site: Site) -> None:
    client = site.client("administrator")
    for page in pages():
        if "GET" in page.methods:
            text = client.get(address(page)).getvalue().decode()
            found = [key for key in RAW_KEY.findall(text) if not key.startswith("web.archive")]
            assert not found, (page.name, found)


def test_looking_into_a_case_is_one_entry_for_each_sign_in(site: Site) -> None:
    client = site.client("reader")
    for _ in range(3):
        assert client.get("/cases/1/").status_code == 200
    assert len(site.entries("case.entered")) == 1
    assert site.client("reader").get("/cases/1/custody/").status_code == 200
    first, second = site.entries("case.entered")
    assert first.body["account"] == second.body["account"] == "reader"
    assert first.body["on_behalf"]["account"] == "reader"
    assert first.body["on_behalf"]["officer"] is None

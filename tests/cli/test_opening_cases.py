"""Whoever opens a case by command is its member on the site, and nobody else is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import Unit
from tests.web.site import Site, site_of


@pytest.fixture
def site(unit: Unit) -> Site:
    return site_of(unit)


def add(site: Site, username: str, role: str, officer: str) -> None:
    """An account that stands for an officer, its password set."""
    site.unit.say(
        "person", "add", username, "--name", username.title(), "--role", role, "--officer", officer
    )
    from kancil.desk.people.queries import find_person

    person = find_person(username)
    assert person is not None
    person.must_change_password = False
    person.save()
    site.people[username] = person


def open_case(site: Site, **given: Any) -> Any:
    return site.unit.ask("case", "new", "Payment", "--legal-basis", "Order 17/2026", **given)


def status(site: Site, name: str, case: Any) -> int:
    return int(site.client(name).get(f"/cases/{case['label'][1:]}/").status_code)


def members(case: Any) -> list[str]:
    from kancil.desk.people.queries import members_of

    return [each.person.username for each in members_of(case["id"])]


def test_who_opens_a_case_by_command_finds_it_on_the_site_and_nobody_else_does(site: Site) -> None:
    add(site, "dara", "officer", "O1")
    case = open_case(site)
    assert case["member"] == "dara"
    assert members(case) == ["dara"]
    assert status(site, "dara", case) == 200
    for name in ("officer", "examiner", "supervisor", "administrator", "reader", "outsider"):
        assert status(site, name, case) == 404, name
    added = site.entries("case.member-added")[-1].body
    assert (added["account"], added["name"]) == ("dara", "Dara")
    said = site.unit.say("case", "new", "Another", "--legal-basis", "Order 18/2026")
    assert "person join" not in said


def test_where_no_account_stands_for_the_officer_the_command_says_how_to_join(site: Site) -> None:
    case = open_case(site)
    assert case["member"] is None
    assert members(case) == []
    said = site.unit.say("case", "new", "Another", "--legal-basis", "Order 18/2026")
    label = f"C{int(case['label'][1:]) + 1}"
    assert f"kancil person join {label} USERNAME" in said
    site.unit.say("person", "join", case["label"], "outsider")
    assert status(site, "outsider", case) == 200


def test_a_case_opened_earlier_is_found_by_the_account_made_for_who_opened_it(site: Site) -> None:
    mine = open_case(site)
    add(site, "boun", "officer", "O2")  # a colleague's
    assert members(mine) == []
    assert status(site, "boun", mine) == 404
    theirs = open_case(site, officer="O2")
    assert members(theirs) == ["boun"]
    add(site, "dara", "officer", "O1")
    assert members(mine) == ["dara"]
    assert status(site, "dara", mine) == 200
    assert status(site, "dara", theirs) == 404


def test_an_account_that_sees_no_case_or_of_an_officer_who_left_is_no_member(site: Site) -> None:
    mine, theirs = open_case(site), open_case(site, officer="O2")
    add(site, "dara", "deconfliction", "O1")
    site.unit.say("officer", "retire", "O2", "--reason", "left")
    add(site, "boun", "officer", "O2")
    assert (members(mine), members(theirs)) == ([], [])
    assert open_case(site)["member"] is None


def test_the_books_are_as_the_ledger_has_them(site: Site) -> None:
    open_case(site)
    add(site, "dara", "officer", "O1")
    open_case(site)
    site.verify()

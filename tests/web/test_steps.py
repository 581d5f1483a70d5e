"""The steps of a case by role: what is done, where one is, and no door that is shut."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kancil.custody.roll import RequestHistory, Roll
from kancil.ground.ids import FindingId, RequestId
from kancil.ground.words import render_phrase
from kancil.web.steps import case_steps
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_of(copied(sample, tmp_path_factory.mktemp("steps")))


def bar(client: Client, path: str) -> list[tuple[str, str, bool]]:
    """Each step's state, address, and whether the page is at it."""
    page = client.get(path).content.decode()
    (nav,) = re.findall(r'<div class="step-bar">.*?</nav>', page, re.S)
    found = re.findall(r'<li class="(\w+)"><a href="([^"]+)"( aria-current="step")?>', nav)
    return [(state, url, bool(here)) for state, url, here in found]


def test_an_officer_sees_what_is_done_where_they_are_and_what_is_next(site: Site) -> None:
    steps = bar(site.client("officer"), "/cases/1/money/1/")
    states = [state for state, _, _ in steps]
    assert states == ["done", "done", "done", "next", "open", "open", "open"]
    assert [place for place, (_, _, here) in enumerate(steps) if here] == [2]
    assert bar(site.client("officer"), "/cases/1/money/1/finding/?row=1")[3][2]


def test_a_case_without_evidence_goes_on_from_its_furthest_step(site: Site) -> None:
    site.unit.say("person", "join", "C2", "officer")
    states = [state for state, _, _ in bar(site.client("officer"), "/cases/2/")]
    assert states == ["done", "open", "done", "next", "open", "open", "open"]


def test_a_legal_basis_that_ended_is_no_done_step(site: Site) -> None:
    roll = site.ledger.folded(Roll)
    case = roll.case("C1")
    over = replace(case, bases=[replace(case.bases[0], expires_on=date(2020, 1, 2))])
    steps = case_steps(roll, over, "/cases/1/", acts=True)
    assert [each.state for each in steps[:2]] == ["over", "done"]
    assert render_phrase(steps[0].said) == "the legal basis has ended"


@pytest.mark.parametrize("name", ["officer", "examiner", "supervisor", "administrator", "reader"])
def test_no_step_and_no_room_of_a_case_is_shut_to_whoever_sees_it(site: Site, name: str) -> None:
    client = site.client(name)
    page = client.get("/cases/1/").content.decode()
    (above,) = re.findall(r'<div class="step-bar">.*?</details>', page, re.S)
    urls = set(re.findall(r'href="([^"]+)"', above))
    assert len(urls) > 3
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_a_reader_is_led_from_what_was_found_to_checking_it(site: Site) -> None:
    steps = bar(site.client("reader"), "/cases/1/findings/")
    assert [url for _, url, _ in steps] == [
        "/cases/1/findings/", "/cases/1/money/", "/cases/1/check/",
    ]  # fmt: skip
    assert [here for _, _, here in steps] == [True, False, False]
    assert {state for state, _, _ in steps} == {"open"}


def test_only_the_guided_case_guides_and_only_its_members(site: Site) -> None:
    mark = site.workspace.root / "desk" / "guided-case"
    for text, shows in (
        ("1\n", True),
        ("2\n", False),
        ("x", False),
        ("", False),
        ("9" * 40, False),
    ):
        mark.write_text(text, "utf-8")
        page = site.client("officer").get("/cases/1/money/1/").content.decode()
        assert ("step 3 of 8" in page) == bool(shows), text
    mark.write_text("1\n", "ascii")
    assert "Begin the guided case" in site.client("reader").get("/").content.decode()
    assert "Begin the guided case" not in site.client("outsider").get("/").content.decode()
    page = site.client("reader").get("/cases/1/money/1/").content.decode()
    assert "step 2 of 3" in page
    mark.unlink()


def test_without_a_bundle_it_says_who_makes_one_and_where(site: Site) -> None:
    for name, url in (("reader", "/verify/"), ("officer", "/cases/1/bundle/")):
        for do in ("", "damage"):
            page = site.client(name).post("/cases/1/check/", {"do": do}).content.decode()
            assert "No bundle of this case was made yet" in page
            assert f'href="{url}"' in page.split("<main")[1]


def test_where_no_bundle_can_be_made_yet_it_says_what_comes_before(site: Site) -> None:
    site.unit.say("case", "new", "Nothing yet", "--legal-basis", "Training")
    site.unit.say("person", "join", "C4", "officer")
    page = site.client("officer").get("/cases/4/check/").content.decode()
    assert "No bundle of this case can be made yet" in page
    assert 'href="/cases/4/money/"' in page.split("<main")[1]


def test_a_bundle_made_by_command_is_named_though_its_file_is_not_here(
    site: Site, tmp_path: Path
) -> None:
    out = tmp_path / "bundle.zip"
    site.unit.say("bundle", "C3", "--purpose", "for the court", "--out", out)
    site.unit.say("person", "join", "C3", "officer")
    page = site.client("officer").get("/cases/3/check/").content.decode()
    assert "The bundle of this case is not kept on this site" in page
    (entry,) = site.entries("bundle.made")
    assert entry.key in page
    assert "No bundle" not in page


def test_a_step_that_was_passed_over_is_next_once_the_last_is_done(site: Site) -> None:
    roll = site.ledger.folded(Roll)
    case = replace(roll.case("C1"), bundles=[9])
    states = [each.state for each in case_steps(roll, case, "/cases/1/", acts=True)]
    assert states == ["done", "done", "done", "next", "open", "open", "done"]


def test_requests_are_a_step_that_no_case_needs(site: Site) -> None:
    roll = site.ledger.folded(Roll)
    case = replace(roll.case("C1"), findings=[FindingId("x")])
    history = RequestHistory(RequestId("y"), 1, case.id, is_incoming=False)
    for requests, state in (({}, "open"), ({history.id: history}, "done")):
        steps = case_steps(replace(roll, requests=requests), case, "/cases/1/requests/", acts=True)
        states = [each.state for each in steps]
        assert states == ["done", "done", "done", "done", state, "next", "open"]
        assert [each.is_here for each in steps].index(True) == 4


@pytest.mark.parametrize("name", ["officer", "reader"])
def test_the_menu_of_a_case_leads_to_due_requests_the_directory_and_labels(
    site: Site, name: str
) -> None:
    page = site.client(name).get("/cases/1/money/").content.decode()
    (menu,) = re.findall(r'<details class="menu"><summary><span class="icon i-menu.*?</nav>', page)
    assert {"/requests/due/", "/directory/", "/labels/"} <= set(re.findall('href="([^"]+)"', menu))


def test_the_paper_of_a_case_is_named_by_its_number_and_date(site: Site) -> None:
    client, given = site.client("officer"), {"case_title": "Named", "authority": "A court"}
    page = client.get("/cases/new/").content.decode()
    assert re.search(r'<option value=""[^>]*>Choose', page), "no kind is chosen beforehand"
    for kind in ("warrant", "order", "foreign-request"):
        page = client.post("/cases/new/", {**given, "basis_kind": kind}).content.decode()
        assert page.count("Write it as it stands on the paper.") >= 2, "number and date"
    named = {**given, "basis_kind": "order", "basis_number": "7/26", "issued_on": "2026-03-09"}
    assert client.post("/cases/new/", named).status_code == 302
    (entry,) = [one for one in site.entries("case.opened") if one.body["title"] == "Named"]
    assert entry.body["basis"]["issued_on"] == "2026-03-09"
    agreed = {**given, "case_title": "Agreed", "basis_kind": "consent"}
    assert client.post("/cases/new/", agreed).status_code == 302, "a consent bears no number"

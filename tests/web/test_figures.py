"""Figures on the unit's site: a package is made by one officer, and signed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kancil.ground.ids import RequestId, new_id
from kancil.records.package import read_package
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.legal.letters import good
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of
from tests.web.test_permissions import RAW_KEY

DAYS = {"figures_since": "2026-01-01", "figures_until": "2026-06-30"}
FIGURES = "/figures/"


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with two officers of their own keys, and six invented requests with an answer."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("figures")))
    for name in ("officer", "supervisor"):
        with_key(found, name)
    for number in range(6):
        ask(found, date(2026, 2, 2 + number))
    return found


def ask(site: Site, on: date) -> None:
    """A freeze request that was sent on a day and answered after two."""
    from kancil.custody.requests import record_authorisation, record_draft, record_event
    from kancil.ground.files import write_durably

    case, request, draft = site.case("C1"), RequestId(new_id()), good("freeze")
    draft = replace(draft, reference=request)
    to = draft.addressee
    named = {"country": to.country, "kind": to.kind, "office": to.office}
    write_durably(site.workspace.requests_dir / f"{draft.sha256}.json", draft.data)
    body: dict[str, Any] = {"addressee": named, "kind": "freeze", "sha256": draft.sha256}
    record_draft(site.ledger, case=case, request=request, body=body, by=site.by)
    record_authorisation(
        site.ledger, case=case, request=request, sha256=draft.sha256,
        authority={"name": "Head", "post": "Head"}, findings=[], by=site.by,
    )  # fmt: skip
    for what, day in (("sent", on), ("answered", on + timedelta(days=2))):
        body = {"what": what, "on": day.isoformat()}
        record_event(site.ledger, case=case, request=request, body=body, by=site.by)


def page_of(site: Site, name: str, address: str) -> str:
    text = site.client(name).get(address).content.decode()
    assert not RAW_KEY.findall(text)
    return str(text)


def made(site: Site) -> str:
    """Make a package as the officer; gives the address of its draft."""
    answer = site.client("officer").post("/figures/package/", {**DAYS, "package_to": "Programme"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_the_answer_stands_first_and_limits_are_folded(site: Site) -> None:
    page = page_of(site, "officer", f"{FIGURES}?figures_since=2026-01-01&figures_until=2026-06-30")
    said = "6 requests were sent from 2026-01-01 to 2026-06-30; 6 have an answer, half of them"
    assert said in page
    assert page.index(said) < page.index("By kind of request")
    assert "<details" in page
    none = page_of(site, "officer", f"{FIGURES}?figures_since=2025-01-01&figures_until=2025-06-30")
    assert "No request was sent from 2025-01-01 to 2025-06-30." in none
    wrong = page_of(site, "officer", f"{FIGURES}?figures_since=2026-06-30&figures_until=2026-01-01")
    assert "The period ends before it begins." in wrong
    assert site.client("reader").get(FIGURES).status_code == 403


def test_a_package_shows_all_that_leaves_and_another_officer_signs_it(site: Site) -> None:
    there = made(site)
    own = page_of(site, "officer", there)
    assert "This is all that would leave" in own
    assert "another officer has to review it" in own
    assert 'name="passphrase"' not in own
    waiting = "Packages of figures that wait for your review: 1."
    assert waiting in page_of(site, "supervisor", "/")
    assert waiting not in page_of(site, "officer", "/")
    mine = site.client("officer")
    confirm(mine)
    refused = mine.post(there, {"passphrase": PASSPHRASE}).content.decode()
    assert "You made this package" in refused
    assert not site.entries("package.made")
    other = site.client("supervisor")
    confirm(other)
    assert "wrong" in other.post(there, {"passphrase": "not this one 77"}).content.decode()
    answer = other.post(there, {"passphrase": PASSPHRASE})
    assert answer.status_code == 302, answer.content.decode()
    (entry,) = site.entries("package.made")
    assert entry.on_behalf is None
    assert entry.body["reviewer"]["name"] == "Supervisor"
    package = f"/figures/packages/{entry.body['package']}/"
    assert answer.headers["Location"] == package
    assert "Give the receiver the fingerprint" in page_of(site, "officer", package)
    data = other.get(f"{package}file/").getvalue()
    opened = read_package(data, "package")
    assert (opened.sha256, opened.package.to) == (entry.body["sha256"], "Programme")
    assert "Packages made" in page_of(site, "officer", FIGURES)
    assert site.client("officer").get(there).status_code == 404
    assert "package of figures made" in page_of(site, "supervisor", "/audit/")


def test_a_draft_is_discarded_and_a_period_that_is_not_over_is_refused(site: Site) -> None:
    there = made(site)
    answer = site.client("officer").post(there, {"do": "discard"})
    assert answer.headers["Location"] == FIGURES
    assert site.client("officer").get(there).status_code == 404
    late = {"figures_since": "2026-01-01", "figures_until": "2999-01-01", "package_to": "x"}
    page = site.client("officer").post("/figures/package/", late).content.decode()
    assert "is not over" in page
    assert "form-errors" in page


def test_the_page_shows_the_unit_its_own_small_numbers_and_the_draft_hides_them(
    site: Site,
) -> None:
    ask(site, date(2025, 9, 1))
    few = "figures_since=2025-07-01&figures_until=2025-12-31"
    shown = page_of(site, "officer", f"{FIGURES}?{few}")
    assert "the unit&#x27;s own numbers" in shown or "the unit's own numbers" in shown
    assert "hidden</" not in shown

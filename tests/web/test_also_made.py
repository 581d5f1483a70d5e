"""A finding, its report and a bundle by one passphrase on one page; where that is not offered."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of
from tests.web.test_custody_acts import send

NEW = "/cases/1/money/1/finding/?row=1"
DRAFTS = "/cases/1/findings/drafts/"
BOTH = {"also_make": ["report", "bundle"], "purpose": "for the court", "passphrase": PASSPHRASE}
KINDS = ("finding.accepted", "report.made", "bundle.made")
OFFERED = 'name="also_make"'


@pytest.fixture
def site(sample: Unit, tmp_path: Any) -> Site:
    """A unit of its own, whose officer has a key."""
    found = site_of(copied(sample, tmp_path))
    with_key(found, "officer")
    return found


def officer(site: Site) -> Any:
    client = site.client("officer")
    confirm(client)
    return client


def finding(row: int = 1, **more: Any) -> dict[str, Any]:
    return {"finding_class": "chain-fact", "row": row, "remark": "as asked", **BOTH, **more}


def made(site: Site) -> list[int]:
    """How many findings, reports and bundles there are."""
    return [len(site.entries(kind)) for kind in KINDS]


def test_one_passphrase_signs_the_finding_the_report_and_the_bundle(site: Site) -> None:
    client = officer(site)
    page = client.get(NEW).content.decode()
    assert "all that is recorded in this case: T1, the accepted findings" in page
    answer = client.post(NEW, finding(), follow=True)
    assert answer.redirect_chain == [("/cases/1/check/", 302)]
    assert made(site) == [1, 1, 1]
    own = site.people["officer"].officer
    for kind in KINDS:
        (entry,) = site.entries(kind)
        assert (entry.officer, entry.on_behalf) == (own, None), kind
    accepted, report, bundle = (site.entries(kind)[0] for kind in KINDS)
    assert accepted.n < report.n < bundle.n
    assert report.body["kind"] == "prosecutor"
    assert bundle.body["purpose"] == "for the court"
    checked = client.post("/cases/1/check/").content.decode()
    assert "nothing was changed since Officer (O5) signed it" in checked


def test_a_case_without_exhibits_offers_report_and_bundle_without_a_gap(site: Site) -> None:
    from kancil.desk.access.actions import add_member

    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    page = site.client("officer").get("/cases/2/money/2/finding/?row=1").content.decode()
    assert "T2 and the accepted findings" in page
    assert "The case has no exhibit." in page
    assert "custody of" not in page


def test_several_drafts_become_findings_with_a_bundle(site: Site) -> None:
    client = officer(site)
    for row in (1, 2):
        client.post(NEW, finding(row, do="keep"))
    assert made(site) == [0, 0, 0], "a draft makes nothing"
    page = client.get(DRAFTS).content.decode()
    ticked = re.findall(r'name="draft" value="([^"]+)"', page)
    given = {"draft": ticked, "also_make": "bundle", "purpose": "x", "passphrase": PASSPHRASE}
    answer = client.post(DRAFTS, given)
    assert answer.headers["Location"] == "/cases/1/check/", answer.content.decode()
    assert made(site) == [2, 0, 1]


def test_a_bundle_without_a_purpose_signs_nothing(site: Site) -> None:
    page = officer(site).post(NEW, finding(purpose="")).content.decode()
    assert '<a href="#id_purpose">' in page
    assert made(site) == [0, 0, 0]


def test_what_was_accepted_stands_where_no_bundle_can_be_made(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.reports.errors import BundleNothingToShow
    from kancil.web.studies.findings import also_made

    def refuse(*_: object) -> None:
        raise BundleNothingToShow(case="C1")

    monkeypatch.setattr(also_made, "make_bundle", refuse)
    answer = officer(site).post(NEW, finding(), follow=True)
    assert answer.redirect_chain == [("/cases/1/bundle/", 302)]
    assert made(site) == [1, 1, 0]
    page = answer.content.decode()
    assert "The bundle was not made." in page
    assert "What you accepted stands." in page


def test_where_use_is_limited_report_and_bundle_keep_to_their_pages(site: Site) -> None:
    client = officer(site)
    limit = {"handling_codes": ["police-channel"], "sending_office": "Bureau of X",
             "reason_of_act": "message 17"}  # fmt: skip
    assert OFFERED in client.get(NEW).content.decode()
    assert send(client, "/cases/1/exhibits/1/limit/", **limit).status_code == 302
    assert OFFERED not in client.get(NEW).content.decode()
    answer = client.post(NEW, finding())
    assert answer.headers["Location"] == "/cases/1/findings/"
    assert made(site) == [1, 0, 0], "what is sent all the same is not made"

"""The page of an address and of a cluster: sentence, facts, tabs, acts, and only my own cases."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Browser

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, LONG_CHAIN, PAID_ADDRESS, copied
from tests.web.site import Site, site_of
from tests.web.test_clusters import FIRST_KEY, MAIN
from tests.web.test_every_page import opened

ADDRESS = f"/chains/main/address/{PAID_ADDRESS}/"
HUB = "1Bidh2XFr9JzfXppeZd2cPKpbnJGvqCY4h"
"""Of the chain of 71 payments."""
SCREENS = {1280: 2700, 390: 7200}
"""How long a page may be at most, in pixels, by its width: 3 screens, and 8."""


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file; the officer is in C1 and C2."""
    from kancil.desk.access.actions import add_member

    unit = copied(sample, tmp_path_factory.mktemp("profile"))
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    unit.say("bitcoin", "cluster", "main", MAIN, "--case", "C1")
    served = site_of(unit)
    served.make_clusters()
    add_member(served.ledger, case=served.case("C2"), username="officer", by=served.by, adder=None)
    return served


def said(site: Site, address: str, name: str = "officer") -> str:
    answer = site.client(name).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_sentence_stands_first_and_the_facts_below(site: Site) -> None:
    told = said(site, ADDRESS)
    sentence = told.index("received 0.38796959 BTC in one transaction and sent nothing")
    assert sentence < told.index("Unspent in the blocks held") < told.index("Counterparties")
    assert told.index("Counterparties") < told.index("Limits of this result (")
    assert "the allegation of each publisher" in told


def test_every_tab_of_an_address_shows_its_part(site: Site) -> None:
    where = f"/chains/main/address/{HUB}/"
    for tab, words in {
        "parties": "Sent to: the largest 20 of 71", "transactions": "Page 1 of 2",
        "exposure": "nothing met a label", "labels": "No imported label names it",
        "elsewhere": "C2 Seventy-one hops", "notes": "No note of your cases",
    }.items():  # fmt: skip
        assert words in said(site, f"{where}?tab={tab}"), tab


def test_where_else_it_stands_is_told_of_my_cases_alone(site: Site) -> None:
    where = f"/chains/main/address/{HUB}/?tab=elsewhere"
    mine = said(site, where)
    assert "C1 The first payment" in mine
    assert "C2 Seventy-one hops" in mine
    other = said(site, where, "reader")
    assert "C1 The first payment" in other
    assert "Seventy-one" not in other
    assert "No case of yours names it" in said(site, where, "outsider")


def test_trace_watch_and_note_begin_in_a_case_of_mine(site: Site) -> None:
    client = site.client("officer")
    page = client.get(ADDRESS).content.decode()
    for act in ("trace", "watch", "note", "graph"):
        assert f'href="{ADDRESS}{act}/"' in page
        told = client.get(f"{ADDRESS}{act}/").content.decode()
        assert "C1 The first payment" in told
        assert "C2 Seventy-one hops" in told
        alone = site.client("examiner").get(f"{ADDRESS}{act}/")
        assert alone.headers["Location"].startswith("/cases/1/"), "the only case at once"
        assert PAID_ADDRESS in alone.headers["Location"]
    outside = f"/chains/main/graph/?start={PAID_ADDRESS}"
    assert outside in client.get(f"{ADDRESS}graph/").content.decode(), "and in no case"
    for name in ("reader", "outsider"):
        assert outside in site.client(name).get(ADDRESS).content.decode(), name
    assert client.get(f"{ADDRESS}dance/").status_code == 404
    assert site.client("reader").get(f"{ADDRESS}trace/").status_code == 403
    assert "/tags/new/" in page
    assert "/tags/new/" not in site.client("reader").get(ADDRESS).content.decode()


def test_what_an_act_leads_to_has_the_address_in_its_form(site: Site) -> None:
    client = site.client("examiner")
    for act in ("trace", "watch", "note"):
        url = client.get(f"{ADDRESS}{act}/").headers["Location"]
        form = client.get(url).content.decode()
        assert PAID_ADDRESS in form, act


def test_a_note_about_an_address_stands_on_its_page(site: Site) -> None:
    client = site.client("officer")
    sent = {"text": "The victim named it", "kind": "address", "chain": "main",
            "value": PAID_ADDRESS, "next": ADDRESS}  # fmt: skip
    assert client.post("/cases/1/notes/new/", sent).headers["Location"] == ADDRESS
    assert "The victim named it" in said(site, f"{ADDRESS}?tab=notes", "reader")
    assert "The victim named it" not in said(site, f"{ADDRESS}?tab=notes", "outsider")


def test_a_cluster_has_its_links_with_a_way_to_leave_one_out(site: Site) -> None:
    where = f"/chains/main/clusters/{MAIN}/"
    links = site.client("officer").get(f"{where}?tab=links").content.decode()
    (without, *_) = re.findall(r'href="(\?without=[0-9a-f]{64})"', links)
    told = said(site, f"{where}{without}")
    assert "Without the transactions excluded here the cluster" in told
    assert "One owner is not proved" in told


@pytest.mark.parametrize(
    "address",
    [
        "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53e", "x",
        "5KJvsngHeMpm884wtkJNzQGaCErckhHJBGFsvd3VyK5qMZXj3hS",
        "TN3W4H6rK2ce4vX9YnFQHwKENnHjoxb3m9", "bcrt1qztymu8d00j5gh795gs8mv9ulqx8acqmdq9cq8q",
    ],
)  # fmt: skip
def test_what_is_no_address_of_this_network_is_refused(site: Site, address: str) -> None:
    assert site.client("officer").get(f"/chains/main/address/{address}/").status_code in (400, 404)


@pytest.mark.thorough
def test_no_page_of_a_result_is_longer_than_it_may_be(browser: Browser, site: Site) -> None:
    pages = [
        "/cases/1/", "/cases/1/money/1/", "/cases/1/money/4/", "/cases/1/money/4/?tab=now",
        "/cases/1/money/4/?tab=limits", "/cases/1/studies/1/", "/cases/1/studies/1/?tab=links",
        ADDRESS, f"/chains/main/address/{HUB}/", f"/chains/main/address/{HUB}/?tab=transactions",
        f"/chains/main/address/{FIRST_KEY}/", f"/chains/main/clusters/{MAIN}/",
        f"/chains/main/clusters/{MAIN}/exposure/?subject=cluster",
        f"/chains/main/tx/{FIRST_PAYMENT}/",
    ]  # fmt: skip
    with opened(browser, site) as (where, context):
        page = context.new_page()
        for width, most in SCREENS.items():
            page.set_viewport_size({"width": width, "height": 900})
            for address in pages:
                page.goto(f"{where}{address}")
                size = page.evaluate(
                    "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
                )
                assert size[0] <= most, (address, width, size)
                assert size[1] <= width, (address, width, size)


def test_an_address_whose_key_alone_was_paid_is_explored_by_that_key(site: Site) -> None:
    client = site.client("examiner")
    page = client.get("/chains/main/address/12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S/").content.decode()
    (explore,) = re.findall(r'href="(/chains/main/address/[0-9a-f]{130}/graph/)"', page)
    drawn = client.get(explore, follow=True)
    assert drawn.redirect_chain[0][0].startswith("/cases/1/canvas/?")
    assert "f4184fc5" in drawn.content.decode(), "the first payment is in the picture"

"""Ledger entries as rows: each row of the custody page leads to what it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.reports.poppler import need, text_of
from tests.web.look import serving
from tests.web.site import Site, site_of


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample's unit, with an accepted finding."""
    found = site_of(copied(sample, tmp_path_factory.mktemp("history")))
    found.unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    return found


def test_each_row_of_the_custody_page_leads_to_what_it_names(site: Site) -> None:
    client = site.client("officer")
    page = client.get("/cases/1/custody/").content.decode()
    rows = re.findall(r"<tr[ >].*?</tr>", page, re.DOTALL)
    links = {found[1] for row in rows if (found := re.search(r'href="(/cases/1/[^"]*)"', row))}
    exhibit = site.entries("exhibit.added")[0].exhibit_id
    wanted = {
        f"/cases/1/exhibits/{exhibit}/", "/cases/1/money/1/", "/cases/1/findings/",
        "/cases/1/people/", "/cases/1/",
    }  # fmt: skip
    assert wanted <= links
    for url in wanted:
        assert client.get(url).status_code == 200, url


def test_the_newest_twenty_entries_stand_open_and_are_printed_with_the_earlier_ones(
    site: Site, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("pdftotext")
    client = site.client("officer")
    case = site.case("C1")
    for number in range(24):
        said = {"kind": "", "chain": "", "value": "", "text": f"seen{number}."}
        assert client.post("/cases/1/notes/new/", said).status_code == 302
    entries = list(site.ledger.case_entries(case))
    page = client.get("/cases/1/custody/").content.decode()
    fold = re.search(r'<details class="more"><summary>(.*?)</summary>(.*?)</details>', page, re.S)
    assert fold is not None
    earlier = len(entries) % 50 - 20
    assert fold[1] == (
        f"Earlier entries, from {entries[-20 - earlier].n} to {entries[-21].n} ({earlier})"
    )
    assert fold[2].count('<tr role="row"><td') == earlier
    assert page.count('<tr role="row"><td') == earlier + 20
    from django.core.wsgi import get_wsgi_application

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with serving(get_wsgi_application()) as address:
        context = browser.new_context(base_url=address)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        window = context.new_page()
        window.goto("/cases/1/custody/")
        window.pdf(path=tmp_path / "custody.pdf")
        context.close()
    printed = text_of(tmp_path / "custody.pdf")
    for number in (0, 23):
        assert f"seen{number}." in printed

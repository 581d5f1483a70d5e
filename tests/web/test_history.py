"""Ledger entries as rows: each row of the custody page leads to what it names."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
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

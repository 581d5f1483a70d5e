"""The search of a case's disks on the site."""

from __future__ import annotations

import pytest

from kancil.custody.reading import VIEWED
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.evidence.stick import write_stick
from tests.web.site import OUTSIDER, Site, site_of

SEARCH = "/cases/1/disk-search/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Exhibit 3 is a memory stick that was examined."""
    unit = copied(sample, tmp_path_factory.mktemp("searched"))
    stick = write_stick(tmp_path_factory.mktemp("stick"))
    unit.say("exhibit", "add", "C1", stick, "--title", "Memory stick")
    unit.say("evidence", "triage", "E3")
    return site_of(unit)


def shown(site: Site, query: str = "", name: str = "officer") -> str:
    answer = site.client(name).get(SEARCH + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_text_is_found_marked_and_leads_to_its_file(site: Site) -> None:
    assert "Words to look for" in shown(site)
    page = shown(site, "?disk_words=wallet+floor")
    assert "Texts that hold this: 1 (disks searched: 1)" in page
    assert "<mark>wallet</mark>" in page
    url = page.split('href="/cases/1/exhibits/3/disk/files/')[1].split('"')[0]
    opened = site.client("officer").get(f"/cases/1/exhibits/3/disk/files/{url}")
    assert "letter.txt" in opened.content.decode()


def test_a_search_is_bounded_and_bad_input_is_told_at_its_field(site: Site) -> None:
    for query in ("&under=papers/", "&kind=zip", "&modified_since=2026-03-02", "&on_disk=E3"):
        total = 1 if query == "&on_disk=E3" else 0
        assert f"Texts that hold this: {total} " in shown(site, f"?disk_words=deleted+words{query}")
    assert "there is no word in it" in shown(site, "?disk_words=,,,")
    assert "a quotation mark" in shown(site, "?disk_words=%22open").lower()
    assert "<script" not in shown(site, "?disk_words=%3Cscript%3Ex").split("<main")[1]


def test_only_members_of_the_case_search_and_the_ledger_says_who(site: Site) -> None:
    assert site.client(OUTSIDER).get(f"{SEARCH}?disk_words=wallet").status_code == 404
    shown(site, "?disk_words=wallet", "examiner")
    assert "examiner" in [each.body["account"] for each in site.entries(VIEWED)]

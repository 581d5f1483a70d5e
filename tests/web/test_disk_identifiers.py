"""The identifiers of a disk on the site: listed, followed to the money, recorded, sealed."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.evidence.stick import ADDRESS, write_stick
from tests.web.site import OUTSIDER, Site, site_of
from tests.work.launch import load
from tests.work.shop import Shop

DISK = "/cases/1/exhibits/3/disk/"
PLACES = f"{DISK}identifiers/?value={ADDRESS}"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Exhibit 3 is a memory stick that was examined."""
    unit = copied(sample, tmp_path_factory.mktemp("examined"))
    stick = write_stick(tmp_path_factory.mktemp("stick"))
    unit.say("exhibit", "add", "C1", stick, "--title", "Memory stick")
    unit.say("evidence", "triage", "E3")
    load()
    return site_of(unit)


def shown(site: Site, url: str, name: str = "officer") -> str:
    answer = site.client(name).get(url, follow=True)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def test_an_identifier_leads_to_its_places_and_to_the_money(site: Site) -> None:
    page = shown(site, f"{DISK}identifiers/")
    assert ADDRESS in page
    assert f"/find/?q={ADDRESS}" in page
    places = shown(site, PLACES)
    assert "note.txt" in places
    assert "UTF-16" in places
    assert "places: 2, files: 2" in places
    found = shown(site, f"/find/?q={ADDRESS}")
    assert "On examined disks of your cases" in found
    assert "/chains/" in found


def test_nobody_else_learns_that_it_stands_on_a_disk(site: Site) -> None:
    client = site.client(OUTSIDER)
    assert client.get(PLACES).status_code == 404
    page = client.get(f"/find/?q={ADDRESS}", follow=True).content.decode()
    assert "examined disks" not in page
    assert "stick" not in page


def test_the_places_are_recorded_and_a_finding_can_rest_on_them(site: Site) -> None:
    answer = site.client("officer").post(f"{DISK}identifiers/record/", {"value": ADDRESS})
    assert answer.status_code == 302
    assert Shop(site, "").work_off() == 1
    studies = shown(site, "/cases/1/money/")
    assert f"Where does {ADDRESS} stand on E3?" in studies
    url = studies.split("/cases/1/studies/")[1].split('"')[0]
    page = shown(site, f"/cases/1/studies/{url}")
    assert "note.txt" in page
    assert f"{url}finding/" in page


def test_a_file_with_a_key_is_told_and_sealed(site: Site) -> None:
    page = shown(site, f"{DISK}identifiers/")
    assert "Private keys or seed phrases were found: 1" in page
    number = page.split(f'href="{DISK}files/')[1].split("/")[0]
    file = shown(site, f"{DISK}files/{number}/")
    assert "In this file stands a seed phrase" in file
    assert "abandon" not in file
    for sealed in ("download/", "picture/"):
        answer = site.client("officer").get(f"{DISK}files/{number}/{sealed}")
        assert answer.status_code == 404
    assert "https://example.org/x" in file


def test_what_is_typed_into_the_address_is_shown_as_text(site: Site) -> None:
    page = shown(site, f"{DISK}identifiers/?value={quote('<script>x</script>')}")
    assert "<script>x" not in page
    assert "was not found" in page

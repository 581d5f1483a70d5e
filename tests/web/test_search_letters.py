"""A bank reads out a letter's reference and check code: the unit finds the letter by either."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from kancil.custody.slip import in_fours
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.legal.letters import good
from tests.web.site import OUTSIDER, Site, site_of
from tests.web.test_request_form import newest, saved, sent_of

ONE = "/cases/1/requests/1/"


@pytest.fixture
def site(sample: Unit, tmp_path: Path) -> Site:
    """A unit with one letter, of a reference of its officer's own."""
    found = site_of(copied(sample, tmp_path))
    saved(found, replace(good("freeze"), reference="K-44/2026", findings=()))
    return found


def leads(site: Site, asked: str, name: str = "officer") -> str:
    answer = site.client(name).get(f"/find/?q={quote(asked)}")
    return answer.headers.get("Location", "") or answer.content.decode()


def test_a_letter_is_found_by_number_reference_and_check_code(site: Site) -> None:
    code = in_fours(newest(site, "1").sha256[:16])
    for asked in ("R1", "r1", "K-44/2026", "k-44/2026", "LA-C1-R1", code, code.upper(),
                  code.replace(" ", "")):  # fmt: skip
        assert leads(site, asked) == ONE, asked
        assert leads(site, asked, "reader") == ONE, asked


def test_a_letter_is_found_by_nobody_outside_its_case_and_by_no_other_code(site: Site) -> None:
    code = in_fours(newest(site, "1").sha256[:16])
    for asked in ("R1", "K-44/2026", code):
        assert "Nothing found" in leads(site, asked, OUTSIDER), asked
    for asked in ("R2", "LA-C2-R1", "K-44", "0000 0000 0000 0000", code[:-1]):
        assert ONE not in leads(site, asked), asked


def test_the_check_code_of_a_replaced_version_is_found_and_named_as_such(site: Site) -> None:
    old = newest(site, "1")
    client = site.client("officer")
    sent = sent_of(replace(old, reference="K-45/2026"))
    assert client.post(f"{ONE}edit/", {**sent, "do": "save"}).status_code == 302
    assert newest(site, "1").sha256 != old.sha256
    page = leads(site, in_fours(old.sha256[:16]))
    assert "an older version of this letter" in page
    assert f'href="{ONE}"' in page
    assert leads(site, in_fours(newest(site, "1").sha256[:16])) == ONE

"""The page of a trace: sentence, picture, tabs, limits once; labels that came later."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, copied
from tests.web.site import Site, site_of

TRACE = "/cases/1/money/1/"


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit of its own for each test."""
    return site_of(copied(sample, tmp_path_factory.mktemp("trace-page")))


def visible(shown: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", shown))


def page(site: Site, address: str, name: str = "officer") -> str:
    answer = site.client(name).get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_the_answer_stands_first_then_the_picture_then_the_tabs(site: Site) -> None:
    shown = page(site, TRACE)
    told = visible(shown)
    sentence = "Of the 50 BTC asked about, 10 BTC went to the key 04ae1a62…6cd84c"
    assert sentence in told
    assert "on 12 January 2009 (block 170); under the policy “haircut: in proportion”" in told
    assert "all of them are unspent in the blocks held" in told
    marks = ("said-first", f'src="{TRACE}picture.svg"', 'class="tabs"', "<table", "Limits of this")
    places = [shown.index(each) for each in marks]
    assert places == sorted(places)
    assert told.count("A policy is a legal choice, not a fact") == 1, "a limit is said once"


def test_each_tab_is_a_link_and_shows_its_own_part(site: Site) -> None:
    links = re.findall(r'<a href="\?tab=(\w+)"', page(site, TRACE))
    assert links == ["transfers", "now", "policies", "limits", "check"]
    expected = {
        "transfers": "2009-01-12 10:30", "now": "unspent (in the blocks held)",
        "policies": "Compare with another policy", "limits": "Missing transactions",
        "check": "came out as recorded", "nothing-of-ours": "2009-01-12 10:30",
    }  # fmt: skip
    for tab, words in expected.items():
        assert words in visible(page(site, f"{TRACE}?tab={tab}")), tab


def test_both_parties_of_a_transfer_are_links_with_the_local_time(site: Site) -> None:
    shown = page(site, TRACE)
    row = shown[shown.index(f"/chains/main/tx/{FIRST_PAYMENT}/") - 1500 :]
    keys = re.findall(r'href="/chains/main/address/(04[0-9a-f]{128})/"', row)
    assert len(set(keys)) > 1
    assert 'title="2009-01-12 03:30:25 UTC">2009-01-12 10:30</time>' in shown


def test_the_picture_is_the_graphs_and_the_members_alone(site: Site) -> None:
    answer = site.client("reader").get(f"{TRACE}picture.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert site.client("outsider").get(f"{TRACE}picture.svg").status_code == 404


def label_file(folder: object, address: str) -> str:
    from pathlib import Path

    path = Path(str(folder)) / "later.csv"
    path.write_text(
        f"address,label,category,publisher\n{address},Later Exchange,exchange,Somebody\n"
    )
    return str(path)


def test_labels_that_came_later_are_told_at_once_and_the_question_is_run_again(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from kancil.desk.access.actions import add_member

    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    trace = "/cases/2/money/2/"
    assert "touches this result" not in page(site, trace)
    address = "3Ek2yVSXs49UvsTwvnXGM8Kg913JRFxDUp"
    site.unit.say("labels", "import", label_file(tmp_path_factory.mktemp("labels"), address))
    told = page(site, trace)
    assert "1 new label touches this result (Somebody: Later Exchange)" in told
    assert f'action="{trace}again/"' in told
    before = site.ledger.head().size
    answer = site.client("officer").post(f"{trace}again/")
    assert answer.headers["Location"] == "/cases/2/money/4/"
    assert [each.kind for each in site.ledger.entries(before + 1)][-1] == "trace.run"
    again = visible(page(site, "/cases/2/money/4/"))
    assert "Somebody: Later Exchange: the allegation of" in again
    assert "touches this result" not in again
    assert "touches this result" in page(site, trace), "what was recorded stays as it was"


def test_a_reader_is_told_of_new_labels_without_the_button(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    address = "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"
    site.unit.say("labels", "import", label_file(tmp_path_factory.mktemp("labels"), address))
    assert "touches this result" not in page(site, TRACE, "reader"), "it pays no address"
    assert site.client("reader").post(f"{TRACE}again/").status_code == 403

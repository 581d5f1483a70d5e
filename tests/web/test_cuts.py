"""Nothing is cut silently: a list that is not whole says of how many, and where the rest is."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from kancil.ground.units import few
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of

TRACE = "/cases/1/money/1/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file."""
    return site_of(copied(sample, tmp_path_factory.mktemp("cuts")))


def page(site: Site, address: str, name: str = "officer") -> str:
    answer = site.client(name).get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def rows_of(site: Site, table: str, name: str = "reader") -> list[dict[str, str]]:
    answer = site.client(name).get(f"{TRACE}rows/{table}.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_trace_of_more_rows_than_are_shown_says_so_and_gives_all_as_a_file(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = page(site, TRACE)
    assert "Page 1 of" not in whole, "all of a short trace is shown"
    transfers, ends = rows_of(site, "transfers"), rows_of(site, "holdings")
    assert len(transfers) > 1
    assert [row["row"] for row in transfers] == [str(n + 1) for n in range(len(transfers))]
    monkeypatch.setattr("kancil.web.studies.result_page.part_of.__defaults__", (1,))
    missing = rows_of(site, "fetch_list")
    tabs = (("transfers", transfers), ("now", ends), ("limits", missing))
    files = {"transfers": "transfers", "now": "holdings", "limits": "fetch_list"}
    for name in ("officer", "reader"):
        for tab, rows in tabs:
            cut = page(site, f"{TRACE}?tab={tab}", name)
            assert f"Page 1 of {len(rows)}" in cut
            assert f'href="?tab={tab}&amp;page=2"' in cut.replace("&page", "&amp;page")
            assert f'href="{TRACE}rows/{files[tab]}.csv"' in cut


def test_the_file_of_a_traces_rows_says_labels_in_words_and_is_the_members_alone(
    site: Site,
) -> None:
    every = [row for name in ("transfers", "holdings", "left_out") for row in rows_of(site, name)]
    assert not any(re.fullmatch(r"\d+( \d+)*", row["labels"]) for row in every)
    for name in ("fetch_list", "totals"):
        assert rows_of(site, name) is not None
    assert site.client("officer").get(f"{TRACE}rows/nothing.csv").status_code == 404
    assert site.client("outsider").get(f"{TRACE}rows/transfers.csv").status_code == 404


def test_cases_to_read_blocks_from_that_are_not_listed_are_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.access.actions import add_member

    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    monkeypatch.setattr("kancil.web.studies.chains.pages.MOST_CASES", 1)
    assert "1 of 2 rows are shown here." in page(site, "/chains/")


def test_work_that_has_ended_is_shown_part_by_part(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.jobs.models import State, Task
    from kancil.ground import clock
    from kancil.ground.ids import new_id

    skips = [{"code": "no-amount", "place": "row 2", "params": {}}]
    for n in range(3):
        Task.objects.create(
            id=new_id(), name="works.unknown", parameters={},
                run_after=clock.now(), tries_left=0, asked_by=site.people["officer"],
            asked_at=clock.now(), ended_at=clock.now() + timedelta(seconds=n), state=State.DONE,
            result={"skipped": 7, "skips": skips},
        )  # fmt: skip
    monkeypatch.setattr("kancil.web.jobs.pages._ENDED_ROWS", 2)
    seen = [
        set(re.findall(r"/tasks/([0-9a-f-]{36})/", page(site, f"/tasks/?page={n}"))) for n in (1, 2)
    ]
    assert [len(part) for part in seen] == [2, 1]
    assert not seen[0] & seen[1]
    assert "1 of 7 rows are shown here." in page(site, f"/tasks/{seen[1].pop()}/")


def test_older_sign_ins_of_an_account_are_said_to_be_elsewhere(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from axes.models import AccessLog

    monkeypatch.setattr("kancil.web.people.sign_ins._OF_ONE", 2)
    person = site.people["examiner"]
    for n in range(3):
        address = f"/people/{person.pk}/"
        assert "newest first" not in page(site, address, "administrator"), n
        AccessLog.objects.create(username=person.username, user_agent="b" * 200, path_info="/")
    told = page(site, address, "administrator")
    assert "2 are shown, newest first." in told
    assert "b" * 60 + "… (200 characters)" in told


def test_a_search_for_more_than_is_looked_for_says_so(site: Site) -> None:
    assert "Only the first 200 characters" in page(site, "/find/?q=" + "phone" * 50)
    assert "Only the first 200" not in page(site, "/find/?q=phone")


def test_a_long_remark_in_a_list_says_how_long_it_is(site: Site) -> None:
    given: dict[str, Any] = {"finding_class": "chain-fact", "row": "1", "do": "keep"}
    made = site.client("officer").post(f"{TRACE}finding/", {**given, "remark": "x" * 300})
    assert made.status_code == 302
    assert "x" * 200 + "… (300 characters)" in page(site, "/cases/1/findings/")


def test_names_that_have_no_room_are_counted() -> None:
    names = [f"name {n}" for n in range(1500)]
    assert few(names[:3], 3) == "name 0, name 1, name 2"
    assert few(names, 2) == "name 0, name 1 … (+1\u202f498)"
    assert few(names, 9, 20) == "name 0, name 1 … (+1\u202f498)"
    assert few(["x" * 50], 1, 20) == "x" * 50
    assert few([], 3) == ""

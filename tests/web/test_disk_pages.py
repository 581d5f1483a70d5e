"""The examination of a disk on the site: asked for, its files, what was not examined."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.reading import DOWNLOADED, VIEWED
from kancil.custody.roll import Roll
from kancil.desk.cases.triage import pass_made
from kancil.desk.evidence.examination import Examination, find_examination
from kancil.desk.evidence.files import Wanted, fitting, inside, rows_at
from kancil.desk.evidence.one_file import listed_file, open_listed
from kancil.evidence.errors import VaultBytesBroken
from kancil.evidence.images.entry import time_text
from kancil.evidence.reading.page import Asked
from kancil.ground.clock import from_text, to_text
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.evidence.images.known import SMALL
from tests.evidence.stick import write_stick
from tests.web.site import OUTSIDER, Site, site_of
from tests.work.launch import load
from tests.work.shop import Shop

IMAGE = "ext2-deleted.E01"
DISK = "/cases/1/exhibits/3/disk/"


@pytest.fixture(scope="module")
def disk_unit(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Exhibit 3 is an image of a disk with deleted files; nobody has examined it."""
    unit = copied(sample, tmp_path_factory.mktemp("disk"))
    unit.say("exhibit", "add", "C1", SMALL / IMAGE, "--title", "Memory stick")
    return unit


@pytest.fixture(scope="module")
def examined(disk_unit: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same, examined by whoever is an officer."""
    site = site_of(copied(disk_unit, tmp_path_factory.mktemp("examined")))
    load()
    site.client("officer").post(f"{DISK}examine/")
    assert Shop(site, "").work_off() == 1
    return site


@pytest.fixture
def fresh(disk_unit: Unit, tmp_path: Path) -> Site:
    load()
    return site_of(copied(disk_unit, tmp_path))


@pytest.fixture(scope="module")
def opened(examined: Site) -> Examination:
    return examination_of_site()


def examination_of_site() -> Examination:
    from kancil.web.unit_desk import unit_desk

    desk = unit_desk()
    exhibit = desk.ledger.folded(Roll).exhibit("E3")
    found = find_examination(desk.vault, desk.workspace.triage_dir, exhibit)
    assert found is not None
    return found


def shown(site: Site, url: str, name: str = "officer") -> str:
    answer = site.client(name).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


def test_a_disk_says_first_what_was_found_and_whether_the_image_is_as_stored(
    examined: Site, opened: Examination
) -> None:
    page = shown(examined, DISK)
    read = int((opened.content_rows >= 0).sum())
    assert f"{len(opened.entries)} entries (volumes: 1); {read} files read" in page
    assert "The image is as its acquisition stored it" in page
    for digest in opened.outcome.listed.stored.values():
        assert page.count(digest) >= 2
    assert "pytsk3 " in page
    assert "Officer" in page


def test_the_ledger_says_once_a_day_who_looked(examined: Site) -> None:
    for _ in range(2):
        shown(examined, DISK, "examiner")
        shown(examined, f"{DISK}files/", "examiner")
    looked = [each.body["account"] for each in examined.entries(VIEWED)]
    assert looked.count("examiner") == 1


def test_the_timeline_opens_by_its_bars_and_tells_three_zones(examined: Site) -> None:
    page = shown(examined, "/cases/1/timeline/")
    assert "times are stored on the examined disks" in page
    for said in ("Stored zone", "Assumed zone", "Shown zone", "none: every time is stored in UTC"):
        assert said in page
    bar = page.split('<svg class="activity"')[1].split('href="')[1].split('"')[0]
    opened = shown(examined, f"/cases/1/timeline/{bar.replace('&amp;', '&')}")
    assert "times lie between" in opened
    for query in ("?since=x&until=y", "?on_disk=E99", "?assumed_zone=none", "?page=9999"):
        shown(examined, f"/cases/1/timeline/{query}")
    assert examined.client(OUTSIDER).get("/cases/1/timeline/").status_code == 404


def test_a_folder_shows_its_own_entries_folders_first(examined: Site, opened: Examination) -> None:
    page = shown(examined, f"{DISK}files/?volume=1&at=a_directory")
    assert "a_file" in page
    rows = rows_at(opened, inside(opened, 1, "a_directory"))
    assert {row["path"].rpartition("/")[0] for row in rows} == {"a_directory"}
    root = [row["kind"] == "folder" for row in rows_at(opened, inside(opened, 1, ""))]
    assert root == sorted(root, reverse=True)


def test_folders_together_hold_every_entry_once(opened: Examination) -> None:
    paths = opened.entries["path"].to_pylist()
    folders = {path.rpartition("/")[0] for path in paths}
    places = [place for each in folders for place in inside(opened, 1, each).tolist()]
    assert sorted(places) == list(range(len(paths)))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(name="PASSW"),
        Wanted(state="deleted"),
        Wanted(state="live", kind="text"),
        Wanted(kind="none-such"),
        Wanted(since_ns=0, until_ns=2**62, sort="modified"),
        Wanted(sort="size", is_falling=True),
        Wanted(sort="path"),
    ],
    ids=str,
)
def test_what_fits_is_what_a_plain_look_over_all_rows_finds(
    opened: Examination, wanted: Wanted
) -> None:
    rows = rows_at(opened, fitting(opened, Wanted()))
    plain = [row for row in rows if _fits(row, wanted)]
    if wanted.sort:
        name = {"size": "size_bytes", "modified": "modified_ns"}.get(wanted.sort, wanted.sort)
        some = [row for row in plain if row[name] is not None]
        some.sort(key=lambda row: row[name], reverse=wanted.is_falling)
        plain = [*some, *(row for row in plain if row[name] is None)]
    got = rows_at(opened, fitting(opened, wanted))
    assert [row["number"] for row in got] == [row["number"] for row in plain]


def _fits(row: dict[str, object], wanted: Wanted) -> bool:
    at = row["modified_ns"]
    return (
        wanted.name.lower() in str(row["path"]).lower()
        and (not wanted.kind or row["content"] == wanted.kind)
        and (not wanted.state or (row["state"] == "allocated") == (wanted.state == "live"))
        and (wanted.since_ns is None or (isinstance(at, int) and at >= wanted.since_ns))
        and (wanted.until_ns is None or (isinstance(at, int) and at < wanted.until_ns))
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?tab=all&entry_name=passwords", ("entries match", "passwords.txt")),
        ("?tab=all&entry_state=deleted", ("$OrphanFiles",)),
        ("?tab=all&sort=-size&page=1", ("entries match",)),
        ("?tab=all&sort=nothing&kind=%20&modified_since=x", ("entries match",)),
        ("?volume=99&at=../..", ("0 entries in",)),
    ],
)
def test_files_are_looked_for_by_an_address(
    examined: Site, query: str, said: tuple[str, ...]
) -> None:
    page = shown(examined, f"{DISK}files/{query}")
    assert [each for each in said if each not in page] == []


def entry_of(opened: Examination, path: str) -> dict[str, Any]:
    rows = rows_at(opened, fitting(opened, Wanted(name=path)))
    return next(row for row in rows if row["path"] == path)


def test_a_file_shows_its_text_its_digests_and_each_time_with_its_zone(
    examined: Site, opened: Examination
) -> None:
    row = entry_of(opened, "passwords.txt")
    page = shown(examined, f"{DISK}files/{row['number']}/")
    content = opened.contents.slice(int(opened.content_rows[row["number"] - 1]), 1).to_pylist()[0]
    for said in (
        "uber secret laire", content["sha256"].hex(), content["md5"].hex(), "Stored zone",
        time_text(row["modified_ns"], row["zone"]), row["address"],
    ):  # fmt: skip
        assert said in page, said
    assert f'href="{row["number"]}/"' in shown(examined, f"{DISK}files/?volume=1")
    assert "00000000" in shown(examined, f"{DISK}files/{row['number']}/?way=bytes")


def test_a_file_is_sent_whole_or_from_a_place_on_and_the_ledger_says_to_whom(
    examined: Site, opened: Examination
) -> None:
    row = entry_of(opened, "passwords.txt")
    url, client = f"{DISK}files/{row['number']}/download/", examined.client("examiner")
    content = opened.contents.slice(int(opened.content_rows[row["number"] - 1]), 1).to_pylist()[0]
    whole = b"".join(client.get(url))
    assert hashlib.sha256(whole).digest() == content["sha256"]
    rest = b"".join(client.get(url, headers={"Range": "bytes=5-"}))
    assert rest == whole[5:]
    entries = examined.entries(DOWNLOADED)
    assert [each.body["sha256"] for each in entries] == [content["sha256"].hex()]
    assert entries[0].body["account"] == "examiner"


def test_what_has_no_content_says_why_and_what_is_no_entry_is_none(
    examined: Site, opened: Examination
) -> None:
    row = entry_of(opened, "a_directory/.another_file.swp")
    page = shown(examined, f"{DISK}files/{row['number']}/")
    assert "Only the deleted name is left" in page
    client = examined.client("officer")
    assert client.get(f"{DISK}files/{row['number']}/download/").status_code == 404
    text = entry_of(opened, "passwords.txt")["number"]
    for url in ("0/", "999999/", f"{10**30}/", f"{text}/picture/"):
        assert client.get(f"{DISK}files/{url}").status_code == 404, url


def test_what_was_not_examined_says_why_and_what_would_help(examined: Site) -> None:
    page = shown(examined, f"{DISK}not-examined/")
    assert "a_directory/.another_file.swp" in page
    assert "Only the deleted name is left" in page
    assert "carving tool" in page
    file = examined.client("officer").get(f"{DISK}not-examined/?csv=1")
    assert b"a_directory/.another_file.swp" in file.content


def test_an_examination_is_none_for_whoever_is_not_a_member(examined: Site) -> None:
    for url in (DISK, f"{DISK}files/", f"{DISK}not-examined/"):
        assert examined.client(OUTSIDER).get(url).status_code == 404
    assert examined.client("reader").post(f"{DISK}examine/").status_code == 403


def test_nobody_reads_a_disk_once_the_legal_basis_has_ended(
    examined: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody.errors import LegalBasisExpired
    from kancil.desk.evidence import examination
    from kancil.web.evidence import disk

    def ended(*_: object) -> None:
        raise LegalBasisExpired(case="C1", basis="order 17", expired_on="2026-01-01")

    monkeypatch.setattr(examination, "require_readable", ended)
    monkeypatch.setattr(disk, "require_readable", ended)
    client = examined.client("officer")
    for url in (DISK, f"{DISK}files/", f"{DISK}not-examined/"):
        assert client.get(url).status_code == 403, url
    assert client.post(f"{DISK}examine/").status_code == 403


def test_a_job_asked_for_twice_is_one_and_leads_to_the_disk(fresh: Site) -> None:
    client = fresh.client("officer")
    assert "Examine this disk" in shown(fresh, DISK)
    for name in ("officer", "examiner"):
        assert fresh.client(name).post(f"{DISK}examine/").status_code == 302
    assert "Examine this disk" not in shown(fresh, DISK)
    shop = Shop(fresh, "")
    assert shop.work_off() == 1
    assert [each.body["account"] for each in fresh.entries(VIEWED)] == ["officer"]
    tasks = client.get("/tasks/").content.decode()
    assert "E3:" in tasks
    assert 'href="/cases/1/exhibits/3/disk/"' in shown(fresh, "/cases/1/exhibits/3/")


def processing(page: str) -> dict[str, str]:
    """What a page of a disk says of how it was examined: who, and the moments."""
    rows = re.findall(r"<dt>(Who|Started|Ended)</dt><dd>(.*?)</dd>", page)
    return {name: re.sub(r"<time datetime=\"(.*?)\">.*|<.*?>", r"\1", told) for name, told in rows}


@pytest.mark.parametrize("door", ["command", "page"])
def test_who_had_a_disk_examined_and_when_is_said_by_any_door(fresh: Site, door: str) -> None:
    if door == "command":
        fresh.unit.say("evidence", "triage", "E3")
    else:
        fresh.client("officer").post(f"{DISK}examine/")
        assert Shop(fresh, "").work_off() == 1
    from kancil.web.unit_desk import unit_desk

    roll = unit_desk().ledger.folded(Roll)
    outcome = examination_of_site().outcome
    made = pass_made(outcome, roll.exhibit("E3").id)
    assert made is not None
    assert made.started_at < made.ended_at
    name = "Officer" if door == "page" else roll.officer(fresh.unit.officer).name
    assert processing(shown(fresh, DISK)) == {
        "Who": name, "Started": to_text(made.started_at), "Ended": to_text(made.ended_at),
    }  # fmt: skip
    assert pass_made(outcome, roll.exhibit("E1").id) is None, "nothing is said of another exhibit"


def test_a_pass_of_an_earlier_version_opens_and_says_who_by_its_task(fresh: Site) -> None:
    fresh.client("officer").post(f"{DISK}examine/")
    assert Shop(fresh, "").work_off() == 1
    outcome = examination_of_site().outcome
    (made,) = outcome.folder.glob("made-*.json")
    made.unlink()
    told = processing(shown(fresh, DISK))
    assert told.pop("Who") == "Officer"
    assert len([from_text(each) for each in told.values()]) == 2


def test_a_disk_without_stored_digests_shows_no_empty_table(fresh: Site, tmp_path: Path) -> None:
    assert "Digests of the disk" not in shown(fresh, DISK)
    fresh.unit.say("exhibit", "add", "C1", write_stick(tmp_path), "--title", "Raw stick")
    fresh.unit.say("evidence", "triage", "E3")
    fresh.unit.say("evidence", "triage", "E4")
    assert "Digests of the disk" in shown(fresh, DISK)
    assert "Digests of the disk" not in shown(fresh, "/cases/1/exhibits/4/disk/")


def test_an_image_that_changed_since_its_pass_shows_nothing(fresh: Site) -> None:
    from kancil.web.unit_desk import unit_desk

    fresh.client("officer").post(f"{DISK}examine/")
    Shop(fresh, "").work_off()
    found, desk = examination_of_site(), unit_desk()
    number = entry_of(found, "passwords.txt")["number"]
    other = replace(listed_file(found, number).asked, sha256="0" * 64)
    with pytest.raises(VaultBytesBroken):
        open_listed(desk.vault, desk.ledger.folded(Roll).exhibit("E3"), other, Asked())


def test_what_cannot_be_opened_as_an_image_says_so(fresh: Site, tmp_path: Path) -> None:
    cut = tmp_path / "cut.E01"
    cut.write_bytes((SMALL / IMAGE).read_bytes()[:4000])
    fresh.unit.say("exhibit", "add", "C1", cut, "--title", "Cut")
    fresh.client("officer").post("/cases/1/exhibits/4/disk/examine/")
    Shop(fresh, "").work_off()
    page = shown(fresh, "/cases/1/exhibits/4/disk/")
    assert "E4 (cut.E01) cannot be opened as a disk image" in page
    assert "Examine this disk" in page


def test_an_exhibit_is_examined_in_its_own_case_alone(fresh: Site) -> None:
    from kancil.desk.access.actions import add_member

    fresh.unit.say("case", "new", "Another", "--legal-basis", "Order 17/2026")
    other = fresh.case("C2")
    add_member(fresh.ledger, case=other, username="officer", by=fresh.by, adder=None)
    disk = fresh.ledger.folded(Roll).exhibit("E3")
    shop = Shop(fresh, "")
    task = shop.ask("examine-disk", case="C2", exhibit=disk.id)
    shop.work_off()
    assert shop.met(task) == "page-not-found"
    assert fresh.entries(VIEWED) == []


def test_a_case_without_an_examined_disk_says_how_to_begin(fresh: Site) -> None:
    assert "No disk was examined yet" in shown(fresh, "/cases/1/timeline/")

"""Watch lists on the site: added, touched, seen, ended; a case's is no other case's."""

from __future__ import annotations

import html
import re

import pytest

from kancil.ground.units import grouped
from tests.cli.sample_unit import PAID_ADDRESS
from tests.web.site import OUTSIDER, Site

CASE = "/cases/1/watch/"
WANTED = {
    "chain": "main",
    "watch_address": PAID_ADDRESS,
    "watch_reason": "named <b>by</b> the victim",
    "watch_basis": "order 1/2026",
}


def said(site: Site, name: str, path: str) -> str:
    return html.unescape(site.client(name).get(path).content.decode())


def seen(site: Site, path: str) -> int:
    """Mark as seen what the page shows."""
    page = said(site, "officer", path)
    found = re.search(r'name="watch_seen" value="([^"]+)"', page)
    given = {"watch_seen": found[1]} if found else {}
    return site.client("officer").post(f"{path}seen/", given).status_code


def touch(site: Site) -> None:
    """Let the payment that the sample holds come as if its block were new."""
    from kancil.desk.studies.models import WatchTouch
    from kancil.desk.studies.queries import open_chain
    from kancil.desk.studies.watching import look

    WatchTouch.objects.all().delete()
    look(open_chain(site.workspace, "main"))


def test_a_watch_of_the_unit_is_added_touched_seen_and_ended(site: Site) -> None:
    client = site.client("officer")
    assert "Nothing is watched" in said(site, "officer", "/watch/")
    assert client.post("/watch/add/", WANTED).headers["Location"] == "/watch/"
    page = said(site, "reader", "/watch/")
    assert "named <b>by</b> the victim" in page
    assert "<b>by</b>" not in site.client("reader").get("/watch/").content.decode()
    assert "Nothing has touched it" in page
    assert "is the same" in client.post("/watch/add/", WANTED).content.decode()
    touch(site)
    page = said(site, "officer", "/watch/")
    assert "574" in page
    assert "/watch/seen/" in page
    assert "/watch/seen/" not in said(site, "reader", "/watch/")
    for wrong in ("", "x", "1", "9" * 17 + " 1", "1 " + "9" * 19):
        assert client.post("/watch/seen/", {"watch_seen": wrong}).status_code == 302
    before = {"watch_seen": "1577836800000000 1 2 3"}
    assert client.post("/watch/seen/", before).status_code == 302
    assert "/watch/seen/" in said(site, "officer", "/watch/"), "what came later was not shown"
    assert seen(site, "/watch/") == 302
    page = said(site, "officer", "/watch/")
    assert "/watch/seen/" not in page
    assert "Transactions that touched it" in page
    ended = client.post("/watch/end/", {"watch": "1", "watch_why": "paid back"})
    assert ended.headers["Location"] == "/watch/"
    page = said(site, "reader", "/watch/")
    assert "Nothing is watched" in page
    over = page[page.index("Watches that have ended") :]
    assert "named <b>by</b> the victim" in over
    assert "paid back" in over
    assert "Watches that have ended" not in said(site, "reader", CASE), "not a case's list"
    again = client.post("/watch/add/", WANTED)
    assert again.headers["Location"] == "/watch/"
    page = said(site, "reader", "/watch/")
    assert page.index("What is watched") < page.index("Watches that have ended")


def test_the_page_says_where_a_watch_was_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from kancil.desk.studies.models import Watch
    from kancil.desk.studies.queries import open_chain
    from kancil.desk.studies.watching import look

    site.client("officer").post("/watch/add/", WANTED)
    assert "no longer checked" not in said(site, "reader", "/watch/")
    monkeypatch.setattr("kancil.bitcoin.chain.watch.MOST_TOUCHES", 0)
    look(open_chain(site.workspace, "main"))
    Watch.objects.update(is_cluster=True, cluster_addresses=200_000)
    page = said(site, "reader", "/watch/")
    assert f"W1 is cut: its cluster has {grouped(200_000)} addresses now. Only the 1 that" in page
    assert "W1 is no longer checked" in page
    # Too many are those it has together with those that it has lost: it may itself have fewer.
    Watch.objects.update(cluster_addresses=90_000)
    page = said(site, "reader", "/watch/")
    assert f"its cluster has {grouped(90_000)} addresses now" in page
    assert (
        f"at most {grouped(100_000)} addresses are watched together, including those that the"
        in page
    )


def test_of_watches_that_have_ended_only_those_shown_are_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.studies import watched
    from kancil.desk.studies.models import Watch, WatchScript

    for number in range(3):
        given = {**WANTED, "watch_reason": f"reason {number}"}
        assert site.client("officer").post("/watch/add/", given).status_code == 302
        ended = {"watch": str(number + 1), "watch_why": "over"}
        assert site.client("officer").post("/watch/end/", ended).status_code == 302
    first = Watch.objects.get(number=1)
    WatchScript.objects.create(watch=first, kind=1, payload="00", since=first.since)
    read: list[int] = []
    real = watched._read

    def noted(row: Watch) -> watched.WatchRead:
        read.append(row.number)
        return real(row)

    monkeypatch.setattr(watched, "_read", noted)
    monkeypatch.setattr("kancil.web.studies.chains.watch.SHOWN_ROWS", 2)
    page = said(site, "reader", "/watch/")
    assert read == [3, 2]
    assert ("reason 2" in page, "reason 1" in page, "reason 0" in page) == (True, True, False)
    monkeypatch.setattr(watched, "_BATCH_ROWS", 2)
    every, count = watched.ended_watches(None)
    assert ([one.number for one in every], count) == ([3, 2, 1], 3)
    assert [one.addresses for one in every] == [1, 1, 2]
    assert [one.touches for one in every] == [0, 0, 0]
    assert watched.ended_watches(None, "other") == ([], 0)


def test_a_watch_of_a_case_is_told_to_its_members_alone(site: Site) -> None:
    client = site.client("officer")
    assert client.post("/cases/1/watch/add/", WANTED).headers["Location"] == "/cases/1/watch/"
    touch(site)
    assert "order 1/2026" in said(site, "reader", "/cases/1/watch/")
    unit = said(site, "officer", "/watch/")
    assert "order 1/2026" not in unit
    assert "In my cases" in unit
    outside = said(site, OUTSIDER, "/watch/")
    assert "In my cases" not in outside
    assert PAID_ADDRESS not in outside
    assert site.client(OUTSIDER).get("/cases/1/watch/").status_code == 404
    assert "Nothing is watched" in said(site, "officer", "/watch/end/")
    of_case = re.search(r'name="watch_seen" value="([^"]+)"', said(site, "officer", CASE))
    assert of_case is not None
    assert client.post("/watch/seen/", {"watch_seen": of_case[1]}).status_code == 302
    assert "In my cases" in said(site, "officer", "/watch/"), "seen for the unit is not for a case"
    assert seen(site, CASE) == 302
    assert "In my cases" not in said(site, "officer", "/watch/")


@pytest.mark.parametrize(
    "changed",
    [
        {"watch_address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53e"},
        {"watch_reason": ""},
        {"watch_basis": " "},
        {"chain": "other"},
    ],
)
def test_what_cannot_be_watched_is_told_at_the_form(site: Site, changed: dict[str, str]) -> None:
    answer = site.client("officer").post("/watch/add/", {**WANTED, **changed})
    assert answer.status_code == 200
    assert 'id="form-errors"' in answer.content.decode()


def test_a_reader_neither_adds_nor_ends_nor_sees(site: Site) -> None:
    for path in ("/watch/add/", "/watch/end/", "/watch/seen/", "/cases/1/watch/add/"):
        assert site.client("reader").post(path, WANTED).status_code == 403, path

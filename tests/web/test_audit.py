"""Audit: each sees what they may, in parts that end, and in a file that runs nothing."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.custody.basis import from_text
from kancil.ground.clock import now
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import OUTSIDER, ROLES, Site, site_of

HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file, with a case of the outsider's own."""
    from kancil.desk.access.server import server_for
    from kancil.desk.cases.actions import open_case

    served = site_of(copied(sample, tmp_path_factory.mktemp("audit")))
    hostile = served.add(HOSTILE, "officer", case="C2")
    from kancil.custody.keys import KeyRing

    keys = KeyRing(served.workspace.keys_dir)
    by = server_for(served.ledger, keys, hostile, "password")
    open_case(
        served.ledger, title="A secret title", basis=from_text("court"), opener=hostile, by=by
    )
    return served


def rows(site: Site, name: str, query: str = "") -> list[dict[str, str]]:
    """Read the file as somebody gets it."""
    answer = site.client(name).get(f"/audit/entries.csv?{query}")
    assert answer.status_code == 200
    data = answer.getvalue().decode()
    return list(csv.DictReader(io.StringIO(data)))


def numbers(page: str) -> list[int]:
    """Read the numbers of the entries on a page."""
    found = re.findall(r'data-label="Ledger entry"[^>]*><span class="num">([\d,]+)<', page)
    return [int(each.replace(",", "")) for each in found]


def test_a_member_sees_their_cases_and_nothing_else(site: Site) -> None:
    for name in ("officer", "examiner", "supervisor", "reader"):
        assert {row["case"] for row in rows(site, name)} == {"C1"}, name
    assert rows(site, OUTSIDER) == []
    page = site.client(OUTSIDER).get("/audit/").content.decode()
    assert "Nothing found" in page
    for query in ("in_case=C1", "in_case=C99", "in_case=C2"):
        assert rows(site, OUTSIDER, query) == []


def test_an_administrator_sees_that_other_cases_have_entries_and_nothing_of_them(
    site: Site,
) -> None:
    found = rows(site, "administrator")
    assert len(found) == site.ledger.head().size
    assert [int(row["entry"]) for row in found] == list(range(len(found), 0, -1))
    for row in found:
        if row["case"] not in ("C1", ""):
            assert (row["kind"], row["account"], row["officer"], row["who"]) == ("", "", "", "")
    assert any(row["case"] == "" and row["kind"] == "officer.added" for row in found)
    page = site.client("administrator").get("/audit/").content.decode()
    assert "an entry of a case you are not a member of" in page
    assert "A secret title" not in page
    for query in ("who=" + HOSTILE.replace(" ", "+"), "act_kind=case.opened"):
        assert {row["case"] for row in rows(site, "administrator", query)} <= {"C1", ""}
    hidden = rows(site, "administrator", "in_case=C2")
    assert hidden
    assert all(not row["kind"] for row in hidden)


def test_what_is_looked_for_is_found_by_person_case_kind_and_day(site: Site) -> None:
    opened = rows(site, "officer", "act_kind=case.opened")
    assert [row["kind"] for row in opened] == ["case.opened"]
    by_server = rows(site, HOSTILE, "who=" + HOSTILE.replace(" ", "+"))
    assert {row["account"] for row in by_server} == {"'" + HOSTILE}
    assert "case.opened" in {row["kind"] for row in by_server}
    today = now().astimezone(site.workspace.zone).date()
    assert rows(site, "officer", f"on_day={today}")
    assert rows(site, "officer", f"on_day={today - timedelta(days=400)}") == []
    assert rows(site, "officer", "who=nobody+at+all") == []
    for wrong in ("on_day=yesterday", "act_kind=no.such", "before=x"):
        assert site.client("officer").get(f"/audit/?{wrong}").status_code == 200


def test_no_cell_of_the_file_runs_as_a_formula(site: Site) -> None:
    answer = site.client(HOSTILE).get("/audit/entries.csv")
    data = answer.getvalue().decode()
    assert HOSTILE in data
    for row in csv.reader(io.StringIO(data)):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows_a_part=st.integers(1, 40), most=st.integers(1, 60), is_whole=st.booleans())
def test_part_by_part_gives_every_entry_once(
    site: Site, rows_a_part: int, most: int, is_whole: bool
) -> None:
    from kancil.desk.custody.queries import AuditFilter, Sight, audit

    sight = Sight(frozenset((site.case("C1"), site.case("C3"))), is_whole)
    wanted = [
        entry.n for entry in site.ledger.entries() if is_whole or entry.case_id in sight.cases
    ]
    seen: list[int] = []
    before = None
    while True:
        part = audit(
            site.workspace, sight, AuditFilter(), before=before, rows=rows_a_part, most=most
        )
        assert part.looked_at <= most
        seen += [entry.n for entry in part.entries]
        if part.next_before is None:
            break
        before = part.next_before
    assert seen == wanted[::-1]


def test_the_pages_go_on_by_a_cursor(site: Site) -> None:
    client = site.client("administrator")
    page, seen = client.get("/audit/").content.decode(), []
    for _ in range(20):
        seen += numbers(page)
        more = re.search(r'href="(/audit/\?[^"]*before=\d+)"', page)
        if more is None:
            break
        page = client.get(more[1].replace("&amp;", "&")).content.decode()
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 1
    assert set(range(1, len(seen) + 1)) == set(seen)


def test_every_role_has_the_page_and_administrators_alone_the_sign_ins(site: Site) -> None:
    for name in ROLES:
        client = site.client(name)
        assert client.get("/audit/").status_code == 200
        wanted = 200 if name == "administrator" else 403
        assert client.get("/audit/sign-ins/").status_code == wanted

"""Deconfliction: who sees that two cases share a selector sees nothing else of either."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tests.cli.sample_unit import FIRST_PAYMENT
from tests.cli.stated_files import RECEIVER, stated_files
from tests.web.site import Site


def shared_unit(site: Site, folder: Path) -> None:
    """Two cases report transfers to one address; nothing else is shared but by these tables."""
    table, mapping, _ = stated_files(folder)
    for number, case in enumerate(("C1", "C2")):
        copy = folder / f"{number}.csv"
        copy.write_text(table.read_text("utf-8") + "\n" * number, "utf-8")
        exhibit = site.unit.ask("exhibit", "add", case, copy, "--title", f"Return {number}")
        site.unit.say("transfers", "read", exhibit["label"], "--mapping", mapping)


def test_two_cases_share_an_address_and_their_members_are_notified(
    site: Site, tmp_path: Path
) -> None:
    shared_unit(site, tmp_path)
    site.add("between", "deconfliction")
    client = site.client("between")
    assert client.get("/").headers["Location"] == "/deconfliction/"
    page = client.get("/deconfliction/").content.decode()
    assert RECEIVER in page
    assert FIRST_PAYMENT in page
    assert "C1, C2" in page
    titles = [entry.body["title"] for entry in site.entries("case.opened")]
    assert not [title for title in titles if title in page]
    viewed = site.entries("deconfliction.viewed")
    assert [entry.body["account"] for entry in viewed] == ["between"]
    marks = re.findall(r'name="shared" value="([0-9a-f]{64})"', page)
    sent = client.post("/deconfliction/", {"shared": [*marks, "0" * 64]}, follow=True)
    assert f"Notified of {len(marks)} shared selectors." in sent.content.decode()
    notified = site.entries("deconfliction.notified")
    digests = {entry.body["value_sha256"] for entry in notified}
    assert hashlib.sha256(RECEIVER.encode()).hexdigest() in digests
    assert all(RECEIVER.encode() not in entry.data for entry in notified)
    home = site.client("officer").get("/").content.decode()
    assert RECEIVER in home
    assert "Between" in home
    assert "C2" not in re.sub(r"(?s)^.*names this too", "", home).partition("</table>")[0]
    assert RECEIVER not in site.client("outsider").get("/").content.decode()


def test_a_shared_selector_from_limited_material_says_so_and_not_whose(
    site: Site, tmp_path: Path
) -> None:
    shared_unit(site, tmp_path)
    site.add("between", "deconfliction")
    assert "limited in a case" not in site.client("between").get("/deconfliction/").content.decode()
    site.unit.say("exhibit", "limit", "E3", "--code", "fiu", "--from", "Unit of X")
    page = site.client("between").get("/deconfliction/").content.decode()
    assert "limited in a case" in page
    assert "Unit of X" not in page


def test_the_role_sees_no_case_and_joins_none(site: Site) -> None:
    site.add("between", "deconfliction")
    client = site.client("between")
    for path in ("/cases/", "/cases/1/", "/find/?q=C1", "/chains/", "/tasks/"):
        assert client.get(path).status_code in (403, 404), path
    for path in ("/account/password/", "/account/factors/"):
        assert client.get(path).status_code == 200, path
    refused = site.unit.refused("person", "join", "C1", "between")
    assert refused["code"] == "role-has-no-cases"


def test_nobody_else_sees_what_cases_share(site: Site) -> None:
    for name in ("officer", "supervisor", "administrator", "reader"):
        assert site.client(name).get("/deconfliction/").status_code == 403

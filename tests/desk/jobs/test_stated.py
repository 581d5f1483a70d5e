"""Large tables behind the pages: tried whole with nothing kept, then read and recorded once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.stated_files import MAPPING, TABLE
from tests.web.test_stated import SCREEN, sent_form
from tests.work.shop import Shop


def table_in(shop: Shop, tmp_path: Path, text: str = TABLE) -> tuple[str, str]:
    """Take a table in as exhibit 3; give the exhibit's id and the table's digest."""
    table = tmp_path / "return.csv"
    table.write_text(text, encoding="utf-8")
    shop.site.unit.say("exhibit", "add", "C1", table, "--title", "Return of an exchange")
    entry = shop.site.entries("exhibit.added")[-1]
    return str(entry.exhibit_id), str(entry.body["content"]["sha256"])


def test_trying_keeps_nothing_and_reading_records_once(shop: Shop, tmp_path: Path) -> None:
    exhibit, sha256 = table_in(shop, tmp_path)
    given: dict[str, Any] = {"exhibit": exhibit, "sha256": sha256, "mapping": MAPPING}
    tried = shop.ask("try-transfers", case="C1", **given)
    shop.work_off()
    gave = shop.gave(tried)
    assert (gave["rows"], gave["skipped"], gave["skips"][0]["place"]) == (5, 1, "line 7")
    assert not shop.site.entries("transfers.read")
    assert not list(shop.site.workspace.transfers_dir.glob("*"))
    first = shop.ask("read-transfers", case="C1", **given)
    again = shop.ask("read-transfers", case="C1", **given)
    shop.work_off()
    (entry,) = shop.site.entries("transfers.read")
    assert shop.gave(first)["entry"] == shop.gave(again)["entry"] == entry.n
    assert entry.body["result_sha256"] == gave["result_sha256"]
    assert entry.body["on_behalf"]["account"] == "officer"


def test_a_table_of_another_case_or_a_mapping_that_is_none_is_refused(
    shop: Shop, tmp_path: Path
) -> None:
    from kancil.desk.access.actions import add_member

    exhibit, sha256 = table_in(shop, tmp_path)
    site = shop.site
    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    cases: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("exhibit-not-found", "C2", {"mapping": MAPPING}),
        ("mapping-incomplete", "C1", {"mapping": {**MAPPING, "stated_by": None}}),
        ("mapping-not-readable", "C1", {"mapping": {}}),
        ("exhibit-file-not-named", "C1", {"mapping": MAPPING, "sha256": "0" * 64}),
    )
    for work in ("try-transfers", "read-transfers"):
        for code, case, given in cases:
            task = shop.ask(work, case=case, **{"exhibit": exhibit, "sha256": sha256, **given})
            shop.work_off()
            assert shop.met(task) == code, (work, code)
    assert not shop.site.entries("transfers.read")


def test_a_large_table_is_tried_behind_the_pages_before_it_is_recorded(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.stated import mapping

    monkeypatch.setattr(mapping, "LARGE_BYTES", 10)
    table_in(shop, tmp_path)
    client = shop.site.client("officer")
    sent = sent_form(client.get(SCREEN).content.decode()) | {"stated_by": "Example Exchange"}
    answer = client.post(SCREEN, {**sent, "record": "1"})
    task = answer.headers["Location"].split("/")[-2]
    assert shop.task(task).name == "try-transfers", "what was not tried is tried first"
    assert client.get(f"{SCREEN}?tried={task}").status_code == 404, "it has not been tried yet"
    shop.work_off()
    page = client.get(f"/tasks/{task}/").content.decode()
    assert "Transfers that would be recorded: 5; rows left out: 1" in page
    (back,) = set(re.findall(r'href="(\S+\?tried=[0-9a-f-]+)"', page))
    screen = client.get(back).content.decode()
    assert "Transfers that would be recorded: 5" in screen
    sent = sent_form(screen)
    changed = client.post(back, {**sent, "stated_by": "Another", "record": "1"})
    name = shop.task(changed.headers["Location"].split("/")[-2]).name
    assert name == "try-transfers", "a mapping that was changed is tried again"
    answer = client.post(back, {**sent, "record": "1"})
    task = answer.headers["Location"].split("/")[-2]
    assert shop.task(task).name == "read-transfers"
    shop.work_off()
    (entry,) = shop.site.entries("transfers.read")
    assert entry.body["mapping"]["stated_by"] == "Example Exchange"
    assert "/cases/1/stated/" in client.get(f"/tasks/{task}/").content.decode()
    assert shop.site.client("examiner").get("/cases/2" + back[8:]).status_code == 404

"""From a table in an exhibit to stated transfers, by the pages: tried first, recorded once."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.roll import Roll
from kancil.ground import clock
from tests.cli.sample_unit import FIRST_PAYMENT
from tests.cli.stated_files import MAPPING, RECEIVER, TABLE
from tests.web.site import OUTSIDER, Site
from tests.web.test_permissions import RAW_KEY

HOSTILE = (
    f"2009-01-12 03:30:25,BTC,BTC,1,0,\"=cmd|' /C calc'!A0\",{FIRST_PAYMENT},Completed\n"
    "12/01/2009,BTC,BTC,10,0,<script>alert(1)</script>,,Completed\n"
)
SCREEN = "/cases/1/exhibits/3/transfers/"


@pytest.fixture
def stated_site(site: Site, tmp_path: Path) -> Site:
    """The served unit with an exchange's return as exhibit 3."""
    table = tmp_path / "return.csv"
    table.write_text(TABLE + HOSTILE, encoding="utf-8")
    site.unit.say("exhibit", "add", "C1", table, "--title", "Return of an exchange")
    return site


def sent_form(text: str) -> dict[str, str]:
    """What a browser would send of the mapping form: the chosen and the typed."""
    form = re.search(r'<form method="post" class="mapping.*?</form>', text, re.DOTALL)
    assert form is not None
    found: dict[str, str] = {}
    for name, inner in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]*>", form[0]):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given["type"] in ("text", "hidden") and given["name"] != "csrfmiddlewaretoken":
            found[given["name"]] = given.get("value", "")
    for name, typed in re.findall(
        r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', form[0], re.DOTALL
    ):
        found[name] = typed
    return found


def posted(client: Any, address: str, **given: str) -> Any:
    return client.post(address, given)


def read(client: Any, screen: str = SCREEN) -> Any:
    """Try the suggested mapping, then record it; give the answer."""
    sent = sent_form(client.get(screen).content.decode()) | {"stated_by": "Example Exchange"}
    tried = posted(client, screen, **sent, **{"try": "1"})
    return posted(client, screen, **sent_form(tried.content.decode()), record="1")


def test_a_table_is_previewed_inert_and_its_mapping_suggested_with_reasons(
    stated_site: Site,
) -> None:
    page = stated_site.client("officer").get(SCREEN).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "binance-withdrawals" in page
    assert not RAW_KEY.findall(page)
    sent = sent_form(page)
    columns = ["Date(UTC+0)", "Coin", "Network", "Amount", "Fee", "Address", "TXID", "Status"]
    mapped = {
        name.removeprefix("column_"): columns[int(place)]
        for name, place in sent.items()
        if name.startswith("column_") and place
    }
    assert mapped == MAPPING["columns"]
    assert (sent["table_zone"], sent["decimal"], sent["stated_by"]) == ("UTC", ".", "")


def test_nothing_is_recorded_before_the_same_mapping_was_tried_and_its_skips_seen(
    stated_site: Site,
) -> None:
    client = stated_site.client("officer")
    sent = sent_form(client.get(SCREEN).content.decode())
    answer = posted(client, SCREEN, **sent, record="1")
    assert "This is needed" in answer.content.decode() or "errorlist" in answer.content.decode()
    sent |= {"stated_by": "Example Exchange"}
    untried = posted(client, SCREEN, **sent, record="1").content.decode()
    assert "Transfers that would be recorded: 6; rows left out: 2" in untried
    for line in ("line 7", "line 9"):
        assert line in untried, "each skip is named before anything is recorded"
    assert not stated_site.entries("transfers.read")
    tried = sent_form(untried)
    changed = posted(client, SCREEN, **tried | {"table_zone": "+07:00"}, record="1")
    assert changed.status_code == 200, "a mapping that was changed is tried again, not recorded"
    assert not stated_site.entries("transfers.read")
    assert posted(client, SCREEN, **tried, record="1").status_code == 302
    (entry,) = stated_site.entries("transfers.read")
    assert (entry.body["rows"], entry.body["skipped"]) == (6, 2)
    assert entry.body["mapping"] == {**MAPPING, "version": 1}
    assert posted(client, SCREEN, **tried, record="1").status_code == 302
    assert len(stated_site.entries("transfers.read")) == 1, "the same again records nothing"
    stated_site.verify()


def test_what_was_read_stands_on_its_page_beside_the_chain_and_in_a_safe_csv(
    stated_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.web.stated import pages

    client = stated_site.client("officer")
    assert "No reported transfers yet" in client.get("/cases/1/stated/").content.decode()
    assert read(client).status_code == 302
    page = client.get("/cases/1/stated/").content.decode()
    for words in ("Example Exchange", ">matches<", ">contradicts<", ">other blockchain<",
                  ">not held here<", "another amount"):  # fmt: skip
        assert words in page, words
    assert "<script>alert" not in page
    assert not RAW_KEY.findall(page)
    answer = client.get("/cases/1/stated/csv/")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["amount"] for row in rows] == ["10", "11", "10", "10", "10", "1"]
    assert rows[5]["to_address"].startswith("'=cmd"), "no cell runs as a formula"
    monkeypatch.setattr(pages, "CSV_ROWS", 4)
    parts = [client.get(f"/cases/1/stated/csv/?part={part}").content.decode() for part in (1, 2)]
    assert sum(len(list(csv.DictReader(io.StringIO(part)))) for part in parts) == len(rows)
    for wrong in ("0", "3", "-1", "x", ""):
        assert client.get(f"/cases/1/stated/csv/?part={wrong}").status_code == 404, wrong
    assert "CSV, file 2 of 2" in client.get("/cases/1/stated/").content.decode()
    assert client.get("/cases/1/stated/?table=1").status_code == 404
    assert client.get("/cases/2/stated/").status_code == 404
    assert stated_site.client(OUTSIDER).get("/cases/1/stated/csv/").status_code == 404
    assert stated_site.client("reader").get(SCREEN).status_code == 403


def test_what_tables_state_hangs_on_the_graph_by_transaction_and_stays_stated(
    stated_site: Site,
) -> None:
    client = stated_site.client("officer")
    read(client)
    around = f"/cases/1/around/main/?start={FIRST_PAYMENT}"
    page = client.get(around, follow=True).content.decode()
    graph = told(page, "canvas-graph")
    stated = [edge for edge in graph["edges"] if edge["stated_by"]]
    assert {edge["told"] for edge in stated} >= {"10 BTC", "11 BTC", "1 BTC"}
    by_amount = {edge["told"]: edge for edge in stated}
    nodes = {node["id"]: node for node in graph["nodes"]}
    fits, differs = by_amount["10 BTC"], by_amount["11 BTC"]
    assert nodes[fits["target"]]["outpoint"] == f"{FIRST_PAYMENT}:0", "the output that it means"
    assert nodes[fits["source"]]["txid"] == nodes[differs["source"]]["txid"] == FIRST_PAYMENT
    assert nodes[differs["target"]]["kind"] == "party"
    assert "contradicted by the blockchain" in differs["words"]
    assert "contradicted by the blockchain" not in fits["words"]
    assert all(edge["amount"]["value_sat"] is None for edge in stated), "it enters no sum"
    assert any("The blockchain proves none of them" in note for note in graph["notes"])
    opened = client.get("/cases/1/money/1/graph/", follow=True).content.decode()
    trace = told(opened, "canvas-graph")
    assert {edge["told"] for edge in trace["edges"] if edge["stated_by"]} >= {"10 BTC", "11 BTC"}
    chain = f"/chains/main/graph/?start={FIRST_PAYMENT}"
    other = told(client.get(chain, follow=True).content.decode(), "canvas-graph")
    assert not [edge for edge in other["edges"] if edge["stated_by"]], "a case's, on its own pages"


def test_a_table_is_not_opened_after_the_legal_basis_has_ended(
    stated_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = stated_site.client("officer")
    sent = sent_form(client.get(SCREEN).content.decode()) | {"stated_by": "Example Exchange"}
    roll = stated_site.ledger.folded(Roll)
    case = roll.case("C1")
    ended = [replace(basis, expires_on=date(2020, 1, 1)) for basis in case.bases]
    monkeypatch.setattr(case, "bases", ended)
    assert clock.now().year > 2020
    for answer in (client.get(SCREEN), posted(client, SCREEN, **sent, **{"try": "1"})):
        assert answer.status_code == 403
        assert "line 7" not in answer.content.decode()


def test_a_stored_table_that_was_changed_stops_the_page_and_gives_no_short_csv(
    stated_site: Site,
) -> None:
    client = stated_site.client("officer")
    read(client)
    (stored,) = stated_site.workspace.transfers_dir.iterdir()
    stored.write_bytes(b"something else")
    for address in ("/cases/1/stated/", "/cases/1/stated/csv/"):
        assert client.get(address).status_code == 500, address
    stored.unlink()
    assert "Example Exchange" in client.get("/cases/1/stated/").content.decode()
    assert stored.is_file(), "what is gone is made again from the exhibit and the ledger"


def told(page: str, name: str = "canvas-graph") -> Any:
    form = rf'<script id="{name}" type="application/json">(.*?)</script>'
    found = re.search(form, page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_an_exhibit_of_several_files_asks_which_and_what_is_no_table_says_so(
    stated_site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "a.csv").write_text("Date,Amount\n2024-01-02,5\n", encoding="utf-8")
    (folder / "<b>\u202e.csv").write_text("Date,Amount\n2024-01-02,6\n", encoding="utf-8")
    site = stated_site
    site.unit.say("exhibit", "add", "C1", folder, "--title", "Two tables")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"\n")
    site.unit.say("exhibit", "add", "C1", empty, "--title", "Nothing")
    client = site.client("officer")
    page = client.get("/cases/1/exhibits/4/transfers/").content.decode()
    assert "Which file of the exhibit is the table?" in page
    assert "<b>" not in page
    assert "\u202e" not in page
    (first, *_) = re.findall(r'href="(\S+\?file=[0-9a-f]{64})"', page)
    assert client.get(first).status_code == 200
    assert client.get("/cases/1/exhibits/4/transfers/?file=" + "0" * 64).status_code == 404
    broken = client.get("/cases/1/exhibits/5/transfers/")
    assert broken.status_code == 400
    assert "cannot be read as a table" in broken.content.decode()
    chosen = client.get(f"{first}&encoding=utf-8&delimiter=semicolon&header_line=1")
    assert "as you chose them" in chosen.content.decode()
    assert RECEIVER not in page

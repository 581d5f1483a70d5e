"""From a table in an exhibit to transfers beside a chain; prices by their row, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kancil.evidence.tables.stated import VERSION
from tests.cli.running import Unit
from tests.cli.stated_files import MAPPING, RECEIVER, stated_files


@pytest.fixture
def files(unit: Unit, tmp_path: Path) -> tuple[Path, Path, Path]:
    made = stated_files(tmp_path)
    unit.say("exhibit", "add", "C1", made[0], "--title", "Return of an exchange")
    return made


def test_a_table_is_suggested_decided_read_and_joined(
    unit: Unit, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "mapping.json"
    suggestion = unit.ask("transfers", "suggest", "E3", "-o", out)
    assert suggestion["mapping"]["name"] == "binance-withdrawals"
    assert suggestion["open"] == ["stated_by"]
    assert json.loads(out.read_text(encoding="utf-8")) == suggestion["mapping"]
    refused = unit.refused("transfers", "read", "E3", "--mapping", out)
    assert refused["code"] == "mapping-incomplete"
    words = ("transfers", "read", "E3", "--mapping", out, "--stated-by", "Example Exchange")
    read = unit.ask(*words)
    assert (read["rows"], read["skipped_codes"]) == (5, {"stated-not-done": 1})
    assert read["skipped"][0]["place"] == "line 7"
    assert read["is_new"]
    rows = unit.ask("transfers", "join", "main", "E3")
    assert [row["state"] for row in rows] == [
        "joined", "contradicts", "not-held", "not-bitcoin", "no-txid",
    ]  # fmt: skip
    joined = rows[0]
    assert joined["outputs"] == [{"address": None, "n": 0, "value_sat": "1000000000"}]
    assert (joined["seconds_apart"], joined["tx_state"]) == (0, "in chain")
    assert joined["stated"]["stated_by"] == "Example Exchange"
    assert joined["stated"]["to_address"] == RECEIVER
    assert rows[1]["reasons"] == ["amount-differs"]
    text = unit.say("transfers", "join", "main", "E3")
    assert "Nothing in it proves" in text


def test_reading_again_records_nothing_and_rebuilds_what_is_gone(
    unit: Unit, files: tuple[Path, Path, Path]
) -> None:
    words = ("transfers", "read", "E3", "--mapping", files[1])
    first = unit.ask(*words)
    again = unit.ask(*words)
    assert (again["is_new"], again["entry"]) == (False, first["entry"])
    assert again["result_sha256"] == first["result_sha256"]
    before = unit.ask("transfers", "join", "main", "E3")
    (stored,) = (unit.root / "transfers").iterdir()
    assert stored.name == first["id"] + f"-{VERSION}.parquet"
    stored.unlink()
    assert unit.ask("transfers", "join", "main", "E3") == before
    stored.write_bytes(b"something else")
    error = unit.refused("transfers", "join", "main", "E3")
    assert error["code"] == "stated-transfers-broken"


def test_the_ledger_keeps_the_mapping_whole_and_verifies(
    unit: Unit, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    read = unit.ask("transfers", "read", "E3", "--mapping", files[1])
    out = tmp_path / "ledger.jsonl"
    unit.say("ledger", "export", "-o", out)
    statements = [json.loads(line)["statement"] for line in out.read_bytes().splitlines()]
    (entry,) = [each for each in statements if each["kind"] == "transfers.read"]
    assert entry["n"] == read["entry"]
    assert entry["body"]["mapping"] == MAPPING
    assert entry["exhibit"]["id"] == read["exhibit"]
    assert unit.ask("verify", unit.root)["state"] != "broken"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("transfers", "join", "main", "E3"), "transfers-not-read"),
        (("transfers", "join", "none", "E3"), "chain-not-found"),
        (("transfers", "suggest", "E9"), "exhibit-not-found"),
        (("transfers", "suggest", "nowhere.csv"), "file-not-readable"),
        (("transfers", "suggest", "E1"), "exhibit-file-not-named"),
        (("transfers", "suggest", "E3", "--file", "other.csv"), "exhibit-file-not-named"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    unit: Unit, files: tuple[Path, Path, Path], words: tuple[str, ...], code: str
) -> None:
    assert unit.refused(*words)["code"] == code


def test_a_mapping_that_is_none_and_one_of_another_table_are_refused(
    unit: Unit, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    for value, code in (
        ("no json", "mapping-not-readable"),
        (json.dumps({**MAPPING, "columns": {**MAPPING["columns"], "fee": "Gas"}}),  # type: ignore[dict-item]
         "mapping-column-missing"),
        (json.dumps({**MAPPING, "time": {**MAPPING["time"], "formats": ["DD/MM/YYYY"]}}),  # type: ignore[dict-item]
         "nothing-stated"),
    ):  # fmt: skip
        wrong.write_text(value, encoding="utf-8")
        assert unit.refused("transfers", "read", "E3", "--mapping", wrong)["code"] == code
    assert not list((unit.root / "transfers").glob("*"))


def test_a_broken_workbook_is_refused_by_its_reason(unit: Unit, tmp_path: Path) -> None:
    book = tmp_path / "return.xlsx"
    book.write_bytes(b"PK\x03\x04 and the rest of a workbook")
    error = unit.refused("transfers", "suggest", book)
    assert error["code"] == "table-not-readable"
    assert "workbook" in error["sentence"]


def test_a_price_names_its_row_and_there_is_none_for_the_next_day(
    unit: Unit, files: tuple[Path, Path, Path]
) -> None:
    words = ("prices", "import", files[2], "--source", "invented for tests", "--asset", "BTC",
             "--currency", "usd", "--fetched-on", "2026-03-10")  # fmt: skip
    first, again = unit.ask(*words), unit.ask(*words)
    assert (first["is_new"], again["is_new"], again["id"]) == (True, False, first["id"])
    found = unit.ask("prices", "at", "BTC", "2026-03-09T23:59Z", "--amount", "0.12345678")
    assert (found["exact"], found["value"]) == ("6296.3266441950", "6296.33")
    assert found["row"]["source"] == "invented for tests"
    assert found["row"]["place"] == "line 3"
    assert "invented for tests" in unit.say("prices", "at", "BTC", "2026-03-09")
    none = unit.ask("prices", "at", "BTC", "2026-03-10")
    assert (none["value"], none["reason"]) == (None, "none-then")
    other: Any = unit.ask("prices", "at", "BTC", "2026-03-09", "--currency", "LAK")
    assert other["reason"] == "no-price"


def test_a_price_that_cannot_be_asked_is_refused(
    unit: Unit, files: tuple[Path, Path, Path]
) -> None:
    asked = ("prices", "import", files[2], "--asset", "BTC", "--currency", "USD", "--source")
    for words, code in (
        ((*asked, " "), "option-missing"),
        ((*asked, "x", "--zone", "Mars"), "mapping-not-readable"),
        ((*asked, "x", "--per", "week"), "mapping-not-readable"),
        ((*asked, "x", "--decimal", ";"), "option-not-usable"),
        ((*asked, "x", "--fetched-on", "soon"), "option-not-usable"),
        ((*asked, "x", "--price-column", "Low"), "mapping-column-missing"),
        (("prices", "at", "BTC", "soon"), "time-not-readable"),
        (("prices", "at", "BTC", "2026-03-09", "--amount", "-1"), "option-not-usable"),
    ):
        assert unit.refused(*words)["code"] == code, words
    assert not list((unit.root / "prices").glob("*"))


def test_a_table_in_satoshi_is_read_exactly_and_joins_as_whole_coins_do(
    unit: Unit, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table = files[0].read_text("utf-8")
    for whole, satoshi in ((",10,0,", ",1000000000,0,"), (",11,0,", ",1100000000,0,")):
        table = table.replace(whole, satoshi)
    path, out = tmp_path / "satoshi.csv", tmp_path / "satoshi.json"
    path.write_text(table.replace("Amount", "Amount in satoshi"), encoding="utf-8")
    asked = unit.ask("transfers", "suggest", path)["asks"]
    assert any("Amount in satoshi" in each and "--unit smallest" in each for each in asked)
    path.write_text(table, encoding="utf-8")
    unit.say("exhibit", "add", "C1", path, "--title", "Return in satoshi")
    made = unit.ask("transfers", "suggest", "E4", "--unit", "smallest", "-o", out)["mapping"]
    assert (made["format"], made["unit"]) == ("kancil-mapping/2", "smallest")
    said = ("--stated-by", "Example Exchange")
    read = unit.ask("transfers", "read", "E4", "--mapping", out, *said)
    assert (read["rows"], read["skipped_codes"]) == (
        4, {"stated-not-done": 1, "stated-unit-unknown": 1},
    )  # fmt: skip
    rows = unit.ask("transfers", "join", "main", "E4")
    assert [row["state"] for row in rows] == ["joined", "contradicts", "not-held", "no-txid"]
    first = rows[0]["stated"]
    assert (first["amount"], first["units"]) == ("10.00000000", "1000000000")
    whole = unit.ask("transfers", "read", "E4", "--mapping", out, *said, "--unit", "whole")
    assert whole["is_new"], "the same table by another mapping is another reading"

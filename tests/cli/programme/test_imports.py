"""Imports from spreadsheets by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import read_json
from tests.desk.programme.sheets_made import csv, xlsx
from tests.flows.programme_site import Desk, Programme
from tests.web.programme.conftest import sample_programme
from tests.web.programme.served import copied

pytestmark = pytest.mark.thorough

__all__ = ["sample_programme"]  # the fixture


def test_a_list_is_tried_taken_listed_and_undone_by_command(
    sample_programme: Path, tmp_path: Path
) -> None:
    programme = Programme()
    desk = Desk(programme, copied(sample_programme, tmp_path))

    def ask(who: str, *words: str | Path, status: int = 0) -> Any:
        ran = desk.run(who, "programme", "import", *words, "--json")
        assert ran.status == status, (words, ran.err)
        return read_json(ran.out)

    people = tmp_path / "people.xlsx"
    people.write_bytes(xlsx([("Name", "Pays"), ("A. One", "XKA"), ("B. Two", "XZZ")]))
    money = tmp_path / "money.csv"
    money.write_bytes(csv("a,b,c,d,e", "2027-SEA-001,travel,100,3/4/2027,5/4/2027"))
    mapping = tmp_path / "mapping.json"
    columns = {"activity_code": "a", "budget_class": "b", "amount": "c", "period_from": "d",
               "period_to": "e"}  # fmt: skip
    mapping.write_text(json.dumps({"columns": columns, "day_order": "dmy"}))
    try:
        words = (people, "--kind", "participants", "--activity", "2027-SEA-001")
        tried = ask("olga", "take", *words, "--dry-run")
        assert (tried["taken"], tried["refused"][0]["row"]) == (1, 3)
        assert all(each["undone_at"] for each in ask("olga", "list"))
        done = ask("olga", "take", *words)
        assert done["mapping"]["columns"] == {"name": "Name", "country": "Pays"}
        assert "no country of this name" in desk.run("olga", "programme", "import", "take",
                                                     *words).out  # fmt: skip
        found = ask("fin", "take", money, "--kind", "budgets", "--mapping", mapping)
        assert found["taken"] == 0, "no currency"
        assert ask("fin", "list")[0]["kind"] == "budgets"
        assert "people.xlsx" in desk.run("olga", "programme", "import", "list").out
        assert ask("olga", "undo", done["id"])["removed"] == 2
        assert ask("olga", "undo", done["id"], status=14)["error"]["code"] == "record-not-found"
        for text in ("{", '{"columns": {"x": "y"}}', '{"day_order": "ymd"}', "[]"):
            mapping.write_text(text)
            ask("olga", "take", money, "--kind", "budgets", "--mapping", mapping, status=13)
        ask("olga", "take", tmp_path / "none", "--kind", "budgets", status=13)
    finally:
        programme.close()

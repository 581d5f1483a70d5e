"""One description of a table, rendered for people, JSON and CSV, and read back strictly."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.phrase import Phrase
from kancil.records.table import (
    Column,
    Holds,
    Table,
    count,
    identifier,
    phrase,
    read_table,
    sat,
    table_of,
    text,
)

COLUMNS = (
    *count("row"), Column("answer", Holds.CODE, "name.answer"), *sat("value_sat"),
    *identifier("txid", selector="bitcoin-txid"), *text("label"), *phrase("why"),
)  # fmt: skip
WHY = Phrase("why.finding-row", {"row": 3})
CELLS = st.one_of(st.none(), st.text(max_size=20))


def sample() -> Table:
    rows: list[dict[str, Any]] = [
        {"row": 1, "answer": True, "value_sat": 2_100_000_000_000_000, "txid": ["a", "b"],
         "label": "=1+1", "why": WHY, "unknown": "left out"},
        {"row": 2, "answer": False, "value_sat": None, "txid": None, "label": "", "why": None},
    ]  # fmt: skip
    return table_of("rows", COLUMNS, rows)


def test_a_table_comes_back_as_it_was_and_satoshi_are_text() -> None:
    table = sample()
    assert read_table(table.as_dict()) == table
    assert table.as_rows()[0]["value_sat"] == "2100000000000000"
    assert table.as_rows()[0]["txid"] == "a b"
    assert table.row(2) == {
        "row": 2, "answer": "no", "value_sat": None, "txid": None, "label": "", "why": None,
    }  # fmt: skip
    assert table.row(0) is None is table.row(3)


def test_people_read_words_and_grouped_numbers() -> None:
    first, second = (
        [column.shown(cell) for column, cell in zip(COLUMNS, row, strict=True)]
        for row in sample().rows
    )
    assert first == ["1", Phrase("name.answer-yes"), "2,100,000,000,000,000", "a b", "=1+1", WHY]
    assert second == ["2", Phrase("name.answer-no"), "", "", "", ""]
    assert [column.is_number for column in COLUMNS] == [True, False, True, False, False, False]


def test_csv_runs_no_formula_and_keeps_codes() -> None:
    lines = list(csv.DictReader(io.StringIO(sample().csv().decode())))
    assert lines[0]["label"] == "'=1+1"
    assert lines[0]["answer"] == "yes"
    assert lines[1]["value_sat"] == ""


@pytest.mark.parametrize(
    "change",
    [
        {"columns": []},
        {"columns": [{"holds": "guess", "name": "row", "selector": "", "words": ""}]},
        {"rows": [["1"]]},
        {"rows": [[True, "yes", "1", "a", "", ""]]},
        {"rows": [[1, "yes", "01", "a", "", ""]]},
        {"rows": [[1, "yes", 1, "a", "", ""]]},
        {"rows": [[1, "yes", "1", 5, "", ""]]},
        {"more": 1},
    ],
)
def test_what_is_not_such_a_table_is_none(change: dict[str, object]) -> None:
    assert read_table({**sample().as_dict(), **change}) is None
    assert read_table(None) is None


@given(st.lists(st.tuples(CELLS, st.one_of(st.none(), st.integers(0, 2**60))), max_size=5))
def test_any_table_comes_back_as_it_was(rows: list[tuple[str | None, int | None]]) -> None:
    table = Table("any", (*text("label"), *sat("value_sat")), tuple(rows))
    assert read_table(table.as_dict()) == table

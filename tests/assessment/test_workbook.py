"""The workbook that leaves: read by the reader that form tools use, and the same every time."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from kancil.assessment.workbook import Cell, column_letters, write_workbook

ROWS: list[list[Cell]] = [
    ["name", "label::Khmer (km)", "number"],
    ["=1+1", 'តើមាន <ច្បាប់> & "ច្បាប់"?', 3],
    ["  blanks kept  ", "two\nlines", None],
    ["", "_x0041_ as it is", -1],
]


def test_another_reader_finds_the_same_cells() -> None:
    book = load_workbook(io.BytesIO(write_workbook({"survey": ROWS, "choices": [["a"]]})))
    assert book.sheetnames == ["survey", "choices"]
    found = [[cell.value for cell in row] for row in book["survey"].iter_rows()]
    assert found[:3] == [ROWS[0], ROWS[1], ROWS[2]]
    assert found[3][2] == -1


def test_no_cell_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(write_workbook({"survey": ROWS})))
    assert book["survey"]["A2"].data_type == "s"
    assert b"<f>" not in write_workbook({"survey": ROWS})


def test_the_same_cells_give_the_same_bytes() -> None:
    assert write_workbook({"a": ROWS}) == write_workbook({"a": [list(row) for row in ROWS]})
    with zipfile.ZipFile(io.BytesIO(write_workbook({"a": ROWS}))) as file:
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.compress_type for each in file.infolist()} == {zipfile.ZIP_STORED}


def test_what_xml_cannot_hold_is_written_as_its_number() -> None:
    book = load_workbook(io.BytesIO(write_workbook({"a": [["a\x00b\ud800c"]]})))
    assert "x0000" in str(book["a"]["A1"].value)


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_lettered_as_in_a_workbook(number: int, letters: str) -> None:
    assert column_letters(number) == letters

"""The workbook that leaves: read by the reader that form tools use, and the same every time."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from kancil.assessment.answer_forms.workbook import Cell, write_workbook
from kancil.assessment.errors import AnswerSheetTooLarge
from kancil.ground.words import speaking

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
    with zipfile.ZipFile(io.BytesIO(write_workbook({"survey": ROWS}))) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_the_same_cells_give_the_same_bytes() -> None:
    assert write_workbook({"a": ROWS}) == write_workbook({"a": [list(row) for row in ROWS]})
    with zipfile.ZipFile(io.BytesIO(write_workbook({"a": ROWS}))) as file:
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in file.read("docProps/core.xml")


def test_what_xml_cannot_hold_is_written_as_its_number_or_a_mark() -> None:
    book = load_workbook(io.BytesIO(write_workbook({"a": [["a\x00b\ud800c"]]})))
    assert str(book["a"]["A1"].value) in ("a\x00b\ufffdc", "a_x0000_b\ufffdc")


def test_a_text_longer_than_a_cell_holds_is_not_cut() -> None:
    with pytest.raises(AnswerSheetTooLarge):
        write_workbook({"a": [["x" * 32_768]]})


@pytest.mark.parametrize("text", ["=1+1", "http://example.org", "{=1}", "@SUM(A1)", "+1", "3"])
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    book = load_workbook(io.BytesIO(write_workbook({"a": [[text]]})))
    found = book["a"]["A1"]
    assert (found.value, found.data_type, found.hyperlink) == (text, "s", None)


def test_a_sheet_that_people_read_prints_across_whole_pages_and_from_the_right_in_arabic() -> None:
    widths = {"plan": [200, 200]}
    with speaking("ar"):
        turned = load_workbook(io.BytesIO(write_workbook({"plan": ROWS}, widths)))["plan"]
    sheet = load_workbook(io.BytesIO(write_workbook({"plan": ROWS}, widths)))["plan"]
    assert turned.sheet_view.rightToLeft
    assert not sheet.sheet_view.rightToLeft
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["A1"].fill.fgColor.rgb == "FFF1EDE4"

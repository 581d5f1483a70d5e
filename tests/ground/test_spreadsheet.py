"""Spreadsheets in three forms as they come, whole and hostile: the same cells, or a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, time
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kancil.assessment.answer_forms.sheet import read_sheet, refusal, too_large
from kancil.assessment.answer_forms.workbook import Cell, write_workbook
from kancil.assessment.errors import AnswerSheetNotReadable, AnswerSheetTooLarge
from kancil.assessment.foreign import read_answer_sheet
from kancil.ground import spreadsheet
from kancil.ground.errors import KancilError, ParserLimitReached
from kancil.ground.phrase import Phrase
from kancil.ground.spreadsheet import CellKind, SheetCell, spreadsheet_rows
from tests.assessment.sheets import many_scales

DATA = Path(__file__).parents[1] / "data" / "spreadsheets"
XLS = (DATA / "answers.xls").read_bytes()
Rows = dict[int, dict[int, SheetCell]]


def read(data: bytes) -> Rows:
    found = spreadsheet_rows(data, partial(refusal, "sheet"), partial(too_large, "sheet"))
    return {number: cells for number, cells in found if cells}


def why(data: bytes, kind: type[KancilError] = AnswerSheetNotReadable) -> str:
    with pytest.raises(kind) as caught:
        read(data)
    reason = caught.value.params["why"]
    assert isinstance(reason, Phrase)
    return reason.key


# --- the same sheet, in each form -----------------------------------------------------------------


def as_xlsx(*, epoch_1904: bool = False) -> bytes:
    book = Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["a", "b", "c", "d"])
    sheet.append(["ច្បាប់", 3, 2.5, date(2026, 3, 9)])
    sheet.append([])
    sheet.append(["=1+1", 59, True, "#REF!"])
    sheet["B4"].number_format = "yyyy-mm-dd"
    sheet["A5"] = "merged"
    sheet.merge_cells("A5:B6")
    book.create_sheet("another")["A1"] = "=1+1"
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


NAMES = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = f'xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0"'
SPACES += f' xmlns:text="{NAMES}:text:1.0"'
MANIFEST = f'<m:manifest xmlns:m="{NAMES}:manifest:1.0" m:version="1.3">%s</m:manifest>'
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def as_ods(rows: str, manifest: str = "", **members: str) -> bytes:
    inner = (
        f'<table:table table:name="answers">{rows}</table:table><table:table table:name="other">'
        '<table:table-row><table:table-cell table:formula="of:=1"/></table:table-row></table:table>'
    )
    content = f'<office:document-content {SPACES} office:version="1.3"><office:body>'
    content += f"<office:spreadsheet>{inner}</office:spreadsheet></office:body>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", TYPE, zipfile.ZIP_STORED)
        file.writestr("content.xml", content + "</office:document-content>")
        root = f'<m:file-entry m:full-path="/" m:media-type="{TYPE}"/>'
        file.writestr("META-INF/manifest.xml", MANIFEST % (root + manifest))
        for name, text in members.items():
            file.writestr(name, text)
    return stream.getvalue()


def cell(kind: str, value: str = "", words: str = "", more: str = "") -> str:
    attribute = {"float": "value", "date": "date-value", "boolean": "boolean-value"}.get(kind)
    said = f' office:{attribute}="{value}"' if attribute else ""
    text = f"<text:p>{words}</text:p>" if words else ""
    return f'<table:table-cell office:value-type="{kind}"{said}{more}>{text}</table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"
MERGED = ' table:number-columns-spanned="2" table:number-rows-spanned="2"'
ODS = as_ods(
    row(*(cell("string", words=each) for each in "abcd"))
    + row(
        cell("string", words="ច្បាប់"), cell("float", "3", "3"), cell("float", "2.5", "2,5"),
        cell("date", "2026-03-09", "09/03/26"),
    )
    + row('<table:table-cell table:number-columns-repeated="16384"/>')
    + row(
        cell("float", "2", "2", ' table:formula="of:=1+1"'), cell("date", "1900-02-28"),
        cell("boolean", "true", "TRUE"), cell("string", words="#REF!", more=' table:formula="x"'),
    )
    + row(cell("string", words="merged", more=MERGED), COVERED)
    + row(COVERED, COVERED)
)  # fmt: skip


@pytest.mark.parametrize(
    "data", [as_xlsx(), as_xlsx(epoch_1904=True), XLS, ODS], ids=["xlsx", "xlsx-1904", "xls", "ods"]
)
def test_each_form_gives_the_same_cells(data: bytes) -> None:
    found = read(data)
    assert sorted(found) == [1, 2, 4, 5]
    assert [found[1][place].text for place in range(4)] == ["a", "b", "c", "d"]
    assert found[2] == {
        0: SheetCell("ច្បាប់"),
        1: SheetCell("3", CellKind.NUMBER),
        2: SheetCell("2.5", CellKind.NUMBER),
        3: SheetCell("2026-03-09", CellKind.DAY),
    }
    assert found[4][0] == SheetCell("=", CellKind.FORMULA)
    assert found[4][2] == SheetCell("1", CellKind.FLAG)
    assert found[4][3].kind in (CellKind.ERROR, CellKind.FORMULA)
    assert found[5] == {0: SheetCell("merged")}


@pytest.mark.parametrize("data", [as_xlsx(), XLS, ODS], ids=["xlsx", "xls", "ods"])
def test_a_day_before_march_1900_is_not_certain(data: bytes) -> None:
    assert read(data)[4][1].kind is CellKind.ERROR


def test_a_time_alone_is_no_number_and_no_day() -> None:
    book = Workbook()
    book.active.append([time(13, 45)])
    assert read(saved(book))[1][0] == SheetCell("13:45:00", CellKind.ERROR)


def test_rows_and_columns_are_those_of_the_file() -> None:
    book = Workbook()
    book.active["C7"], book.active["E9"] = 1, "=C7"
    assert read(saved(book)) == {
        7: {2: SheetCell("1", CellKind.NUMBER)}, 9: {4: SheetCell("=", CellKind.FORMULA)},
    }  # fmt: skip


def test_a_formula_that_an_ods_file_repeats_is_found_in_each_cell() -> None:
    formula = cell("float", "2", more=' table:formula="of:=1" table:number-columns-repeated="2"')
    found = read(as_ods(row(cell("float", "1"), formula, more=' table:number-rows-repeated="2"')))
    formulas = {place: SheetCell("=", CellKind.FORMULA) for place in (1, 2)}
    cells = {0: SheetCell("1", CellKind.NUMBER), **formulas}
    assert found == {1: cells, 2: cells}


def test_what_we_write_we_read() -> None:
    rows: list[list[Cell]] = [["a", "b"], ["=1+1", "_x0041_ \n x"], [None, "ថៃ"]]
    found = read(write_workbook({"first": rows, "second": [["no"]]}))
    assert [[cells[place].text for place in cells] for cells in found.values()] == [
        ["a", "b"], ["=1+1", "_x0041_ \n x"], ["ថៃ"],
    ]  # fmt: skip


# --- hostile, damaged, locked ---------------------------------------------------------------------


def made(members: Mapping[str, str]) -> bytes:
    """A workbook of ours with other members in the place of some."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_workbook({"first": [["a", "b"], ["1", "2"]]}))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        kept = {each: old.read(each).decode() for each in old.namelist()}
        for name, text in {**kept, **members}.items():
            file.writestr(name, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(inner: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{inner}</sheetData></worksheet>"


def test_a_bomb_is_not_unpacked_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED_BYTES", 1_000_000)
    bombs = made({SHEET: sheet_of(" " * 50_000_000)}), as_ods(" " * 50_000_000)
    for bomb in bombs:
        assert len(bomb) < 100_000
        assert why(bomb, AnswerSheetTooLarge) == "why.sheet-unpacked"


def test_entities_that_grow_are_refused_with_their_document_type() -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert why(made({SHEET: lol + sheet_of("&b;")})) == "why.sheet-document-type"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    assert why(made({"xl/workbook.xml": outside + "<workbook/>"})) == "why.sheet-document-type"


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_MEMBERS", 6)
    assert why(made({}), AnswerSheetTooLarge) == "why.sheet-members"


MANY = "999999999"


@pytest.mark.parametrize(
    "data",
    [
        made({SHEET: sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        as_ods(row(cell("float", "1", more=f' table:number-columns-repeated="{MANY}"'))),
        as_ods(row(cell("float", "1"), more=f' table:number-rows-repeated="{MANY}"')),
        as_ods(row(more=f' table:number-rows-repeated="{MANY}"') + row(cell("float", "1"))),
    ],
    ids=["far", "columns", "rows", "far-rows"],
)
def test_cells_spread_over_more_than_memory_holds_are_refused(data: bytes) -> None:
    assert why(data, AnswerSheetTooLarge) == "why.sheet-span"


def test_fifty_thousand_rows_pass_the_limit_of_an_answer_sheet() -> None:
    lines = "".join(f"<row><c><v>{number}</v></c></row>" for number in range(50_001))
    repeated = row(cell("float", "1"), more=' table:number-rows-repeated="50001"')
    for data in (made({SHEET: sheet_of(lines)}), as_ods(repeated)):
        assert len(read(data)) == 50_001
        with pytest.raises(AnswerSheetTooLarge):
            read_sheet(data, "sheet", bool)


def test_a_password_is_told() -> None:
    assert why((DATA / "locked.xlsx").read_bytes()) == "why.sheet-password"
    key = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    assert why(as_ods("", manifest=key)) == "why.sheet-password"
    # A record of the workbook's first ones becomes FILEPASS (MS-XLS 2.4.117).
    code_page = b"\x42\x00\x02\x00"
    assert code_page in XLS
    assert why(XLS.replace(code_page, b"\x2f\x00\x02\x00", 1)) == "why.sheet-password"


@pytest.mark.parametrize(
    "data",
    [
        made({SHEET: "<worksheet>"}),
        made({SHEET: sheet_of('<row><c t="s"><v>7777</v></c></row>')}),
        made({SHEET: '<?xml version="1.0" encoding="no-such"?>' + sheet_of("")}),
        made({"xl/workbook.xml": f"<workbook {MAIN}/>"}),
        made({"xl/_rels/workbook.xml.rels": "<Relationships/>"}),
        made({"content.xml": "<a/>"}),
        made({"XL/workbook.xml": "<a/>"}),
        as_ods("</x>"),
        b"PK\x03\x04",
        XLS[:4] + b"\0" * 600,
        XLS[:-1500],
    ],
    ids=[
        "open", "no-text", "encoding", "no-sheet", "no-relation", "two-forms", "two-names", "ods",
        "zip", "ole", "cut-xls",
    ],
)  # fmt: skip
def test_a_broken_spreadsheet_is_refused(data: bytes) -> None:
    assert why(data) == "why.sheet-not-workbook"


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall_over(noise: bytes) -> None:
    for whole in (write_workbook({"first": [["a"], ["1"]]}), ODS):
        for data in (b"PK\x03\x04" + noise, XLS[:8] + noise, whole[: len(noise) * 14] + noise):
            try:
                read(data)
            except (AnswerSheetNotReadable, AnswerSheetTooLarge):
                continue


@given(st.integers(0, 12_000), st.integers(1, 255))
def test_no_changed_byte_makes_the_reader_fall_over(place: int, change: int) -> None:
    for whole in map(bytearray, (write_workbook({"first": [["a"], ["1"]]}), ODS)):
        whole[place % len(whole)] ^= change
        try:
            read(bytes(whole))
        except (AnswerSheetNotReadable, AnswerSheetTooLarge):
            continue


@pytest.mark.parametrize(("place", "change"), [(2320, 51), (1687, 170)])
def test_an_xls_file_that_asks_for_all_memory_ends_its_child_alone(place: int, change: int) -> None:
    data = bytearray(XLS)
    data[place] ^= change
    with pytest.raises(ParserLimitReached) as caught:
        read_answer_sheet(bytes(data), "sheet", many_scales())
    assert caught.value.params["limit"] == Phrase("thing.memory")

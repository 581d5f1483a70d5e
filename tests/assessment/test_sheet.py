"""Answer sheets as they come, whole and hostile: read within limits, or refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook as OtherWorkbook

from kancil.assessment import sheet as reading
from kancil.assessment import workbook_parts
from kancil.assessment.errors import AnswerSheetNotReadable, AnswerSheetTooLarge
from kancil.assessment.sheet import CellKind, SheetCell, column_of, day_of, read_sheet
from kancil.assessment.workbook import column_letters, write_workbook
from kancil.assessment.workbook_parts import shows_day
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase

HEAD = {"protocol_name", "a", "b"}


def read(data: bytes) -> list[dict[str, SheetCell]]:
    found = read_sheet(data, "answers", HEAD.__contains__)
    return [{found.columns[place]: cell for place, cell in row.cells.items()} for row in found.rows]


def texts(data: bytes) -> list[dict[str, str]]:
    return [{name: cell.text for name, cell in row.items()} for row in read(data)]


def why(data: bytes, kind: type[KancilError] = AnswerSheetNotReadable) -> str:
    with pytest.raises(kind) as caught:
        read(data)
    reason = caught.value.params["why"]
    assert isinstance(reason, Phrase)
    return reason.key


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_separator_and_a_mark_of_the_encoding_make_no_difference(
    delimiter: str, mark: bytes
) -> None:
    lines = f"protocol_name{delimiter}a{delimiter}b\r\nx{delimiter}1{delimiter}ច្បាប់\r\n"
    assert texts(mark + lines.encode()) == [{"protocol_name": "x", "a": "1", "b": "ច្បាប់"}]


def test_utf_16_with_its_mark_is_read() -> None:
    assert texts("a,b\n1,ថៃ\n".encode("utf-16")) == [{"a": "1", "b": "ថៃ"}]


def test_another_encoding_is_refused_and_not_guessed() -> None:
    assert why("a,b\n1,é\n".encode("cp1252")) == "why.sheet-encoding"


def test_an_old_workbook_and_an_empty_file_are_refused() -> None:
    assert why(b"\xd0\xcf\x11\xe0" + b"\0" * 600) == "why.sheet-old-workbook"
    assert why(b"") == "why.sheet-empty"
    assert why(b"\n\n , \n") == "why.sheet-empty"


def test_rows_are_numbered_as_in_the_file() -> None:
    found = read_sheet(b'a,b\n\n"two\nlines",2\n3,\n', "answers", HEAD.__contains__)
    assert [row.number for row in found.rows] == [3, 5]


@pytest.mark.parametrize(
    "data",
    [
        b"," * 100_000,
        b"a,b\n" + b"1,2\n" * 10_001,
        b'a,b\n"' + b"x" * 200_000 + b'"\n',
        b'a,b\n"' + b"x" * 40_000 + b'"\n',
        b'a,b\n"never ends' + b",\n" * 70_000,
    ],
    ids=["columns", "rows", "cell", "cell-of-a-workbook", "no-end"],
)
def test_absurd_sizes_are_refused(data: bytes) -> None:
    assert why(data, AnswerSheetTooLarge) == "why.sheet-limits"


def test_a_file_beyond_the_limit_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    assert why(b"a,b\n1,2,3,4\n", AnswerSheetTooLarge) == "why.sheet-bytes"


# --- workbooks ------------------------------------------------------------------------------------


def other_workbook(*rows: list[object], epoch_1904: bool = False) -> bytes:
    book = OtherWorkbook()
    if epoch_1904:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_of_another_program_is_read() -> None:
    data = other_workbook(["a", "b", "protocol_name"], ["ច្បាប់", 3, True], [None, 2.5, "=1+1"])
    first, second = read(data)
    assert first["a"] == SheetCell("ច្បាប់")
    assert first["b"] == SheetCell("3", CellKind.NUMBER)
    assert first["protocol_name"] == SheetCell("1", CellKind.FLAG)
    assert second["b"].text == "2.5"
    assert second["protocol_name"].kind is CellKind.FORMULA


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_a_day_of_a_workbook_is_the_day_that_was_typed(epoch_1904: bool) -> None:
    data = other_workbook(["a"], [date(2026, 3, 9)], epoch_1904=epoch_1904)
    assert read(data)[0]["a"] == SheetCell("2026-03-09", CellKind.DAY)


def test_a_day_before_march_1900_is_not_certain() -> None:
    assert day_of("60", is_from_1904=False) is None
    assert day_of("61", is_from_1904=False) == "1900-03-01"
    assert day_of("0", is_from_1904=True) == "1904-01-01"
    for absurd in ("nan", "1e400", "x", "99999999999", "-5"):
        assert day_of(absurd, is_from_1904=False) is None


@pytest.mark.parametrize(
    ("form", "is_day"),
    [("yyyy-mm-dd", True), ("[$-409]d mmm", True), ("General", False), ('0.0" days"', False)],
)
def test_a_look_shows_a_day_or_not(form: str, is_day: bool) -> None:
    assert shows_day(form) is is_day


def test_what_we_write_we_read() -> None:
    rows = [["a", "b"], ["=1+1", "_x0041_ \n x"], ["", "ថៃ"]]
    assert texts(write_workbook({"first": rows, "second": [["no"]]})) == [
        {"a": "=1+1", "b": "_x0041_ \n x"},
        {"b": "ថៃ"},
    ]


@given(st.integers(0, 16_383), st.integers(1, 1_048_576))
def test_a_place_is_read_as_it_is_written(column: int, row: int) -> None:
    assert column_of(f"{column_letters(column)}{row}") == (column, row)


def made(members: Mapping[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a workbook of ours with other members in the place of some."""
    whole = write_workbook({"first": [["a", "b"], ["1", "2"]]})
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(stream, "w", method) as file,
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
    monkeypatch.setattr(workbook_parts, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = made({SHEET: sheet_of(" " * 50_000_000)})
    assert len(bomb) < 100_000
    assert why(bomb, AnswerSheetTooLarge) == "why.sheet-unpacked"


def test_entities_that_grow_are_refused_with_their_document_type() -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert why(made({SHEET: lol + sheet_of("&b;")})) == "why.sheet-document-type"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    assert why(made({"xl/workbook.xml": outside + "<workbook/>"})) == "why.sheet-document-type"


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_MEMBERS", 6)
    assert why(made({"extra": "x"}), AnswerSheetTooLarge) == "why.sheet-members"


@pytest.mark.parametrize(
    "inner",
    [
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 100_000 + "</row>",
        "<row><c><v>1</v></c></row>" * 10_002,
    ],
    ids=["letters", "column", "100k-columns", "rows"],
)
def test_places_beyond_every_sheet_are_refused_or_counted_on(inner: str) -> None:
    data = made({SHEET: sheet_of(inner)})
    if "AAAA" in inner:
        assert read(data) == []
    else:
        assert why(data, AnswerSheetTooLarge) == "why.sheet-limits"


@pytest.mark.parametrize(
    "members",
    [
        {SHEET: "<worksheet>"},
        {SHEET: sheet_of('<row><c t="s"><v>7</v></c></row>')},
        {SHEET: sheet_of('<row><c t="s"><v>²</v></c></row>')},
        {SHEET: '<?xml version="1.0" encoding="no-such"?>' + sheet_of("")},
        {"xl/workbook.xml": f"<workbook {MAIN}/>"},
        {"xl/_rels/workbook.xml.rels": "<Relationships/>"},
    ],
    ids=["open", "no-text", "no-number", "encoding", "no-sheet", "no-relation"],
)
def test_a_broken_workbook_is_refused(members: dict[str, str]) -> None:
    assert why(made(members)) == "why.sheet-not-workbook"


def test_a_sheet_without_a_cell_is_empty() -> None:
    assert why(made({SHEET: sheet_of("")})) == "why.sheet-empty"


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall_over(noise: bytes) -> None:
    whole = write_workbook({"first": [["a"], ["1"]]})
    for data in (noise, b"PK\x03\x04" + noise, whole[: len(noise) * 7] + noise):
        try:
            read(data)
        except (AnswerSheetNotReadable, AnswerSheetTooLarge):
            continue


@given(st.integers(0, 5_000), st.integers(1, 255))
def test_no_changed_byte_makes_the_reader_fall_over(place: int, change: int) -> None:
    whole = bytearray(write_workbook({"first": [["a"], ["1"]]}))
    whole[place % len(whole)] ^= change
    try:
        read(bytes(whole))
    except (AnswerSheetNotReadable, AnswerSheetTooLarge):
        return

"""Rows come out as the text they are; whatever is assumed of the bytes is said."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import TableIsNoText, TableNotReadable, TableTooLarge
from kancil.evidence.tables import table as reading
from kancil.evidence.tables.table import Table, TableForm, sniff_table, unique_names
from tests.evidence.tables.making import PLAIN, table_of
from tests.examples import examples

THAI = "วันที่,จำนวน\nจันทร์,ห้าร้อย\n"


def sniff(data: bytes) -> reading.Sniffed:
    return sniff_table(io.BytesIO(data), "table.csv")


def cells(data: bytes, form: TableForm = PLAIN) -> list[tuple[str, ...]]:
    return [row.cells for row in table_of(data, form).rows()]


def test_a_row_knows_its_number_and_the_line_it_begins_on() -> None:
    data = b'a,b\n"one\nstill one",1\n\n , \nthree,3\n'
    rows = list(table_of(data).rows())
    assert [(row.number, row.line, row.place) for row in rows] == [
        (1, 2, "line 2"), (2, 6, "line 6"),
    ]  # fmt: skip
    assert rows[0].cells == ("one\nstill one", "1")


def test_a_formula_stays_the_text_it_is() -> None:
    data = b'a,b\n=1+2,"=HYPERLINK(""http://x"",""y"")"\n@SUM(A1),+1\n'
    assert cells(data) == [("=1+2", '=HYPERLINK("http://x","y")'), ("@SUM(A1)", "+1")]


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        ("a,b\né,1\n".encode(), "utf-8", "note.table-encoding-utf-8"),
        ("a,b\né,1\n".encode("utf-8-sig"), "utf-8-sig", "note.table-encoding-marked"),
        ("a,b\né,1\n".encode("utf-16"), "utf-16", "note.table-encoding-marked"),
        ("a,b\né,1\n".encode("utf-16-le"), "utf-16-le", "note.table-encoding-assumed"),
        ("a,b\né,1\n".encode("utf-16-be"), "utf-16-be", "note.table-encoding-assumed"),
        ("a,b\né,1\n".encode("cp1252"), "cp1252", "note.table-encoding-assumed"),
        (THAI.encode("cp874"), "cp874", "note.table-encoding-assumed"),
    ],
)
def test_an_encoding_is_found_or_said_to_be_assumed(data: bytes, encoding: str, says: str) -> None:
    found = sniff(data)
    assert found.form == TableForm(encoding, ",", 1)
    assert found.reasons[0].key == says
    assert found.columns[0] in ("a", "วันที่")
    assert found.rows[0].cells[0] in ("é", "จันทร์")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_gives_even_rows(delimiter: str) -> None:
    rows = [["day", "what, and; why", "sum"], ["1", "x, y; z", "2.5"], ["2", "x", "3"]]
    data = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode()
    found = sniff(data)
    assert found.form.delimiter == delimiter
    assert found.columns == ("day", "what, and; why", "sum")


def test_lines_above_the_column_names_are_passed_over() -> None:
    data = b"sep=;\nBank of Nowhere;;\nAccount;123;\nDate;Text;Amount\n1;x;5\n2;y;6\n3;z;7\n"
    found = sniff(data)
    assert found.form == TableForm("utf-8", ";", 4)
    assert found.rows[0].place == "line 5"


def test_every_column_gets_a_name_of_its_own() -> None:
    names = unique_names(["Amount", " Amount ", "", "Amount (2)", "column 3", "a\n b"])
    assert names == ("Amount", "Amount (2)", "column 3", "Amount (2) (2)", "column 3 (2)", "a b")
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1", b"%PDF-1.7", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27"],
)
def test_a_workbook_an_archive_and_a_pdf_are_refused_with_their_name(data: bytes) -> None:
    for attempt in (sniff, table_of):
        with pytest.raises(TableIsNoText) as caught:
            attempt(data)
        assert "what" in caught.value.params


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"one column\nonly\n", b"\xff\xfe", b"\x00" * 64])
def test_what_is_no_table_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(TableNotReadable):
        sniff(data)


def test_bytes_of_another_encoding_are_refused_at_their_line() -> None:
    with pytest.raises(TableNotReadable) as caught:
        cells(b"a,b\n1,2\n\xff,3\n")
    assert int(caught.value.params["line"]) <= 3  # type: ignore[arg-type]


def test_a_cell_without_end_is_refused_at_the_line_where_it_begins() -> None:
    with pytest.raises(TableNotReadable) as caught:
        cells(b'a,b\n1,2\n"' + b"x" * 200_000)
    assert caught.value.params["line"] == 3


def test_the_line_of_column_names_must_begin_a_row() -> None:
    for line in (2, 9):
        with pytest.raises(TableNotReadable):
            table_of(b'"a\nb",c\n1,2\n', TableForm("utf-8", ",", line)).rows()


def test_a_table_beyond_the_limits_is_refused_and_not_cut(monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(cells(b"a,b\n" + b"1,2\n" * 3)) == 3
    with pytest.raises(TableTooLarge):
        cells(b"a,b\n" + b"1,2\n" * 4)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    for attempt in (sniff, table_of):
        with pytest.raises(TableTooLarge):
            attempt(b"a,b\n" + b"1,2\n" * 3)
    monkeypatch.undo()
    with pytest.raises(TableNotReadable):
        table_of(b"a," * 600 + b"\n")


def test_the_stream_stays_open_for_its_owner() -> None:
    stream = io.BytesIO(b"a,b\n1,2\n")
    sniff_table(stream, "x")
    list(Table(stream, PLAIN, "x").rows())
    assert not stream.closed
    assert stream.seek(0) == 0


@examples(300)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_table_or_are_said_to_be_none(data: bytes) -> None:
    try:
        found = sniff(data)
    except (TableNotReadable, TableIsNoText):
        return
    assert len(found.columns) >= 1
    again = Table(io.BytesIO(data), found.form, "x")
    assert again.columns == found.columns


@given(
    st.lists(
        st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=8), min_size=2,
                 max_size=2),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_cells_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = "\r\n".join(["a,b", *quoted]).encode()
    filled = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    assert cells(data) == filled

"""Answer sheets as they come, whole and hostile: read within limits, or refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.answer_forms import sheet as reading
from kancil.assessment.answer_forms.sheet import read_sheet
from kancil.assessment.answer_forms.workbook import write_workbook
from kancil.assessment.errors import AnswerSheetNotReadable, AnswerSheetTooLarge
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.spreadsheet import SheetCell

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


def test_an_empty_file_is_refused() -> None:
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


def test_a_sheet_without_a_cell_is_empty() -> None:
    assert why(write_workbook({"first": []})) == "why.sheet-empty"


def test_a_workbooks_rows_are_read_by_the_same_limits() -> None:
    assert texts(write_workbook({"first": [["a", "b"], [None, "ថៃ"], [], [3]]})) == [
        {"b": "ថៃ"},
        {"a": "3"},
    ]
    assert why(write_workbook({"a": [["a"]] * 10_003}), AnswerSheetTooLarge) == "why.sheet-limits"


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall_over(noise: bytes) -> None:
    try:
        read(noise)
    except (AnswerSheetNotReadable, AnswerSheetTooLarge):
        return

"""A mapping that is tried says what recording it would record, and keeps nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import MappingIncomplete, TableNotReadable
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.table import TableForm, sniff_as
from kancil.evidence.tables.transfer_store import read_and_store
from kancil.evidence.tables.trial import FIRST_ROWS, KEPT_SKIPS, Trial, try_mapping
from kancil.ground.digests import sha256_hex
from tests.evidence.tables.making import mapping

HEAD = "Date,Amount\n"
MAPPING = mapping(
    columns={"time": "Date", "amount": "Amount"}, constants={"asset": "USD"},
    time=TimeForm(("YYYY-MM-DD",), "UTC"),
)  # fmt: skip


def tried(text: str) -> Trial:
    data = text.encode()
    return try_mapping(
        io.BytesIO(data), name="t.csv", exhibit_sha256=sha256_hex(data), mapping=MAPPING
    )


@given(
    st.lists(
        st.sampled_from(
            ["2024-01-02,5", "2024-01-02,x", "soon,5", "2024-01-02,5,6", "2024-01-02,", "a"]
        ),
        max_size=30,
    )
)
def test_trying_counts_every_row_once_as_recording_does(rows: list[str]) -> None:
    text = HEAD + "\n".join(rows)
    found = tried(text)
    assert found.rows + found.skipped_count == len(rows)
    assert found.rows == rows.count("2024-01-02,5")
    assert [skip.place for skip in found.skipped] == [
        f"line {line}" for line, row in enumerate(rows, 2) if row != "2024-01-02,5"
    ]


def test_what_is_tried_is_what_is_recorded(tmp_path: Path) -> None:
    data = (HEAD + "2024-01-02,5\n2024-01-03,x\n2024-01-04,7\n").encode()
    found = tried(data.decode())
    assert not list(tmp_path.iterdir())
    kept = read_and_store(
        tmp_path, io.BytesIO(data), name="t.csv", exhibit_sha256=sha256_hex(data), mapping=MAPPING
    )
    assert (found.rows, found.skipped, found.skipped_codes, found.notes, found.result_sha256) == (
        kept.rows, kept.skipped, kept.skipped_codes, kept.notes, kept.result_sha256,
    )  # fmt: skip


def test_of_many_rows_the_first_are_given_and_all_are_counted() -> None:
    many = FIRST_ROWS + KEPT_SKIPS + 10
    found = tried(HEAD + "2024-01-02,5\n" * many + "x\n" * many)
    assert (found.rows, found.skipped_count) == (many, many)
    assert (len(found.first), len(found.skipped)) == (FIRST_ROWS, KEPT_SKIPS)


def test_an_empty_table_states_nothing_and_an_undecided_mapping_reads_nothing() -> None:
    assert (tried(HEAD).rows, tried(HEAD).skipped_count) == (0, 0)
    with pytest.raises(MappingIncomplete):
        try_mapping(
            io.BytesIO(HEAD.encode()), name="t", exhibit_sha256="0" * 64,
            mapping=mapping(time=None),
        )  # fmt: skip


def test_a_form_that_a_person_chose_is_used_and_said_to_be_theirs() -> None:
    data = b"Bank of Nowhere\nDate;Amount\n2024-01-02;5,1\n"
    found = sniff_as(io.BytesIO(data), TableForm("utf-8", ";", 2), "t.csv")
    assert found.columns == ("Date", "Amount")
    assert [row.cells for row in found.rows] == [("2024-01-02", "5,1")]
    assert [each.key for each in found.reasons] == ["note.table-form-chosen"]
    for form in (TableForm("utf-16", ",", 1), TableForm("utf-8", ",", 900)):
        with pytest.raises(TableNotReadable):
            sniff_as(io.BytesIO(data), form, "t.csv")

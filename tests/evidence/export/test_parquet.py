"""The Parquet table is the tables of the pass, joined."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kancil.evidence.export import parquet
from kancil.evidence.export.examined import Examined
from kancil.evidence.export.parquet import FORMAT, write_parquet
from tests.evidence.export.making import with_member, written


def test_each_entry_has_a_row_and_what_was_read_of_it(small: Examined) -> None:
    table = pq.read_table(io.BytesIO(written(write_parquet, small)))
    assert table.schema.metadata[b"format"] == FORMAT.encode()
    assert table["path"].to_pylist() == small.entries["path"].to_pylist()
    read = {each["number"]: each for each in small.contents.to_pylist()}
    for row in table.to_pylist():
        own = read.get(row["number"], {})
        assert row["sha256"] == own.get("sha256")
        assert row["content_kind"] == own.get("kind")


def test_rows_are_the_same_in_however_many_groups(
    small: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _rows(small)
    monkeypatch.setattr(parquet, "_GROUP", 3)
    assert _rows(small).equals(whole)


def test_a_member_has_a_row_after_its_archive(small: Examined) -> None:
    rows = _rows(with_member(small)).to_pylist()
    (at,) = [n for n, row in enumerate(rows) if row["inside"]]
    assert (rows[at]["number"], rows[at]["member"]) == (rows[at - 1]["number"], 1)


def _rows(found: Examined) -> pa.Table:
    return pq.read_table(io.BytesIO(written(write_parquet, found)))

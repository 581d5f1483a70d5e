"""A record's annotations give its table and its Arrow schema; rows come back as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.record import (
    Bits,
    Names,
    Words,
    batch_of,
    columns_of,
    names_of,
    records_of,
    schema_of,
    table_of_records,
)
from kancil.records.table import Column, Holds


class State(StrEnum):
    """Of an entry."""

    LIVE = "live"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Visit:
    """One row."""

    url: Annotated[str, Holds.ID, Names("url")]
    number: Annotated[int, Bits(32)]
    state: Annotated[State, Holds.CODE, Words("name.state")]
    price: Decimal
    sealed: bool
    time: datetime | None = None
    day: date | None = None
    digest: bytes | None = None
    notes: tuple[str, ...] = ()


WORD = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)
VISITS = st.builds(
    Visit,
    url=WORD,
    number=st.integers(-(2**31), 2**31 - 1),
    price=st.decimals(allow_nan=False, allow_infinity=False, places=4),
    sealed=st.booleans(),
    state=st.sampled_from(State),
    time=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.none() | st.dates(),
    digest=st.none() | st.binary(max_size=20),
    notes=st.lists(WORD, max_size=3).map(tuple),
)
ONE = Visit(
    "example.org", 7, State.DELETED, Decimal("1E+3"), True,
    datetime(2026, 3, 9, 14, tzinfo=UTC), None, b"\xff", ("skewed", "assumed"),
)  # fmt: skip


def test_a_record_gives_its_columns() -> None:
    assert columns_of(Visit) == (
        Column("url", Holds.ID, selector="url"),
        Column("number", Holds.COUNT),
        Column("state", Holds.CODE, "name.state"),
        Column("price", Holds.DECIMAL),
        Column("sealed"),
        Column("time", Holds.TIME),
        Column("day", Holds.DAY),
        Column("digest"),
        Column("notes"),
    )


def test_a_record_gives_its_schema() -> None:
    schema = schema_of(Visit, "visits/1")
    assert schema.names == list(names_of(Visit))
    assert [str(each) for each in schema.types] == [
        "string", "int32", "string", "string", "bool", "timestamp[us, tz=UTC]", "date32[day]",
        "binary", "string",
    ]  # fmt: skip
    assert [each.name for each in schema if each.nullable] == ["time", "day", "digest", "notes"]
    assert schema.metadata == {b"format": b"visits/1"}


@given(st.lists(VISITS, max_size=4))
def test_rows_come_back_from_arrow(rows: list[Visit]) -> None:
    assert records_of(Visit, batch_of(Visit, rows)) == rows


def test_a_column_that_an_older_file_lacks_has_its_default() -> None:
    older = pa.Table.from_batches([batch_of(Visit, [ONE])]).drop_columns(["notes", "digest"])
    (row,) = records_of(Visit, older)
    assert (row.url, row.notes, row.digest) == ("example.org", (), None)


def test_records_stand_in_a_table_for_every_door() -> None:
    table = table_of_records("visits", Visit, [ONE])
    assert table.as_rows() == [
        {
            "url": "example.org", "number": 7, "state": "deleted", "price": "1000",
            "sealed": "yes", "time": "2026-03-09T14:00:00.000000Z", "day": None, "digest": "ff",
            "notes": "skewed assumed",
        }
    ]  # fmt: skip
    assert table.csv().splitlines()[1].startswith(b"example.org,7,deleted,1000,yes,2026")

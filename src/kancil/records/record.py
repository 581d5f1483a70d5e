"""One description of a record: the row that a parser yields gives its table and its Arrow schema.

A record is a frozen dataclass, declared at the top of what yields it. Beside a field's type stands
what doors need and Python does not say: how it is written (`Holds`), in how many bits, of which
kind of selector it names one, whose words a code has. A field that may be None may be null; what a
record means by that is said below the field.

    @dataclass(frozen=True, slots=True)
    class Visit:
        url: Annotated[str, Holds.ID, Names("url")]
        seen: Annotated[int, Bits(32)]
        time: Annotated[datetime | None, Holds.TIME]
        \"\"\"None where the file has none.\"\"\"

Large columns never become a record a row: they are built as Arrow arrays under the schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa

from kancil.ground import clock

from .table import Cell, Column, Holds, Table, table_of

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Bits:
    """Width of a whole number, signed; 64 where none is said."""

    width: int


@dataclass(frozen=True, slots=True)
class Names:
    """The kind of the selectors that a field names (`records.selector`)."""

    selector: str


@dataclass(frozen=True, slots=True)
class Words:
    """Of a code: the beginning of its words' key (`Column.words`)."""

    key: str


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: type
    may_be_null: bool
    is_several: bool
    marks: dict[type, Any]


_ARROW: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    bytes: pa.binary(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}
"""All else is text: exact decimals too, since no binary number is exact for all of them."""
_HOLDS = {int: Holds.COUNT, Decimal: Holds.DECIMAL, date: Holds.DAY, datetime: Holds.TIME}


@cache
def _fields_of(record: type) -> tuple[_Field, ...]:
    hints = get_type_hints(record, include_extras=True)
    found = []
    for each in fields(record):
        hint, marks = hints[each.name], {}
        if get_origin(hint) is Annotated:
            hint, *said = get_args(hint)
            marks = {type(mark): mark for mark in said}
        is_several = get_origin(hint) is tuple
        kinds = [kind for kind in get_args(hint) or (hint,) if kind not in (NoneType, Ellipsis)]
        found.append(_Field(each.name, kinds[0], kinds != [hint], is_several, marks))
    return tuple(found)


def names_of(record: type) -> tuple[str, ...]:
    """Names of the columns of a record, in their order."""
    return tuple(each.name for each in fields(record))


@cache
def columns_of(record: type) -> tuple[Column, ...]:
    """The description of its table."""
    return tuple(
        Column(
            each.name,
            each.marks.get(Holds, _HOLDS.get(each.kind, Holds.TEXT)),
            each.marks[Words].key if Words in each.marks else "",
            each.marks[Names].selector if Names in each.marks else "",
        )
        for each in _fields_of(record)
    )


@cache
def schema_of(record: type, form: str = "") -> pa.Schema:
    """The schema of its Arrow tables and Parquet files; `form`: name and version of the format.

    Several words are one text, joined by a space, null where there is none.
    """
    found = []
    for each in _fields_of(record):
        kind = _ARROW.get(each.kind, pa.string())
        if Bits in each.marks:
            kind = {8: pa.int8(), 16: pa.int16(), 32: pa.int32()}[each.marks[Bits].width]
        found.append(pa.field(each.name, kind, nullable=each.may_be_null))
    return pa.schema(found, metadata={"format": form} if form else None)


def batch_of(record: type, rows: Iterable[Any], form: str = "") -> pa.RecordBatch:
    """Some records as an Arrow batch."""
    listed = list(rows)
    columns = {
        each.name: [_packed(getattr(row, each.name), each) for row in listed]
        for each in _fields_of(record)
    }
    return pa.RecordBatch.from_pydict(columns, schema=schema_of(record, form))


def records_of(record: type[Record], batch: pa.RecordBatch | pa.Table) -> list[Record]:
    """Read what `batch_of` made; a column that an older file lacks has its default."""
    kind: type = record
    described = _fields_of(kind)
    return [
        record(
            **{each.name: _unpacked(row[each.name], each) for each in described if each.name in row}
        )
        for row in batch.to_pylist()
    ]


def table_of_records(name: str, record: type, rows: Iterable[Any]) -> Table:
    """Some records as a table for pages, commands, CSV and JSON."""
    described = _fields_of(record)
    return table_of(
        name,
        columns_of(record),
        ({each.name: _cell(getattr(row, each.name)) for each in described} for row in rows),
    )


def _packed(value: Any, field: _Field) -> Any:
    if field.is_several:
        return " ".join(value) or None
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.value if isinstance(value, StrEnum) else value


def _unpacked(value: Any, field: _Field) -> Any:
    if field.is_several:
        return tuple((value or "").split())
    if value is None or field.kind in _ARROW or field.kind is str:
        return value
    return field.kind(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return clock.to_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.hex() if isinstance(value, bytes) else value

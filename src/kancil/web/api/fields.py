"""The fields of requests and answers: what a program may send, and in which form it gets things.

Satoshi, sizes in bytes and whatever else may pass 2^53-1 are strings; times are RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Query, Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable

MOST_ROWS = 200
_FEW_ROWS = 50
_LARGEST = 2**53 - 1


class Asked(Schema):
    """A request's body: what is not known is refused, nothing is turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul_in_text", "NUL in text")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text_blank", "blank text")
    return text


def _a_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date_wrong", "no date") from error
    return text


def _a_moment(text: str) -> str:
    """Read an RFC 3339 time with its zone; gives it as the ledger writes times."""
    try:
        found = clock.to_text(datetime.fromisoformat(text))
        clock.from_text(found)  # a year of fewer than four digits is none that the ledger has
    except (ValueError, OverflowError, TimeNotReadable) as error:
        raise PydanticCustomError("moment_wrong", "no time with a zone") from error
    return found


_NO_NUL = r"^[^\x00]*$"
Words = Annotated[
    str,
    AfterValidator(_no_nul),
    AfterValidator(_not_blank),
    Field(min_length=1, max_length=300, json_schema_extra={"pattern": r"^[^\x00]*\S[^\x00]*$"}),
]
"""Text of one line that must say something."""
LongWords = Annotated[
    str,
    AfterValidator(_no_nul),
    Field(max_length=2000, json_schema_extra={"pattern": _NO_NUL}),
]
Name = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
"""A short number (`E12`) or an id."""
Identifier = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,130}$")]
"""An address or a public key in hex, a txid, a block's hash or height."""
Day = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
    AfterValidator(_a_date),
]
AskedMoment = Annotated[
    str,
    Field(max_length=40, json_schema_extra={"format": "date-time"}),
    AfterValidator(_a_moment),
]
AskedSat = Annotated[str, Field(pattern=r"^[0-9]{1,16}$", description="Satoshi.")]
Cursor = Annotated[
    int, Query(ge=0, le=_LARGEST, description="`next` of the part before; 0 is the beginning.")
]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of the part.")]

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Sat = Annotated[str, Field(description="Satoshi.")]
Bytes = Annotated[str, Field(description="Size in bytes.")]
FIRST, FEW = 0, _FEW_ROWS

T = TypeVar("T")


class Part(Schema, Generic[T]):
    """One part of a list."""

    items: list[T]
    next: int | None = Field(description="Cursor of the next part; null: this is the last.")


def part(
    rows: Sequence[Any],
    cursor: int,
    limit: int,
    place: Callable[[Any], int],
    shown: Callable[[Any], dict[str, Any]],
) -> dict[str, Any]:
    """The rows after a cursor, as `Part`; `place`: where a row stands, never falling.

    Rows that stand at one place come together, so that none is lost between two parts.
    """
    after = [row for row in rows if place(row) > cursor]
    end = limit
    while end < len(after) and place(after[end]) == place(after[end - 1]):
        end += 1
    taken = after[:end]
    more = len(after) > end
    return {"items": [shown(row) for row in taken], "next": place(taken[-1]) if more else None}


def moment(when: datetime) -> str:
    """Write a time for an answer."""
    return clock.to_text(when)

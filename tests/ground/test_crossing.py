"""Values cross by their type, and nothing but that type comes out."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import pytest

from kancil.ground import crossing
from kancil.ground.crossing import Blobs, NotCrossing, pack, unpack
from kancil.ground.phrase import Param, Phrase
from kancil.ground.skipped import Skipped


class Kind(StrEnum):
    ONE = "1"


class Colour(Enum):
    RED = (1, 2)


class Pair(NamedTuple):
    left: int
    right: str | None


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    below: tuple[Node, ...] = ()


def across(kind: object, value: object) -> object:
    blobs: Blobs = []
    packed = json.loads(json.dumps(pack(kind, value, blobs)))
    return unpack(kind, packed, blobs)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "ກ\ud800"),
        (int, 1 << 200),
        (bool, True),
        (float, 0.1),
        (float, 3),
        (bytes, b"\x00\xff"),
        (int | None, None),
        (int | str, "1"),
        (Param, Phrase("a", {"b": Phrase("c"), "n": 1})),
        (date, date(2026, 3, 9)),
        (time, time(23, 59)),
        (datetime, datetime(2026, 3, 9, 1, 2, 3, 4, UTC)),
        (timedelta, timedelta(days=-1, microseconds=3)),
        (Decimal, Decimal("1.10")),
        (Kind, Kind.ONE),
        (str | Kind, Kind.ONE),
        (Colour, Colour.RED),
        (Pair, Pair(1, None)),
        (Literal["a", "b"], "b"),
        (Node, Node("a", (Node("b"), Node("c", (Node("d"),))))),
        (tuple[int, str], (1, "a")),
        (tuple[int, ...], (1, 2, 3)),
        (list[tuple[bytes, int]], [(b"a", 1), (b"", 2)]),
        (Sequence[int], (1, 2)),
        (frozenset[str], frozenset("ab")),
        (dict[tuple[str, int], date | None], {("a", 1): None, ("b", 2): date(2000, 1, 1)}),
        (Mapping[str, int], {"b": 1, "a": 2}),
        (Counter[str], Counter("aab")),
        (dict[str, Any], {"a": [1, None, {"b": 0.5}], "c": True}),
        (Skipped, Skipped("code", "line 1", {"n": 1})),
    ],
)
def test_a_value_comes_out_as_it_went_in(kind: object, value: object) -> None:
    found = across(kind, value)
    assert found == value
    assert type(found) is type(value) or isinstance(value, Counter)


def test_a_stream_comes_out_from_its_beginning() -> None:
    stream = io.BytesIO(b"abc")
    stream.read(2)
    found = across(BinaryIO, stream)
    assert isinstance(found, io.BytesIO)
    assert found.read() == b"abc"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, True), (int, "1"), (str, Kind.ONE), (Any, (1, 2)), (Any, {1: 2}), (Any, Node("a")),
        (Path, Path("/")), (Node, Pair(1, None)), (int | str, 0.5), (tuple[int, int], (1,)),
        (type, int),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_does_not_go_out(kind: object, value: object) -> None:
    with pytest.raises((NotCrossing, ValueError)):
        pack(kind, value, [])


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        (int, True), (int, None), (int, "1"), (str, 1), (bytes, 1), (bytes, "x"), (date, "2026"),
        (Kind, "TWO"), (Kind, "__class__"), (Literal["a"], "b"), (Node, ["a"]), (Node, {"name": 1}),
        (Node, ["a", "bc"]), (int | str, [2, 1]), (int | str, [-1, "a"]), (int | str, 1),
        (tuple[int, int], [1]), (list[int], "12"), (dict[str, int], [["a"]]), (Decimal, "x"),
        (Path, "/etc/passwd"),
    ],
)  # fmt: skip
def test_what_a_liar_sends_is_refused(kind: object, packed: object) -> None:
    with pytest.raises(NotCrossing):
        unpack(kind, packed, [b""])


def test_the_order_in_which_a_union_names_its_members_does_not_tell() -> None:
    crossing._form.cache_clear()  # in another process the other one is met first
    first = pack(int | str, "1", [])
    crossing._form.cache_clear()
    assert pack(str | int, "1", []) == first

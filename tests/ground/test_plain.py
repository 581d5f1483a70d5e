"""The one converter from typed values to JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical, clock
from kancil.ground.canonical import MAX_SAFE_INTEGER
from kancil.ground.phrase import Phrase, as_json
from kancil.ground.plain import FLAT, LEFT_OUT, Writers, as_text, itself, or_none, plain, written

WHOLE = st.integers(-(2**70), 2**70)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


class Colour(StrEnum):
    RED = "red"
    DEEP_BLUE = "deep-blue"


class Level(IntEnum):
    LOW = 1
    VERY_HIGH = 9


class Way(Enum):
    IN = "in"


@dataclass(frozen=True, slots=True)
class Coin:
    n: int
    value_sat: int | None
    script: bytes
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Purse:
    name: str
    count: int
    opened_at: datetime
    due_on: date | None
    levels: tuple[Level, ...]
    coins: tuple[Coin, ...]
    first: Coin | None
    notes: Mapping[str, int | str | tuple[str, ...]]
    size_bytes: int
    why: Phrase


COINS = st.builds(
    Coin, WHOLE, st.none() | WHOLE, st.binary(max_size=8), st.sampled_from(list(Colour))
)
PHRASES: st.SearchStrategy[Phrase] = st.deferred(
    lambda: st.builds(
        Phrase, TEXT, st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | PHRASES, max_size=3)
    )
)
PURSES = st.builds(
    Purse,
    TEXT,
    WHOLE,
    st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 999),
    st.none() | st.dates(),
    st.lists(st.sampled_from(list(Level)), max_size=3).map(tuple),
    st.lists(COINS, max_size=3).map(tuple),
    st.none() | COINS,
    st.dictionaries(TEXT, WHOLE | TEXT | st.lists(TEXT, max_size=3).map(tuple), max_size=3),
    WHOLE,
    PHRASES,
)


def whole(value: int) -> int | str:
    return value if abs(value) <= MAX_SAFE_INTEGER else str(value)


def coin(value: Coin | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "n": whole(value.n),
        "value_sat": None if value.value_sat is None else str(value.value_sat),
        "script": value.script.hex(),
        "colour": value.colour.value,
    }


@given(PURSES)
def test_a_nested_value_is_written_as_by_hand(purse: Purse) -> None:
    assert plain(purse) == {
        "name": purse.name,
        "count": whole(purse.count),
        "opened_at": clock.to_text(purse.opened_at),
        "due_on": None if purse.due_on is None else purse.due_on.isoformat(),
        "levels": [{1: "low", 9: "very-high"}[level] for level in purse.levels],
        "coins": [coin(each) for each in purse.coins],
        "first": coin(purse.first),
        "notes": {
            name: list(each)
            if isinstance(each, tuple)
            else each
            if isinstance(each, str)
            else whole(each)
            for name, each in purse.notes.items()
        },
        "size_bytes": str(purse.size_bytes),
        "why": {"key": purse.why.key, "params": as_json(purse.why.params)},
    }


@given(PURSES)
def test_it_comes_through_json_unchanged_and_is_canonical(purse: Purse) -> None:
    told = plain(purse)
    assert json.loads(json.dumps(told)) == told
    assert canonical.loads(canonical.dumps(told)) == told
    assert plain(told) == told, "what is plain already stays as it is"


@given(PURSES)
def test_keys_stand_in_the_order_of_the_fields(purse: Purse) -> None:
    assert list(plain(purse)) == [each.name for each in fields(Purse)]


@given(st.recursive(st.none() | st.booleans() | WHOLE | TEXT, lambda inner: st.lists(inner) |
                    st.dictionaries(TEXT, inner), max_leaves=20))  # fmt: skip
def test_no_number_leaves_that_another_reader_would_round(value: Any) -> None:
    canonical.dumps(plain(value))


@dataclass(frozen=True, slots=True)
class Part:
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Declared:
    PLAIN_ALSO: ClassVar = ("total_sat", "is_open")

    name: str = field(metadata=written("set"))
    is_late: bool = field(metadata=written("late"))
    row: int = field(metadata=LEFT_OUT)
    size_bytes: int = field(metadata=written(by=itself))
    offset: int | None = field(metadata=written(by=as_text))
    block: str = field(metadata=written("in_block", by=or_none))
    part: Part = field(metadata=FLAT)
    ways: frozenset[Way] = frozenset()
    path: Path = Path("a/b")

    @property
    def total_sat(self) -> int:
        return self.part.low + self.part.high

    @property
    def is_open(self) -> bool:
        return not self.is_late


def test_fields_say_how_they_are_written_and_properties_follow_them() -> None:
    found = Declared("x", True, 7, 5, 9, "", Part(1, 2), frozenset({Way.IN}))
    told = plain(found)
    assert told == {
        "set": "x", "late": True, "size_bytes": 5, "offset": "9", "in_block": None,
        "low": 1, "high": 2, "ways": ["in"], "path": "a/b", "total_sat": "3", "is_open": False,
    }  # fmt: skip
    assert list(told)[-2:] == ["total_sat", "is_open"]


@dataclass(frozen=True, slots=True)
class Held:
    shaped: Declared | None

    def as_dict(self) -> dict[str, Any]:
        return {"is_held": self.shaped is not None, "shaped": (Part(1, 2),)}


def test_a_class_that_shapes_its_own_form_is_asked() -> None:
    assert plain([Held(None)]) == [{"is_held": False, "shaped": [{"low": 1, "high": 2}]}]


def test_a_door_may_write_a_type_in_its_own_way() -> None:
    value = {"why": Phrase("why.x"), "part": Fraction(1, 2)}
    own: Writers = {Phrase: lambda phrase: phrase.key.upper(), Fraction: str}
    assert plain(value, own) == {"why": "WHY.X", "part": "1/2"}


@pytest.mark.parametrize("value", [object(), Fraction(1, 2), {"x": [object()]}])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain(value)

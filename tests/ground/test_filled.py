"""A dataclass filled from another value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from kancil.ground.errors import NotCanonical
from kancil.ground.filled import filled, filled_from_plain
from kancil.ground.plain import plain


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str
    period: int
    country_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    period: int
    country: str
    note: str = "none"


ROW = Row("r", "Round", 3, "KHM")


def test_fields_of_the_same_name_are_taken_and_the_others_given() -> None:
    assert filled(Shown, ROW, country=ROW.country_id, note="x") == Shown("Round", 3, "KHM", "x")


def test_a_value_that_is_given_stands_over_the_one_that_is_there() -> None:
    assert filled(Shown, ROW, country="LAO", period=4, note="").period == 4


def test_nothing_is_left_to_a_default_unseen() -> None:
    with pytest.raises(AttributeError, match="note"):
        filled(Shown, ROW, country="KHM")
    with pytest.raises(TypeError, match="other"):
        filled(Shown, ROW, country="KHM", note="", other=1)


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    name: str
    days: tuple[Day, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


WEEK = Week("w", (Day(date(2026, 3, 9)), Day(date(2026, 3, 10), "x")), {"a": 1})


def test_what_plain_wrote_comes_back() -> None:
    assert filled_from_plain(Week, plain(WEEK)) == WEEK


@pytest.mark.parametrize(
    "changes",
    [{"name": 5}, {"days": [{"on": "2026-3-9", "note": ""}]}, {"days": [{"on": "2026-02-30"}]},
     {"more": 1}, {"counts": {"a": "x"}}],
)  # fmt: skip
def test_what_plain_would_not_write_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(NotCanonical):
        filled_from_plain(Week, {**plain(WEEK), **changes})


def test_a_person_may_leave_out_what_has_a_default_and_nothing_else() -> None:
    written = {"name": "w", "days": [{"on": "2026-03-09"}]}
    with pytest.raises(NotCanonical):
        filled_from_plain(Week, written)
    assert filled_from_plain(Week, written, is_whole=False).days == (Day(date(2026, 3, 9)),)
    with pytest.raises(NotCanonical):
        filled_from_plain(Week, {**written, "dais": []}, is_whole=False)
    with pytest.raises(NotCanonical):
        filled_from_plain(Week, {"days": []}, is_whole=False)

"""A dataclass filled from another value."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kancil.ground.filled import filled


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

"""What a cell of a list says, read as a command would be told it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any

import pytest

from kancil.records.described import Input, Past, items
from kancil.records.errors import FieldNotUsable


class Visit(Input):
    """A day, and whether it was kept."""

    held_on: Annotated[date, Past()]
    is_partner: bool = False


def said(name: str, text: str) -> Any:
    from kancil.desk.programme.filling import _Rows

    item = next(each for each in items(Visit) if each.name == name)
    return _Rows(SimpleNamespace()).value(item, text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-09", date(2026, 3, 9)), ("2569-03-09", date(2026, 3, 9)),
        ("31/12/2025", date(2025, 12, 31)), ("9 Nov 2025", date(2025, 11, 9)),
        ("๒๕๖๙-๐๓-๐๙", date(2026, 3, 9)),
    ],
)  # fmt: skip
def test_a_day_is_read_as_lists_write_it(text: str, day: date) -> None:
    assert said("held_on", text) == day


@pytest.mark.parametrize(
    ("name", "text"), [("held_on", "03/04/2026"), ("held_on", "soon"), ("is_partner", "perhaps")]
)
def test_what_has_two_senses_or_none_is_refused_at_its_field(name: str, text: str) -> None:
    with pytest.raises(FieldNotUsable):
        said(name, text)


def test_yes_and_no_are_read_in_the_languages_of_lists() -> None:
    assert [said("is_partner", each) for each in ("Oui", "x", "không", "-")] == [
        True, True, False, False,
    ]  # fmt: skip

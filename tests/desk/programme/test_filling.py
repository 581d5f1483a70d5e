"""What a cell of a list says, read as a command would be told it."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any

import pytest

from kancil.ground.words import speak, spoken
from kancil.programme.funding import DonorInput, GrantInput
from kancil.programme.people import OrganisationInput, ParticipantInput
from kancil.records.described import Input, Past, items, read
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


@pytest.mark.parametrize("given", [OrganisationInput, DonorInput, GrantInput, ParticipantInput])
@pytest.mark.parametrize("language", ["en", "th"])
def test_a_template_names_each_field_and_no_row_of_it_is_taken(
    given: type[Input], language: str
) -> None:
    """The headings are those that are read again, and what stands below is a remark."""
    from kancil.desk.programme.filling import _REMARK, _columns, template

    before = spoken()
    speak(language)
    try:
        sheet = template(given)
    finally:
        speak(before)
    assert sheet.startswith(BOM_UTF8)
    headings, *below = csv.reader(io.StringIO(sheet.decode("utf-8-sig")))
    assert list(_columns(given, headings).values()) == list(items(given))
    assert len(below) == 2
    assert all(f"{row[0]} ".startswith(_REMARK) and len(row) == len(headings) for row in below)


@pytest.mark.parametrize("given", [OrganisationInput, DonorInput])
def test_the_example_of_a_template_fits_its_input(given: type[Input]) -> None:
    from kancil.desk.programme.filling import _REMARK, _columns, _Rows, template

    headings, _, example = csv.reader(io.StringIO(template(given).decode("utf-8-sig")))
    example[0] = example[0].removeprefix(_REMARK)
    rows = _Rows(SimpleNamespace())
    rows._known = {"country": {}}
    values = {
        each.name: rows.value(each, example[at])
        for at, each in _columns(given, headings).items()
        if example[at]
    }
    assert read(given, values, today=date(2026, 12, 3)).model_dump()["name"] == example[0]

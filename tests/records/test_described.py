"""One description of a form of data: what it reads, what it refuses, what doors are told of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import pytest

from kancil.ground.phrase import Phrase
from kancil.programme.people import ParticipantInput
from kancil.programme.vocabulary import OrganisationKind, Sex
from kancil.records.described import (
    Amount,
    Called,
    Input,
    Line,
    Lines,
    Of,
    Past,
    items,
    named,
    one_line,
    read,
)
from kancil.records.errors import FieldNotUsable

TODAY = date(2026, 12, 2)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Example(Input):
    name: Annotated[str, Line(10)]
    """What it is called.

    In one line.
    """
    colour: Colour = Colour.BLUE
    country: Annotated[str | None, Of("country")] = None
    seen_on: Annotated[date | None, Past()] = None
    remark: Annotated[str, Lines(20, rows=3)] = ""
    is_new: bool = True
    count: int | None = None
    colours: tuple[Colour, ...] = ()
    price: Annotated[str, Amount(), Called("amount")] = ""


def test_each_field_says_what_a_door_needs() -> None:
    name, colour, country, seen_on, remark, is_new, count, colours, price = items(Example)
    assert (name.is_needed, name.text, name.help) == (
        True, Line(10), "What it is called. In one line.",
    )  # fmt: skip
    assert (name.label, colour.words, colour.default) == (
        Phrase("field.name"), Colour, Colour.BLUE,
    )  # fmt: skip
    assert (country.of, country.is_needed) == ("country", False)
    assert (seen_on.kind, seen_on.is_past, seen_on.label) == (
        date, True, Phrase("field.seen-on"),
    )  # fmt: skip
    assert (remark.text, is_new.kind, count.kind) == (Lines(20, 3), bool, int)
    assert (colours.is_several, colours.words, colours.default) == (True, Colour, ())
    assert (price.text, price.kind, price.is_several) == (Amount(40), str, False)
    assert (price.name, price.label) == ("price", Phrase("field.amount"))


def test_values_become_an_input_and_blank_ones_their_defaults() -> None:
    given = {"name": "  Café\u200b\n One ", "colour": "red", "country": "", "seen_on": TODAY,
             "colours": ["red", "blue"], "price": " 1,250.00 "}  # fmt: skip
    found = read(Example, given, today=TODAY)
    assert found == Example(name="Café One", colour=Colour.RED, seen_on=TODAY,
                            colours=(Colour.RED, Colour.BLUE), price="1,250.00")  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"name": ""}, "name", Phrase("why.value-blank")),
        ({"name": " \u200b "}, "name", Phrase("why.value-blank")),
        ({"name": "x" * 11}, "name", Phrase("why.value-too-long", {"most": 10})),
        ({"name": "x", "colour": "green"}, "colour",
         Phrase("why.value-words", {"words": "red, blue"})),
        ({"name": "x", "colours": ["red", "green"]}, "colours",
         Phrase("why.value-words", {"words": "red, blue"})),
        ({"name": "x", "seen_on": date(2026, 12, 3)}, "seen-on", Phrase("why.value-future")),
        ({"name": "x", "count": "many"}, "count", Phrase("why.value-not-usable")),
    ],
)  # fmt: skip
def test_the_first_wrong_field_is_named_with_its_reason(
    given: dict[str, Any], field: str, why: Phrase
) -> None:
    with pytest.raises(FieldNotUsable) as refused:
        read(Example, given, today=TODAY)
    assert refused.value.params == {"field": Phrase(f"field.{field}"), "why": why}


def test_a_refusal_of_a_model_names_its_own_field() -> None:
    for given, field, why in (
        ({"email": "nobody"}, "email", "no-address"),
        ({"consent_to": "Lists"}, "consent-on", "blank"),
    ):
        with pytest.raises(FieldNotUsable) as refused:
            read(ParticipantInput, {"name": "Sok Dara", **given}, today=TODAY)
        assert refused.value.params == {
            "field": Phrase(f"field.{field}"), "why": Phrase(f"why.value-{why}"),
        }  # fmt: skip


def test_a_word_is_named_by_its_craft_its_kind_and_its_value() -> None:
    assert named(Sex.NOT_STATED) == Phrase("programme.sex.not-stated")
    assert named(OrganisationKind.CIVIL_SOCIETY) == Phrase(
        "programme.organisation-kind.civil-society"
    )


def test_a_line_has_no_characters_that_nobody_sees() -> None:
    assert one_line(" a\u202eb\t\nc\u0000 ") == "a b c"

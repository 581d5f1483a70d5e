"""What may be given as an answer on each kind of scale, and what may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kancil.assessment.answer import Given, Kind
from kancil.assessment.errors import AnswerNotOnScale, IndicatorNotFound
from kancil.assessment.giving import MOST_REASON, check_answer
from kancil.assessment.protocol import Part, Protocol, Scale, ScaleKind, ScaleValue
from kancil.records.errors import FieldNotUsable, ReasonMissing
from tests.assessment.small import indicator, protocol, text

LISTED = (ScaleValue("red", text("Red")), ScaleValue("blue", text("Blue")))


def asking(kind: ScaleKind) -> Protocol:
    """A protocol that asks one thing on a scale of this kind, and the same in a part."""
    made = protocol([indicator("Q", "a", parts=(Part("p", text("And?"), "it"),), scale="it")])
    values: tuple[ScaleValue, ...] = LISTED if kind in (ScaleKind.CHOICE, ScaleKind.MANY) else ()
    if kind is ScaleKind.ORDERED:
        values = tuple(ScaleValue(each, text(str(each))) for each in (1, 2, 5))
    return replace(made, scales={"it": Scale("it", text("It"), kind, values)})


GOOD: list[tuple[ScaleKind, Any, Any]] = [
    (ScaleKind.ORDERED, 5, 5),
    (ScaleKind.CHOICE, "red", "red"),
    (ScaleKind.MANY, ["blue", "red"], ("red", "blue")),
    (ScaleKind.COUNT, 0, 0),
    (ScaleKind.SHARE, "100", "100"),
    (ScaleKind.SHARE, "12.5", "12.5"),
    (ScaleKind.SHARE, 40, "40"),
    (ScaleKind.TEXT, "  ຄໍາ ", "ຄໍາ"),
    (ScaleKind.DATE, "2024-02-29", "2024-02-29"),
]
BAD: list[tuple[ScaleKind, Any]] = [
    (ScaleKind.ORDERED, 3),
    (ScaleKind.ORDERED, "5"),
    (ScaleKind.ORDERED, True),
    (ScaleKind.ORDERED, 1.0),
    (ScaleKind.CHOICE, "green"),
    (ScaleKind.CHOICE, ("red",)),
    (ScaleKind.MANY, ()),
    (ScaleKind.MANY, ("red", "red")),
    (ScaleKind.MANY, "red"),
    (ScaleKind.COUNT, -1),
    (ScaleKind.COUNT, "3"),
    (ScaleKind.COUNT, 2**60),
    (ScaleKind.SHARE, "100.1"),
    (ScaleKind.SHARE, "-1"),
    (ScaleKind.SHARE, 101),
    (ScaleKind.SHARE, "1e1"),
    (ScaleKind.TEXT, " "),
    (ScaleKind.TEXT, 3),
    (ScaleKind.DATE, "2023-02-29"),
    (ScaleKind.DATE, "20240229"),
    (ScaleKind.DATE, "2024-W09"),
]


@pytest.mark.parametrize(("kind", "value", "kept"), GOOD)
def test_a_value_of_the_scale_is_kept_in_one_form(kind: ScaleKind, value: Any, kept: Any) -> None:
    given = Given(Kind.VALUE, value)
    whole, parts = check_answer(asking(kind), "Q", given, {"p": given})
    assert whole == parts["p"] == Given(Kind.VALUE, kept)
    assert check_answer(asking(kind), "Q", whole, parts) == (whole, parts)


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_what_is_none_of_the_scale_is_refused(kind: ScaleKind, value: Any) -> None:
    for given, parts in ((Given(Kind.VALUE, value), {}), (None, {"p": Given(Kind.VALUE, value)})):
        with pytest.raises(AnswerNotOnScale):
            check_answer(asking(kind), "Q", given, parts)


def test_not_applicable_has_its_reason_and_neither_it_nor_not_known_a_value() -> None:
    asked = asking(ScaleKind.ORDERED)
    with pytest.raises(ReasonMissing):
        check_answer(asked, "Q", Given(Kind.NOT_APPLICABLE, None, " "), {})
    for kind in (Kind.NOT_APPLICABLE, Kind.NOT_KNOWN):
        assert check_answer(asked, "Q", Given(kind, None, " so "), {})[0] == Given(kind, None, "so")
        with pytest.raises(AnswerNotOnScale):
            check_answer(asked, "Q", Given(kind, 1, "so"), {})
    with pytest.raises(AnswerNotOnScale):
        check_answer(asked, "Q", Given(Kind.VALUE), {})
    with pytest.raises(FieldNotUsable):
        check_answer(asked, "Q", Given(Kind.NOT_KNOWN, None, "x" * (MOST_REASON + 1)), {})


def test_what_is_not_asked_is_not_answered() -> None:
    asked = asking(ScaleKind.ORDERED)
    one = Given(Kind.VALUE, 1)
    with pytest.raises(IndicatorNotFound):
        check_answer(asked, "R", one, {})
    with pytest.raises(IndicatorNotFound):
        check_answer(asked, "Q", one, {"q": one})
    with pytest.raises(FieldNotUsable):
        check_answer(asked, "Q", None, {})
    in_parts = replace(asked.indicators["Q"], scale=None)
    with pytest.raises(AnswerNotOnScale):
        check_answer(replace(asked, indicators={"Q": in_parts}), "Q", one, {})

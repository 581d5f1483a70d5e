"""Answers as they are typed: by the scale they are for, and the two that every scale takes."""

from __future__ import annotations

import pytest

from kancil.assessment.answer import Given, Kind
from kancil.assessment.errors import IndicatorNotFound
from kancil.assessment.protocol import ScaleKind
from kancil.assessment.typed import typed_answer
from tests.assessment.test_giving import asking


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ScaleKind.ORDERED, "5", 5),
        (ScaleKind.ORDERED, "five", "five"),
        (ScaleKind.ORDERED, "5.0", "5.0"),
        (ScaleKind.COUNT, " 12 ", 12),
        (ScaleKind.COUNT, "9" * 40, "9" * 40),
        (ScaleKind.CHOICE, "red", "red"),
        (ScaleKind.MANY, "red, blue", ("red", "blue")),
        (ScaleKind.MANY, "red", ("red",)),
        (ScaleKind.SHARE, "40", "40"),
        (ScaleKind.TEXT, "na", "na"),
        (ScaleKind.DATE, "2026-03-09", "2026-03-09"),
    ],
)
def test_a_value_is_read_by_its_scale(kind: ScaleKind, text: str, value: object) -> None:
    given, parts = typed_answer(asking(kind), "Q", text, {"p": text})
    assert given == parts["p"] == Given(Kind.VALUE, value)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(ScaleKind))
def test_not_known_and_not_applicable_may_be_typed_on_every_scale(kind: ScaleKind) -> None:
    given, parts = typed_answer(asking(kind), "Q", "nk", {"p": "na: no such law"})
    assert given == Given(Kind.NOT_KNOWN)
    assert parts == {"p": Given(Kind.NOT_APPLICABLE, None, "no such law")}


def test_parts_alone_are_an_answer_and_a_strange_one_is_left_for_the_check() -> None:
    given, parts = typed_answer(asking(ScaleKind.COUNT), "Q", None, {"x": "1"})
    assert (given, parts) == (None, {"x": Given(Kind.VALUE, "1")})
    with pytest.raises(IndicatorNotFound):
        typed_answer(asking(ScaleKind.COUNT), "Z", "1", {})

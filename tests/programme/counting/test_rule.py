"""Counting rules: read strictly, written again, and said in words."""

from __future__ import annotations

from typing import Any

import pytest

from kancil.ground.words import render, render_phrase
from kancil.programme.counting.rule import (
    Counts,
    Dimension,
    Rule,
    Span,
    Times,
    read_rule,
    rule_json,
    rule_sentence,
)
from kancil.programme.errors import RuleNotUsable

WRITTEN: dict[str, Any] = {
    "schema": "counting-rule/1",
    "counts": "people",
    "only": {"activity-kind": ["training", "workshop"], "sex": ["female"]},
    "split": ["profession", "country"],
    "least_attendance": 50,
}


def test_a_rule_is_written_as_it_was_read() -> None:
    rule = read_rule(WRITTEN)
    assert rule == Rule(
        Counts.PEOPLE,
        only={Dimension.KIND: ("training", "workshop"), Dimension.SEX: ("female",)},
        split=(Dimension.PROFESSION, Dimension.COUNTRY),
        least_attendance=50,
    )
    assert rule_json(rule) == WRITTEN
    assert read_rule({"counts": "entered"}) == Rule(Counts.ENTERED)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"who": "all"}, "why.rule-unknown"),
        ({"counts": "cats"}, ""),
        ({"schema": "counting-rule/2"}, "why.rule-schema"),
        ({"least_attendance": 101}, "why.rule-number"),
        ({"least_attendance": "50"}, ""),
        ({"months": 12}, "why.rule-key"),
        ({"split": ["audience"]}, "why.rule-dimension"),
        ({"only": {"sex": ["women"]}}, "why.rule-value"),
        ({"only": {"sex": []}}, "why.rule-values"),
        ({"only": {"shoe": ["42"]}}, ""),
        ({"counts": "entered"}, "why.rule-"),
    ],
)
def test_what_is_not_understood_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleNotUsable) as refused:
        read_rule({**WRITTEN, **change})
    assert why in str(refused.value.params["why"])
    params = {key: render_phrase(each) if not isinstance(each, str | int) else each
              for key, each in refused.value.params.items()}  # fmt: skip
    assert "rule cannot be used" in render("error.rule-not-usable.sentence", **params)


@pytest.mark.parametrize("value", [None, [], "people", 3, {"counts": "evaluation"}])
def test_what_is_no_rule_is_refused(value: Any) -> None:
    with pytest.raises(RuleNotUsable):
        read_rule(value)


def test_the_sentence_is_made_of_the_rule() -> None:
    assert render_phrase(rule_sentence(read_rule(WRITTEN))) == (
        "Each person who attended at least 50 % of the days of an activity counts once, however"
        " many activities they attended. Activities in the state Done count that ended in the"
        " period. Only kind of activity: Training or Workshop. Only sex: Female. Split by"
        " profession and country. Groups under five are hidden in what leaves the site."
    )


@pytest.mark.parametrize("counts", list(Counts))
@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("span", list(Span))
def test_every_rule_has_a_sentence(counts: Counts, times: Times, span: Span) -> None:
    for months in (0, 12):
        rule = Rule(counts, times, span, months=months, question="used", answers=("4", "5"),
                    protocol="capability", area="lf")  # fmt: skip
        said = render_phrase(rule_sentence(rule))
        assert "counting." not in said
        assert said.endswith(".")

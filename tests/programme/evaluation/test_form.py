"""Evaluation forms: days, answers that fit, and groups under five."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.plain import plain
from kancil.ground.words import render_phrase
from kancil.programme.errors import EvaluationNotUsable
from kancil.programme.evaluation.form import forms, read_answers, read_questions, summary
from kancil.programme.vocabulary import Moment
from tests.examples import examples

AT_ONCE = forms()[Moment.AT_ONCE]


@pytest.mark.parametrize(
    ("moment", "ends", "due"),
    [
        (Moment.AT_ONCE, date(2026, 3, 11), date(2026, 3, 11)),
        (Moment.AFTER_3, date(2026, 11, 30), date(2027, 2, 28)),
        (Moment.AFTER_3, date(2027, 11, 30), date(2028, 2, 29)),
        (Moment.AFTER_6, date(2026, 8, 31), date(2027, 2, 28)),
        (Moment.AFTER_6, date(2026, 6, 15), date(2026, 12, 15)),
    ],
)
def test_a_form_is_due_by_the_calendar(moment: Moment, ends: date, due: date) -> None:
    assert forms()[moment].due_on(ends) == due


def test_every_form_is_read_back_from_what_is_kept_and_asks_in_words() -> None:
    for form in forms().values():
        assert read_questions(plain(form.questions)) == form.questions
        assert {each.level for each in form.questions} <= {1, 2, 3, 4}
        for each in form.questions:
            assert render_phrase(each.words)
            assert all(render_phrase(each.named(one)) for one in each.options)


def test_answers_are_kept_as_they_fit_and_blank_ones_left_out() -> None:
    found = read_answers(AT_ONCE.questions, {"useful": 5, "best": " The lab ", "better": ""})
    assert found == {"useful": 5, "best": "The lab"}
    for wrong in ({"useful": "5"}, {"useful": 0}, {"will-use": "maybe"}, {"best": "x" * 2001}):
        with pytest.raises(EvaluationNotUsable):
            read_answers(AT_ONCE.questions, wrong)


@pytest.mark.parametrize("sign", ["\x00", "\ud83d"])
def test_a_sign_that_no_table_holds_costs_no_sheet(sign: str) -> None:
    found = read_answers(AT_ONCE.questions, {"best": f"The lab {sign}"})
    assert found == {"best": "The lab \ufffd"}


@examples(100)
@given(st.lists(st.integers(1, 5), max_size=30))
def test_the_average_is_that_of_all_or_nothing_is_told(points: list[int]) -> None:
    found = summary(AT_ONCE.questions, [{"useful": each} for each in points], asked=30)
    if len(points) < 5:
        assert found.questions == ()
        assert found.sheets in (None, 0)
        assert found.rate is None or not points
        return
    useful = found.questions[0]
    assert sum(count or 0 for _, count in useful.counts) == len(points) == found.sheets
    assert abs(float(useful.mean) - sum(points) / len(points)) <= 0.05 + 1e-9
    assert [each.answered for each in found.questions[1:]] == [0] * 4

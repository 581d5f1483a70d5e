"""Forms of four levels are due in their time, and tell nothing of fewer than five."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kancil.ground.words import render
from kancil.records.package_schemas.training_results import REACTIONS
from kancil.training.errors import EvaluationSheetWrong
from kancil.training.evaluation import (
    MENTORING_TOPICS,
    AskedAs,
    Respondent,
    due_forms,
    evaluation_form,
    evaluation_forms,
    points_of,
    read_sheet,
    told_of,
)

ENDED = date(2026, 11, 30)


def test_forms_are_of_the_levels_and_times_of_the_method() -> None:
    found = {(each.level, each.months, each.by) for each in evaluation_forms()}
    three = (Respondent.TRAINEE, Respondent.SUPERVISOR, Respondent.MENTOR)
    wanted = {(1, 0, Respondent.TRAINEE), (4, 6, Respondent.UNIT)}
    assert found == wanted | {(3, months, by) for months in (3, 6) for by in three}


def test_every_form_and_question_has_its_words() -> None:
    for form in evaluation_forms():
        assert render(f"evaluation.form.{form.id}")
        assert render(f"name.respondent-{form.by.value}")
        for each in form.questions:
            assert render(f"evaluation.question.{each.id}")
            assert all(render(f"evaluation.answer.{option}") for option in each.options)
    assert all(render(f"name.mentoring-{topic}") for topic in MENTORING_TOPICS)


def test_the_scales_of_level_1_are_those_of_the_package() -> None:
    asked = evaluation_form("reaction").questions
    assert [each.id for each in asked if each.kind is AskedAs.SCALE] == list(REACTIONS)


def test_forms_are_due_three_and_six_months_after_the_class() -> None:
    due = {each.form.id: each for each in due_forms(ENDED, date(2027, 2, 28), {"reaction": 3})}
    assert due["behaviour-3-mentor"].due_on == date(2027, 2, 28)
    assert due["behaviour-3-mentor"].waits
    assert due["results-6-unit"].due_on == date(2027, 5, 30)
    assert not due["results-6-unit"].is_open
    assert not due["reaction"].waits


def test_a_sheet_is_read() -> None:
    form = evaluation_form("behaviour-3-trainee")
    given = {"used": "often", "able": 4, "example": " Traced a payment. ", "hindered": ""}
    assert read_sheet(form, given) == {"used": "often", "able": 4, "example": "Traced a payment."}


@pytest.mark.parametrize(
    "given",
    [{}, {"able": 6}, {"able": True}, {"used": "daily"}, {"name": "x"}, {"example": "x" * 2_001}],
)
def test_a_sheet_that_does_not_fit_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(EvaluationSheetWrong):
        read_sheet(evaluation_form("behaviour-3-trainee"), given)
    with pytest.raises(EvaluationSheetWrong):
        evaluation_form("behaviour-9")


def test_of_fewer_than_five_nothing_is_told() -> None:
    form = evaluation_form("behaviour-3-trainee")
    found = told_of(form, [{"able": 4, "example": "x"}] * 4)
    assert [
        (each.answered, each.mean, each.texts) for each in found if each.question.id == "able"
    ] == [(None, None, ())]
    able = next(each for each in told_of(form, [{"able": 4}] * 5) if each.question.id == "able")
    assert (able.answered, able.mean) == (5, Fraction(4))
    assert dict(able.counts)["4"] == 5


def test_the_indicators_of_one_unit_are_told() -> None:
    form = evaluation_form("results-6-unit")
    found = told_of(form, [{"cases-traced": 7}])
    assert (found[0].answered, found[0].mean) == (1, Fraction(7))


def test_points_are_taken_by_question() -> None:
    found = points_of([{"pace": 4, "best": "x"}, {"pace": 5}, {"relevant": 3}])
    assert (found["pace"], found["relevant"], found["trainers"]) == ([4, 5], [3], [])
    assert "best" not in found

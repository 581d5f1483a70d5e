"""Each kind of question is marked by its rule; accusing somebody costs more than saying nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.filled import filled_from_plain
from kancil.ground.plain import plain
from kancil.ground.words import has, render_phrase
from kancil.training import making
from kancil.training.errors import AnswersOfOtherVariant, LabNotReadable, RubricNotFitting
from kancil.training.marking.again import compare_marks
from kancil.training.marking.mark import mark
from kancil.training.marking.marks import Marked, QuestionMark, TrainerMarks, points_text
from kancil.training.question import Answers
from tests.training.tiny_lab import EXPECTED, KEY, NEIGHBOUR, PAYEE, QUESTIONS, RIGHT, VARIANT

MACHINE = sum(each.points for each in QUESTIONS if each.id != "account")


def one(question: str, value: Any, hints: int = 0) -> QuestionMark:
    answers = Answers(VARIANT, {question: value}, {question: hints} if hints else {})
    asked = [each for each in QUESTIONS if each.id == question]
    return mark(KEY, asked, answers).questions[0]


def earned(question: str, value: Any) -> int:
    found = one(question, value).earned_hundredths
    assert found is not None
    return found


def test_all_right_earns_all_and_nothing_earns_nothing() -> None:
    marked = mark(KEY, QUESTIONS, RIGHT)
    assert marked.earned_hundredths == 100 * MACHINE
    assert marked.points == MACHINE + 5
    assert mark(KEY, QUESTIONS, Answers(VARIANT)).earned_hundredths == 0
    for each in marked.questions:
        assert has(each.reason.key)
        assert "{" not in render_phrase(each.reason)


@pytest.mark.parametrize(
    ("question", "value", "hundredths", "reason"),
    [
        ("payee", f" {PAYEE.upper()} ", 400, "why.mark-right"),
        ("payee", PAYEE.replace("payee", "PAYEE"), 0, "why.mark-wrong"),
        ("payee", NEIGHBOUR, -400, "why.mark-accuses"),
        ("payee", ["x"], 0, "why.mark-shape"),
        ("payee", "  ", 0, "why.mark-blank"),
        ("amount", "0.250005", 300, "why.mark-amount-within"),
        ("amount", "0.25002", 0, "why.mark-amount-off"),
        ("amount", "0,25", 0, "why.mark-shape-amount"),
        ("amount", 25, 0, "why.mark-shape-amount"),
        ("amount", "1e400", 0, "why.mark-shape-amount"),
        ("moment", "2026-03-09T07:05:30Z", 300, "why.mark-time-within"),
        ("moment", "2026-03-09T14:05:00+00:00", 0, "why.mark-time-zone"),
        ("moment", "2026-03-10T14:05:00+07:00", 0, "why.mark-time-off"),
        ("moment", "2026-03-09T14:05:00", 0, "why.mark-shape-time"),
        ("table", "AB" * 32, 200, "why.mark-right"),
        ("linked", ["a4", "a3", "a2"], 300, "why.mark-set"),
        ("linked", ["a1", "a2", "x"], 150, "why.mark-set"),
        ("linked", ["x", "y", "z"], 0, "why.mark-set"),
        ("linked", [], 0, "why.mark-set-none"),
        ("linked", ["a1", "a2", "a3", "a4", NEIGHBOUR], 200, "why.mark-set-accuses"),
        ("linked", [NEIGHBOUR], -200, "why.mark-set-accuses"),
        ("linked", "a1", 0, "why.mark-shape-list"),
        ("linked", ["a1", 2], 0, "why.mark-shape-list"),
        ("route", ["t1", "t3", "t4"], 300, "why.mark-path"),
        ("route", ["t4", "t3", "t2", "t1"], 100, "why.mark-path"),
        ("route", ["t1", "x", "t2", "t3", "t4"], 350, "why.mark-path"),
        ("route", ["t1", "t2", "t3", "t4"] * 3, 0, "why.mark-path"),
        ("who", {"statement": "exchange", "pointers": ["E1"]}, 600, "why.mark-finding"),
        ("who", {"statement": "exchange", "pointers": []}, 0, "why.mark-finding-unsupported"),
        ("who", {"statement": "exchange", "pointers": ["E1", "E2", "E3"]}, 300,
         "why.mark-finding-unfounded"),
        ("who", {"statement": "nobody", "pointers": ["E1"]}, 0, "why.mark-finding-wrong"),
        ("who", {"statement": "neighbour", "pointers": ["E1"]}, -600, "why.mark-accuses"),
        ("who", {"pointers": ["E1"]}, 0, "why.mark-shape-finding"),
        ("admit", {"ruling": "exclude", "reasons": ["gap", "hash"]}, 400,
         "why.mark-ruling-right"),
        ("admit", {"ruling": "exclude", "reasons": ["zone"]}, 200, "why.mark-ruling-reasons"),
        ("admit", {"ruling": "exclude", "reasons": ["hash", "gap", "zone", "claim"]}, 300,
         "why.mark-ruling-reasons"),
        ("admit", {"ruling": "admit", "reasons": ["hash", "gap"]}, 0, "why.mark-ruling-wrong"),
        ("admit", {"ruling": "weight", "reasons": ["hash"]}, -400, "why.mark-ruling-harms"),
        ("admit", {"ruling": "burn", "reasons": []}, 0, "why.mark-shape-ruling"),
        ("account", "", 0, "why.mark-blank"),
    ],
)  # fmt: skip
def test_an_answer_earns_what_its_rule_says(
    question: str, value: Any, hundredths: int, reason: str
) -> None:
    found = one(question, value)
    assert (found.earned_hundredths, found.reason.key) == (hundredths, reason)
    assert "{" not in render_phrase(found.reason)


NAMES = st.lists(st.sampled_from(["a1", "a2", "a3", "a4", "x", "y", NEIGHBOUR]), max_size=9)
STEPS = st.lists(st.sampled_from(["t1", "t2", "t3", "t4", "x", NEIGHBOUR]), max_size=7)


@given(named=NAMES, data=st.data())
def test_the_order_of_a_set_does_not_matter(named: list[str], data: st.DataObject) -> None:
    again = data.draw(st.permutations(named))
    assert earned("linked", named) == earned("linked", again)


@given(named=NAMES, right=st.sampled_from(["a1", "a2", "a3", "a4"]))
def test_naming_one_more_right_never_lowers_a_set(named: list[str], right: str) -> None:
    assert earned("linked", [*named, right]) >= earned("linked", named)


@given(named=NAMES.filter(lambda named: NEIGHBOUR not in named))
def test_naming_an_innocent_always_lowers_and_falls_below_a_blank_without_hits(
    named: list[str],
) -> None:
    accusing = earned("linked", [*named, NEIGHBOUR])
    assert accusing < earned("linked", named)
    hits = len({"a1", "a2", "a3", "a4"} & set(named))
    assert hits >= 2 or accusing < 0


@given(steps=STEPS, at=st.integers(0, 7), right=st.sampled_from(["t1", "t2", "t3", "t4"]))
def test_one_more_right_step_never_lowers_a_path(steps: list[str], at: int, right: str) -> None:
    if right not in steps:
        longer = [*steps[:at], right, *steps[at:]]
        assert earned("route", longer) >= earned("route", steps)


def test_only_the_keys_order_earns_the_whole_path() -> None:
    for order in permutations(["t1", "t2", "t3", "t4"]):
        whole = earned("route", list(order)) == 400
        assert whole == (order == ("t1", "t2", "t3", "t4"))


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                          lambda each: st.lists(each, max_size=3)
                          | st.dictionaries(st.sampled_from(["statement", "pointers", "ruling",
                                                             "reasons", "x"]), each, max_size=3),
                          max_leaves=5))  # fmt: skip
def test_whatever_is_handed_in_is_marked_and_is_no_error(value: Any) -> None:
    answers = Answers(VARIANT, dict.fromkeys([each.id for each in QUESTIONS], value))
    for each in mark(KEY, QUESTIONS, answers).questions:
        assert each.earned_hundredths is None or each.earned_hundredths <= 100 * each.points


def test_a_hint_takes_its_cost_from_what_was_earned_and_no_more() -> None:
    found = one("payee", PAYEE, hints=1)
    assert (found.earned_hundredths, found.hint_hundredths) == (300, 100)
    assert one("payee", PAYEE, hints=9).earned_hundredths == 100
    assert one("payee", "x", hints=2).earned_hundredths == 0
    assert one("payee", NEIGHBOUR, hints=2).earned_hundredths == -400


def test_the_whole_never_falls_below_nothing() -> None:
    marked = mark(KEY, QUESTIONS, Answers(VARIANT, {"payee": NEIGHBOUR}))
    assert marked.earned_hundredths == 0
    with_table = Answers(VARIANT, {"payee": NEIGHBOUR, "table": "ab" * 32, "amount": "0.25"})
    assert mark(KEY, QUESTIONS, with_table).earned_hundredths == 100


def test_a_text_waits_for_its_trainer_and_is_marked_by_the_rubric() -> None:
    answers = Answers(VARIANT, {"account": "What happened."})
    waiting = mark(KEY, QUESTIONS, answers)
    assert not waiting.is_final
    assert waiting.questions[-1].earned_hundredths is None
    half = TrainerMarks({"account": {"clear": 2}})
    assert not mark(KEY, QUESTIONS, answers, half).is_final
    whole = TrainerMarks({"account": {"clear": 2, "limits": 1}}, {"account": "Good."})
    marked = mark(KEY, QUESTIONS, answers, whole)
    assert marked.is_final
    assert marked.questions[-1].earned_hundredths == 375
    assert marked.questions[-1].remark == "Good."
    for wrong in ({"clear": 3}, {"clear": -1}, {"other": 1}):
        with pytest.raises(RubricNotFitting):
            mark(KEY, QUESTIONS, answers, TrainerMarks({"account": wrong}))


def test_answers_of_another_variant_are_refused() -> None:
    with pytest.raises(AnswersOfOtherVariant):
        mark(KEY, QUESTIONS, Answers(VARIANT[:-1] + "2"))


def test_a_corrected_key_marks_again_and_tells_what_changed() -> None:
    answers = replace(RIGHT, values={**RIGHT.values, "payee": NEIGHBOUR})
    old = mark(KEY, QUESTIONS, answers)
    key = making.correct_key(KEY, "payee", also=[NEIGHBOUR], reason="They were not innocent.")
    new = mark(key, QUESTIONS, answers)
    told = compare_marks(old, new)
    assert (told.key_version_before, told.key_version_after) == (1, 2)
    assert (told.before_hundredths, told.after_hundredths) == (2200, 3000)
    assert [(each.code, each.before_hundredths, each.after_hundredths, each.is_key_changed)
            for each in told.changes] == [("payee", -400, 400, False)]  # fmt: skip
    other = making.correct_key(KEY, "table", value="cd" * 32, reason="Wrong file.")
    changed = compare_marks(old, mark(other, QUESTIONS, answers)).changes
    assert [(each.code, each.is_key_changed) for each in changed] == [("table", True)]
    assert compare_marks(old, mark(KEY, QUESTIONS, answers)).changes == ()


def test_marks_are_plain_json_and_come_back() -> None:
    marked = mark(KEY, QUESTIONS, replace(RIGHT, values={**RIGHT.values, "linked": [NEIGHBOUR]}))
    assert filled_from_plain(Marked, plain(marked)) == marked
    assert plain(marked)["earned_hundredths"] == marked.earned_hundredths


def test_points_are_written_without_needless_digits() -> None:
    assert [points_text(each) for each in (0, 50, 100, 1234, -400, -5)] == [
        "0", "0.5", "1", "12.34", "-4", "-0.05",
    ]  # fmt: skip
    assert EXPECTED["table"].value == "ab" * 32


def test_a_key_whose_answer_has_another_form_than_its_question_marks_nobody() -> None:
    wrong = [replace(each, value="exchange") if each.question == "who" else each
             for each in KEY.expected]  # fmt: skip
    with pytest.raises(LabNotReadable):
        mark(replace(KEY, expected=tuple(wrong)), QUESTIONS, RIGHT)
    with pytest.raises(LabNotReadable):
        mark(replace(KEY, expected=KEY.expected[1:]), QUESTIONS, RIGHT)

"""Compares answers with a key: a pure function of key, questions, answers, and a trainer's marks.

Whatever a trainee hands in gets a mark and its reason; nothing of it is an error. The rules by kind
of question stand in `rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kancil.ground.phrase import Phrase
from kancil.training.errors import AnswersOfOtherVariant, LabNotReadable, RubricNotFitting
from kancil.training.key import Expected, Key
from kancil.training.question import Answers, Kind, Question, Value

from .marks import Check, Marked, QuestionMark, TrainerMarks
from .rules import RULES, Judged
from .same import has_form
from .shares import HUNDREDTHS

NO_TRAINER = TrainerMarks()


def mark(
    key: Key,
    questions: Sequence[Question],
    answers: Answers,
    trainer: TrainerMarks = NO_TRAINER,
    process: Sequence[Check] = (),
) -> Marked:
    """Mark one attempt.

    `questions`: as the manifest has them. `process`: of `process_marks`. Raises
    AnswersOfOtherVariant, LabNotReadable (the key lacks a question, or has a value of another form
    for it), RubricNotFitting.
    """
    if answers.variant != key.variant:
        raise AnswersOfOtherVariant(answers=answers.variant[:60], key=key.variant)
    expected = {each.question: each for each in key.expected}
    for each in questions:
        if each.id not in expected:
            raise LabNotReadable(path=key.lab, why=Phrase("why.lab-key-other"))
        right = expected[each.id]
        values = () if each.kind is Kind.TEXT else (right.value, *right.also)
        if not all(has_form(each.kind, value) for value in values):
            why = Phrase("why.lab-key-value", {"question": each.id})
            raise LabNotReadable(path=key.lab, why=why)
    marks = tuple(_question(each, expected[each.id], answers, trainer) for each in questions)
    return Marked(key.lab, key.lab_version, key.variant, key.version, marks, tuple(process))


def _question(
    question: Question, expected: Expected, answers: Answers, trainer: TrainerMarks
) -> QuestionMark:
    value = answers.values.get(question.id)
    taken = max(0, answers.hints.get(question.id, 0))
    cost = HUNDREDTHS * sum(max(0, each.cost) for each in question.hints[:taken])
    judged = _judged(question, expected, value, trainer)
    hint = min(cost, max(0, judged.earned_hundredths or 0))
    earned = judged.earned_hundredths
    return QuestionMark(
        question=question.id,
        points=question.points,
        earned_hundredths=None if earned is None else earned - hint,
        penalty_hundredths=judged.penalty_hundredths,
        hint_hundredths=hint,
        reason=judged.reason,
        why=expected.why,
        expected=expected.value,
        answer=value,
        remark=trainer.remarks.get(question.id, ""),
    )


def _judged(question: Question, expected: Expected, value: Value, trainer: TrainerMarks) -> Judged:
    if is_blank(value):
        return Judged(0, Phrase("why.mark-blank"))
    if question.kind is Kind.TEXT:
        return _text(question, expected, trainer.points.get(question.id))
    found = RULES[question.kind](question, expected, value)
    for other in expected.also:
        again = RULES[question.kind](question, replace(expected, value=other), value)
        if (again.earned_hundredths or 0) > (found.earned_hundredths or 0):
            found = again
    return found


def machine_marked(marked: Marked, questions: Sequence[Question]) -> tuple[int, int]:
    """Hundredths earned and points to earn of the questions that no trainer marks."""
    kinds = {each.id: each.kind for each in questions}
    rows = [each for each in marked.questions if kinds[each.question] is not Kind.TEXT]
    earned = sum(each.earned_hundredths or 0 for each in rows)
    return max(0, earned), sum(each.points for each in rows)


def is_blank(value: Value) -> bool:
    """Whether nothing was answered. An empty set is an answer: *nobody*."""
    return value is None or (isinstance(value, str) and not value.strip())


def _text(question: Question, expected: Expected, given: Mapping[str, int] | None) -> Judged:
    """By the trainer's marks; it waits until every line of the rubric has one."""
    lines = {each.code: each.points for each in expected.rubric}
    for code, points in (given or {}).items():
        if code not in lines or not 0 <= points <= lines[code]:
            raise RubricNotFitting(question=question.id, line=code[:80])
    whole = sum(lines.values())
    if given is None or given.keys() != lines.keys() or not whole:
        return Judged(None, Phrase("why.mark-text-waits"))
    got = sum(given.values())
    earned = (2 * HUNDREDTHS * question.points * got + whole) // (2 * whole)
    return Judged(earned, Phrase("why.mark-text", {"got": got, "whole": whole}))

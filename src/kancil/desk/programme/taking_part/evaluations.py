"""Evaluations: forms of an activity, what their sheets say together, and which are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from kancil.desk.programme.access import ActivitySight, Desk
from kancil.desk.programme.models import Activity, EvaluationAnswer, EvaluationForm, Participation
from kancil.programme.evaluation.form import (
    Form,
    Summary,
    forms,
    read_questions,
    summary,
    summary_outside,
)
from kancil.programme.vocabulary import ActivityKind, ActivityState, Moment

TAUGHT = (
    ActivityKind.TRAINING, ActivityKind.WORKSHOP, ActivityKind.CONFERENCE, ActivityKind.MENTORING,
)  # fmt: skip
"""Kinds of activity whose participants are asked."""
_ASKED_FOR = timedelta(days=365)
_HELD = (ActivityState.CONFIRMED, ActivityState.DONE)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One evaluation of an activity."""

    moment: Moment
    due_on: date
    summary: Summary


@dataclass(frozen=True, slots=True)
class EvaluationDue:
    """An evaluation whose day has come and of which no sheet is there."""

    activity: str
    code: str
    title: str
    moment: Moment
    due_on: date


def evaluations_of(sight: ActivitySight) -> list[EvaluationRow]:
    """The three evaluations of an activity, as far as groups under five allow.

    Only the desk, which enters the sheets, reads all of them as they come in.
    """
    ends_on = Activity.objects.values_list("ends_on", flat=True).get(id=sight.activity)
    kept = {each.moment: each for each in EvaluationForm.objects.filter(activity=sight.activity)}
    answers: dict[str, list[dict[str, object]]] = {}
    found = EvaluationAnswer.objects.filter(form__activity=sight.activity).order_by("at", "id")
    for moment, given in found.values_list("form__moment", "given"):
        answers.setdefault(moment, []).append(given)
    asked = Participation.objects.filter(activity=sight.activity, attended=True).count()
    rows = []
    for moment, form in forms().items():
        row = kept.get(moment.value)
        questions = read_questions(row.questions) if row else form.questions
        due_on = row.due_on if row else form.due_on(ends_on)
        sheets = answers.get(moment.value, [])
        told = (
            summary(questions, sheets, asked)
            if sight.may_write
            else summary_outside(questions, sheets)
        )
        rows.append(EvaluationRow(moment, due_on, told))
    return rows


def evaluations_due(desk: Desk, today: date, until: date, most: int = 1_000) -> list[EvaluationDue]:
    """What is to be asked by a day, for the officer: the first due first, so many of each moment.

    A year after its day nothing is asked any more. One query a moment.
    """
    if not desk.may_write:
        return []
    found = [each for form in forms().values() for each in _due(form, today, until, most)]
    return sorted(found, key=lambda each: (each.due_on, each.code, each.moment))


def _due(form: Form, today: date, until: date, most: int) -> Iterator[EvaluationDue]:
    sheets = EvaluationAnswer.objects.filter(
        form__activity=OuterRef("pk"), form__moment=form.moment.value
    )
    longest = timedelta(days=form.months * 31)
    rows = (
        Activity.objects.filter(kind__in=TAUGHT, state__in=_HELD)
        .filter(ends_on__lte=until, ends_on__gte=today - _ASKED_FOR - longest)
        .filter(Exists(Participation.objects.filter(activity=OuterRef("pk"), attended=True)))
        .exclude(Exists(sheets))
        .order_by("ends_on", "code")
        .values_list("id", "code", "title", "ends_on")
    )
    for id, code, title, ends_on in rows[:most]:
        due_on = form.due_on(ends_on)
        if today - _ASKED_FOR <= due_on <= until:
            yield EvaluationDue(id, code, title, form.moment, due_on)

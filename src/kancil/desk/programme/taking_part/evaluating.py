"""Evaluation sheets taken in: typed from paper, from a file, or from a device at the door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_activity
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import EvaluationNotDue
from kancil.desk.programme.models import Activity, EvaluationAnswer, EvaluationForm
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.attendance.marks import MOST_BYTES, MOST_SHEETS, is_uuid
from kancil.programme.errors import EvaluationNotUsable, MarksNotReadable
from kancil.programme.evaluation.form import forms, read_answers, read_questions
from kancil.programme.vocabulary import Moment


def enter_sheets(
    *,
    by: Person,
    activity: str,
    moment: Moment,
    sheets: Sequence[Mapping[str, Any]],
    at: datetime | None = None,
    today: date | None = None,
) -> int:
    """Take in sheets of answers; nobody's name stands on one. Gives how many are new.

    A sheet is `{"answers": {question: answer}, "id": UUID}`; the id, which may be left out, makes
    of the same sheet sent twice one. Raises ActNotYours, EvaluationNotUsable, EvaluationNotDue.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_write, sight.desk)
        row = Activity.objects.get(pk=sight.activity)
        opens = row.begins_on if moment is Moment.AT_ONCE else forms()[moment].due_on(row.ends_on)
        now = at or clock.now()
        if (today or day_of(now)) < opens:
            raise EvaluationNotDue(day=opens.isoformat())
        count = take_sheets(row, moment, sheets, by=by, at=now, is_strict=True)
        about = sight.code
        record("evaluation.entered", by=by, about=about, moment=moment.value, count=count)
        return count


def read_sheets(data: bytes) -> list[Mapping[str, Any]]:
    """Read a file of sheets: JSON, `{"format": "kancil-evaluation", "sheets": […]}`.

    Raises MarksNotReadable.
    """
    try:
        found = json.loads(data.decode("utf-8")) if len(data) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        found = None
    sheets = found.get("sheets") if isinstance(found, dict) else None
    is_ours = isinstance(found, dict) and found.get("format") == "kancil-evaluation"
    if not is_ours or not isinstance(sheets, list) or len(sheets) > MOST_SHEETS:
        raise MarksNotReadable(why=Phrase("why.sheets-format"))
    return sheets


def take_sheets(
    activity: Activity,
    moment: Moment,
    sheets: Iterable[Any],
    *,
    by: Person,
    at: datetime,
    is_strict: bool = False,
) -> int:
    """Write sheets within an act that is under way; gives how many are new.

    `is_strict`: refuse all of them for one that does not fit, else leave that one out.
    """
    given = list(sheets)
    if not given:
        return 0
    form = _form(activity, moment, by, at)
    questions = read_questions(form.questions)
    rows: dict[str, EvaluationAnswer] = {}
    for each in given:
        try:
            id = each.get("id") or new_id() if isinstance(each, Mapping) else ""
            if not is_uuid(id):
                raise EvaluationNotUsable(question="")
            answers = read_answers(questions, each.get("answers"))
        except EvaluationNotUsable:
            if is_strict:
                raise
            continue
        rows[id] = EvaluationAnswer(id=id, form=form, given=answers, by=by, at=at)
    known = set(
        EvaluationAnswer.objects.filter(pk__in=list(rows)[:MOST_SHEETS]).values_list(
            "pk", flat=True
        )
    )
    new = [row for id, row in rows.items() if id not in known]
    for row in new:
        keep(row)
    return len(new)


def _form(activity: Activity, moment: Moment, by: Person, at: datetime) -> EvaluationForm:
    """The activity's form of a moment, as it was first used."""
    found = EvaluationForm.objects.filter(activity=activity, moment=moment.value).first()
    if found is None:
        form = forms()[moment]
        found = EvaluationForm(
            activity=activity, moment=moment.value, questions=plain(form.questions),
            due_on=form.due_on(activity.ends_on), by=by, at=at,
        )  # fmt: skip
        keep(found)
    return found

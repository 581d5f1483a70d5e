"""Acts of evaluation: sheets handed in without a name, hours of mentoring, counts of a class."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from kancil.desk.base.opening import day_of, one_change
from kancil.desk.training.errors import FormNotDue, SheetHandedIn, TallyNotWhole
from kancil.desk.training.models import (
    ClassTally,
    Enrolment,
    EvaluationSheet,
    MentoringNote,
    SheetDone,
    TrainingClass,
)
from kancil.ground import clock
from kancil.training.errors import EvaluationSheetWrong
from kancil.training.evaluation import (
    MENTORING_TOPICS,
    Respondent,
    evaluation_form,
    read_sheet,
)

TALLIED = ("sex", "role", "agency", "country")


def hand_in_sheet(
    training_class: TrainingClass,
    *,
    form: str,
    answers: Mapping[str, Any],
    enrolment: Enrolment | None = None,
) -> None:
    """Keep a sheet without a name; a trainee's own once a form, which is noted apart from it.

    `enrolment`: the trainee whose own it is; None: typed from paper. Raises EvaluationSheetWrong,
    FormNotDue, SheetHandedIn.
    """
    found = evaluation_form(form)
    if enrolment is not None and found.by is not Respondent.TRAINEE:
        raise EvaluationSheetWrong(question=form)
    due = found.due_on(training_class.ends_on)
    if day_of(clock.now()) < due:
        raise FormNotDue(due=due.isoformat())
    kept = read_sheet(found, answers)
    with one_change():
        if enrolment is not None:
            _, is_new = SheetDone.objects.get_or_create(enrolment=enrolment, form=form)
            if not is_new:
                raise SheetHandedIn
        EvaluationSheet.objects.create(
            id=secrets.token_hex(16), training_class=training_class, form=form, answers=kept
        )


def note_mentoring(
    enrolment: Enrolment,
    *,
    on: date,
    mentor: str,
    minutes: int,
    topic: str,
    agreed: str,
    by: str,
) -> MentoringNote:
    """Write down one hour of mentoring; raises EvaluationSheetWrong."""
    if topic not in MENTORING_TOPICS or not 1 <= minutes <= 600 or not mentor.strip():
        raise EvaluationSheetWrong(question=topic)
    return MentoringNote.objects.create(
        enrolment=enrolment, on=on, mentor=mentor.strip(), minutes=minutes, topic=topic,
        agreed=agreed.strip(), written_by=by, written_at=clock.now(),
    )  # fmt: skip


def state_tally(
    training_class: TrainingClass, *, counts: Mapping[str, Mapping[str, int]], by: str
) -> ClassTally:
    """How many of which sex, profession, agency and country: numbers alone, each of all trainees.

    Raises TallyNotWhole.
    """
    size = Enrolment.objects.filter(training_class=training_class).count()
    kept = {name: {k: n for k, n in counts.get(name, {}).items() if n} for name in TALLIED}
    for name, found in kept.items():
        if found and (sum(found.values()) != size or min(found.values()) < 0):
            raise TallyNotWhole(counted=sum(found.values()), size=size, what=name)
    row, _ = ClassTally.objects.update_or_create(
        training_class=training_class,
        defaults={"counts": kept, "counted_by": by, "counted_at": clock.now()},
    )
    return row

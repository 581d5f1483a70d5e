"""Acts of labs: given to a class, and their variants taken note of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from kancil.desk.base.opening import one_change
from kancil.desk.jobs.job import Asked
from kancil.desk.people.models import Person
from kancil.desk.training.access import require_trainer
from kancil.desk.training.errors import ClassDaysBackwards, ClassEnded
from kancil.desk.training.jobs.making import make_variants
from kancil.desk.training.models import ClassState, LabRun, TrainingClass
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.training.lab import Knobs, Lab
from kancil.training.making import check_knobs

MOST_MINUTES = 7 * 24 * 60


def give_lab(
    *,
    by: Person,
    authenticated_by: str,
    training_class: TrainingClass,
    lab: Lab,
    knobs: Knobs,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int = 0,
) -> LabRun:
    """Assign a lab to a class, and have a variant made for each trainee behind the pages.

    `minutes`: from each trainee's start, 0 for as long as the lab is open. Raises ClassEnded,
    ClassDaysBackwards, OptionNotUsable, TrainingNotYours.
    """
    require_trainer(by)
    check_knobs(knobs)
    if closes_at <= opens_at:
        said = [clock.to_text(each) for each in (opens_at, closes_at)]
        raise ClassDaysBackwards(since=said[0], until=said[1])
    with one_change():
        row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        if row.state == ClassState.ENDED:
            raise ClassEnded(title=row.title)
        last = LabRun.objects.filter(training_class=row).aggregate(last=Max("number"))["last"]
        run = LabRun.objects.create(
            training_class=row, number=(last or 0) + 1, lab=lab.name, version=lab.version,
            knobs=plain(knobs), opens_at=opens_at, closes_at=closes_at,
            minutes=min(max(minutes, 0), MOST_MINUTES), given_by=by, given_at=clock.now(),
        )  # fmt: skip
        make_variants.by(Asked(by, authenticated_by)).enqueue(run=run.id)
    return run

"""What was agreed to be done after an activity, and what came of it."""

from __future__ import annotations

from datetime import date

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.models import FollowUp
from kancil.ground import clock


def add_follow_up(
    *, by: Person, activity: str, what: str, owner: str, due_on: date | None = None
) -> int:
    """Write down what was agreed, and who does it; gives its number.

    Raises FieldNotUsable, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        agreed = FollowUp(activity=row, what=what.strip(), owner=owner.strip(), due_on=due_on,
                          by=by, at=clock.now())  # fmt: skip
        keep(agreed, "what", "owner")
        record("follow-up.agreed", by=by, about=row.code, activity=row.id)
    return agreed.pk


def close_follow_up(
    *, by: Person, activity: str, follow_up: int, done_on: date, outcome: str, today: date
) -> None:
    """It was done on a day that is past, and something came of it.

    Raises FieldNotUsable, RecordNotFound, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        found = FollowUp.objects.filter(activity=row, done_on=None, pk=follow_up).first()
        if found is None:
            raise no_such("follow-up")
        if done_on > today:
            raise unusable("done_on", "future")
        found.done_on, found.outcome = done_on, outcome.strip()
        keep_changed(found, ["done_on", "outcome"], "outcome")
        record("follow-up.done", by=by, about=row.code, activity=row.id)

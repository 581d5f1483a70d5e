"""What is late or due for a person in all the programme: rounds, activities, donor reports."""

from __future__ import annotations

from datetime import date, timedelta

from kancil.desk.assessment.queries.due import Due, due_of
from kancil.desk.people.models import Person
from kancil.ground.days import span

from .entering import desk_of
from .grants import ReportDue, reports_due
from .home import ActivityDue, due

_MOST = 200
"""At most so many things of activities."""
AHEAD = timedelta(days=90)
"""How far ahead activities and reports to donors are listed; rounds without an end."""


def all_due(person: Person, today: date) -> list[Due]:
    """List what is late or due, the latest first; what has no day stands with today's."""
    desk = desk_of(person)
    found = due_of(person, today)
    found += [_of_activity(each, today) for each in due(desk, today, today + AHEAD, _MOST)]
    if desk.may_keep_money:
        found += map(_of_grant, reports_due(desk, today, AHEAD.days))
    return sorted(found, key=lambda each: (each.day or today, each.country, each.id, each.kind))


def _of_activity(found: ActivityDue, today: date) -> Due:
    return Due(
        id=" ".join(filter(None, (found.activity, found.part))),
        kind=f"activity-{found.kind}", day=found.due_on, subject=found.subject,
        title=found.code, is_late=found.due_on < today, activity=found.activity,
    )  # fmt: skip


def _of_grant(found: ReportDue) -> Due:
    begins, ends = found.period.begins_on, found.period.ends_on
    return Due(
        id=f"{found.grant} {begins}", kind="donor-report", day=found.due_on,
        subject=span(begins, ends), title=found.reference, is_late=found.is_late,
        grant=found.grant,
    )  # fmt: skip

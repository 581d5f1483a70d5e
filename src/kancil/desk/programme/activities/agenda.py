"""The sessions of an activity's agenda."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.models import AgendaItem


def add_session(
    *,
    by: Person,
    activity: str,
    day: date,
    title: str,
    begins: time | None = None,
    ends: time | None = None,
    speaker: str = "",
) -> int:
    """Add a session; gives its number. Raises FieldNotUsable, ActivityNotFound, ActNotYours."""
    with writing(by, activity) as row:
        if not row.begins_on <= day <= row.ends_on:
            raise unusable("session_day", "outside-activity")
        if begins and ends and ends <= begins:
            raise unusable("session_ends", "order")
        session = AgendaItem(activity=row, day=day, begins=begins, ends=ends, title=title.strip(),
                             speaker=speaker.strip(), position=row.agenda.count())  # fmt: skip
        keep(session, "title")
        record("agenda.added", by=by, about=row.code, activity=row.id, session=session.title)
    return session.pk


def remove_sessions(*, by: Person, activity: str, sessions: Collection[int]) -> None:
    """Take sessions out; raises ActivityNotFound, ActNotYours."""
    with writing(by, activity) as row:
        found = row.agenda.filter(pk__in=list(sessions))
        titles = list(found.values_list("title", flat=True))
        found.delete()
        record("agenda.removed", by=by, about=row.code, activity=row.id, sessions=titles)

"""Mentors: their placements beside an organisation, agreed aims, and logs of visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import keep, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.models import Organisation, Participant, Placement, Visit
from kancil.ground import clock
from kancil.programme.vocabulary import Progress


def add_placement(
    *,
    by: Person,
    activity: str,
    mentor: int,
    organisation: str,
    begins_on: date,
    ends_on: date,
    aims: Sequence[str],
) -> str:
    """Agree a mentor's placement and its aims; gives its id.

    Raises FieldNotUsable, ActivityNotFound, ActNotYours.
    """
    agreed = [each.strip() for each in aims if each.strip()]
    if not agreed:
        raise unusable("aims", "blank")
    if ends_on < begins_on:
        raise unusable("ends_on", "order")
    with writing(by, activity) as row:
        if not Organisation.objects.filter(id=organisation[:36]).exists():
            raise unusable("organisation", "unknown", value=organisation[:40])
        known = Participant.objects.filter(pk=mentor, forgotten_at=None, restricted_at=None)
        if not known.exists():
            raise unusable("mentor")
        placement = Placement(
            activity=row, mentor_id=mentor, organisation_id=organisation, begins_on=begins_on,
            ends_on=ends_on, aims=agreed, by=by, at=clock.now(),
        )  # fmt: skip
        keep(placement)
        record("placement.agreed", by=by, about=row.code, activity=row.id)
    return placement.id


def add_visit(
    *,
    by: Person,
    activity: str,
    placement: str,
    visited_on: date,
    log: str,
    progress: Sequence[str],
    today: date,
) -> int:
    """Write down a visit, with how far each aim is, in their order; gives its number.

    Raises FieldNotUsable, RecordNotFound, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        found = Placement.objects.filter(activity=row, id=placement[:36]).first()
        if found is None:
            raise no_such("placement")
        if len(progress) != len(found.aims) or not set(progress) <= set(Progress):
            raise unusable("progress")
        if visited_on > today:
            raise unusable("visited_on", "future")
        visit = Visit(placement=found, visited_on=visited_on, log=log.strip(),
                      progress=list(progress), by=by, at=clock.now())  # fmt: skip
        keep(visit, "log")
        record("placement.visited", by=by, about=row.code, activity=row.id)
    return visit.pk

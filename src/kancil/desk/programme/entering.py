"""What a person sees of the books, of an activity, of a grant: asked once, before all else."""

from __future__ import annotations

from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.queries.countries import own_countries
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import ActivitySight, Desk, GrantSight, desk_for
from kancil.desk.programme.errors import ActivityNotFound, GrantNotFound
from kancil.desk.programme.models import Activity, DonorSeat, Grant


def desk_of(person: Person) -> Desk:
    """What a person may do in the books."""
    seats = (
        DonorSeat.objects.filter(person=person).values_list("donor_id", flat=True)
        if person.role == Role.DONOR_READER
        else ()
    )
    return desk_for(person, own_countries(person), set(seats))


def enter_activity(person: Person, activity: str) -> ActivitySight:
    """What a person sees of an activity; raises ActivityNotFound, also for one not theirs."""
    desk = desk_of(person)
    row = Activity.objects.filter(id=activity[:36]).first()
    if row is None or not person.is_active:
        raise ActivityNotFound
    countries = row.countries.values_list("code", flat=True)
    invited = row.delegations.exclude(country=None).values_list("country", flat=True)
    donors = row.funding.values_list("grant__donor_id", flat=True)
    if not desk.sees_activity([*countries, *invited], list(donors)):
        raise ActivityNotFound
    return ActivitySight(desk, row.id, row.code, row.title, row.version)


def enter_grant(person: Person, grant: str) -> GrantSight:
    """What a person sees of a grant; raises GrantNotFound, also for one not theirs."""
    desk = desk_of(person)
    row = Grant.objects.filter(id=grant[:36]).first()
    if row is None or not person.is_active:
        raise GrantNotFound
    if not desk.sees_money and row.donor_id not in desk.donors:
        raise GrantNotFound
    return GrantSight(desk, row.id, row.reference, row.title, row.donor_id, row.version)


def require(allowed: bool, desk: Desk) -> None:
    """Refuse whoever sees the thing, and whose act this is not; raises ActNotYours."""
    if not allowed:
        raise ActNotYours(name=desk.name)

"""Registrations for an activity, within the places of its delegations; and head counts.

The programme officer registers anybody, a focal point people of their own country. Where all places
are taken one waits, in the order of registration; who moves up a named person decides.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.books import COUNTRIES
from kancil.desk.programme.changing import changing_activity
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import (
    ActivityCancelled,
    AttendanceStands,
    HeadCountKnown,
    PlacesFull,
    RegisteredAlready,
)
from kancil.desk.programme.models import (
    Activity,
    Delegation,
    HeadCount,
    Participant,
    Participation,
)
from kancil.desk.programme.people.participants import COMING, PARTICIPANTS, add_participant, fold
from kancil.desk.programme.taking_part.registrations import PLACED, seen_registrations
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.programme.people import ParticipantInput
from kancil.programme.vocabulary import (
    ActivityState,
    Audience,
    AudienceAge,
    Part,
    RegistrationState,
    Sex,
)

MOST_COUNTED = 10_000_000
_FIRST = (RegistrationState.INVITED, RegistrationState.REGISTERED)
_OWN = frozenset(
    {RegistrationState.REGISTERED, RegistrationState.DECLINED, RegistrationState.WITHDRAWN}
)
"""To which states a focal point brings registrations of their own country."""
_AWAY = frozenset({RegistrationState.DECLINED, RegistrationState.WITHDRAWN})
_MINORS = (AudienceAge.UNDER_10, AudienceAge.TEN_TO_17)
_NEVER = {
    Audience.CHILDREN: (AudienceAge.ADULT,), Audience.PARENTS: _MINORS[:1],
    Audience.TEACHERS: _MINORS, Audience.OFFICIALS: _MINORS,
}  # fmt: skip
"""Ages that a group has not."""


def register(
    *,
    by: Person,
    activity: str,
    participant: int,
    part: Part = Part.PARTICIPANT,
    state: RegistrationState = RegistrationState.REGISTERED,
) -> RegistrationState:
    """Register somebody who is known, or invite them; gives the state: all places may be taken.

    Raises ActivityNotFound, RecordNotFound, RegisteredAlready, ActivityCancelled, ActNotYours.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_register, sight.desk)
        person = PARTICIPANTS.row(sight.desk, participant)
        return _register(by, sight, person, part, state)


def register_new(
    *,
    by: Person,
    activity: str,
    given: ParticipantInput,
    part: Part = Part.PARTICIPANT,
    state: RegistrationState = RegistrationState.REGISTERED,
) -> RegistrationState:
    """Register somebody who is not in the books; raises as `register` and `add_participant` do."""
    with changing_activity(by, activity) as sight:
        require(sight.may_register and sight.desk.sees_people_of(given.country), sight.desk)
        person = Participant(by=by, at=clock.now())
        add_participant.change(sight.desk, person, given)
        keep(person, "name")
        return _register(by, sight, person, part, state)


def _register(
    by: Person, sight: ActivitySight, person: Participant, part: Part, state: RegistrationState
) -> RegistrationState:
    if state not in _FIRST:
        raise unusable("state")
    require_open(sight)
    same = Q(participant=person) | Q(participant__same_as=person)
    if Participation.objects.filter(same, activity_id=sight.activity).exists():
        raise RegisteredAlready
    seats = Seats(sight.activity)
    there = seats.of(person)
    if state is RegistrationState.REGISTERED and not seats.take(there, part):
        state = RegistrationState.WAITING
    how = "focal-point" if by.role == Role.FOCAL_POINT else "desk"
    row = Participation(
        activity_id=sight.activity, participant=person, part=part.value, state=state.value,
        delegation=there, registered_how=how, by=by, at=clock.now(),
    )  # fmt: skip
    keep(row)
    record("registration.added", by=by, country=person.country_id or "", about=sight.code,
           registration=row.pk, state=state.value)  # fmt: skip
    return state


def require_open(sight: ActivitySight) -> None:
    """Refuse registrations for what was cancelled; raises ActivityCancelled."""
    if Activity.objects.filter(id=sight.activity, state=ActivityState.CANCELLED).exists():
        raise ActivityCancelled


class Seats:
    """The places of an activity's delegations while registrations are decided.

    An activity without delegations has no limit. Where some have places, whoever comes without a
    delegation waits. Who speaks or teaches needs no place.
    """

    def __init__(self, activity: str) -> None:
        """Read the delegations, and how many come with each."""
        coming = Count("members", filter=Q(members__part__in=PLACED, members__state__in=COMING))
        found = Delegation.objects.filter(activity_id=activity).annotate(coming=coming)
        self._by: dict[tuple[str | None, str | None], Delegation] = {}
        self._free: dict[int, int] = {}
        for each in found.order_by("-id"):
            self._by[each.country_id, each.organisation_id] = each
            self._free[each.pk] = max(each.places - each.coming, 0)

    def of(self, person: Participant) -> Delegation | None:
        """The delegation in which somebody comes: their organisation's before their country's."""
        country, organisation = person.country_id, person.organisation_id
        own = ((country, organisation), (country, None), (None, organisation))
        return next((self._by[each] for each in own if any(each) and each in self._by), None)

    def take(self, there: Delegation | None, part: Part | str) -> bool:
        """Take a place, where there is one or none is needed."""
        if part not in PLACED or not self._by:
            return True
        if there is None or not self._free[there.pk]:
            return False
        self._free[there.pk] -= 1
        return True


def set_state(
    *, by: Person, activity: str, registrations: Collection[int], state: RegistrationState
) -> None:
    """Bring registrations to a state, all or none: confirmed, declined, withdrawn and others.

    The focal point registers, declines and withdraws people of their own country; the officer also
    confirms and puts on the waiting list. Raises PlacesFull, AttendanceStands, RecordNotFound,
    ActNotYours.
    """
    with changing_activity(by, activity) as sight:
        desk = sight.desk
        require(desk.may_write or (sight.may_register and state in _OWN), desk)
        seen = seen_registrations(sight).filter(pk__in=registrations)
        rows = list(seen.select_related("participant", "delegation").order_by("at", "id"))
        if len(rows) != len(set(registrations)) or not rows:
            raise RecordNotFound(thing=Phrase("thing.record-registration"))
        seats = Seats(sight.activity)
        if state.value in COMING:
            require_open(sight)
        for row in rows:
            if row.attended and state in _AWAY:
                raise AttendanceStands
            if state.value in COMING and row.state not in COMING:
                row.delegation = row.delegation or seats.of(row.participant)
                if not seats.take(row.delegation, row.part):
                    raise PlacesFull(places=row.delegation.places if row.delegation else 0)
            row.state = state.value
            keep_changed(row, ("state", "delegation"))
        countries = {row.participant.country_id or "" for row in rows}
        record("registration.state", by=by, country=countries.pop() if len(countries) == 1 else "",
               about=sight.code, registrations=[row.pk for row in rows],
               state=state.value)  # fmt: skip


def add_head_count(
    *,
    by: Person,
    activity: str,
    series: str,
    country: str,
    who: Audience,
    count: int,
    counted_on: date,
    how: str,
    sex: Sex = Sex.NOT_STATED,
    age_band: AudienceAge = AudienceAge.NOT_STATED,
) -> str:
    """Enter how many people of a group were counted, once in a series of sessions; gives its id.

    Raises HeadCountKnown, FieldNotUsable, CountryNotFound, ActNotYours.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_register and sight.desk.sees_people_of(country), sight.desk)
        COUNTRIES.row(sight.desk, country)
        if age_band in _NEVER.get(who, ()):
            raise unusable("age_band")
        row = HeadCount(
            activity_id=sight.activity, series=series.strip(), country_id=country, who=who.value,
            sex=sex.value, age_band=age_band.value, by=by, at=clock.now(),
        )  # fmt: skip
        if fold(row.series) in map(fold, _same_group(row).values_list("series", flat=True)):
            raise HeadCountKnown(series=row.series)
        _keep_count(row, count, counted_on, how)
        record("head-count.added", by=by, country=country, about=sight.code, head_count=row.id)
    return row.id


def correct_head_count(
    *, by: Person, activity: str, head_count: str, count: int, counted_on: date, how: str
) -> str:
    """Put a corrected count in the place of one that stands, which is kept; gives the new id.

    Raises RecordNotFound, FieldNotUsable, ActNotYours.
    """
    with changing_activity(by, activity) as sight:
        standing = HeadCount.objects.filter(activity_id=sight.activity, replaced_at=None)
        old = standing.filter(id=head_count[:36]).first()
        if old is None or not (sight.may_register and sight.desk.sees_people_of(old.country_id)):
            require(sight.may_register, sight.desk)
            raise RecordNotFound(thing=Phrase("thing.record-head-count"))
        old.replaced_at = clock.now()
        keep_changed(old, ("replaced_at",))
        row = HeadCount(
            activity_id=sight.activity, series=old.series, country_id=old.country_id, who=old.who,
            sex=old.sex, age_band=old.age_band, by=by, at=clock.now(),
        )  # fmt: skip
        _keep_count(row, count, counted_on, how)
        record("head-count.corrected", by=by, country=old.country_id, about=sight.code,
               head_count=row.id, before=old.id)  # fmt: skip
    return row.id


def _same_group(row: HeadCount) -> QuerySet[HeadCount]:
    """The counts that stand of a like group, in whichever series."""
    return HeadCount.objects.filter(
        activity_id=row.activity_id, country_id=row.country_id, who=row.who, sex=row.sex,
        age_band=row.age_band, replaced_at=None,
    )  # fmt: skip


def _keep_count(row: HeadCount, count: int, counted_on: date, how: str) -> None:
    if not 0 <= count <= MOST_COUNTED:
        raise unusable("count")
    row.count, row.counted_on, row.how = count, counted_on, how.strip()
    keep(row, "series", "how")

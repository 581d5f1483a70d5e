"""Who was there: who is expected, marks by day, devices, and what a device may fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from kancil.desk.assessment.models import Act
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import DayOutsideActivity, DeviceNotFound
from kancil.desk.programme.models import Activity, EventDevice, Mark, Participation
from kancil.desk.programme.people.participants import COMING
from kancil.desk.programme.taking_part.registrations import (
    people_of,
    persons,
    shown_of,
    shown_total,
)
from kancil.ground import clock

EXPECTED = COMING
"""Who may be marked: not who is only invited, waits, or will not come."""
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is expected."""

    participation: int
    badge: str
    name: str
    of: str
    """Their delegation, else their country or organisation."""
    part: str
    days: tuple[date, ...]
    """Those with a mark that stands."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of an activity."""

    day: date
    attended: int | None
    """People with a mark that stands; None: hidden."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many were there, of how many; None: hidden, as `registrations.shown_of` says."""

    registered: int | None
    attended: int | None
    """On any day, or by the list of a past activity."""
    by_day: tuple[DayCount, ...]


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device at the door."""

    id: str
    name: str
    prepared_by: str
    prepared_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_reason: str
    is_fetched: bool
    """Whether it has opened its list."""
    marks: int
    """Those that stand."""


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark."""

    id: str
    participation: int
    day: date
    marked_at: datetime
    how: str
    name: str
    """Empty: they asked to be forgotten."""
    device: str
    """Name; empty: a sheet or the desk."""
    withdrawn_at: datetime | None
    withdrawn_reason: str


def days_of(activity: str) -> list[date]:
    """The days of an activity, the first 400."""
    first, last = Activity.objects.values_list("begins_on", "ends_on").get(id=activity)
    count = min((last - first).days + 1, MOST_DAYS)
    return [first + timedelta(days=each) for each in range(count)]


def place_of(sight: ActivitySight) -> str:
    """Where an activity is held."""
    return str(Activity.objects.values_list("place", flat=True).get(id=sight.activity))


def require_day(activity: str, day: date) -> None:
    """Refuse a day that is none of the activity's; raises DayOutsideActivity."""
    first, last = Activity.objects.values_list("begins_on", "ends_on").get(id=activity)
    if not first <= day <= last:
        raise DayOutsideActivity(day=day.isoformat())


def expected(activity: str) -> QuerySet[Participation]:
    """Participations of those who may be marked, by delegation and name.

    Who asked to be forgotten, or is restricted, is on no list.
    """
    return (
        Participation.objects.filter(activity_id=activity, state__in=EXPECTED)
        .filter(participant__forgotten_at=None, participant__restricted_at=None)
        .select_related(
            "participant__country", "participant__organisation",
            "delegation__country", "delegation__organisation",
        )
        .order_by("delegation_id", "participant__name", "id")
    )  # fmt: skip


def attendees(sight: ActivitySight, *, find: str = "") -> list[Attendee]:
    """Everybody who is expected, by name: for the officer alone; raises ActNotYours."""
    require(sight.may_write, sight.desk)
    rows = expected(sight.activity)
    if find:
        rows = rows.filter(participant__name__icontains=find[:100])
    days: dict[int, set[date]] = {}
    standing = Mark.objects.filter(participation__in=rows.order_by(), withdrawn_at=None)
    for participation, day in standing.values_list("participation_id", "day"):
        days.setdefault(participation, set()).add(day)
    found = [
        Attendee(
            row.pk, row.badge, row.participant.name, of_whom(row), row.part,
            tuple(sorted(days.get(row.pk, ()))),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.of.casefold(), each.name.casefold()))


def of_whom(row: Participation) -> str:
    """From where somebody comes, as a list at the door says it."""
    held = row.delegation or row.participant
    if held.country is not None:
        return held.country.shown_name
    return held.organisation.name if held.organisation is not None else ""


def attendance_of(sight: ActivitySight) -> Attendance:
    """Counts of an activity, for everybody who sees it; no names.

    Persons are counted once, and hidden, as `registrations.taking_part` does.
    """
    people = people_of(sight)
    total = persons(people)
    by_day = (
        people.filter(marks__day__isnull=False, marks__withdrawn_at=None)
        .order_by("marks__day").values_list("marks__day")
        .annotate(n=Count("person", distinct=True))
    )  # fmt: skip
    days = tuple(DayCount(day, shown_of(sight, count, total)) for day, count in by_day)
    came = shown_of(sight, persons(people.filter(attended=True)), total)
    return Attendance(shown_total(sight, total), came, days)


def devices_of(sight: ActivitySight) -> list[DeviceRow]:
    """The devices of an activity, the newest first; raises ActNotYours."""
    require(sight.may_write, sight.desk)
    standing = Count("marks", filter=Q(marks__withdrawn_at=None))
    rows = EventDevice.objects.filter(activity_id=sight.activity).annotate(count=standing)
    rows = rows.select_related("prepared_by").order_by("-prepared_at", "id")
    return [
        DeviceRow(
            row.id, row.name, row.prepared_by.name, row.prepared_at, row.expires_at,
            row.revoked_at, row.revoked_reason, not row.sealed, row.count,
        )
        for row in rows
    ]  # fmt: skip


def device_of(sight: ActivitySight, device: str) -> DeviceRow:
    """One device of the activity; raises DeviceNotFound, ActNotYours."""
    found = [each for each in devices_of(sight) if each.id == device]
    if not found:
        raise DeviceNotFound
    return found[0]


def marks_of(sight: ActivitySight, *, device: str = "", day: date | None = None) -> list[MarkRow]:
    """Marks of an activity by name, of a device or day if one is named; raises ActNotYours."""
    require(sight.may_write, sight.desk)
    rows = Mark.objects.filter(participation__activity_id=sight.activity)
    if device:
        rows = rows.filter(device_id=device)
    if day is not None:
        rows = rows.filter(day=day)
    found = rows.order_by("day", "marked_at", "id").annotate(
        person=F("participation__participant__name"),
        by_device=F("device__name"),
        hidden=F("participation__participant__restricted_at"),
    )
    return [
        MarkRow(
            row.id, row.participation_id, row.day, row.marked_at, row.how,
            "" if row.hidden else row.person, row.by_device or "", row.withdrawn_at,
            row.withdrawn_reason,
        )
        for row in found
    ]  # fmt: skip


def is_decided(device: str) -> bool:
    """Whether it was decided what becomes of the marks of a revoked device."""
    return Act.objects.filter(kind="device.decided", details__device=device).exists()


def sealed_of(device: str) -> str:
    """What a device may fetch, once: the list under its PIN; raises DeviceNotFound."""
    row = EventDevice.objects.filter(id=device[:36]).first()
    if row is None or not row.sealed or row.revoked_at or row.expires_at <= clock.now():
        raise DeviceNotFound
    return row.sealed

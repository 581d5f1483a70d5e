"""What stands on Home of the programme's desk: what comes, and where it happens.

Each question is a handful of queries with a limit, however many activities there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q

from kancil.desk.assessment.models import Country
from kancil.desk.programme.access import Desk
from kancil.desk.programme.activities.activities import seen_by
from kancil.desk.programme.models import (
    Activity,
)
from kancil.programme.vocabulary import ActivityState

SOON = timedelta(days=60)
"""How far *soon* reaches."""
GOING = (ActivityState.PLANNED, ActivityState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Coming:
    """An activity that begins soon or is under way."""

    id: str
    code: str
    title: str
    kind: str
    state: str
    place: str
    begins_on: date
    ends_on: date


def coming(desk: Desk, today: date, most: int) -> list[Coming]:
    """Activities that begin within `SOON` or are under way, the next first."""
    found = seen_by(desk).filter(state__in=GOING, ends_on__gte=today, begins_on__lte=today + SOON)
    fields = ("id", "code", "title", "kind", "state", "place", "begins_on", "ends_on")
    return [Coming(*row) for row in found.order_by("begins_on", "code").values_list(*fields)[:most]]


@dataclass(frozen=True, slots=True)
class InCountry:
    """How much happens for a country."""

    code: str
    name: str
    region: str
    coming: int
    """Activities that are planned or confirmed."""
    done: int
    """Since a day."""


def by_country(desk: Desk, since: date) -> list[InCountry]:
    """The countries a person has to do with, and what happens for each, by name."""
    mine = seen_by(desk).filter(Q(state__in=GOING) | Q(ends_on__gte=since))
    counted = (
        Activity.countries.through.objects.filter(activity_id__in=mine.values("id"))
        .values(code=F("country_id"))
        .annotate(
            coming=Count("pk", filter=Q(activity__state__in=GOING)),
            done=Count("pk", filter=Q(activity__state=ActivityState.DONE)),
        )
    )
    if not (desk.sees_all or desk.is_donor):  # of another's only what it shares with theirs is seen
        counted = counted.filter(country_id__in=desk.countries)
    counts = {row["code"]: (row["coming"], row["done"]) for row in counted}
    rows = Country.objects.filter(code__in=counts)
    found = [
        InCountry(each.code, each.shown_name, each.region, *counts[each.code]) for each in rows
    ]
    return sorted(found, key=lambda each: each.name)

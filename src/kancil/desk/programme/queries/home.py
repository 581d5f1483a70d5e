"""What stands on Home of the programme's desk: what comes, what is late, and where it happens.

Each question is a handful of queries with a limit, however many activities there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from kancil.desk.assessment.models import Country
from kancil.desk.programme.access import Desk
from kancil.desk.programme.models import (
    Activity,
    Delegation,
    FollowUp,
    Handover,
    UseCheck,
)
from kancil.desk.programme.queries.evaluations import evaluations_due
from kancil.ground.days import months_after
from kancil.programme.activity import CHECKED_AFTER_MONTHS
from kancil.programme.vocabulary import ActivityState

from .activities import seen_by

SOON = timedelta(days=60)
"""How far *soon* reaches."""
_GOING = (ActivityState.PLANNED, ActivityState.CONFIRMED)


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
    found = seen_by(desk).filter(state__in=_GOING, ends_on__gte=today, begins_on__lte=today + SOON)
    fields = ("id", "code", "title", "kind", "state", "place", "begins_on", "ends_on")
    return [Coming(*row) for row in found.order_by("begins_on", "code").values_list(*fields)[:most]]


class DueKind(StrEnum):
    """What is late or due; the words are `name.assess-due-activity-<value>`."""

    BEGIN = "begin"
    """An activity begins, and is not confirmed."""
    REPORT = "report"
    """An activity is over, and its report does not stand; never before it is over."""
    ANSWER = "answer"
    """A delegation has not answered its invitation."""
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow-up"
    USE = "use"
    """Nobody has looked whether equipment is in use."""


@dataclass(frozen=True, slots=True)
class ActivityDue:
    """Something to be done for an activity by a day."""

    kind: DueKind
    activity: str
    code: str
    subject: str
    """The activity's title; of a follow-up, what is to be done."""
    due_on: date
    part: str = ""
    """What tells it from others of its kind: the follow-up's number, the evaluation's moment."""


def due(desk: Desk, today: date, until: date, most: int) -> list[ActivityDue]:
    """What is late in activities, or due by a day, the first due first; to whoever can see to it.

    Delegations that owe an answer stand once for an activity, and so do checks of equipment, by
    their first day.
    """
    if not desk.may_write:
        return []
    looked = (
        _beginnings(today, until, most), _reports(today, most), _answers(today, until, most),
        _evaluations(desk, today, until, most), _follow_ups(until, most), _uses(until, most),
    )  # fmt: skip
    seen: dict[tuple[str, DueKind, str], ActivityDue] = {}
    for each in sorted(chain(*looked), key=lambda each: (each.due_on, each.code)):
        seen.setdefault((each.activity, each.kind, each.part), each)
    return list(seen.values())[:most]


def _rows(
    kind: DueKind, found: QuerySet[Any], day: str, of: str = "activity__"
) -> list[ActivityDue]:
    fields = (f"{of}id", f"{of}code", f"{of}title", day)
    return [ActivityDue(kind, *row) for row in found.values_list(*fields)]


def _beginnings(today: date, until: date, most: int) -> list[ActivityDue]:
    planned = Activity.objects.filter(
        state=ActivityState.PLANNED, begins_on__lte=until, ends_on__gte=today
    ).order_by("begins_on")
    return _rows(DueKind.BEGIN, planned[:most], "begins_on", of="")


def _reports(today: date, most: int) -> list[ActivityDue]:
    over = Activity.objects.filter(state__in=_GOING, ends_on__lt=today).order_by("ends_on")
    return _rows(DueKind.REPORT, over[:most], "ends_on", of="")


def _answers(today: date, until: date, most: int) -> list[ActivityDue]:
    """One for an activity, however many delegations owe their answer."""
    waiting = Delegation.objects.filter(
        answer="", answer_by__lte=until, activity__ends_on__gte=today, activity__state__in=_GOING
    )
    first = waiting.values("activity_id").annotate(first=Min("answer_by")).order_by("first")
    return _rows(DueKind.ANSWER, first[:most], "first")


def _evaluations(desk: Desk, today: date, until: date, most: int) -> list[ActivityDue]:
    return [
        ActivityDue(
            DueKind.EVALUATION, each.activity, each.code, each.title, each.due_on, each.moment
        )
        for each in evaluations_due(desk, today, until, most)
    ]


def _follow_ups(until: date, most: int) -> list[ActivityDue]:
    open_ones = FollowUp.objects.filter(done_on=None, due_on__lte=until).order_by("due_on")
    fields = ("activity_id", "activity__code", "what", "due_on", "id")
    return [
        ActivityDue(DueKind.FOLLOW_UP, activity, code, what, due_on, str(id))
        for activity, code, what, due_on, id in open_ones.values_list(*fields)[:most]
    ]


def _uses(until: date, most: int) -> list[ActivityDue]:
    found = []
    for months in CHECKED_AFTER_MONTHS:
        looked = UseCheck.objects.filter(handover=OuterRef("pk"), months__gte=months)
        shortest = timedelta(days=28 * months)
        unseen = Handover.objects.filter(~Exists(looked), handed_on__lte=until - shortest)
        fields = ("activity_id", "activity__code", "activity__title", "handed_on")
        rows = unseen.order_by("handed_on").values_list(*fields)[:most]
        for activity, code, title, handed_on in rows:
            day = months_after(handed_on, months)
            if day is not None and day <= until:
                found.append(ActivityDue(DueKind.USE, activity, code, title, day))
    return found


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
    mine = seen_by(desk).filter(Q(state__in=_GOING) | Q(ends_on__gte=since))
    counted = (
        Activity.countries.through.objects.filter(activity_id__in=mine.values("id"))
        .values(code=F("country_id"))
        .annotate(
            coming=Count("pk", filter=Q(activity__state__in=_GOING)),
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

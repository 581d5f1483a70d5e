"""What stands on Home of the programme's desk: what comes, what is late, and where it happens.

Each question is a handful of queries with a limit, however many activities there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
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


class LateKind(StrEnum):
    """What is late; the words are `name.assess-due-activity-<value>`."""

    REPORT = "report"
    """An activity is over, and its report does not stand."""
    ANSWER = "answer"
    """A delegation has not answered its invitation."""
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow-up"
    USE = "use"
    """Nobody has looked whether equipment is in use."""


@dataclass(frozen=True, slots=True)
class Late:
    """Something of an activity whose day has passed."""

    kind: LateKind
    activity: str
    code: str
    title: str
    due_on: date


def late(desk: Desk, today: date, most: int) -> list[Late]:
    """What is late in activities, the longest first; to whoever can see to it."""
    if not desk.may_write:
        return []
    looked: tuple[Callable[[date, int], list[Late]], ...] = (
        _reports, _answers, partial(_evaluations, desk), _follow_ups, _uses,
    )  # fmt: skip
    found = [each for look in looked for each in look(today, most)]
    return sorted(found, key=lambda each: (each.due_on, each.code))[:most]


def _rows(kind: LateKind, found: QuerySet[Any], due: str, of: str = "activity__") -> list[Late]:
    fields = (f"{of}id", f"{of}code", f"{of}title", due)
    return [Late(kind, *row) for row in found.values_list(*fields)]


def _reports(today: date, most: int) -> list[Late]:
    over = Activity.objects.filter(state__in=_GOING, ends_on__lt=today).order_by("ends_on")
    return _rows(LateKind.REPORT, over[:most], "ends_on", of="")


def _answers(today: date, most: int) -> list[Late]:
    """One for an activity, however many delegations owe their answer."""
    waiting = Delegation.objects.filter(
        answer="", answer_by__lt=today, activity__ends_on__gte=today, activity__state__in=_GOING
    )
    first = waiting.values("activity_id").annotate(first=Min("answer_by")).order_by("first")
    return _rows(LateKind.ANSWER, first[:most], "first")


def _evaluations(desk: Desk, today: date, most: int) -> list[Late]:
    return [
        Late(LateKind.EVALUATION, each.activity, each.code, each.title, each.due_on)
        for each in evaluations_due(desk, today, most)
        if each.due_on < today
    ]


def _follow_ups(today: date, most: int) -> list[Late]:
    open_ones = FollowUp.objects.filter(done_on=None, due_on__lt=today).order_by("due_on")
    return _rows(LateKind.FOLLOW_UP, open_ones[:most], "due_on")


def _uses(today: date, most: int) -> list[Late]:
    found = []
    for months in CHECKED_AFTER_MONTHS:
        looked = UseCheck.objects.filter(handover=OuterRef("pk"), months__gte=months)
        shortest = timedelta(days=28 * months)
        unseen = Handover.objects.filter(~Exists(looked), handed_on__lt=today - shortest)
        fields = ("activity_id", "activity__code", "activity__title", "handed_on")
        rows = unseen.order_by("handed_on").values_list(*fields)[:most]
        for activity, code, title, handed_on in rows:
            due = months_after(handed_on, months)
            if due is not None and due < today:
                found.append(Late(LateKind.USE, activity, code, title, due))
    seen: dict[tuple[str, LateKind], Late] = {}
    for each in found:
        seen.setdefault((each.activity, each.kind), each)
    return list(seen.values())


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

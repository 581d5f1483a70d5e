"""What is late or due for a person in all the programme: rounds, activities, donor reports."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

from django.db.models import Count, Exists, Min, OuterRef

from kancil.desk.assessment.queries.due import Due, due_of
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.home import GOING
from kancil.desk.programme.models import (
    Activity,
    Delegation,
    FollowUp,
    Handover,
    SpendingLine,
    UseCheck,
)
from kancil.desk.programme.money.costs import STANDING, unmatched
from kancil.desk.programme.money.standing import ReportDue, reports_due
from kancil.desk.programme.taking_part.evaluations import evaluations_due
from kancil.ground.days import months_after, span
from kancil.programme.activity import CHECKED_AFTER_MONTHS
from kancil.programme.vocabulary import ActivityState

UNMATCHED = "spending-unmatched"
_MOST = 200
"""At most so many things of activities."""
AHEAD = timedelta(days=90)
"""How far ahead activities and reports to donors are listed; rounds without an end."""


class OfActivity(StrEnum):
    """What is late or due of an activity; the words are `name.assess-due-<value>`."""

    BEGIN = "activity-begin"
    """It begins, and is not confirmed."""
    REPORT = "activity-report"
    """It is over, and its report does not stand; never before it is over."""
    ANSWER = "activity-answer"
    """A delegation has not answered its invitation."""
    EVALUATION = "activity-evaluation"
    FOLLOW_UP = "activity-follow-up"
    USE = "activity-use"
    """Nobody has looked whether equipment is in use."""


def all_due(person: Person, today: date) -> list[Due]:
    """List what is late or due, the latest first; what has no day stands with today's."""
    desk = desk_of(person)
    found = [*due_of(person, today), *activities_due(desk, today, today + AHEAD, _MOST)]
    if desk.may_keep_money:
        found += map(_of_grant, reports_due(desk, today, AHEAD.days))
        found += _unmatched(today)
    return sorted(found, key=lambda each: (each.day or today, each.country, each.id, each.kind))


def activities_due(desk: Desk, today: date, until: date, most: int) -> list[Due]:
    """What is late in activities, or due by a day, the first due first; to whoever can see to it.

    Delegations that owe an answer stand once for an activity, and so do checks of equipment, by
    their first day.
    """
    if not desk.may_write:
        return []
    looked = (
        _beginnings(today, until, most), _reports(today, most), _answers(today, until, most),
        _evaluations(desk, today, until, most), _follow_ups(today, until, most),
        _uses(today, until, most),
    )  # fmt: skip
    seen: dict[tuple[str, str], Due] = {}
    for each in sorted(chain(*looked), key=lambda each: (each.day or today, each.title)):
        seen.setdefault((each.kind, each.id), each)
    return list(seen.values())[:most]


def _due(
    kind: OfActivity, today: date, activity: str, code: str, subject: str, day: date, part: str = ""
) -> Due:
    """One thing of an activity; `part` tells it from others of its kind there."""
    id = f"{activity} {part}" if part else activity
    return Due(id, kind.value, day, subject, code, day < today, activity=activity)


def _beginnings(today: date, until: date, most: int) -> list[Due]:
    planned = Activity.objects.filter(
        state=ActivityState.PLANNED, begins_on__lte=until, ends_on__gte=today
    )
    rows = planned.order_by("begins_on").values_list("id", "code", "title", "begins_on")
    return [_due(OfActivity.BEGIN, today, *row) for row in rows[:most]]


def _reports(today: date, most: int) -> list[Due]:
    over = Activity.objects.filter(state__in=GOING, ends_on__lt=today)
    rows = over.order_by("ends_on").values_list("id", "code", "title", "ends_on")
    return [_due(OfActivity.REPORT, today, *row) for row in rows[:most]]


def _answers(today: date, until: date, most: int) -> list[Due]:
    waiting = Delegation.objects.filter(
        answer="", answer_by__lte=until, activity__ends_on__gte=today, activity__state__in=GOING
    )
    rows = (
        waiting.values("activity_id").annotate(first=Min("answer_by")).order_by("first")
        .values_list("activity_id", "activity__code", "activity__title", "first")
    )  # fmt: skip
    return [_due(OfActivity.ANSWER, today, *row) for row in rows[:most]]


def _evaluations(desk: Desk, today: date, until: date, most: int) -> list[Due]:
    return [
        _due(
            OfActivity.EVALUATION, today, each.activity, each.code, each.title, each.due_on,
            each.moment.value,
        )
        for each in evaluations_due(desk, today, until, most)
    ]  # fmt: skip


def _follow_ups(today: date, until: date, most: int) -> list[Due]:
    """By their own words, not the activity's title."""
    still_open = FollowUp.objects.filter(done_on=None, due_on__lte=until).order_by("due_on")
    fields = ("activity_id", "activity__code", "what", "due_on", "id")
    return [
        _due(OfActivity.FOLLOW_UP, today, activity, code, what, due_on, str(id))
        for activity, code, what, due_on, id in still_open.values_list(*fields)[:most]
    ]


def _uses(today: date, until: date, most: int) -> list[Due]:
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
                found.append(_due(OfActivity.USE, today, activity, code, title, day))
    return found


def _unmatched(today: date) -> list[Due]:
    """Files of the ledger with lines that no grant has yet, by the last day of their period."""
    open_ones = unmatched(SpendingLine.objects.filter(STANDING)).order_by()
    rows = open_ones.values_list("file__batch", "file__period_from", "file__period_to")
    return [
        Due(batch, UNMATCHED, ends, str(count), span(begins, ends), ends < today)
        for batch, begins, ends, count in rows.annotate(n=Count("id"))
    ]


def _of_grant(found: ReportDue) -> Due:
    begins, ends = found.period.begins_on, found.period.ends_on
    return Due(
        id=f"{found.grant} {begins}", kind="donor-report", day=found.due_on,
        subject=span(begins, ends), title=found.reference, is_late=found.is_late,
        grant=found.grant,
    )  # fmt: skip

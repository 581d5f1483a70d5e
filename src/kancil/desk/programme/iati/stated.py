"""What imported IATI files of others state: their activities, money and results, as they say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.people.models import Person
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.models import StatedActivity as StatedRow
from kancil.ground.filled import filled, filled_from_plain
from kancil.programme.iati.stated import StatedActivity, StatedAmount


@dataclass(frozen=True, slots=True)
class StatedListed:
    """An activity of somebody's file, in a list."""

    id: str
    identifier: str
    title: str
    reporter: str
    begins_on: date | None
    ends_on: date | None
    file_name: str
    line: int


@dataclass(frozen=True, slots=True)
class StatedWhole:
    """One of them with all that the file states."""

    listed: StatedListed
    said: StatedActivity
    activity: str
    """Id of the activity that the import made of it; empty: none."""


def stated_activities(person: Person, find: str = "") -> QuerySet[StatedRow]:
    """What stands of imports, by beginning; `find`: in title, identifier or reporter."""
    desk = desk_of(person)
    require(desk.may_write, desk)
    rows = StatedRow.objects.select_related("batch").defer("said")
    if find:
        some = find[:100]
        rows = rows.filter(
            Q(title__icontains=some) | Q(identifier__icontains=some) | Q(reporter__icontains=some)
        )
    return rows


def stated_listed(row: StatedRow) -> StatedListed:
    """A row as a list shows it."""
    return filled(StatedListed, row, file_name=row.batch.file_name)


def stated_activity(person: Person, id: str) -> StatedWhole:
    """One; raises ActNotYours, RecordNotFound."""
    row = stated_activities(person).defer(None).filter(id=id[:36]).first()
    if row is None:
        raise no_such("stated-activity")
    said = filled_from_plain(StatedActivity, row.said, is_whole=False)
    return StatedWhole(stated_listed(row), said, row.activity_id or "")


def totals(money: Sequence[StatedAmount]) -> dict[tuple[str, str, str], Decimal]:
    """Sums by kind, type and currency: amounts of two currencies are never added."""
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for each in money:
        found[(each.kind, each.type, each.currency)] += Decimal(each.amount)
    return dict(sorted(found.items()))

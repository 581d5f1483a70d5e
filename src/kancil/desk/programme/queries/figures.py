"""Figures as a reader may see them, their history, and the records behind each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.errors import FigureNotFound
from kancil.desk.programme.models import (
    Activity,
    EvaluationAnswer,
    Figure,
    Handover,
    HeadCount,
    Organisation,
    Participation,
)
from kancil.ground.filled import filled
from kancil.programme.counting.rule import Rule, read_rule
from kancil.programme.counting.shown import Shown, as_shown
from kancil.records.small_groups import alone, split

_AT_ONCE = 5_000
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure, with small groups hidden from whoever does not see the persons themselves."""

    id: str
    indicator: str
    """Id."""
    code: str
    title: str
    """Of the version under which it was counted."""
    n: int
    """That version."""
    rule: Rule
    measure: str
    period_from: date
    period_to: date
    country: str
    """Code; empty: all countries."""
    country_name: str
    grant: str
    """Id; empty: whoever paid."""
    grant_reference: str
    value: str | None
    """None: under five persons, hidden."""
    of: int | None
    without_days: int | None
    """Who attended and is not counted, since their days are not recorded; None: one to four."""
    split: Mapping[str, Mapping[str, int | None]]
    is_entered: bool
    source: str
    contribution: str
    older: str
    """Id of the figure it corrects."""
    newer: str
    """Id of the one that corrects it; empty: it stands."""
    reason: str
    by: str
    at: datetime

    @property
    def is_part(self) -> bool:
        """Whether it stands for one country or grant, not for the whole programme."""
        return bool(self.country or self.grant)


def standing_figures(
    desk: Desk,
    *,
    country: str = "",
    grant: str = "",
    until: date | None = None,
    of: Collection[str] | None = None,
) -> dict[str, list[FigureRow]]:
    """The figures that stand for one scope, the newest period first, by indicator, in one query.

    `of`: ids of indicators; None: all.
    """
    rows = _rows(desk).filter(newer__isnull=True, country=country or None, grant=grant or None)
    if until is not None:
        rows = rows.filter(period_to__lte=until)
    if of is not None:
        rows = rows.filter(version__indicator__in=of)
    found: dict[str, list[FigureRow]] = defaultdict(list)
    for each in rows.order_by("-period_to", "-period_from", "-at"):
        found[each.version.indicator_id].append(_row(desk, each))
    return found


def figures_of(
    person: Person, indicator: str, *, country: str | None = None, grant: str | None = None
) -> list[FigureRow]:
    """All figures of an indicator that a person may see, corrected ones too, the newest first.

    `country`, `grant` (id): only those; empty: only those of the whole; None: any.
    """
    desk = desk_of(person)
    rows = _rows(desk).filter(version__indicator_id=indicator[:36])
    if country is not None:
        rows = rows.filter(country=country or None)
    if grant is not None:
        rows = rows.filter(grant=grant or None)
    found = list(rows.order_by("-period_to", "-period_from", "-at"))
    newer = {each.older_id: each.id for each in found if each.older_id}
    return [_row(desk, each, newer.get(each.id, "")) for each in found]


def as_it_leaves(row: Figure) -> Shown:
    """A figure for what leaves, whoever makes it: no group under five. Needs its `version`."""
    parts = row.split
    return as_shown(
        read_rule(row.version.rule), row.value, parts, row.records.get("of"), whole=False,
        without_days=row.records.get("without_days", 0),
    )  # fmt: skip


def _rows(desk: Desk) -> QuerySet[Figure]:
    rows = Figure.objects.select_related("version__indicator", "country", "grant", "by")
    rows = rows.defer("records").annotate(
        of=KeyTransform("of", "records"), without_days=KeyTransform("without_days", "records")
    )
    if desk.sees_all:
        return rows
    if desk.is_donor:
        return rows.filter(grant__donor__in=desk.donors)
    if not desk.sees_framework:
        return rows.none()
    return rows.filter(grant=None, country__in=desk.countries)


def _row(desk: Desk, row: Figure, newer: str = "") -> FigureRow:
    rule = read_rule(row.version.rule)
    of: int | None = getattr(row, "of", None)
    country = row.country_id or ""
    shown = as_shown(
        rule, row.value, row.split, of, whole=desk.sees_people_of(country or None),
        without_days=getattr(row, "without_days", None) or 0,
    )  # fmt: skip
    return filled(
        FigureRow,
        row,
        indicator=row.version.indicator_id,
        code=row.version.indicator.code,
        title=row.version.title,
        n=row.version.n,
        rule=rule,
        measure=row.version.measure,
        country=country,
        country_name=row.country.shown_name if row.country else "",
        grant=row.grant_id or "",
        grant_reference=row.grant.reference if row.grant else "",
        value=shown.value,
        of=shown.of,
        without_days=shown.without_days,
        split=shown.split,
        older=row.older_id or "",
        newer=newer,
        by=row.by.name,
    )


@dataclass(frozen=True, slots=True)
class BehindRow:
    """What one activity brings to a figure."""

    activity: str
    """Id; empty: activities that the reader does not see."""
    code: str
    title: str
    ends_on: date | None
    count: int | None
    """Of records; None: a small group, or one from which it would follow."""


@dataclass(frozen=True, slots=True)
class PersonBehind:
    """One person whom a figure counts, to whoever sees them by name."""

    participant: int
    name: str
    """Empty: forgotten, or restricted."""
    country: str
    role: str
    activity: str
    """Code."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure opened."""

    figure: FigureRow
    history: tuple[FigureRow, ...]
    """The figures that it corrects, the newest first."""
    kind: str
    """Of the records: `participations`, `activities`, …; empty: it was entered by hand."""
    count: int
    activities: tuple[BehindRow, ...]
    doubles: Mapping[str, Any]
    """As `programme.counting.count.Doubles` is written; empty: to whoever sees no names."""


def figure_behind(person: Person, figure: str) -> Behind:
    """A figure with the records behind it; raises FigureNotFound, also for one not theirs."""
    desk = desk_of(person)
    row = _rows(desk).filter(id=figure[:36]).first()
    if row is None:
        raise FigureNotFound
    newer = Figure.objects.filter(older=row.pk).values_list("id", flat=True).first() or ""
    records: dict[str, Any] = Figure.objects.values_list("records", flat=True).get(id=row.pk)
    kind, ids = _ids(records)
    shown = _row(desk, row, newer)
    is_whole = not shown.rule.hides_small or desk.sees_people_of(row.country_id)
    by_activity = _by_activity(desk, kind, ids, is_whole)
    doubles = records.get("doubles") or {}
    return Behind(
        shown, tuple(_history(desk, row)), kind, len(ids), by_activity, doubles if is_whole else {}
    )  # fmt: skip


def people_behind(person: Person, figure: str, start: int, most: int) -> list[PersonBehind]:
    """A slice of the persons whom a figure counts; only those whom the reader sees by name."""
    desk = desk_of(person)
    row = _rows(desk).filter(id=figure[:36]).first()
    if row is None:
        raise FigureNotFound
    if not desk.sees_people_of(row.country_id):
        return []
    kind, ids = _ids(Figure.objects.values_list("records", flat=True).get(id=row.pk))
    if kind != "participations":
        return []
    wanted = [int(each) for each in ids[start : start + most]]
    found = Participation.objects.filter(id__in=wanted).select_related("participant", "activity")
    return [
        PersonBehind(
            each.participant_id,
            "" if each.participant.restricted_at else each.participant.name,
            each.participant.country_id or "",
            each.participant.role,
            each.activity.code,
        )
        for each in found.order_by("id")
        if desk.sees_people_of(each.participant.country_id)
    ]


def _history(desk: Desk, row: Figure) -> list[FigureRow]:
    found: list[FigureRow] = []
    while row.older_id:
        before = _rows(desk).filter(id=row.older_id).first()
        if before is None:
            break
        found.append(_row(desk, before, row.id))
        row = before
    return found


def _ids(records: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    for kind, ids in records.items():
        if isinstance(ids, list):
            return kind, ids
    return "", ()


_ACTIVITY_OF: Mapping[str, tuple[Any, str]] = {
    "participations": (Participation, "activity"),
    "activities": (Activity, "id"),
    "handovers": (Handover, "activity"),
    "head-counts": (HeadCount, "activity"),
    "evaluation-answers": (EvaluationAnswer, "form__activity"),
}


def _by_activity(
    desk: Desk, kind: str, ids: Sequence[str], is_whole: bool
) -> tuple[BehindRow, ...]:
    if kind not in _ACTIVITY_OF:
        return ()
    model, field = _ACTIVITY_OF[kind]
    counted: Counter[str] = Counter()
    for start in range(0, len(ids), _AT_ONCE):
        some = model.objects.filter(pk__in=ids[start : start + _AT_ONCE]).order_by()
        counted.update(some.values_list(field, flat=True))
    seen = _seen_activities(desk, list(counted))
    cells = {each.id: counted[each.id] for each in seen}
    rest = counted.total() - sum(cells.values())
    if rest:
        cells[""] = rest
    shown = cells if is_whole else split(cells, total=alone(counted.total()))
    found = [
        BehindRow(each.id, each.code, each.title, each.ends_on, shown[each.id]) for each in seen
    ]
    if rest:
        found.append(BehindRow("", "", "", None, shown[""]))
    return tuple(found)


def _seen_activities(desk: Desk, ids: Sequence[str]) -> list[Activity]:
    own = Q()
    if not desk.sees_all:
        own = (
            Q(funding__grant__donor__in=desk.donors)
            if desk.is_donor
            else Q(countries__in=desk.countries)
        )
    found: list[Activity] = []
    for start in range(0, len(ids), _AT_ONCE):
        found += Activity.objects.filter(own, id__in=ids[start : start + _AT_ONCE]).distinct()
    return sorted(found, key=lambda each: (each.ends_on, each.code), reverse=True)


def organisations_behind(person: Person, figure: str) -> list[str]:
    """The names of the organisations that a figure counts; raises FigureNotFound."""
    row = _rows(desk_of(person)).filter(id=figure[:36]).first()
    if row is None:
        raise FigureNotFound
    kind, ids = _ids(Figure.objects.values_list("records", flat=True).get(id=row.pk))
    if kind != "organisations":
        return []
    return list(Organisation.objects.filter(id__in=ids[:_AT_ONCE]).values_list("name", flat=True))

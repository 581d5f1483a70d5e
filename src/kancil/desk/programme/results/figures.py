"""Figures as a reader may see them, their history, and the records behind each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
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
from kancil.programme.counting.count import Scope
from kancil.programme.counting.rule import Rule, read_rule
from kancil.programme.counting.shown import Shown, as_shown
from kancil.programme.counting.together import Cell, cell, hidden_together

_AT_ONCE = 5_000
"""Ids in one question to the database."""
_HIDDEN: dict[tuple[tuple[str, str, str], ...], frozenset[str]] = {}
"""What `_hidden` found, by all figures that a reader may see: id, value and parts of each. A figure
is corrected by a newer one and never changed, so what was found once stands."""
_MOST_HIDDEN = 64
"""Readers, or days, whose findings are remembered."""


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
    """None: under five persons, or such a number could be computed from it."""
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
    asked = Q(newer__isnull=True, country=country or None, grant=grant or None)
    if until is not None:
        asked &= Q(period_to__lte=until)
    if of is not None:
        asked &= Q(version__indicator__in=of)
    found: dict[str, list[FigureRow]] = defaultdict(list)
    for each in _seen(desk, asked):
        found[each.indicator].append(each)
    return found


def figures_of(
    person: Person, indicator: str, *, country: str | None = None, grant: str | None = None
) -> list[FigureRow]:
    """All figures of an indicator that a person may see, corrected ones too, the newest first.

    `country`, `grant` (id): only those; empty: only those of the whole; None: any.
    """
    asked = Q(version__indicator=indicator[:36])
    if country is not None:
        asked &= Q(country=country or None)
    if grant is not None:
        asked &= Q(grant=grant or None)
    return _seen(desk_of(person), asked)


def _seen(desk: Desk, asked: Q) -> list[FigureRow]:
    """The figures asked for that a reader may see, the newest period first, in one query.

    Whoever does not see the persons themselves may look at each page: all figures that they may see
    are held against each other (`counting.together`), whatever is asked for. Of a corrected figure
    nothing is shown where a part of it is hidden.
    """
    rows = _rows(desk).order_by("-period_to", "-period_from", "-at", "id")
    is_whole = desk.sees_all_people or desk.sees_own_people
    if is_whole:
        rows = rows.filter(asked)
    else:
        rows = rows.annotate(is_asked=ExpressionWrapper(asked, BooleanField()))
    found = list(rows)
    newer = {each.older_id: each.id for each in found if each.older_id}
    hidden = frozenset() if is_whole else _hidden(found, newer)
    return [
        _row(desk, each, newer.get(each.id, ""), hidden)
        for each in found
        if is_whole or getattr(each, "is_asked", False)
    ]


def _hidden(found: Sequence[Figure], newer: Mapping[str, str]) -> frozenset[str]:
    """Ids of the values (that of the figure) and parts that are hidden beside all others.

    `newer`: the figure that corrects one, by the older one's id.
    """
    seen = tuple((each.id, each.value, repr(each.split)) for each in found)
    hidden = _HIDDEN.get(seen)
    if hidden is None:
        if len(_HIDDEN) >= _MOST_HIDDEN:
            _HIDDEN.clear()
        hidden = _HIDDEN[seen] = _compared(found, newer)
    return hidden


def _compared(found: Sequence[Figure], newer: Mapping[str, str]) -> frozenset[str]:
    cells: dict[str, list[Cell]] = {}
    for each in found:
        version, at = 0, each.id
        while at in newer:
            version, at = version + 1, newer[at]
        cells[each.id] = list(_cells(each, version))
    hidden = hidden_together([one for some in cells.values() for one in some])
    older = [
        one.id
        for id in newer
        for one in cells.get(id, ())
        if any(not each.is_shown or each.id in hidden for each in cells[id])
    ]
    return hidden.union(older)


def _cells(row: Figure, version: int) -> Iterator[Cell]:
    """The numbers of persons of a figure: its value, and each of its parts."""
    rule, shown = read_rule(row.version.rule), _shown(row, is_whole=False)
    grant = row.grant.reference if row.grant else ""
    own = Scope(row.period_from, row.period_to, row.country_id or "", grant)
    found = [cell(row.id, rule, own, row.value, is_shown=shown.value is not None, version=version)]
    for name, parts in shown.split.items():
        found += [
            cell(_part(row.id, name, value), rule, own, str(row.split[name][value]),
                 is_shown=count is not None, version=version, more={name: value})
            for value, count in parts.items()
        ]  # fmt: skip
    yield from (each for each in found if each is not None)


def _part(figure: str, dimension: str, value: str) -> str:
    return f"{figure} {dimension} {value}"


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


def _shown(row: Figure, *, is_whole: bool) -> Shown:
    """A row of `_rows`, beside no other."""
    return as_shown(
        read_rule(row.version.rule), row.value, row.split, getattr(row, "of", None),
        whole=is_whole, without_days=getattr(row, "without_days", None) or 0,
    )  # fmt: skip


def _row(desk: Desk, row: Figure, newer: str, hidden: Collection[str]) -> FigureRow:
    """`hidden`: ids of values and parts, as `_hidden` has them."""
    country = row.country_id or ""
    shown = _shown(row, is_whole=desk.sees_people_of(country or None))
    split = {
        name: {
            value: None if _part(row.id, name, value) in hidden else count
            for value, count in parts.items()
        }
        for name, parts in shown.split.items()
    }
    return filled(
        FigureRow,
        row,
        indicator=row.version.indicator_id,
        code=row.version.indicator.code,
        title=row.version.title,
        n=row.version.n,
        rule=read_rule(row.version.rule),
        measure=row.version.measure,
        country=country,
        country_name=row.country.shown_name if row.country else "",
        grant=row.grant_id or "",
        grant_reference=row.grant.reference if row.grant else "",
        value=None if row.id in hidden else shown.value,
        of=shown.of,
        without_days=shown.without_days,
        split=split,
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
    """Of records; None: to whoever sees no names. The same activity stands behind several figures,
    and their differences would tell small groups."""


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
    count: int | None
    """Of records; None: to whoever sees no names."""
    activities: tuple[BehindRow, ...]
    doubles: Mapping[str, Any]
    """As `programme.counting.count.Doubles` is written; empty: to whoever sees no names."""


def figure_behind(person: Person, figure: str) -> Behind:
    """A figure with the records behind it; raises FigureNotFound, also for one not theirs."""
    desk = desk_of(person)
    row = _rows(desk).filter(id=figure[:36]).first()
    if row is None:
        raise FigureNotFound
    rows = {each.id: each for each in _seen(desk, Q(version__indicator=row.version.indicator_id))}
    shown = rows[row.id]
    records: dict[str, Any] = Figure.objects.values_list("records", flat=True).get(id=row.pk)
    kind, ids = _ids(records)
    is_whole = not shown.rule.hides_small or desk.sees_people_of(row.country_id)
    by_activity = _by_activity(desk, kind, ids, is_whole)
    doubles = (records.get("doubles") or {}) if is_whole else {}
    history = tuple(_history(shown, rows))
    count = len(ids) if is_whole else None
    return Behind(shown, history, kind, count, by_activity, doubles)


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


def _history(figure: FigureRow, rows: Mapping[str, FigureRow]) -> Iterator[FigureRow]:
    while figure.older in rows:
        figure = rows[figure.older]
        yield figure


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
    rest = counted.total() - sum(counted[each.id] for each in seen)
    found = [
        BehindRow(
            each.id, each.code, each.title, each.ends_on, counted[each.id] if is_whole else None
        )
        for each in seen
    ]
    if rest:
        found.append(BehindRow("", "", "", None, rest if is_whole else None))
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

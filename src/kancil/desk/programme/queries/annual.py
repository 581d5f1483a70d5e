"""A year of the programme in tables: by country, kind, donor, profession and sex.

An activity is of the year in which it ended, unless it was postponed or cancelled. People are
counted once a table; a table that is public hides groups under five, and shows no money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.desk.programme.models import Activity, HeadCount, Participation, SpendingLine
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityState
from kancil.records.small_groups import alone, split
from kancil.records.table import Column, Holds, Table, count, decimal, table_of, text

from .entering import desk_of, require
from .report_results import standing, took_part_in

HIDDEN = "hidden"
_NOT_HELD = (ActivityState.POSTPONED.value, ActivityState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class _Year:
    """What the tables of a year are made of."""

    activities: QuerySet[Activity]
    people: QuerySet[Participation]
    is_public: bool

    @property
    def total(self) -> int:
        """People who took part, each once."""
        found: int = self.people.aggregate(n=Count("who", distinct=True))["n"]
        return found

    def shown(self, cells: Mapping[Any, int], total: int) -> Mapping[Any, int | str]:
        """Cells as they may be shown."""
        if not self.is_public:
            return dict(cells)
        found = split(cells, total=alone(total))
        return {key: HIDDEN if each is None else each for key, each in found.items()}

    def people_by(self, *names: str) -> dict[tuple[str, ...], int]:
        """People by what stands of them."""
        groups = {f"by_{each}": standing(each) for each in names}
        rows = self.people.annotate(**groups).values_list(*groups)
        found = rows.annotate(n=Count("who", distinct=True)).order_by()
        return {tuple(str(each or "") for each in row[:-1]): row[-1] for row in found}


def annual_tables(person: Person, year: int, *, is_public: bool) -> list[Table]:
    """The tables of a year. Raises ActNotYours for whoever does not see all of the programme."""
    desk = desk_of(person)
    require(desk.sees_all, desk)
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = Activity.objects.filter(ends_on__gte=first, ends_on__lte=last)
    held = held.exclude(state__in=_NOT_HELD)
    whole = _Year(held, took_part_in(Q(activity__in=held)), is_public)
    tables = [_countries(whole), _kinds(whole), _donors(whole)]
    tables += [_people(whole, "sex"), _people(whole, "role"), _reached(whole)]
    if not is_public:
        tables += [_country_sex(whole), _spending(first, last)]
    return tables


def _countries(of: _Year) -> Table:
    rows = of.activities.values_list("countries__code").annotate(n=Count("pk", distinct=True))
    activities = {str(code or ""): n for code, n in rows.order_by()}
    people = {code: n for (code,), n in of.people_by("country_id").items()}
    shown = of.shown(people, of.total)
    names = {each.code: each.shown_name for each in Country.objects.all()}
    codes = sorted({*activities, *people}, key=lambda code: (not code, names.get(code, "")))
    return table_of("annual-countries", (
        *text("country_code", "country"), *count("activities"), *text("people"),
    ), [
        {"country_code": code, "country": names.get(code, ""),
         "activities": activities.get(code, 0), "people": _cell(shown.get(code, 0))}
        for code in codes
    ])  # fmt: skip


def _cell(value: Any) -> str:
    return str(value)


def _kinds(of: _Year) -> Table:
    rows = dict(of.activities.values_list("kind").annotate(n=Count("pk")).order_by())
    found = of.people.values_list("activity__kind").annotate(n=Count("who", distinct=True))
    people = dict(found.order_by())
    # Whoever took part in two kinds is in both, so that the sum of the cells is what they hold.
    shown = of.shown(people, sum(people.values()))
    kind = Column("activity_kind", Holds.CODE, words="programme.activity-kind.")
    return table_of("annual-kinds", (kind, *count("activities"), *text("people")), [
        {"activity_kind": each, "activities": n, "people": _cell(shown.get(each, 0))}
        for each, n in sorted(rows.items())
    ])  # fmt: skip


def _donors(of: _Year) -> Table:
    rows = of.activities.exclude(funding=None).values_list("funding__grant__donor__name")
    found = rows.annotate(
        grants=Count("funding__grant", distinct=True), n=Count("pk", distinct=True)
    ).order_by("funding__grant__donor__name")
    return table_of("annual-donors", (*text("donor"), *count("grants", "activities")), [
        {"donor": donor, "grants": grants, "activities": n} for donor, grants, n in found
    ])  # fmt: skip


def _people(of: _Year, name: str) -> Table:
    shown = of.shown({key: n for (key,), n in of.people_by(name).items()}, of.total)
    column = {"sex": "sex", "role": "profession"}[name]
    first = Column(column, Holds.CODE, words=f"programme.{column}.")
    return table_of(f"annual-{column}", (first, *text("people")), [
        {column: key, "people": _cell(n)} for key, n in sorted(shown.items())
    ])  # fmt: skip


def _reached(of: _Year) -> Table:
    found = HeadCount.objects.filter(activity__in=of.activities, replaced_at=None)
    groups = found.values_list("activity_id", "series", "country_id", "who", "sex", "age_band")
    cells: dict[str, int] = {}
    for row in groups.annotate(n=Max("count")).order_by():
        cells[row[3]] = cells.get(row[3], 0) + row[-1]
    shown = of.shown(cells, sum(cells.values()))
    first = Column("audience", Holds.CODE, words="programme.audience.")
    return table_of("annual-reached", (first, *text("people")), [
        {"audience": key, "people": _cell(n)} for key, n in sorted(shown.items())
    ])  # fmt: skip


def _country_sex(of: _Year) -> Table:
    found = of.people_by("country_id", "sex")
    first = Column("sex", Holds.CODE, words="programme.sex.")
    columns = (*text("country_code"), first, *count("people_counted"))
    return table_of("annual-country-sex", columns, [
        {"country_code": code, "sex": sex, "people_counted": n}
        for (code, sex), n in sorted(found.items())
    ])  # fmt: skip


def _spending(first: date, last: date) -> Table:
    lines = SpendingLine.objects.filter(
        posted_on__gte=first, posted_on__lte=last, file__batch__undone_at=None
    ).exclude(grant=None)  # fmt: skip
    found = lines.values_list("grant__donor__name", "grant__reference", "file__currency")
    rows = found.annotate(n=Sum("amount_minor")).order_by(
        "grant__donor__name", "grant__reference", "file__currency"
    )
    return table_of("annual-spending", (
        *text("donor", "grant_reference", "currency"), *decimal("spent_amount"),
    ), [
        {"donor": donor, "grant_reference": grant, "currency": currency,
         "spent_amount": str(Money(currency, minor).amount)}
        for donor, grant, currency, minor in rows
    ])  # fmt: skip

"""A year of the programme in tables: by country, kind, donor, profession and sex.

An activity is of the year in which it ended, once it is done. People are counted by a rule, as
figures are; a table that is public hides groups under five, and shows no money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.models import Activity, Grant
from kancil.desk.programme.money.costs import spent_by_grant
from kancil.desk.programme.reports.results import PEOPLE, REACHED, counted_heads
from kancil.desk.programme.results.counting import records_for
from kancil.programme.counting.count import Scope, count
from kancil.programme.counting.records import Records
from kancil.programme.counting.rule import WHOLE, Counts, Dimension, Rule
from kancil.programme.counting.together import Cell, cell, hidden_together
from kancil.programme.money.terms import Period
from kancil.programme.vocabulary import ActivityState
from kancil.records.small_groups import alone, is_small, split
from kancil.records.table import Column, Holds, Table, decimal, table_of, text
from kancil.records.table import count as counts

HIDDEN = "hidden"
_RULE = Rule(Counts.PEOPLE, split=(*PEOPLE.split, Dimension.KIND))


@dataclass(frozen=True, slots=True)
class _Year:
    """What the tables of a year are made of."""

    activities: QuerySet[Activity]
    records: Records
    people: Mapping[str, Mapping[str, int | str]]
    """People by each dimension, as they may be shown; by audience those who are not listed."""


def annual_tables(person: Person, year: int, *, is_public: bool) -> list[Table]:
    """The tables of a year. Raises ActNotYours for whoever does not see all of the programme.

    Small groups are left in where the tables are not public and the person sees names.
    """
    desk = desk_of(person)
    require(desk.sees_all, desk)
    first, last = date(year, 1, 1), date(year, 12, 31)
    scope = Scope(first, last)
    held = Activity.objects.filter(
        ends_on__gte=first, ends_on__lte=last, state=ActivityState.DONE.value
    )
    records = records_for(_RULE, scope)
    people = {**count(_RULE, records, scope).split, Dimension.AUDIENCE: counted_heads(scope)}
    is_whole = desk.sees_all_people and not is_public
    whole = _Year(held, records, {**people} if is_whole else _hiding(scope, people))
    tables = [_countries(whole), _kinds(whole), _donors(whole)]
    tables += [
        _people(whole, each) for each in (Dimension.SEX, Dimension.PROFESSION, Dimension.AUDIENCE)
    ]
    if is_whole:
        tables.append(_country_sex(whole))
    return tables if is_public else [*tables, _spending(first, last)]


def _hiding(
    scope: Scope, people: Mapping[str, Mapping[str, int]]
) -> dict[str, Mapping[str, int | str]]:
    """The cells of all tables as they may be shown beside each other."""
    shown: dict[str, Mapping[str, int | None]] = {}
    cells: list[Cell | None] = []
    for dimension, parts in people.items():
        # Whoever took part in two kinds is in both, so that the sum of the cells is what they hold.
        rule = REACHED if dimension == Dimension.AUDIENCE else _RULE
        shown[dimension] = split(parts, total=alone(sum(parts.values())))
        cells += [
            cell(f"{dimension} {key}", rule, scope, str(parts[key]), is_shown=n is not None,
                 more={dimension: key})
            for key, n in shown[dimension].items()
        ]  # fmt: skip
        if dimension in WHOLE[rule.counts]:
            total = sum(parts.values())
            cells.append(cell(f"all by {dimension}", rule, scope, str(total),
                              is_shown=not is_small(total), is_fixed=True))  # fmt: skip
    hidden = hidden_together([each for each in cells if each is not None])
    return {
        dimension: {
            key: HIDDEN if n is None or f"{dimension} {key}" in hidden else n
            for key, n in parts.items()
        }
        for dimension, parts in shown.items()
    }


def _countries(of: _Year) -> Table:
    rows = of.activities.values_list("countries__code").annotate(n=Count("pk", distinct=True))
    activities = {str(code or ""): n for code, n in rows.order_by()}
    shown = of.people[Dimension.COUNTRY]
    names = {each.code: each.shown_name for each in Country.objects.all()}
    codes = sorted({*activities, *shown}, key=lambda code: (not code, names.get(code, "")))
    return table_of("annual-countries", (
        *text("country_code", "country"), *counts("activities"), *text("people"),
    ), [
        {"country_code": code, "country": names.get(code, ""),
         "activities": activities.get(code, 0), "people": str(shown.get(code, 0))}
        for code in codes
    ])  # fmt: skip


def _kinds(of: _Year) -> Table:
    rows = dict(of.activities.values_list("kind").annotate(n=Count("pk")).order_by())
    shown = of.people[Dimension.KIND]
    kind = Column("activity_kind", Holds.CODE, words="programme.activity-kind.")
    return table_of("annual-kinds", (kind, *counts("activities"), *text("people")), [
        {"activity_kind": each, "activities": n, "people": str(shown.get(each, 0))}
        for each, n in sorted(rows.items())
    ])  # fmt: skip


def _donors(of: _Year) -> Table:
    rows = of.activities.exclude(funding=None).values_list("funding__grant__donor__name")
    found = rows.annotate(
        grants=Count("funding__grant", distinct=True), n=Count("pk", distinct=True)
    ).order_by("funding__grant__donor__name")
    return table_of("annual-donors", (*text("donor"), *counts("grants", "activities")), [
        {"donor": donor, "grants": grants, "activities": n} for donor, grants, n in found
    ])  # fmt: skip


def _people(of: _Year, dimension: Dimension) -> Table:
    name = dimension.value
    table = "reached" if dimension is Dimension.AUDIENCE else name
    first = Column(name, Holds.CODE, words=f"programme.{name}.")
    rows = sorted(of.people[dimension].items())
    return table_of(f"annual-{table}", (first, *text("people")), [
        {name: key, "people": str(n)} for key, n in rows
    ])  # fmt: skip


def _country_sex(of: _Year) -> Table:
    persons = {each.person: (each.country, each.sex) for each in of.records.taking_part}
    first = Column("sex", Holds.CODE, words="programme.sex.")
    columns = (*text("country_code"), first, *counts("people_counted"))
    return table_of("annual-country-sex", columns, [
        {"country_code": code, "sex": sex, "people_counted": n}
        for (code, sex), n in sorted(Counter(persons.values()).items())
    ])  # fmt: skip


def _spending(first: date, last: date) -> Table:
    """What each grant bore, its shares of joint activities among it, as the ledger has it."""
    grants = list(Grant.objects.select_related("donor").order_by("donor__name", "reference"))
    spent = spent_by_grant({row.id: row.currency for row in grants}, Period(first, last))
    return table_of("annual-spending", (
        *text("donor", "grant_reference", "currency"), *decimal("spent_amount"),
    ), [
        {"donor": row.donor.name, "grant_reference": row.reference, "currency": part.currency,
         "spent_amount": str(part.amount)}
        for row in grants
        for part in spent[row.id].parts
    ])  # fmt: skip

"""Figures of indicators: counted by their rule, entered with a source, corrected with a reason.

No figure is changed. One that is counted, entered or corrected anew stands after the older one and
says why; a report keeps which it used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.desk.assessment.errors import CountryNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import keep, reason_for
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books, require_version
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import (
    FigureNotFound,
    GrantNotFound,
    PeriodBackwards,
    ResultIndicatorNotFound,
)
from kancil.desk.programme.models import Figure, Grant, Indicator, IndicatorVersion
from kancil.desk.programme.results.counting import records_for
from kancil.desk.programme.results.versions import hold_indicator, newest_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.counting.count import Counted, Scope, count
from kancil.programme.counting.rule import read_rule
from kancil.programme.counting.shown import number_of
from kancil.programme.errors import ResultNotUsable


@dataclass(frozen=True, slots=True)
class Within:
    """For what a figure stands."""

    since: date
    until: date
    country: str = ""
    """Code; empty: all countries."""
    grant: str = ""
    """Id; empty: whoever paid."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as a person states it."""

    value: str
    source: str
    """Who says so, where, of which day."""
    contribution: str = ""


def count_figure(
    *, by: Person, indicator: str, within: Within, contribution: str = "", reason: str = ""
) -> str:
    """Count an indicator by its newest rule and keep the figure; gives its id.

    A figure that stands for the same period, country and grant is corrected by it: then `reason`
    says why. Raises ResultIndicatorNotFound, ChangedMeanwhile, NothingToCount, CountryNeeded,
    ReasonMissing, PeriodBackwards.
    """
    desk = desk_of(by)
    require(desk.may_write, desk)
    known = Indicator.objects.filter(id=indicator[:36], ended_at=None).first()
    if known is None:
        raise ResultIndicatorNotFound
    seen = newest_of(known)
    rule = read_rule(seen.rule)
    country, grant = _placed(within)
    scope = _scope(within, grant)
    counted = count(rule, records_for(rule, scope), scope)  # before others have to wait
    with changing_books(by):
        version = newest_of(hold_indicator(indicator))
        require_version(version.n, seen.n, version.by.name)
        older = _standing(version, within)
        row = _figure(by, version, within, country, grant, older)
        row.value = f"{counted.value:f}"
        row.split = plain(counted.split)
        row.records = {**plain(counted.records), **_beside(counted)}
        row.contribution = contribution.strip()
        row.reason = reason_for("figure", reason) if older else reason.strip()
        keep(row)
        _record("figure.counted", by, version, row)
    return row.id


def enter_figure(
    *, by: Person, indicator: str, within: Within, entry: Entry, reason: str = ""
) -> str:
    """Enter a figure that is not counted here, with its source; gives its id.

    Raises ResultIndicatorNotFound, ResultNotUsable, FieldNotUsable, ReasonMissing, PeriodBackwards.
    """
    with changing_books(by):
        version = newest_of(hold_indicator(indicator))
        country, grant = _placed(within)
        older = _standing(version, within)
        row = _figure(by, version, within, country, grant, older)
        _put(row, version, entry)
        row.reason = reason_for("figure", reason) if older else reason.strip()
        keep(row, "value", "source")
        _record("figure.entered", by, version, row)
    return row.id


def correct_figure(*, by: Person, figure: str, entry: Entry, reason: str) -> str:
    """Put another number after a figure, with reason and source; the older one stays to be seen.

    It stands under the version of the older one. Raises FigureNotFound, ReasonMissing,
    ChangedMeanwhile where another one corrected it already.
    """
    with changing_books(by):
        found = Figure.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "version__indicator", "country", "grant"
        )
        older = found.filter(id=figure[:36]).first()
        if older is None:
            raise FigureNotFound
        newer = older.newer.select_related("by").first()
        require_version(0 if newer is None else 1, 0, newer.by.name if newer else "")
        within = Within(older.period_from, older.period_to)
        row = _figure(by, older.version, within, older.country, older.grant, older)
        _put(row, older.version, entry)
        row.contribution = entry.contribution.strip() or older.contribution
        row.reason = reason_for("figure", reason)
        keep(row, "value", "source")
        _record("figure.corrected", by, older.version, row)
    return row.id


def _placed(within: Within) -> tuple[Country | None, Grant | None]:
    country = Country.objects.filter(code=within.country[:3]).first() if within.country else None
    if within.country and country is None:
        raise CountryNotFound(code=within.country[:12])
    grant = Grant.objects.filter(id=within.grant[:36]).first() if within.grant else None
    if within.grant and grant is None:
        raise GrantNotFound
    if within.until < within.since:
        raise PeriodBackwards(since=within.since.isoformat(), until=within.until.isoformat())
    return country, grant


def _scope(within: Within, grant: Grant | None) -> Scope:
    return Scope(within.since, within.until, within.country, grant.reference if grant else "")


def _standing(version: IndicatorVersion, within: Within) -> Figure | None:
    """The figure that stands for the same indicator, period, country and grant."""
    rows = Figure.objects.filter(
        version__indicator=version.indicator_id, period_from=within.since, period_to=within.until,
        country=within.country or None, grant=within.grant or None, newer__isnull=True,
    )  # fmt: skip
    return rows.order_by("-at").first()


def _figure(
    by: Person,
    version: IndicatorVersion,
    within: Within,
    country: Country | None,
    grant: Grant | None,
    older: Figure | None,
) -> Figure:
    return Figure(
        version=version, period_from=within.since, period_to=within.until, country=country,
        grant=grant, older=older, by=by, at=clock.now(),
    )  # fmt: skip


def _put(row: Figure, version: IndicatorVersion, entry: Entry) -> None:
    value = entry.value.strip()
    if version.measure != "qualitative" and number_of(value) is None:
        raise ResultNotUsable(field=Phrase("programme.result.field-value"), value=value[:60])
    row.value, row.source, row.is_entered = value, entry.source.strip(), True
    row.contribution = entry.contribution.strip()


def _beside(counted: Counted) -> dict[str, object]:
    found: dict[str, object] = {}
    if counted.of is not None:
        found["of"] = counted.of
    if counted.without_days:
        found["without_days"] = counted.without_days
    if counted.doubles is not None:
        found["doubles"] = plain(counted.doubles)
    return found


def _record(kind: str, by: Person, version: IndicatorVersion, row: Figure) -> None:
    record(
        kind, by=by, country=row.country_id or "", about=version.indicator.code, figure=row.id,
        n=version.n, value=row.value[:60],
    )  # fmt: skip

"""Working days and zones of the two sides of a request.

Public holidays come from the package `holidays`, which its authors keep by hand from published
sources: no country's official calendar. A holiday that a government has declared this month, or
that one province alone keeps, may be missing; holidays that follow the moon are estimates. Where it
knows no calendar of a country, only Saturday and Sunday are free, and `is_known` says so. Of some
countries it has wrong days of the week: `weekends.yaml` stands above it, with source and date.
Zones of a country: `zone.tab` of the IANA tables, in the package `tzdata`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

_FREE = ("public", "government")
"""Categories of holidays on which a public office is shut."""
_DAY = timedelta(days=1)
_WEEKEND = (5, 6)
_DATA = Path(__file__).with_name("weekends.yaml")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Weekend:
    """Days of the week on which a country's offices are shut, by a source beside the package."""

    free: frozenset[int]
    """0 is Monday."""
    since: date
    differs: bool
    """The days are not known: `free` holds each that some source takes as free."""
    source: str


@cache
def weekends() -> dict[str, Weekend]:
    """The table of weekends by country, which stands above the package."""
    rows = yaml.safe_load(_DATA.read_text("utf-8"))["countries"]
    return {
        country: Weekend(
            frozenset(_DAYS.index(each) for each in row["free"]), row.get("since", date.min),
            row.get("differs", False), row["source"],
        )
        for country, row in rows.items()
    }  # fmt: skip


@cache
def _calendar(country: str) -> Any:
    """The package's calendar of a country; None where it has none.

    Taken in here, so that only who counts working days waits for it.
    """
    package = import_module("holidays")
    kind = getattr(package, country, None) if country else None
    if kind is None or country not in package.list_supported_countries():
        return None
    return kind(categories=[each for each in _FREE if each in kind.supported_categories])


def calendar_version() -> str:
    """Version of the package `holidays`, which every count of working days names."""
    return str(import_module("holidays").__version__)


@cache
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """Zones of a country; empty where the tables name none."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(ZoneInfo(row[2]) for row in rows if row[0] == country)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a request, as far as days matter."""

    country: str
    """ISO 3166-1 alpha-2; empty: not known, or no country's office."""
    zone: ZoneInfo | None = None
    """The office's; None: the zone of its country where the day ends first, else UTC."""

    @property
    def is_known(self) -> bool:
        """Whether a calendar of its holidays is at hand."""
        return _calendar(self.country) is not None

    @property
    def weekend_differs(self) -> bool:
        """Whether it is not known which days of the week are free."""
        return self.country in weekends() and weekends()[self.country].differs

    def zone_on(self, day: date) -> ZoneInfo:
        """The zone by which a day is counted."""
        if self.zone is not None:
            return self.zone
        zones = zones_of(self.country) or (ZoneInfo("UTC"),)
        return min(zones, key=lambda zone: end_of(day, zone))

    def is_working(self, day: date) -> bool:
        """Whether its offices work on a day, as far as is known."""
        found = _calendar(self.country)
        own = weekends().get(self.country)
        if own is not None and day >= own.since:
            return day.weekday() not in own.free and (found is None or day not in found)
        if found is None:
            return day.weekday() not in _WEEKEND
        return bool(found.is_working_day(day))

    def holiday(self, day: date) -> str:
        """Name of the holiday, in a language of the country; empty where there is none."""
        found = _calendar(self.country)
        return "" if found is None else str(found.get(day) or "")


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last moment of a day in a zone, as aware UTC; also where a clock is put back or on."""
    midnight = datetime.combine(day + _DAY, time(), zone)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def is_working(day: date, sides: Iterable[Side]) -> bool:
    """Whether all sides work on a day."""
    return all(side.is_working(day) for side in sides)


def working_day(day: date, sides: Iterable[Side], step: int) -> date:
    """The day itself if all sides work on it, else the nearest before (`step` -1) or after (1)."""
    among = tuple(sides)
    while not is_working(day, among):
        day += _DAY * step
    return day


def after_working_days(day: date, count: int, sides: Iterable[Side]) -> date:
    """The day that is `count` working days of all sides later, or earlier where it is negative.

    The day it starts from is not counted.
    """
    among, step = tuple(sides), 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = working_day(day + _DAY * step, among, step)
    return day

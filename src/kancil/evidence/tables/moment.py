"""Dates and times as a table writes them, read by a format and a zone that the mapping states.

A format is written with the letters that people know: `DD/MM/YYYY hh:mm:ss`. `03/04/2024` is in
March or in April; only the format says, and none is guessed. A time without a known zone has no
UTC; a day without a time of day is a day and not its midnight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .amount import plain_digits
from .headings import months as month_names

GREGORIAN = "gregorian"
BUDDHIST = "buddhist"
CALENDARS = {GREGORIAN: 0, BUDDHIST: 543}
"""Years to take off: Thai documents count from the Buddha (2567 is 2024)."""
ZONE_UNKNOWN = "unknown"
"""The zone of a table whose officer could not learn it."""
UNIX = "unix"
UNIX_MS = "unix-ms"

NO_ZONE = "zone-unknown"
AMBIGUOUS = "time-ambiguous"
MAX_CHARACTERS = 60
_YEARS = range(1970, 2201)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "LMON": r"(?P<local>[^\d/,:-]{2,20}(?:\s\d{1,2})?)",
    "MON": r"(?P<name>[A-Za-z]{3,9})\.?",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "hh": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?",
    "AP": r"(?P<half>[AaPp]\.?[Mm]\.?)",
    "ZZ": r"(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})",
}
LOCAL_MONTH = "LMON"
"""Part of a format: a month by its name in a language of the region."""
_SPLIT = re.compile("(" + "|".join(_TOKENS) + ")")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How times are written in one table."""

    formats: tuple[str, ...]
    """Tried in order; the first that fits is taken. `unix`: seconds since 1970, `unix-ms`."""
    zone: str | None
    """IANA name, `UTC`, `+07:00`, or `unknown`."""
    calendar: str = GREGORIAN


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as read."""

    day: date
    """In the table's own zone."""
    at: datetime | None
    """Aware UTC; None where the time of day or the zone is not stated."""
    zone: str | None
    """Zone in which it was read."""
    note: str | None = None


def is_time_format(text: str) -> bool:
    """Whether a format names a year, a month and a day, each once."""
    if text in (UNIX, UNIX_MS):
        return True
    tokens = _SPLIT.findall(text)
    years = [token for token in tokens if token in ("YYYY", "YY")]
    months = [token for token in tokens if token in ("MM", "MON", LOCAL_MONTH)]
    is_single = len(set(tokens)) == len(tokens)
    return is_single and len(years) == len(months) == tokens.count("DD") == 1


def literals_of(time_format: str) -> set[str]:
    """The characters of a format that stand for themselves."""
    return set("".join(_SPLIT.split(time_format)[::2]))


def zone_named(text: str) -> tzinfo | None:
    """A zone by IANA name or offset (`+07:00`, `UTC+7`); None if there is none."""
    if text.upper() in ("UTC", "GMT", "Z"):
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is not None:
        shift = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if shift > timedelta(hours=15):
            return None
        return timezone(-shift if found[1] == "-" else shift)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_moment(text: str, form: TimeForm) -> Moment | None:
    """Read a date or time; None for text that fits none of the form's formats."""
    plain = " ".join(plain_digits(text).split())
    if not plain or len(plain) > MAX_CHARACTERS:
        return None
    for each in form.formats:
        found = _read(plain, each, form)
        if found is not None:
            return found
    return None


def _read(text: str, time_format: str, form: TimeForm) -> Moment | None:
    if time_format in (UNIX, UNIX_MS):
        return _read_unix(text, 1 if time_format == UNIX else 1000)
    found = _pattern(time_format).fullmatch(text)
    if found is None:
        return None
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        return _moment_of(parts, form)
    except ValueError:
        return None  # no such day, hour or month


def _read_unix(text: str, per_second: int) -> Moment | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        return None
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            microseconds=int(text) * 1_000_000 // per_second
        )
    except OverflowError:
        return None
    return Moment(at.date(), at, "UTC") if at.year in _YEARS else None


def _moment_of(parts: dict[str, str], form: TimeForm) -> Moment | None:
    """Put the parts together; raises ValueError for a day or time that does not exist."""
    century = 2500 if form.calendar == BUDDHIST else 2000
    year = int(parts["year"]) if "year" in parts else century + int(parts["short"])
    year -= CALENDARS[form.calendar]
    day = date(year, _month(parts), int(parts["day"]))
    if year not in _YEARS:
        return None
    if "hour" not in parts:
        return Moment(day, None, form.zone)
    hour = _hour(int(parts["hour"]), parts.get("half"))
    micros = int(parts.get("fraction", "0").ljust(6, "0")[:6])
    clock = time(hour, int(parts.get("minute", "0")), int(parts.get("second", "0")), micros)
    name = parts.get("offset") or form.zone
    zone = None if name is None else zone_named(name)
    if zone is None:
        return Moment(day, None, name, NO_ZONE)
    at = datetime.combine(day, clock, zone).astimezone(UTC)
    if at != datetime.combine(day, clock.replace(fold=1), zone).astimezone(UTC):
        # The clock was put back or forward there: the hour stands twice, or not at all.
        return Moment(day, None, name, AMBIGUOUS)
    return Moment(day, at, name)


def _month(parts: dict[str, str]) -> int:
    """The number of a month; 0, which is none, for a local name that is none."""
    if "local" in parts:
        return month_names().get(" ".join(parts["local"].split()).casefold(), 0)
    return _MONTHS.index(parts["name"][:3].lower()) + 1 if "name" in parts else int(parts["month"])


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24; raises ValueError for `13 PM`."""
    if half is None:
        return hour
    return (range(1, 13).index(hour) + 1) % 12 + (12 if half[0] in "Pp" else 0)


@cache
def _pattern(time_format: str) -> re.Pattern[str]:
    parts = _SPLIT.split(" ".join(time_format.split()))
    wanted = [_TOKENS.get(part) or re.escape(part) for part in parts]
    for place in range(2, len(parts) - 1, 2):
        # Literals stand at even places. Nothing between two numbers: each has all its digits.
        if not parts[place]:
            for beside in (place - 1, place + 1):
                wanted[beside] = wanted[beside].replace("{1,2}", "{2}")
    return re.compile("".join(wanted), re.ASCII)

"""Days as a calendar file (RFC 5545), which leaves the workspace for calendars of people.

So it holds reference numbers and kinds, and no name of a person, case or office; of an activity,
its title and place. An entry's UID is the same each time, so that a calendar which takes a newer
file in changes its entry and adds none. The library icalendar writes it (decision 55).
Times are UTC: no table of zones is needed (section 3.3.5, form 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from kancil.ground.digests import sha256_hex

_PRODUCT = "-//Kancil//Dates//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar."""

    id: str
    """What it is, the same in each file; only its digest leaves."""
    at: datetime
    """Aware."""
    summary: str
    """Reference numbers and kinds only."""
    alarm_days: int = 1
    """How many days before, it is said."""


@dataclass(frozen=True, slots=True)
class Days:
    """An entry of whole days, such as an activity that is announced to those who take part."""

    id: str
    first: date
    last: date
    """The last day itself; the file states the day after it (section 3.6.1)."""
    summary: str
    place: str = ""
    status: str = "CONFIRMED"
    """`TENTATIVE`, `CONFIRMED`, `CANCELLED` (section 3.8.1.11)."""


def calendar_file(entries: Iterable[Entry | Days], made_at: datetime) -> bytes:
    """The whole file; `made_at`: aware."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for each in entries:
        event = Event()
        event.add("uid", f"{sha256_hex(each.id.encode())[:40]}@kancil.invalid")
        event.add("dtstamp", made_at.astimezone(UTC))
        _fill_days(event, each) if isinstance(each, Days) else _fill(event, each)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _fill_days(event: Event, entry: Days) -> None:
    event.add("dtstart", entry.first)
    if entry.last < date.max:
        event.add("dtend", entry.last + timedelta(days=1))
    event.add("summary", _text(entry.summary))
    if entry.place:
        event.add("location", _text(entry.place))
    event.add("status", entry.status)


def _fill(event: Event, entry: Entry) -> None:
    event.add("dtstart", entry.at.astimezone(UTC))
    event.add("summary", _text(entry.summary))
    event.add("class", "CONFIDENTIAL")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(entry.summary))
    alarm.add("trigger", timedelta(days=-entry.alarm_days))
    event.add_component(alarm)


def _text(value: str) -> str:
    """A value without control characters, which are no part of a TEXT (section 3.3.11).

    The library writes them as they are; of a line break it makes the two characters for one.
    """
    return "".join(each for each in value if each == "\n" or (each >= " " and each != "\x7f"))

"""Days as a calendar file (RFC 5545), which leaves the workspace for calendars of people.

So it holds reference numbers and kinds, and no name of a person, case or office; of an activity,
its title and place. An entry's UID is the same each time, so that a calendar which takes a newer
file in changes its entry and adds none.
Times are UTC: no table of zones is needed (section 3.3.5, form 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kancil.ground.digests import sha256_hex

_LINE_OCTETS = 75
"""Of one line of the file without its CRLF (section 3.1)."""
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
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    for each in entries:
        lines += _whole_days(each, made_at) if isinstance(each, Days) else _event(each, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _uid(id: str) -> str:
    return f"UID:{sha256_hex(id.encode())[:40]}@kancil.invalid"


def _whole_days(entry: Days, made_at: datetime) -> list[str]:
    after = [entry.last + timedelta(days=1)] if entry.last < date.max else []
    return [
        "BEGIN:VEVENT",
        _uid(entry.id),
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
        *(f"DTEND;VALUE=DATE:{each:%Y%m%d}" for each in after),
        f"SUMMARY:{_text(entry.summary)}",
        *([f"LOCATION:{_text(entry.place)}"] if entry.place else []),
        f"STATUS:{entry.status}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _event(entry: Entry, made_at: datetime) -> list[str]:
    summary = _text(entry.summary)
    return [
        "BEGIN:VEVENT",
        _uid(entry.id),
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(entry.at)}",
        f"SUMMARY:{summary}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{summary}",
        f"TRIGGER:-P{entry.alarm_days}D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A value of type TEXT (section 3.3.11); control characters are no part of one."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    shown = escaped.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(each for each in shown if each >= " " and each != "\x7f")


def _folded(line: str) -> Iterator[bytes]:
    """A line in parts of at most 75 octets, never cut inside a character (section 3.1)."""
    part = b""
    for each in line:
        octets = each.encode()
        if len(part) + len(octets) > _LINE_OCTETS:
            yield part
            part = b" "
        part += octets
    yield part

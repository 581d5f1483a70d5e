"""The one clock: aware UTC times, and one text form for them everywhere.

Zones for people come from `kancil.toml`, never from the machine.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .errors import TimeNotReadable

_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def now() -> datetime:
    """The present moment as aware UTC. The machine's clock is trusted no further."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """Write an aware time as `2026-11-24T14:34:38.123456Z`: UTC, always six decimals.

    Raises TimeNotReadable for a time without a zone.
    """
    if moment.tzinfo is None:
        raise TimeNotReadable(text=moment.isoformat())
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote; raises TimeNotReadable for anything else."""
    if _TEXT.fullmatch(text) is None:
        raise TimeNotReadable(text=text[:60])
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeNotReadable(text=text[:60]) from error


def from_unix(seconds: int) -> datetime:
    """The aware UTC time of a Unix time in whole seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def from_person(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime:
    """Read a date or time that a person typed; what names no zone is in the unit's zone.

    A bare date is its first moment, or with `end_of_day` its last. Raises TimeNotReadable.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = date.fromisoformat(text)
            if end_of_day:
                return datetime(
                    day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=zone
                ).astimezone(UTC)
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeNotReadable(text=text[:60]) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)

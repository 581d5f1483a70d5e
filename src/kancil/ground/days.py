"""Days of the calendar: counted on by months, and from one to another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date | None:
    """The same day of a later month, or that month's last; None: after the year 9999."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def span(first: date, last: date) -> str:
    """From one day to another, both of them within: `2026-03-09 – 2026-06-18`; one day is one."""
    return f"{first}" if first == last else f"{first} – {last}"

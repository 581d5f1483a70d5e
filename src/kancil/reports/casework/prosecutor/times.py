"""Moments as the report writes them: in the unit's own time, and in UTC beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kancil.ground.words import render
from kancil.reports.document.blocks import Cell, cell, muted


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment in the unit's time, with its distance from UTC: `2026-11-24 21:34:38 +07:00`.

    A zone's distance is the one that it had on that day.
    """
    return moment.astimezone(zone).replace(microsecond=0).isoformat(sep=" ").replace("+", " +")


def utc_text(moment: datetime) -> str:
    """Write a moment in UTC: `2026-11-24 14:34:38 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def both_text(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment in both, in one line."""
    return f"{local_text(moment, zone)} ({utc_text(moment)})"


def read_time(text: str) -> datetime | None:
    """Read a time of a table or an entry; None where there is none."""
    return datetime.fromisoformat(text) if text else None


def time_cell(moment: datetime | None, zone: ZoneInfo) -> Cell:
    """A cell with a moment in both; None is a time that is not known."""
    if moment is None:
        return cell(render("note.report-no-block"))
    day, hour, distance = local_text(moment, zone).split(" ")
    return cell(f"{day} {hour}", muted(f"{distance} {zone.key}"), muted(utc_text(moment)))

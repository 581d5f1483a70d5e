"""Activities as a calendar file (RFC 5545), as far as a person sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kancil.desk.programme.access import Desk
from kancil.desk.programme.activities.activities import calendar
from kancil.ground.words import render, render_phrase
from kancil.legal.calendar_file import Days, calendar_file
from kancil.programme.vocabulary import ActivityState
from kancil.records.described import named

HORIZON = timedelta(days=540)
"""So far ahead the file reaches."""
BEHIND = timedelta(days=90)
_STATUS = {
    ActivityState.PLANNED: "TENTATIVE", ActivityState.CONFIRMED: "CONFIRMED",
    ActivityState.DONE: "CONFIRMED", ActivityState.POSTPONED: "CANCELLED",
    ActivityState.CANCELLED: "CANCELLED",
}  # fmt: skip


def calendar_of(
    desk: Desk,
    today: date,
    made_at: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
) -> bytes:
    """Activities of some days, else of three months back and eighteen ahead of `today`.

    It holds code, kind, title and place, and no name of a person. What was postponed or cancelled
    stands in it as cancelled, so that a calendar which took it in before takes it out.
    """
    rows = calendar(desk, first or today - BEHIND, last or today + HORIZON, with_off=True)
    online = render("web.activity.online")
    return calendar_file(
        [
            Days(
                id=f"activity {each.id}", first=each.begins_on, last=each.ends_on,
                summary=render("name.activity-entry", code=each.code, title=each.title,
                               kind=render_phrase(named(each.kind))),
                place=each.place or (online if each.is_online else ""),
                status=_STATUS[each.state],
            )
            for each in rows
        ],
        made_at,
    )  # fmt: skip

"""Errors of requests and of what they stand on."""

from __future__ import annotations

from kancil.ground.errors import Refused


class EventCannotFollow(Refused):
    """A request does not stand where this may be recorded of it. Params: `what`, `why`."""

    code = "event-cannot-follow"


class EventDayWrong(Refused):
    """The day of an event cannot be right. Params: `day`, `why`."""

    code = "event-day-wrong"

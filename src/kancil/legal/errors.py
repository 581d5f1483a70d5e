"""Errors of requests and of what they stand on."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotReadable, Refused


class FieldsNotReadable(NotReadable):
    """A file of a letter's fields is not of its form. Params: `path`, `why`."""

    code = "fields-not-readable"


class DraftNotReadable(NotReadable):
    """A stored draft is not of its form, or was changed."""

    code = "draft-not-readable"


class EventCannotFollow(Refused):
    """A request does not stand where this may be recorded of it. Params: `what`, `why`."""

    code = "event-cannot-follow"


class EventDayWrong(Refused):
    """The day of an event cannot be right. Params: `day`, `why`."""

    code = "event-day-wrong"


class LawFileNotReadable(NotReadable):
    """A file of law has a fault. Params: `path`, `line`, `why`."""

    code = "law-file-not-readable"


class ElementNotFound(NotFound):
    """A pair of elements names one that the offence has not. Params: `element`, `offence`."""

    code = "element-not-found"


class CheckNotAtOnce(Refused):
    """All questions of the human-rights check are to be answered by one act that may not be."""

    code = "check-not-at-once"

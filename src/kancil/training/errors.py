"""Errors of the training craft."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused


class GiftNotReadable(NotReadable):
    """A question bank that is no GIFT. Params: `path`, `line`, `why`."""

    code = "gift-not-readable"


class GiftCannotHold(Refused):
    """An item whose words GIFT would read as a mark. Params: `item`."""

    code = "gift-cannot-hold"


class CourseNotReadable(NotReadable):
    """A course with a fault. Params: `path`, `line`, `why`, `count` of all faults."""

    code = "course-not-readable"


class CourseNotFound(NotFound):
    """No course of that name comes with Kancil or was imported. Params: `name`, `known`."""

    code = "course-not-found"


class CoursePackNotReadable(NotReadable):
    """A file is no pack of a course. Params: `path`, `why`."""

    code = "course-pack-not-readable"


class CoursePackBroken(IntegrityBroken):
    """A pack's bytes are not those that were signed. Params: `path`, `file`."""

    code = "course-pack-broken"


class CourseExists(Refused):
    """A course of that id and version is there, with other bytes. Params: `course`, `version`."""

    code = "course-exists"

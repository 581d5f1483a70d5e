"""Errors of the programme's books."""

from __future__ import annotations

from kancil.ground.errors import NotFound, Refused


class ActivityNotFound(NotFound):
    """There is no such activity, or none that this person may know of."""

    code = "activity-not-found"


class GrantNotFound(NotFound):
    """There is no such grant, or none that this person may know of."""

    code = "grant-not-found"


class ChangedMeanwhile(Refused):
    """Somebody changed the same thing since it was opened. Params: `name`, who did."""

    code = "changed-meanwhile"


class CodeTaken(Refused):
    """Another thing of its kind has this code. Params: `code_given`."""

    code = "code-taken"


class DeviceNotFound(NotFound):
    """There is no such device, or what it held was fetched, revoked or is over its hours."""

    code = "device-not-found"


class DeviceRevoked(Refused):
    """A device that was revoked sent marks. Params: `name`, of the device."""

    code = "device-revoked"


class DayOutsideActivity(Refused):
    """A day that is none of the activity's. Params: `day`."""

    code = "day-outside-activity"


class NobodyRegistered(Refused):
    """There is nobody who could be marked."""

    code = "nobody-registered"


class EvaluationNotDue(Refused):
    """An evaluation before its day. Params: `day`."""

    code = "evaluation-not-due"

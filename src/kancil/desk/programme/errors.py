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


class ActivityBlocked(Refused):
    """Something is missing before an activity is confirmed or done.

    Params: `title`, `count`, `why` (the first).
    """

    code = "activity-blocked"


class ActivityStateFixed(Refused):
    """An activity is not in a state that this act begins from. Params: `title`, `state`."""

    code = "activity-state-fixed"

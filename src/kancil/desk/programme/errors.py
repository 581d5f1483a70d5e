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


class ResultNotFound(NotFound):
    """There is no such outcome or output, or it has ended."""

    code = "result-not-found"


class ResultStillOpen(Refused):
    """Something of an outcome or output is still open. Params: `code_open`, of the first."""

    code = "result-still-open"


class ResultIndicatorNotFound(NotFound):
    """There is no such indicator, or it has ended."""

    code = "result-indicator-not-found"


class FigureNotFound(NotFound):
    """There is no such figure, or none that this person may know of."""

    code = "figure-not-found"


class PeriodBackwards(Refused):
    """A period that ends before it begins. Params: `since`, `until`."""

    code = "period-backwards"

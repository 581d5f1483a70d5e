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


class ReportNotFound(NotFound):
    """There is no such donor report, or none that this person may know of."""

    code = "report-not-found"


class ReportBegun(Refused):
    """A draft for the grant and period is there already."""

    code = "report-begun"


class ReportPublished(Refused):
    """The report was published, and stands as it is."""

    code = "report-published"


class ReportMoved(Refused):
    """What the report says changed after it was shown."""

    code = "report-moved"

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


class IatiReporterMissing(Refused):
    """Nobody said yet which organisation publishes the programme's IATI files."""

    code = "iati-reporter-missing"


class ImportInUse(Refused):
    """What an import made was changed or used since. Params: `count`, `code_given`, the first."""

    code = "import-in-use"

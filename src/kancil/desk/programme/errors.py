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


class DonorNotFound(NotFound):
    """There is no such donor, or none that this person may know of."""

    code = "donor-not-found"


class BudgetLineNotFound(NotFound):
    """There is no such line of a budget, or another has taken its place."""

    code = "budget-line-not-found"


class RateTableNotFound(NotFound):
    """There is no such table of rates in use."""

    code = "rate-table-not-found"


class SpendingNotFound(NotFound):
    """There is no such file or line of spending, or it was undone."""

    code = "spending-not-found"


class FileImportedBefore(Refused):
    """The same file, to the byte, was imported already. Params: `name`."""

    code = "file-imported-before"

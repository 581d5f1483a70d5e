"""Errors of the programme's books."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotPermitted, Refused


class ActivityNotFound(NotFound):
    """There is no such activity, or none that this person may know of."""

    code = "activity-not-found"


class GrantNotFound(NotFound):
    """There is no such grant, or none that this person may know of."""

    code = "grant-not-found"


class ChangedMeanwhile(Refused):
    """Somebody changed the same thing since it was opened. Params: `name`, who did."""

    code = "changed-meanwhile"


class OutsideEarmark(Refused):
    """A grant is not given for this, and nobody decided to pay all the same.

    Params: `reference`, `why`.
    """

    code = "outside-earmark"


class CodeTaken(Refused):
    """Another thing of its kind has this code. Params: `code_given`."""

    code = "code-taken"


class OrganisationKnown(Refused):
    """The country has an organisation of this name already. Params: `name`."""

    code = "organisation-known"


class RegisteredAlready(Refused):
    """The person is registered for this activity already."""

    code = "registered-already"


class ActivityCancelled(Refused):
    """Nobody registers for an activity that was cancelled."""

    code = "activity-cancelled"


class PlacesFull(Refused):
    """All places of a delegation are taken. Params: `places`."""

    code = "places-full"


class AttendanceStands(Refused):
    """Whoever attended cannot have withdrawn or declined."""

    code = "attendance-stands"


class HeadCountKnown(Refused):
    """The same group of a series was counted already. Params: `series`."""

    code = "head-count-known"


class NotOnePerson(Refused):
    """Two rows cannot be joined: the same one, one that was joined already, or one forgotten."""

    code = "not-one-person"


class BatchUsed(Refused):
    """An import cannot be undone: people of it attended since. Params: `count`."""

    code = "batch-used"


class ActivityBlocked(Refused):
    """Something is missing before an activity is confirmed or done.

    Params: `title`, `count`, `why` (the first).
    """

    code = "activity-blocked"


class ActivityStateFixed(Refused):
    """An activity is not in a state that this act begins from. Params: `title`, `state`."""

    code = "activity-state-fixed"


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


class IatiReporterMissing(Refused):
    """Nobody said yet which organisation publishes the programme's IATI files."""

    code = "iati-reporter-missing"


class ImportInUse(Refused):
    """What an import made was changed or used since. Params: `count`, `code_given`, the first."""

    code = "import-in-use"


class ColumnsNotMapped(Refused):
    """It is not said which column is a field that is needed. Params: `name`."""

    code = "columns-not-mapped"


class ColumnsChanged(Refused):
    """The columns of a file were mapped anew while its rows were read."""

    code = "columns-changed"


class WorkAccountEnded(NotPermitted):
    """The account that asked for the task was closed, or may change nothing now. Params: `name`."""

    code = "work-account-ended"

"""Tables of the programme's desk.

Times are aware UTC; days are days. Lists that nobody asks the database about are JSON. Digests are
SHA-256 in lower-case hex. Rows that were once reported are not changed: what is newer stands after.
"""

from .activities import (
    Activity,
    ActivityDiligence,
    AgendaItem,
    Delegation,
    Document,
    EarmarkOverride,
    FollowUp,
    Funding,
    Handover,
    Placement,
    UseCheck,
    Visit,
)
from .books import Organisation, Participant
from .imports import ColumnMapping, FormDraft, ImportBatch
from .leaving import DonorReport, IatiFile, StatedActivity
from .money import (
    BudgetLine,
    Donor,
    DonorSeat,
    Grant,
    Rate,
    RateTable,
    Receipt,
    SpendingFile,
    SpendingLine,
)
from .results import Figure, Indicator, IndicatorVersion, NodeVersion, ResultNode
from .taking_part import (
    EvaluationAnswer,
    EvaluationForm,
    EventDevice,
    HeadCount,
    Mark,
    Participation,
)

__all__ = [
    "Activity", "ActivityDiligence", "AgendaItem", "BudgetLine", "ColumnMapping", "Delegation",
    "Document", "Donor", "DonorReport", "DonorSeat", "EarmarkOverride", "EvaluationAnswer",
    "EvaluationForm",
    "EventDevice", "Figure", "FollowUp", "FormDraft", "Funding", "Grant", "Handover", "HeadCount",
    "IatiFile", "ImportBatch", "Indicator", "IndicatorVersion", "Mark", "NodeVersion",
    "Organisation", "Participant", "Participation", "Placement", "Rate", "RateTable", "Receipt",
    "ResultNode", "SpendingFile", "SpendingLine", "StatedActivity", "UseCheck", "Visit",
]  # fmt: skip

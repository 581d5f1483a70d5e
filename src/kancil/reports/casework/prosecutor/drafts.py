"""Findings that members of a case wrote and nobody accepted, from the desk's books.

They are in no ledger and signed by nobody; for the defence the report lists them as they stood when
it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kancil.ground.ids import CaseId


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """A draft with its newest version."""

    number: int
    state: str
    """`open` or `set-aside`."""
    trace: str
    """Id of the trace it would rest on."""
    finding_class: str
    row: int
    """Row of the trace's transfers."""
    remark: str
    saved_by: str
    saved_at: datetime
    version: int


def unaccepted(case: CaseId) -> tuple[Unaccepted, ...]:
    """List the drafts of a case that became no finding; the desk must be open."""
    # The desk's tables can be imported only after it was opened.
    from kancil.desk.studies.queries import DraftState, drafts

    return tuple(
        Unaccepted(
            number=one.number,
            state=str(one.state),
            trace=one.wording.trace,
            finding_class=one.wording.finding_class,
            row=one.wording.row,
            remark=one.wording.remark,
            saved_by=one.newest.saved_by,
            saved_at=one.newest.saved_at,
            version=one.version,
        )
        for one in drafts(case)
        if one.state != DraftState.ACCEPTED
    )

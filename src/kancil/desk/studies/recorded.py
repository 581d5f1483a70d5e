"""Recorded studies read for whoever shows, compares or cites them: by command, page and program."""

from __future__ import annotations

from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import Workspace
from kancil.records.finding import Finding
from kancil.records.table import Table
from kancil.studies.errors import FindingNotSupported, StudyNotReproduced
from kancil.studies.members import study_named
from kancil.studies.study import Compared, RecordedStudy, Result, Study, kept_result, run_again
from kancil.studies.trace.study import TRACE

from .material import material_of

_LOOKED_THROUGH = 200
"""Rows of a table that are tried for one that supports a finding."""


def recorded_result(
    workspace: Workspace, recorded: RecordedStudy, progress: Progress = SILENT
) -> Result:
    """What was recorded; a trace, of which no such result is kept, is run again for it.

    Raises StudyNotReadable, StudyNotReproduced, and what tracing raises.
    """
    if recorded.study != TRACE.name:
        return kept_result(recorded, workspace.studies_dir)
    labels = recorded.sources.get("labels")
    only = tuple(labels) if isinstance(labels, list) else None
    answered = TRACE.run(material_of(workspace), recorded.parameters, only, progress)
    if answered.digest != recorded.result_sha256:
        raise StudyNotReproduced(study=recorded.label)
    return answered.result


def compare_again(
    workspace: Workspace, recorded: RecordedStudy, progress: Progress = SILENT
) -> Compared:
    """Run a recorded study again and compare it; raises what `run_again` raises."""
    return run_again(study_named(recorded.study), recorded, material_of(workspace), progress)


def supported_finding(
    workspace: Workspace,
    recorded: RecordedStudy,
    table: str,
    row: int,
    progress: Progress = SILENT,
) -> Finding:
    """The finding that a row supports, once the study was run again and came out the same.

    Raises FindingNotSupported, also where blocks or labels have changed since; StudyNotReproduced.
    """
    if recorded.study == TRACE.name:
        return TRACE.finding(recorded_result(workspace, recorded, progress), table, row)
    finding = study_named(recorded.study).finding(recorded_result(workspace, recorded), table, row)
    require_same(recorded, compare_again(workspace, recorded, progress))
    return finding


def require_same(recorded: RecordedStudy, compared: Compared) -> None:
    """Refuse a finding on a study that comes out otherwise; raises FindingNotSupported."""
    if compared is not Compared.SAME:
        why = Phrase("why.finding-inputs-changed", {"study": recorded.label})
        raise FindingNotSupported(why=why)


def supporting_rows(
    study: Study, result: Result, table: Table, first: int = 1, most: int = _LOOKED_THROUGH
) -> set[int]:
    """The numbers of the rows that support a finding, of `most` from row `first` on."""
    found = set()
    for number in range(first, min(len(table.rows), first + most - 1) + 1):
        try:
            study.finding(result, table.name, number)
        except FindingNotSupported:
            continue
        found.add(number)
    return found


def first_supporting(study: Study, result: Result) -> tuple[str, int] | None:
    """The first table and row of which a finding can be made."""
    for table in result.tables:
        rows = supporting_rows(study, result, table)
        if rows:
            return table.name, min(rows)
    return None

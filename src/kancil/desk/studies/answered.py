"""What the studies of a case were asked and what they answered, from what was kept: nothing runs.

An answer whose kept rows are gone, or are not those that the ledger names, is not told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kancil.custody.entry import Entry
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.custody.store import DeskLedger
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Workspace
from kancil.studies.errors import StudyNotReadable, StudyNotReproduced
from kancil.studies.members import study_named
from kancil.studies.study import RecordedStudy, Result, kept_result, read_recorded
from kancil.studies.trace.study import TRACE, kept_tables
from kancil.studies.trace.tables import COLUMNS, result_digest

from .trace_words import sentences_kept


@dataclass(frozen=True, slots=True)
class AnsweredStudy:
    """A recorded study: its question, and its answer as far as that is kept."""

    label: str
    """Short number for people: `T1`, `S2`."""
    number: int
    is_trace: bool
    question: Phrase
    answer: tuple[Phrase, ...]
    """Most important first; empty where what was kept cannot be read."""
    entry: Entry

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        return self.entry.at


def answered_studies(
    ledger: DeskLedger, workspace: Workspace, case: Case, most: int
) -> list[AnsweredStudy]:
    """The latest studies of a case, the newest first; `most`: no more than these."""
    recorded = [(each.n, each.number, True) for each in queries.traces(case)]
    recorded += [(each.n, each.number, False) for each in queries.studies(case)]
    newest = sorted(recorded, reverse=True)[:most]
    return list(_read(ledger, workspace, newest))


def _read(
    ledger: DeskLedger, workspace: Workspace, places: list[tuple[int, int, bool]]
) -> Iterator[AnsweredStudy]:
    for n, number, is_trace in places:
        entry = ledger.read(n)
        recorded = read_recorded(entry)
        member = TRACE if is_trace else study_named(recorded.study)
        try:
            if is_trace:
                kept = _kept_trace(workspace, recorded)
                answer = tuple(sentences_kept(workspace, recorded, kept))
            else:
                answer = tuple(member.answer(kept_result(recorded, workspace.studies_dir)))
        except (StudyNotReadable, StudyNotReproduced):
            answer = ()
        question = member.question(recorded.parameters)
        yield AnsweredStudy(recorded.label, number, is_trace, question, answer, entry)


def _kept_trace(workspace: Workspace, recorded: RecordedStudy) -> Result:
    """The kept tables of a trace, held to the digest in the ledger.

    Raises StudyNotReadable, StudyNotReproduced.
    """
    path = workspace.traces_dir / f"{recorded.id}.json"
    try:
        data = path.read_bytes()
        tables = kept_tables(data)
        asked = json.loads(data)["parameters"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise StudyNotReadable(why=Phrase("why.study-gone", {"path": path.name})) from error
    rows = {each.name: list(each.rows) for each in tables}
    if set(rows) != set(COLUMNS) or result_digest(asked, rows) != recorded.result_sha256:
        raise StudyNotReproduced(study=recorded.label)
    return Result(recorded.study, recorded.version, recorded.parameters, tables)

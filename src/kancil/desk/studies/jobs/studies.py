"""A study other than a trace, run for a case; its result is recorded under the task's id.

Outside the database the result is written to `studies/<task id>.json` before the entry is
committed: a second try writes the same file again. A file that no entry names is worth nothing.
"""

from __future__ import annotations

from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.cases.actions import keep_study
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.studies.material import material_of
from kancil.desk.studies.recorded import compare_again
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import StudyId
from kancil.ground.phrase import Phrase
from kancil.studies.errors import StudyNotFound
from kancil.studies.members import study_named
from kancil.studies.study import read_recorded
from kancil.studies.trace.study import TRACE


@work("run-study")
def run_study(
    context: CaseDoing,
    *,
    study: str,
    parameters: dict[str, Any] | None = None,
    asked: dict[str, Any] | None = None,
) -> None:
    """Run a study and record it in the case; `parameters`: as `Study.ask` gives them.

    `asked`: what `Study.ask` takes, in tasks that were waiting when they had no parameters. Raises
    LegalBasisExpired, and what asking and running raise.
    """
    roll = context.bench.ledger.folded(Roll)
    require_basis(roll, roll.case(context.case))
    if study == TRACE.name:  # it has a job, and a kind of entry, of its own
        raise OptionNotUsable(option="study", value=study, why=Phrase("why.study-trace"))
    member, material = study_named(study), material_of(context.workspace)
    wanted = member.ask(material, asked or {}) if parameters is None else parameters
    answered = member.run(material, wanted, progress=context.progress)

    def record(by: ActingOfficer) -> Entry:
        return keep_study(
            context.bench.ledger,
            context.workspace,
            case=context.case,
            study=StudyId(context.id),
            provenance=answered.provenance,
            result_sha256=answered.digest,
            data=answered.result.data,
            by=by,
        )

    context.once(
        record,
        lambda entry: {
            "study": entry.body["number"],
            "name": study,
            "tables": {each.name: len(each.rows) for each in answered.result.tables},
            "entry": entry.n,
        },
    )


@work("check-study")
def check_study(context: CaseDoing, *, study: str) -> None:
    """Run a recorded study of the case again and compare it; `study`: its number, such as `S1`.

    Raises StudyNotFound, StudyNotReproduced, and what the analysis raises.
    """
    found = context.bench.ledger.folded(Roll).study(study)
    if found is None or found.case != context.case:
        raise StudyNotFound(name=study[:80])
    compared = compare_again(context.workspace, read_recorded(found.entry), context.progress)
    result = {"study": found.number, "outcome": compared.value}
    context.once(lambda by: by, lambda by: result)

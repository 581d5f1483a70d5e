"""Folder intake: a folder that an administrator has laid under `intake/` becomes an exhibit.

Outside the database bytes go to the vault, by their content: a second try finds them there. Until
the entry is written they are orphans, which the next intake sweeps when no try is left.
"""

from __future__ import annotations

from collections.abc import Callable

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.cases.actions import admit_exhibit
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.handling.actions import limitation_at_intake
from kancil.desk.jobs.job import work
from kancil.desk.jobs.skips import kept_skips
from kancil.evidence.intake import Intake
from kancil.evidence.offered import offered_folder
from kancil.ground.ids import ExhibitId


@work("admit-folder")
def admit_folder(
    context: CaseDoing, *, folder: str, title: str, source: str, in_place: bool = False,
    handling_code: str = "", sending_office: str = "",
) -> None:  # fmt: skip
    """Take a folder of the server in as an exhibit of the case; the exhibit's id is the task's.

    Raises FolderNotOffered, and what taking in raises.
    """
    roll = context.bench.ledger.folded(Roll)
    require_basis(roll, roll.case(context.case))

    def record(write: Callable[[ActingOfficer, Intake], Entry], intake: Intake) -> Entry:
        return context.once(
            lambda by: write(by, intake),
            lambda entry: {
                "exhibit": entry.body["number"],
                "files": len(intake.files),
                "size_bytes": str(intake.size_bytes),
                "entry": entry.n,
                **kept_skips(intake.skipped),
            },
        )

    admit_exhibit(
        context.bench.ledger,
        context.bench.vault,
        case=context.case,
        paths=[offered_folder(context.workspace, folder)],
        title=title,
        source=source,
        by=context.by(),
        exhibit=ExhibitId(context.id),
        in_place=in_place,
        limitation=limitation_at_intake(handling_code, sending_office),
        progress=context.progress,
        record=record,
    )

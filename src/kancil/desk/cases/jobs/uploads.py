"""Upload intake: files that a browser has sent whole become an exhibit, once.

What was sent lies in the spool under the task's id, which is the exhibit's too. The server signs;
with an officer's own key the page takes the upload in itself (`admit_sent`), since no key waits in
a queue. Bytes go to the
vault by their content and are compared with what the browser stated before the entry is written;
the spool is emptied after it. Killed anywhere, the next try finds the spool, or the entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.cases.actions import admit_exhibit
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.handling.actions import limitation_at_intake
from kancil.desk.jobs.errors import UploadDiffers
from kancil.desk.jobs.job import work
from kancil.evidence.errors import NotAdmitted, UploadNotReadable
from kancil.evidence.intake import Intake
from kancil.evidence.spool import Sending, Spool
from kancil.evidence.vault import Vault
from kancil.ground.errors import FileNotReadable
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress


@work("admit-upload")
def admit_upload(context: CaseDoing) -> None:
    """Take an upload in as an exhibit of the case; both have the task's id.

    Raises UploadDiffers when what arrived is not what the browser stated, and what taking in
    raises.
    """
    spool = Spool(context.workspace.uploads_dir)
    sending = spool.find(context.id)
    if sending is None or CaseId(sending.case) != context.case:
        raise UploadNotReadable(why=Phrase("why.upload-gone"))
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
                "received": received(intake),
                **({"outcome": "laid"} if sending.is_laid else {}),
            },
        )

    admit_sent(
        context.bench.ledger,
        context.bench.vault,
        spool,
        sending,
        by=context.by(),
        progress=context.progress,
        record=record,
    )


def admit_sent(
    ledger: LedgerStore,
    vault: Vault,
    spool: Spool,
    sending: Sending,
    *,
    by: ActingOfficer,
    progress: Progress = SILENT,
    record: Callable[[Callable[[ActingOfficer, Intake], Entry], Intake], Entry] | None = None,
) -> tuple[Entry, Intake]:
    """Take an upload that is whole in as an exhibit with its id, and empty the spool of it.

    `record`: as in `admit_exhibit`. Raises UploadDiffers when what arrived is not what the browser
    stated, and NotAdmitted (the spool is then emptied too), and what taking in raises.
    """

    def compared(write: Callable[[ActingOfficer, Intake], Entry], intake: Intake) -> Entry:
        try:
            _compare(sending, intake)
        except UploadDiffers:
            spool.drop(sending.id)  # these bytes are nobody's evidence
            raise
        return record(write, intake) if record else write(by, intake)

    paths = spool.paths(sending)
    try:
        taken = admit_exhibit(
            ledger,
            vault,
            case=CaseId(sending.case),
            paths=list(paths),
            title=sending.title,
            source=sending.source,
            by=by,
            exhibit=ExhibitId(sending.id),
            stated=paths,
            limitation=limitation_at_intake(sending.handling_code, sending.sending_office),
            progress=progress,
            record=compared,
        )
    except NotAdmitted:
        spool.drop(sending.id)  # no classroom keeps them
        raise
    spool.drop(sending.id)
    return taken


def _compare(sending: Sending, intake: Intake) -> None:
    """Hold what was taken against what was stated; raises UploadDiffers, FileNotReadable."""
    if intake.skipped:
        raise FileNotReadable(path=intake.skipped[0].place)
    taken = {file.path: file.digests for file in intake.files}
    for file in sending.files:
        found = taken[file.name]
        if (found.sha256, found.size_bytes) != (file.sha256, file.size_bytes):
            raise UploadDiffers(name=file.name, stated=file.sha256, found=found.sha256)


def received(intake: Intake) -> list[dict[str, Any]]:
    """What the server computed of each file, for the page that shows both."""
    return [
        {
            "name": file.path,
            "sha256": file.digests.sha256,
            "size_bytes": str(file.digests.size_bytes),
        }
        for file in intake.files
    ]

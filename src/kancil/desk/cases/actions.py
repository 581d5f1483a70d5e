"""What is done to cases: each act is a ledger entry, and entry and rows are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kancil.custody import cases, exhibits
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.custody.store import folds_held, one_transaction
from kancil.desk.people.actions import add_member
from kancil.desk.people.models import Person
from kancil.evidence.intake import Intake, take_in
from kancil.evidence.named import named_contents
from kancil.evidence.vault import Vault
from kancil.ground import canonical
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, ExhibitId, TraceId
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import Workspace


def open_case(
    ledger: LedgerStore, *, title: str, basis: LegalBasis, opener: Person, by: ActingOfficer
) -> CaseId:
    """Open a case, of which its opener is the first member; raises LegalBasisExpired."""
    with one_transaction():
        entry = cases.open_case(ledger, title=title, basis=basis, by=by)
        case = CaseId(str(entry.case_id))
        add_member(ledger, case=case, username=opener.username, by=by, adder=opener)
    return case


def add_basis(ledger: LedgerStore, *, case: CaseId, basis: LegalBasis, by: ActingOfficer) -> Entry:
    """Add a legal basis to a case, such as a renewed warrant."""
    return cases.add_basis(ledger, case=case, basis=basis, by=by)


def keep_trace(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    case: CaseId,
    trace: TraceId,
    provenance: dict[str, Any],
    result_sha256: str,
    rows: dict[str, Any],
    by: ActingOfficer,
) -> Entry:
    """Record a trace that was run, and keep its rows in the workspace.

    The rows are on disk before the entry is committed; a file that no entry names counts for
    nothing. Raises LegalBasisExpired, AlreadyRecorded.
    """
    with one_transaction():
        entry = cases.record_trace(
            ledger,
            case=case,
            trace=trace,
            provenance=provenance,
            result_sha256=result_sha256,
            by=by,
        )
        kept = {
            "id": trace,
            "label": f"T{entry.body['number']}",
            "case": case,
            "result_sha256": result_sha256,
        }
        data = canonical.dumps({**rows, **kept})
        write_durably(workspace.traces_dir / f"{trace}.json", data)
    return entry


Recording = Callable[[ActingOfficer, Intake], Entry]
"""Writes the entry of an intake."""


def _at_once(by: ActingOfficer) -> Callable[[Recording, Intake], Entry]:
    return lambda write, intake: write(by, intake)


def admit_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    *,
    case: CaseId,
    paths: list[Path],
    title: str,
    source: str,
    by: ActingOfficer,
    exhibit: ExhibitId | None = None,
    in_place: bool = False,
    stated: Mapping[Path, str] | None = None,
    progress: Progress = SILENT,
    record: Callable[[Recording, Intake], Entry] | None = None,
) -> tuple[Entry, Intake]:
    """Take files in as an exhibit: bytes first, durable in the vault, then the entry.

    `exhibit`: id that a new exhibit is to have; recorded once, however often it is asked for.
    `stated`: names of files that were sent. `record`: for whoever writes more in the entry's
    transaction; it is given what writes the entry. Killed between the two, the bytes are an orphan,
    which the next intake sweeps. Raises NothingTaken, DiskFull, LegalBasisExpired, AlreadyRecorded.
    """

    def named() -> set[str]:
        with folds_held():
            return named_contents(ledger.folded(Roll), ledger.entries(), vault)

    def write(by: ActingOfficer, intake: Intake) -> Entry:
        stated = intake.content()
        return exhibits.add_exhibit(
            ledger,
            case=case,
            title=title,
            content=exhibits.Content(**{**stated, "size_bytes": int(stated["size_bytes"])}),
            source=source,
            by=by,
            exhibit=exhibit,
            is_new=exhibit is not None,
        )

    with vault.intake_open(named):
        intake = take_in(vault, list(paths), in_place=in_place, stated=stated, progress=progress)
        entry = (record or _at_once(by))(write, intake)
    return entry, intake


def accept_finding(
    ledger: LedgerStore, *, case: CaseId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    """Record that an officer accepts a finding, with her own key; `body`: `as_body` of it.

    Raises OwnKeyNeeded, LegalBasisExpired.
    """
    return cases.accept_finding(
        ledger,
        case=case,
        finding_class=body["class"],
        code=body["code"],
        params=body["params"],
        language=body["language"],
        text=body["text"],
        trace=TraceId(body["trace"]),
        result_sha256=body["result_sha256"],
        by=by,
    )


def withdraw_finding(ledger: LedgerStore, *, finding: str, reason: str, by: ActingOfficer) -> Entry:
    """Record that an officer takes a finding back, with her own key; it is shown as withdrawn.

    Raises OwnKeyNeeded, FindingNotFound, AlreadyRecorded.
    """
    return cases.withdraw_finding(ledger, finding=finding, reason=reason, by=by)

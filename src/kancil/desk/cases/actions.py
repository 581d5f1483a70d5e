"""What is done to cases: each act is a ledger entry, and entry and rows are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from kancil.custody import cases, exhibits
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis
from kancil.custody.entry import Entry
from kancil.custody.handling import Limitation
from kancil.custody.reading import READING
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.desk.access.actions import add_member
from kancil.desk.base.opening import told
from kancil.desk.custody.store import DeskLedger, folds_held, one_transaction
from kancil.desk.handling.actions import limit_exhibit
from kancil.desk.people.models import Person
from kancil.desk.selectors.index import Origin, index_tables
from kancil.evidence.intake import Intake
from kancil.evidence.named import exhibit_files, named_contents, shared_contents
from kancil.evidence.vault import Vault
from kancil.ground import canonical
from kancil.ground.clock import now
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, ExhibitId, OfficerId, StudyId, TraceId
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT, Progress
from kancil.ground.signing import Signer
from kancil.ground.units import few
from kancil.ground.workspace import Workspace
from kancil.studies.study import read_result
from kancil.studies.trace.study import kept_tables

from .admitting import take_in
from .errors import ExhibitMoved


def open_case(
    ledger: LedgerStore, *, title: str, basis: LegalBasis, opener: Person, by: ActingOfficer
) -> CaseId:
    """Open a case, of which its opener is the first member; raises LegalBasisExpired."""
    return CaseId(str(open_with(ledger, title=title, basis=basis, opener=opener, by=by).case_id))


def open_with(
    ledger: LedgerStore, *, title: str, basis: LegalBasis, opener: Person | None, by: ActingOfficer
) -> Entry:
    """The entry of a new case; `opener`: the account that stands for who opens it, if one does."""
    with one_transaction():
        entry = cases.open_case(ledger, title=title, basis=basis, by=by)
        if opener is not None:
            case = CaseId(str(entry.case_id))
            add_member(ledger, case=case, username=opener.username, by=by, adder=opener)
    return entry


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
    is_draft: bool = False,
) -> Entry:
    """Record a trace that was run, and keep its rows in the workspace.

    The rows are on disk before the entry is committed; a file that no entry names counts for
    nothing. `is_draft`: as in `record_trace`. Raises LegalBasisExpired, AlreadyRecorded.
    """
    with one_transaction():
        entry = cases.record_trace(
            ledger,
            case=case,
            trace=trace,
            provenance=provenance,
            result_sha256=result_sha256,
            by=by,
            is_draft=is_draft,
        )
        kept = {
            "id": trace,
            "label": f"T{entry.body['number']}",
            "case": case,
            "result_sha256": result_sha256,
        }
        data = canonical.dumps({**rows, **kept})
        write_durably(workspace.traces_dir / f"{trace}.json", data)
        index_tables(Origin.TRACE, trace, case, kept_tables(data))
    return entry


def keep_draft(ledger: LedgerStore, *, trace: TraceId, by: ActingOfficer) -> Entry:
    """Make a draft a result of its case; raises TraceNoDraft, LegalBasisExpired."""
    return cases.record_kept(ledger, trace=trace, by=by)


def set_draft_aside(ledger: LedgerStore, *, trace: TraceId, by: ActingOfficer) -> Entry:
    """Set a draft aside, to be kept later all the same; raises TraceNoDraft, LegalBasisExpired."""
    return cases.record_set_aside(ledger, trace=trace, by=by)


def keep_study(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    case: CaseId,
    study: StudyId,
    provenance: dict[str, Any],
    result_sha256: str,
    data: bytes,
    by: ActingOfficer,
) -> Entry:
    """Record a study that was run, and keep its result, the bytes of that SHA-256.

    The result is on disk before the entry is committed; a file that no entry names counts for
    nothing. Raises LegalBasisExpired, AlreadyRecorded.
    """
    with one_transaction():
        entry = cases.record_study(
            ledger,
            case=case,
            study=study,
            provenance=provenance,
            result_sha256=result_sha256,
            by=by,
        )
        write_durably(workspace.studies_dir / f"{study}.json", data)
        index_tables(Origin.STUDY, study, case, read_result(data).tables)
    return entry


Recording = Callable[[ActingOfficer, Intake], Entry]
"""Writes the entry of an intake."""


def _atonce(by: ActingOfficer) -> Callable[[Recording, Intake], Entry]:
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
    limitation: Limitation | None = None,
    progress: Progress = SILENT,
    record: Callable[[Recording, Intake], Entry] | None = None,
) -> tuple[Entry, Intake]:
    """Take files in as an exhibit: bytes first, durable in the vault, then the entry.

    `exhibit`: id that a new exhibit is to have; recorded once, however often it is asked for.
    `stated`: names of files that were sent. `limitation`: the handling codes that they came under,
    recorded with the exhibit or not at all. `record`: for whoever writes more in the entry's
    transaction; it is given what writes the entry. Killed between the two, the bytes are an orphan,
    which the next intake sweeps. Raises NothingTaken, NotAdmitted, DiskFull, LegalBasisExpired,
    AlreadyRecorded.
    """

    def write(by: ActingOfficer, intake: Intake) -> Entry:
        with one_transaction():
            entry = exhibits.add_exhibit(
                ledger,
                case=case,
                title=title,
                content=_content(intake),
                source=source,
                by=by,
                exhibit=exhibit,
                is_new=exhibit is not None,
            )
            if limitation is not None:
                added = ExhibitId(str(entry.exhibit_id))
                limit_exhibit(ledger, exhibit=added, limitation=limitation, by=by)
        return entry

    with _intake_open(ledger, vault):
        intake = take_in(vault, list(paths), in_place=in_place, stated=stated, progress=progress)
        entry = (record or _atonce(by))(write, intake)
    return entry, intake


@contextmanager
def _intake_open(ledger: LedgerStore, vault: Vault) -> Iterator[None]:
    def named() -> set[str]:
        with told(), folds_held():
            return named_contents(ledger.folded(Roll), ledger.entries(), vault)

    # The vault is told in our words that the disk is full, also where the database met it.
    with vault.intake_open(named), told():
        yield


def _content(intake: Intake) -> exhibits.Content:
    stated = intake.content()
    return exhibits.Content(**{**stated, "size_bytes": int(stated["size_bytes"])})


@dataclass(frozen=True, slots=True)
class Seizure:
    """A thing that was seized: what, where, when, from whom, by whom."""

    title: str
    item: exhibits.Item
    place: str
    seized_at: datetime
    seized_from: str | None
    seized_by: OfficerId


@dataclass(frozen=True, slots=True)
class Photographs:
    """Photographs of a seized thing, which become an exhibit of their own."""

    paths: Mapping[Path, str]
    """Files, and the names under which they were sent."""
    title: Callable[[str], str]
    """Gives that exhibit's title from the seized thing's short number."""


def seize_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    *,
    case: CaseId,
    seizure: Seizure,
    by: ActingOfficer,
    exhibit: ExhibitId,
    photographs: Photographs | None = None,
) -> Entry:
    """Record a seized thing, and its photographs as an exhibit of their own: both or neither.

    `exhibit`: id that it is to have; recorded once, however often it is asked for. Raises
    AlreadyRecorded; with photographs NothingTaken, DiskFull, LegalBasisExpired.
    """

    def seize(item: exhibits.Item) -> Entry:
        return exhibits.seize_exhibit(
            ledger,
            case=case,
            title=seizure.title,
            item=item,
            place=seizure.place,
            seized_at=seizure.seized_at,
            seized_from=seizure.seized_from,
            seized_by=seizure.seized_by,
            by=by,
            exhibit=exhibit,
        )

    if photographs is None:
        return seize(seizure.item)
    with _intake_open(ledger, vault):
        intake = take_in(vault, list(photographs.paths), stated=photographs.paths)
        digests = tuple(file.digests.sha256 for file in intake.files)
        with one_transaction():
            entry = seize(replace(seizure.item, photographs=digests))
            exhibits.add_exhibit(
                ledger,
                case=case,
                title=photographs.title(f"E{entry.body['number']}"),
                content=_content(intake),
                source=few(list(photographs.paths.values()), len(intake.files), 1000),
                by=by,
            )
    return entry


@dataclass(frozen=True, slots=True)
class Copying:
    """By what the bytes of a seized thing were copied; what was not stated is None."""

    tool: str
    tool_version: str
    write_blocker: str | None
    source_digest: str | None
    """Digest that the tool stated of the source."""


def acquire_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    *,
    exhibit: ExhibitId,
    paths: Mapping[Path, str],
    copying: Copying,
    by: ActingOfficer,
    seen: int | None = None,
) -> Entry:
    """Take in what was copied from a seized thing, and record by what it was copied.

    `paths`: files, and the names under which they were sent. Raises ExhibitMoved, NothingTaken,
    DiskFull, LegalBasisExpired, ExhibitGone.
    """
    with _intake_open(ledger, vault):
        intake = take_in(vault, list(paths), stated=paths)
        content = _content(intake)
        return once(
            ledger,
            exhibit,
            seen,
            Act("exhibit.acquired", {"content": plain(content), **plain(copying)}, by),
            lambda: exhibits.acquire_exhibit(
                ledger,
                exhibit=exhibit,
                content=content,
                tool=copying.tool,
                tool_version=copying.tool_version,
                write_blocker=copying.write_blocker,
                source_digest=copying.source_digest,
                by=by,
            ),
        )


@dataclass(frozen=True, slots=True)
class Act:
    """An act that was asked for, as its entry will say it."""

    kind: str
    body: Mapping[str, Any]
    by: ActingOfficer

    def is_done_by(self, entry: Entry) -> bool:
        """Whether an entry is this very act, by the same person."""
        account = self.by.on_behalf.account if self.by.on_behalf else None
        return (
            entry.kind == self.kind
            and entry.actor == self.by.person
            and (entry.on_behalf or {}).get("account") == account
            and all(entry.body.get(name) == value for name, value in self.body.items())
        )


def once(
    ledger: LedgerStore,
    exhibit: ExhibitId,
    seen: int | None,
    act: Act,
    write: Callable[[], Entry],
) -> Entry:
    """Write an act on an exhibit of which nothing was recorded since entry `seen`, reading apart.

    Where the one entry since is this very act, sent twice, it is given and nothing is written.
    Raises ExhibitMoved.
    """
    with one_transaction():
        since = [
            entry
            for entry in ledger.exhibit_entries(exhibit)
            if seen is not None and entry.n > seen and entry.kind not in READING
        ]
        if len(since) == 1 and act.is_done_by(since[0]):
            return since[0]
        if since:
            raise ExhibitMoved(exhibit=ledger.folded(Roll).exhibit(exhibit).label)
        return write()


Event = Literal["sealed", "stored", "opened", "deposited", "returned"]


def record_event(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    event: Event,
    place: str,
    seal: str | None,
    reason: str | None,
    to: str | None,
    by: ActingOfficer,
    seen: int | None = None,
) -> Entry:
    """Record what happened to an exhibit: sealed, stored, opened, deposited or returned.

    Sealing needs `seal`, opening `reason`, the last two `to`. Raises ExhibitMoved, ExhibitGone.
    """
    body: dict[str, Any] = {"place": place, "seal": seal}
    if event != "sealed":
        body |= {"reason": reason, "to": to}

    def write() -> Entry:
        if event == "sealed":
            return exhibits.seal_exhibit(
                ledger, exhibit=exhibit, seal=seal or "", place=place, by=by
            )
        if event == "opened":
            return exhibits.open_exhibit(
                ledger, exhibit=exhibit, place=place, seal=seal, reason=reason or "", by=by
            )
        if event == "stored":
            return exhibits.store_exhibit(
                ledger, exhibit=exhibit, place=place, seal=seal, reason=reason, by=by
            )
        give = exhibits.deposit_exhibit if event == "deposited" else exhibits.return_exhibit
        return give(
            ledger, exhibit=exhibit, to=to or "", place=place, seal=seal, reason=reason, by=by
        )

    return once(ledger, exhibit, seen, Act(f"exhibit.{event}", body, by), write)


def hand_over(
    ledger: DeskLedger,
    *,
    exhibit: ExhibitId,
    to: OfficerId,
    place: str,
    seal: str | None,
    receiver: Signer,
    presence: str | None,
    by: ActingOfficer,
    seen: int | None = None,
) -> Entry:
    """Hand an exhibit over to an officer, who signs the receipt with their own key.

    Raises ExhibitMoved, ReceiptWrong, ExhibitGone, OfficerRetired, OwnKeyNeeded.
    """
    body = {"from": by.id, "place": place, "presence": presence, "seal": seal, "to": to}

    def write() -> Entry:
        receipt = exhibits.make_receipt(
            unit=ledger.unit,
            exhibit=exhibit,
            giver=by.id,
            to=to,
            place=place,
            seal=seal,
            at=now(),
            signer=receiver,
        )
        return exhibits.transfer_exhibit(
            ledger,
            exhibit=exhibit,
            to=to,
            to_kind="officer",
            place=place,
            seal=seal,
            receipt=receipt,
            presence=presence,
            by=by,
        )

    return once(ledger, exhibit, seen, Act("exhibit.transferred", body, by), write)


def hand_over_on_paper(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    giver: str,
    to: str,
    to_kind: str,
    place: str,
    seal: str | None,
    document_sha256: str,
    by: ActingOfficer,
    seen: int | None = None,
) -> Entry:
    """Record a hand-over between the acting officer and somebody outside, who signed a paper.

    Either `giver` or `to` is the acting officer's id, the other the name of whoever is outside.
    Raises ExhibitMoved, ReceiptWrong, ExhibitGone, OwnKeyNeeded.
    """
    receipt = exhibits.paper_receipt(document_sha256)
    body = {"from": giver, "place": place, "receipt": receipt, "seal": seal, "to": to}
    return once(
        ledger,
        exhibit,
        seen,
        Act("exhibit.transferred", {**body, "to_kind": to_kind}, by),
        lambda: exhibits.transfer_exhibit(
            ledger,
            exhibit=exhibit,
            to=to,
            to_kind=to_kind,
            place=place,
            seal=seal,
            receipt=receipt,
            by=by,
            giver=None if giver == by.id else giver,
        ),
    )


def dispose_exhibit(
    ledger: LedgerStore,
    vault: Vault,
    *,
    exhibit: ExhibitId,
    order: exhibits.DisposalOrder,
    by: ActingOfficer,
    seen: int | None = None,
) -> tuple[Entry, list[str]]:
    """Record a disposal, then remove the bytes that no other exhibit needs; gives their digests.

    Raises VaultBusy, VaultBytesMissing, ExhibitMoved, ExhibitGone, OwnKeyNeeded.
    """
    with vault.alone():
        with folds_held():
            roll = ledger.folded(Roll)
            found = roll.exhibit(exhibit)
            leaving = {file.sha256 for file in exhibit_files(found, vault) if not file.in_place}
            leaving -= shared_contents(roll, vault, found)
        entry = once(
            ledger,
            exhibit,
            seen,
            Act("exhibit.disposed", {"order": plain(order)}, by),
            lambda: exhibits.dispose_exhibit(ledger, exhibit=exhibit, order=order, by=by),
        )
        for sha256 in sorted(leaving):
            vault.remove(sha256)
    return entry, sorted(leaving)


def accept_finding(
    ledger: LedgerStore, *, case: CaseId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    """Record that an officer accepts a finding, with their own key; `body`: `as_body` of it.

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
    """Record that an officer takes a finding back, with their own key; it is shown as withdrawn.

    Raises OwnKeyNeeded, FindingNotFound, AlreadyRecorded.
    """
    return cases.withdraw_finding(ledger, finding=finding, reason=reason, by=by)

"""What is kept of studies: findings being written, transfers that tables report, prices."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.exhibits import record_transfers
from kancil.custody.reported import record_decision, record_victim_amount
from kancil.custody.roll import Exhibit
from kancil.custody.store import LedgerStore
from kancil.custody.unit import record_prices
from kancil.desk.base.errors import TextNotStorable
from kancil.desk.base.keeping import fill
from kancil.desk.cases.actions import accept_finding
from kancil.desk.custody.store import one_transaction
from kancil.desk.handling.queries import require_use
from kancil.desk.people.models import Person
from kancil.desk.selectors.index import forget_sources
from kancil.evidence.errors import StatedTransfersBroken
from kancil.evidence.named import NamedFile
from kancil.evidence.tables.column_mapping import ColumnMapping
from kancil.evidence.tables.exhibit_table import read_table_bytes
from kancil.evidence.tables.price_store import StoredPrices, store_prices
from kancil.evidence.tables.price_table import PriceRead
from kancil.evidence.tables.stated import VERSION
from kancil.evidence.tables.transfer_store import TransferRead, read_and_store
from kancil.evidence.vault import Vault
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import Workspace
from kancil.legal.handling import Use
from kancil.studies.reported.book import Party, Row
from kancil.studies.reported.joins import Decision
from kancil.studies.reported.victims import Outcome

from .models import DraftState, FindingDraft, FindingVersion
from .queries import FindingDraftRead, Wording, as_read, open_wordings
from .stated import readings_of_cases


def begin_draft(*, case: CaseId, wording: Wording, by: Person) -> FindingDraftRead:
    """Keep a finding that somebody has begun to write, as its first version.

    Raises TextNotStorable.
    """
    _refuse_nul(wording)
    with one_transaction():
        return _begin(case, wording, by)


@dataclass(frozen=True, slots=True)
class DraftsBegun:
    """Drafts of several findings, by number."""

    new: tuple[int, ...]
    """Those that were begun now."""
    known: tuple[int, ...]
    """Those that were open with the very same wording; nothing was written of them."""


def begin_drafts(*, case: CaseId, wordings: Sequence[Wording], by: Person) -> DraftsBegun:
    """Keep several findings as a draft each, all of them or none.

    The same wording sent again begins no second draft. Raises TextNotStorable.
    """
    for wording in wordings:
        _refuse_nul(wording)
    with one_transaction():
        before = open_wordings(case)
        begun: dict[Wording, int] = {}
        for wording in wordings:
            if wording not in before and wording not in begun:
                begun[wording] = _begin(case, wording, by).number
        known = {before[wording] for wording in wordings if wording in before}
        return DraftsBegun(tuple(begun.values()), tuple(sorted(known)))


def _begin(case: CaseId, wording: Wording, by: Person) -> FindingDraftRead:
    last = FindingDraft.objects.filter(case_id=case).order_by("-number").first()
    number = 1 if last is None else last.number + 1
    draft = FindingDraft.objects.create(case_id=case, number=number, version=0)
    _add_version(draft, wording, by)
    return as_read(draft)


def save_draft(
    *, case: CaseId, number: int, version: int, wording: Wording, by: Person
) -> FindingDraftRead | None:
    """Keep what a draft says now, as a version after the one that was read.

    `version`: the newest one when the writing began. None, and nothing is written, if somebody
    saved another wording since, or the draft is no longer open. Raises TextNotStorable.
    """
    _refuse_nul(wording)
    with one_transaction():
        draft = FindingDraft.objects.filter(case_id=case, number=number).first()
        if draft is None or draft.state != DraftState.OPEN:
            return None
        found = as_read(draft)
        if found.wording == wording:
            return found
        if found.version != version:
            return None
        _add_version(draft, wording, by)
        return as_read(draft)


def set_draft_aside(*, case: CaseId, number: int, version: int) -> bool:
    """Put an open draft aside with all its versions; says whether it still was as it was read."""
    return _end_draft(case, number, version, DraftState.SET_ASIDE)


def take_draft_up(*, case: CaseId, number: int) -> bool:
    """Open a draft again that was set aside; says whether it was."""
    with one_transaction():
        aside = FindingDraft.objects.filter(case_id=case, number=number, state=DraftState.SET_ASIDE)
        return aside.update(state=DraftState.OPEN) == 1


def accept_draft(
    ledger: LedgerStore,
    *,
    case: CaseId,
    number: int,
    version: int,
    body: dict[str, Any],
    by: ActingOfficer,
) -> Entry | None:
    """Record that an officer accepts the finding of a draft, and end the draft, in one.

    `body`: `as_body` of the finding that the version `version` of the draft says. None, and nothing
    is written, if that is not its newest version or it is no longer open. Raises OwnKeyNeeded,
    LegalBasisExpired.
    """
    with one_transaction():
        if not _end_draft(case, number, version, DraftState.ACCEPTED):
            return None
        entry = accept_finding(ledger, case=case, body=body, by=by)
        FindingDraft.objects.filter(case_id=case, number=number).update(
            finding=entry.body["finding"]
        )
    return entry


@dataclass(frozen=True, slots=True)
class DraftToAccept:
    """A draft as an officer read it, and its finding."""

    number: int
    version: int
    body: dict[str, Any]
    """`as_body` of the finding that this version says."""


@dataclass(frozen=True, slots=True)
class DraftsAccepted:
    """What came of accepting several drafts at once."""

    entries: tuple[Entry, ...]
    """One for each draft, in the order given; empty where any could not be accepted."""
    moved: tuple[int, ...]
    """Numbers of drafts that are no longer open as they were read."""


def accept_drafts(
    ledger: LedgerStore, *, case: CaseId, drafts: Sequence[DraftToAccept], by: ActingOfficer
) -> DraftsAccepted:
    """Record that an officer accepts the findings of several drafts: an entry each, all or none.

    Where one is no longer open as it was read, or is named twice, nothing is written. Raises
    OwnKeyNeeded, LegalBasisExpired, and then nothing is written either.
    """
    times = Counter(each.number for each in drafts)
    with one_transaction():
        still = FindingDraft.objects.filter(
            case_id=case, number__in=list(times), state=DraftState.OPEN
        )
        as_now = dict(still.values_list("number", "version"))
        moved = [
            each.number
            for each in drafts
            if as_now.get(each.number) != each.version or times[each.number] > 1
        ]
        if moved:
            return DraftsAccepted((), tuple(sorted(set(moved))))
        entries = [
            accept_draft(
                ledger, case=case, number=each.number, version=each.version, body=each.body, by=by
            )
            for each in drafts
        ]
        return DraftsAccepted(tuple(entry for entry in entries if entry is not None), ())


def _end_draft(case: CaseId, number: int, version: int, state: DraftState) -> bool:
    with one_transaction():
        as_read = FindingDraft.objects.filter(
            case_id=case, number=number, version=version, state=DraftState.OPEN
        )
        return as_read.update(state=state) == 1


def _add_version(draft: FindingDraft, wording: Wording, by: Person) -> None:
    draft.version += 1
    draft.save(update_fields=["version"])
    row = FindingVersion(draft=draft, version=draft.version, saved_by=by, saved_at=now())
    fill(row, wording, as_it_is=("remark", "table"))
    row.save(force_insert=True)


def _refuse_nul(wording: Wording) -> None:
    if "\x00" in wording.remark + wording.table:
        raise TextNotStorable


@dataclass(frozen=True, slots=True)
class TransfersRecorded:
    """A table that was read for what it states."""

    entry: Entry
    read: TransferRead
    is_new: bool
    """False where the same table was read by the same mapping before: nothing was recorded."""


def read_transfers(
    ledger: LedgerStore,
    vault: Vault,
    workspace: Workspace,
    *,
    exhibit: Exhibit,
    file: NamedFile,
    mapping: ColumnMapping,
    by: ActingOfficer,
    progress: Progress = SILENT,
) -> TransfersRecorded:
    """Read an exhibit's table by a mapping, keep what it states, and record that.

    Rows are on disk before the entry; without one they count for nothing. Raises what reading
    raises, LegalBasisExpired, ExhibitGone, StatedTransfersBroken.
    """
    read = read_and_store(
        workspace.transfers_dir,
        io.BytesIO(read_table_bytes(file, vault)),
        name=file.path,
        exhibit_sha256=file.sha256,
        mapping=mapping,
        progress=progress,
    )
    return record_read(ledger, vault, exhibit=exhibit, read=read, by=by)


def record_read(
    ledger: LedgerStore, vault: Vault, *, exhibit: Exhibit, read: TransferRead, by: ActingOfficer
) -> TransfersRecorded:
    """Record a table that was read and kept, unless the reading that counts is the same.

    It counts from then on in place of every earlier reading of the same bytes in the case, whose
    identifiers leave the index. Raises LimitForbidsUse for the file of another case that may not be
    used in this one, LegalBasisExpired, ExhibitGone, StatedTransfersBroken.
    """
    require_use(ledger, vault, exhibit.case, [exhibit.id], Use.OTHER_CASE)
    same = [each for each in readings_of_cases(ledger, {exhibit.case})
            if each.sha256 == read.exhibit_sha256]  # fmt: skip
    alike = [each for each in same
             if (each.mapping_sha256, each.version) == (read.mapping.sha256, VERSION)]  # fmt: skip
    if any(each.result_sha256 != read.result_sha256 for each in alike):
        raise StatedTransfersBroken(path=str(read.path))
    if alike and alike[-1].replaced_by is None and alike[-1].exhibit.id == exhibit.id:
        return TransfersRecorded(ledger.read(alike[-1].n), read, is_new=False)
    entry = record_transfers(
        ledger,
        exhibit=exhibit.id,
        sha256=read.exhibit_sha256,
        mapping=read.mapping.as_dict(),
        mapping_sha256=read.mapping.sha256,
        version=VERSION,
        rows=read.rows,
        skipped=read.skipped_count,
        result_sha256=read.result_sha256,
        by=by,
    )
    forget_sources([str(each.n) for each in same])
    return TransfersRecorded(entry, read, is_new=True)


def keep_prices(
    ledger: LedgerStore, workspace: Workspace, read: PriceRead, *, by: ActingOfficer
) -> StoredPrices:
    """Keep a price table and record it; the same file with the same statements only once.

    Where it cannot be recorded, the file goes again. Raises DiskFull, PricesBroken.
    """
    stored = store_prices(workspace.prices_dir, read)
    if not stored.is_new:
        return stored
    try:
        record_prices(
            ledger,
            sha256=read.file_sha256,
            stated=read.stated.as_dict(),
            assets=list(read.assets),
            currencies=list(read.currencies),
            rows=len(read.prices),
            skipped=len(read.skipped),
            by=by,
        )
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


@dataclass(frozen=True, slots=True)
class _NamedRow:
    entry: int
    row: int


def decide(ledger: LedgerStore, *, case: CaseId, decision: Decision, by: ActingOfficer) -> Entry:
    """Record a decision on parties or rows of a case's tables; raises LegalBasisExpired."""
    body = {
        "decision": decision.decision,
        "one": _named(decision.one),
        "other": None if decision.other is None else _named(decision.other),
        "reason": decision.reason,
        "remark": decision.remark,
        "what": decision.what,
    }
    return record_decision(ledger, case=case, body=body, by=by)


def record_outcome(
    ledger: LedgerStore, *, case: CaseId, outcome: Outcome, by: ActingOfficer
) -> Entry:
    """Record how much of a victim's loss is frozen or was returned; raises LegalBasisExpired."""
    entry, row = outcome.victim
    body = {
        "amount": outcome.amount,
        "asset": outcome.asset,
        "reference": outcome.reference,
        "victim": {"entry": entry, "row": row},
        "what": outcome.what,
    }
    return record_victim_amount(ledger, case=case, body=body, by=by)


def _named(of: Party | Row) -> Any:
    return plain(of if isinstance(of, Party) else _NamedRow(*of))

"""Spreadsheets of participants, past activities and budgets: handed in, looked at, taken, undone.

A file rests in the site's store while it waits and no longer: once it is taken or given up, what it
said of people stands in their rows alone, where it can be forgotten.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Max

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Act, Country
from kancil.desk.assessment.stored import named_files, open_stored, taken
from kancil.desk.base.keeping import keep, keep_changed
from kancil.desk.jobs.actions import forget_results
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import ActivityNotFound, ColumnsChanged, ColumnsNotMapped
from kancil.desk.programme.imports.activities import plan_activities
from kancil.desk.programme.imports.batches import KEPT_FILES, may_import, seen_batches
from kancil.desk.programme.imports.budgets import plan_budgets
from kancil.desk.programme.imports.people import plan_people
from kancil.desk.programme.imports.plan import (
    UNDECIDED,
    Asked,
    Decisions,
    Plan,
    Twin,
    written,
)
from kancil.desk.programme.imports.undoing import Kept, added
from kancil.desk.programme.matching import chunks
from kancil.desk.programme.models import Activity, ColumnMapping, ImportBatch
from kancil.evidence.errors import VaultBusy
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT, Progress
from kancil.programme.imports.checking import (
    ActivityRow,
    BudgetRow,
    Countries,
    PersonRow,
    checked,
)
from kancil.programme.imports.fields import ImportKind
from kancil.programme.imports.mapping import Remarks, TableHead, TableMapping
from kancil.programme.imports.reading import (
    TableRead,
    read_table,
    read_table_head,
    read_whole_rows,
)
from kancil.programme.money.sheets import AS_IT_LOOKS, Heading
from kancil.programme.registration.registrant import RefusedRow

_Row = TypeVar("_Row")
MOST_REASONS = 1_000
"""Kept with a batch."""
TRY = "try-import"
"""The background job of a dry run, whose result goes when its file does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a file, or would."""

    rows: int
    """Taken, refused and left out together."""
    taken: int
    refused: tuple[RefusedRow, ...]
    twins: tuple[Twin, ...]
    """Rows that look like something in the books, and are left out until it is said."""
    known: int
    waiting: int
    no_organisation: int
    remarks: Remarks


def hand_in(
    *, by: Person, store: Vault, kind: ImportKind, data: bytes, file_name: str,
    activity_code: str = "",
) -> str:  # fmt: skip
    """Keep a file whose columns are to be mapped; gives the id of its batch.

    `activity_code`: of participants, the activity of all of them. Raises ActivityNotFound,
    LedgerNotReadable, LedgerTooLarge, ActNotYours.
    """
    desk = desk_of(by)
    require(may_import(desk, kind), desk)
    read_table_head(data, file_name[:200])
    with taken(store, io.BytesIO(data)) as digests, changing_books(by, money=True):
        row = ImportBatch(
            kind=kind.value, file_name=file_name[-200:], sha256=digests.sha256, by=by,
            activity=_activity(activity_code) if kind is ImportKind.PARTICIPANTS else "",
            at=clock.now(),
        )  # fmt: skip
        keep(row, "file_name")
        record("import.handed-in", by=by, about=row.id, of=kind.value)
    clear_store(store)
    return row.id


def _activity(code: str) -> str:
    if not code.strip():
        return ""
    row = Activity.objects.filter(code=code.strip()[:60]).first()
    if row is None:
        raise ActivityNotFound
    return row.id


def map_columns(*, by: Person, store: Vault, batch: str, mapping: TableMapping) -> None:
    """Keep how the columns of a file that waits are read; remembered for the next one like it.

    Raises RecordNotFound, ColumnsNotMapped, LedgerNotReadable, ActNotYours.
    """
    desk = desk_of(by)
    row = waiting(desk, batch)
    head = head_of(store, row, mapping.heading)
    kind = ImportKind(row.kind)
    there = {each.heading for each in head.columns}
    used = {name: heading for name, heading in mapping.columns.items() if heading in there}
    mapping = replace(mapping, columns=used)
    missing = head.faults(kind, mapping)
    if missing:
        name = Phrase(f"name.import-{missing[0].replace('_', '-')}")
        raise ColumnsNotMapped(name=name)
    with changing_books(by, money=True):
        row.mapping = plain(mapping)
        keep_changed(row, ["mapping"])
        about = {"kind": row.kind, "heading_sha256": head_of(store, row).sha256}
        known = ColumnMapping.objects.filter(**about).first() or ColumnMapping(**about)
        known.mapping, known.by, known.at = row.mapping, by, clock.now()
        if known._state.adding:
            keep(known)
        else:
            keep_changed(known, ["mapping", "by", "at"])


def waiting(desk: Desk, batch: str) -> ImportBatch:
    """A file that was handed in and is neither taken nor given up; raises RecordNotFound."""
    row = seen_batches(desk).filter(id=batch[:36], rows=0, undone_at=None).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-import"))
    return row


def head_of(
    store: Vault,
    row: ImportBatch,
    heading: Heading = AS_IT_LOOKS,
) -> TableHead:
    """The headings of a file that waits; raises StoredFileMissing, LedgerNotReadable."""
    return read_table_head(_bytes(store, row), row.file_name, heading)


def _bytes(store: Vault, row: ImportBatch) -> bytes:
    with open_stored(store, row.sha256) as file:
        return file.read()


@dataclass(frozen=True, slots=True)
class ReadRows:
    """A file that waits, read and checked row by row; nothing of the books is in it yet."""

    batch: str
    mapping: dict[str, Any]
    """As its columns were mapped when it was read."""
    read: TableRead
    found: tuple[PersonRow | ActivityRow | BudgetRow | RefusedRow, ...]


def read_rows(*, by: Person, store: Vault, batch: str, progress: Progress = SILENT) -> ReadRows:
    """Read a file that waits; raises RecordNotFound, ColumnsNotMapped, LedgerNotReadable."""
    row = waiting(desk_of(by), batch)
    if not row.mapping:
        raise ColumnsNotMapped(name=Phrase("name.import-name"))
    kind, mapping = ImportKind(row.kind), TableMapping(**row.mapping)
    progress.start(None, "rows", "progress.import-read")
    read = read_table(_bytes(store, row), row.file_name, kind, mapping)
    progress.start(len(read.given), "rows", "progress.import-check")
    countries = Countries.of({each.code: each.shown_name for each in Country.objects.all()})
    found = []
    for each in read.given:
        found.append(checked(kind, each, countries))
        progress.advance(1)
    progress.finish()
    return ReadRows(row.id, row.mapping, read, tuple(found))


def look(
    *, by: Person, store: Vault, batch: str, today: date, decisions: Decisions = UNDECIDED,
    progress: Progress = SILENT,
) -> Outcome:  # fmt: skip
    """What would come of a file, row by row; nothing is written.

    Raises RecordNotFound, ColumnsNotMapped, LedgerNotReadable, LedgerTooLarge, ActNotYours.
    """
    rows = read_rows(by=by, store=store, batch=batch, progress=progress)
    planned = plan_rows(by=by, rows=rows, today=today, decisions=decisions, progress=progress)
    return _outcome(rows.read, planned.plan)


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that would not be taken, as it stands in the file."""

    row: int
    why: Phrase
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftRows:
    """Those of a file, with its headings."""

    headings: tuple[str, ...]
    rows: tuple[LeftRow, ...]


def refused_rows(*, by: Person, store: Vault, batch: str, today: date) -> LeftRows:
    """Rows that would not be taken, to be corrected in the list; raises as `look` does."""
    row = waiting(desk_of(by), batch)
    found = look(by=by, store=store, batch=batch, today=today)
    why = {each.row: each.why for each in found.refused}
    why |= {each.row: each.why for each in found.twins}
    heading = TableMapping(**row.mapping).heading
    whole = read_whole_rows(_bytes(store, row), row.file_name, sorted(why), heading)
    rows = (LeftRow(number, why[number], cells) for number, cells in whole.rows)
    return LeftRows(whole.headings, tuple(rows))


@dataclass(frozen=True, slots=True)
class PlannedRows:
    """What becomes of rows in the books as they stand at one moment; nothing is written yet."""

    rows: ReadRows
    decisions: Decisions
    today: date
    plan: Plan
    stood: tuple[int, int]
    """How many acts the site's record had before they were planned, and the last one's number."""


def plan_rows(
    *, by: Person, rows: ReadRows, today: date, decisions: Decisions = UNDECIDED,
    progress: Progress = SILENT,
) -> PlannedRows:  # fmt: skip
    """Plan what becomes of rows that were read; raises RecordNotFound."""
    stood = _acts()
    row = waiting(desk_of(by), rows.batch)
    plan = _planned(rows, Asked.of(by, row, decisions, today, progress))
    return PlannedRows(rows, decisions, today, plan, stood)


def _acts() -> tuple[int, int]:
    found = Act.objects.aggregate(count=Count("id"), last=Max("id"))
    return found["count"], found["last"] or 0


def take(
    *, by: Person, store: Vault, batch: str, today: date, decisions: Decisions = UNDECIDED
) -> Outcome:
    """Take all rows that can be, as one batch that can be undone; raises as `look` does."""
    rows = read_rows(by=by, store=store, batch=batch)
    outcome = take_rows(by=by, planned=plan_rows(by=by, rows=rows, today=today,
                                                 decisions=decisions))  # fmt: skip
    clear_store(store)
    return outcome


def take_rows(*, by: Person, planned: PlannedRows) -> Outcome:
    """Take rows as they were planned; `clear_store` follows once that is written for good.

    They are planned anew if somebody has acted since: every change to the books has its line of
    record. Raises RecordNotFound, ColumnsChanged, ActNotYours.
    """
    rows, plan = planned.rows, planned.plan
    with changing_books(by, money=True) as desk:
        row = hold_waiting(desk, rows.batch, rows.mapping)
        if _acts() != planned.stood:
            plan = _planned(rows, Asked.of(by, row, planned.decisions, planned.today))
        written([*plan.add, *plan.places])
        outcome = _outcome(rows.read, plan)
        row.rows, row.taken = outcome.rows, outcome.taken
        row.refused = [plain(each) for each in outcome.refused[:MOST_REASONS]]
        keep_changed(row, ["rows", "taken", "refused"])
        record("import.taken", by=by, about=row.id, of=row.kind, taken=row.taken,
               refused=len(outcome.refused), left_out=len(outcome.twins))  # fmt: skip
        forget_results(TRY, batch=row.id)
    return outcome


def hold_waiting(desk: Desk, batch: str, mapping: dict[str, Any]) -> ImportBatch:
    """Hold a file that waits, inside a transaction, if its columns are what they were.

    Raises RecordNotFound, ColumnsChanged.
    """
    held = seen_batches(desk).select_for_update(no_key=True, of=("self",))
    row = held.filter(id=batch[:36], rows=0, undone_at=None).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-import"))
    if row.mapping != mapping:
        raise ColumnsChanged
    return row


def give_up(*, by: Person, store: Vault, batch: str) -> None:
    """Drop a file that waits; raises RecordNotFound, ActNotYours."""
    with changing_books(by, money=True) as desk:
        row = waiting(desk, batch)
        row.undone_at, row.undone_by = clock.now(), by
        keep_changed(row, ["undone_at", "undone_by"])
        record("import.given-up", by=by, about=row.id, of=row.kind)
        forget_results(TRY, batch=row.id)
    clear_store(store)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    removed: int
    kept: list[Kept]


def undo(*, by: Person, batch: str) -> Undone:
    """Remove what an import added and nothing rests on since; the rest stays, with its reasons.

    Raises RecordNotFound (there is none, it waits, or was undone), ActNotYours.
    """
    with changing_books(by, money=True) as desk:
        held = seen_batches(desk).select_for_update(no_key=True, of=("self",))
        row = held.filter(id=batch[:36], rows__gt=0, undone_at=None).first()
        if row is None:
            raise RecordNotFound(thing=Phrase("thing.record-import"))
        found = added(row)
        for model, ids in found.free:
            for some in chunks(ids):
                model._default_manager.filter(pk__in=some).delete()
        row.undone_at, row.undone_by = clock.now(), by
        keep_changed(row, ["undone_at", "undone_by"])
        record("import.undone", by=by, about=row.id, of=row.kind, removed=found.count,
               kept=len(found.kept))  # fmt: skip
    return Undone(found.count, found.kept)


def _planned(rows: ReadRows, asked: Asked) -> Plan:
    plan = Plan()
    plan.refused += [each for each in rows.found if isinstance(each, RefusedRow)]
    match ImportKind(asked.batch.kind):
        case ImportKind.PARTICIPANTS:
            plan_people(asked, _only(rows.found, PersonRow), plan)
        case ImportKind.ACTIVITIES:
            plan_activities(asked, _only(rows.found, ActivityRow), plan)
        case ImportKind.BUDGETS:
            plan_budgets(asked, _only(rows.found, BudgetRow), plan)
    return plan


def _only(rows: Sequence[object], kind: type[_Row]) -> list[_Row]:
    return [each for each in rows if isinstance(each, kind)]


def _outcome(read: TableRead, plan: Plan) -> Outcome:
    refused = tuple(sorted(plan.refused, key=lambda each: each.row))
    return Outcome(
        len(read.given), plan.taken, refused, tuple(plan.twins), plan.known, plan.waiting,
        plan.no_organisation, read.remarks,
    )  # fmt: skip


def clear_store(store: Vault) -> None:
    """Remove files of imports that wait no longer; a store in use keeps them until the next."""
    over = ImportBatch.objects.filter(kind__in=KEPT_FILES).exclude(rows=0, undone_at=None)
    held = {each for each in over.values_list("sha256", flat=True) if store.holds(each)}
    with suppress(VaultBusy), store.alone():
        for each in held - named_files():
            store.remove(each)

"""Spending from the organisation's own ledger: handed in, imported as one batch, matched, undone.

The file stays in the site's store, so that a figure opens to what it was read from. What was
undone stays too, and counts nowhere.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import QuerySet

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.stored import open_stored, taken
from kancil.desk.base.keeping import check, fill, keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import (
    ActivityNotFound,
    FileImportedBefore,
    GrantNotFound,
    SpendingNotFound,
)
from kancil.desk.programme.matching import Codes
from kancil.desk.programme.models import (
    Activity,
    ColumnMapping,
    Grant,
    ImportBatch,
    SpendingFile,
    SpendingLine,
)
from kancil.desk.programme.money.earmarks import require_earmark
from kancil.desk.programme.money.lines import Trial, trial_of
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.programme.money.amount import MOST_MINOR, digits_of
from kancil.programme.money.ledger_file import (
    LedgerHead,
    LedgerMapping,
    LedgerRead,
    read_ledger,
    read_ledger_head,
)

KIND = "spending"
_MOST_REFUSED = 1000
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """What an export is, as whoever made it says."""

    system: str
    """The ledger."""
    period_from: date
    period_to: date
    currency: str
    stated_minor: int | None
    """The total that the ledger states; None: it states none, and nothing is reconciled."""


def hand_in_spending(*, by: Person, store: Vault, data: bytes, file_name: str) -> str:
    """Keep a file whose columns are to be mapped; gives the id of its batch.

    One that waits already is found again. Raises FileImportedBefore, LedgerNotReadable,
    LedgerTooLarge, ActNotYours.
    """
    desk = desk_of(by)
    require(desk.may_keep_money, desk)
    read_ledger_head(data, file_name[:200])
    with taken(store, io.BytesIO(data)) as digests, changing_books(by, money=True):
        known = ImportBatch.objects.filter(kind=KIND, sha256=digests.sha256, undone_at=None).first()
        if known is not None and SpendingFile.objects.filter(batch=known).exists():
            raise FileImportedBefore(name=known.file_name)
        if known is not None:
            return known.id
        row = ImportBatch(
            kind=KIND, file_name=file_name[:200], sha256=digests.sha256, by=by, at=clock.now()
        )
        keep(row, "file_name")
        record("spending.handed-in", by=by, about=row.file_name, id=row.id)
        return row.id


def import_spending(
    *, by: Person, store: Vault, batch: str, export: LedgerExport, mapping: LedgerMapping
) -> str:
    """Take the lines of a file that was handed in, all in one batch; gives the file's id.

    Raises SpendingNotFound, FileImportedBefore, FieldNotUsable, CurrencyUnknown,
    LedgerNotReadable, LedgerTooLarge, ActNotYours.
    """
    head, read = _read(by, store, batch, export, mapping)
    with changing_books(by, money=True):
        row = waiting(batch, hold=True)
        row.mapping = {"columns": dict(mapping.columns), **_rest(mapping)}
        row.rows, row.taken = read.rows, len(read.lines)
        row.refused = [
            [each.row, each.why.key, {k: str(v) for k, v in each.why.params.items()}]
            for each in read.refused[:_MOST_REFUSED]
        ]
        keep_changed(row, ["mapping", "rows", "taken", "refused"])
        made = SpendingFile(batch=row, **asdict(export))
        keep(made, "system")
        _keep_lines(made, read)
        _remember(by, head, row.mapping)
        counts = {"lines": row.taken, "refused": len(read.refused)}
        record("spending.imported", by=by, about=row.file_name, id=made.id, counts=counts)
        return made.id


def try_spending(
    *, by: Person, store: Vault, batch: str, export: LedgerExport, mapping: LedgerMapping
) -> Trial:
    """What would come of a file, row by row; nothing is written. Raises as `import_spending`."""
    _, read = _read(by, store, batch, export, mapping)
    return trial_of(read, export.currency)


def undo_spending(*, by: Person, batch: str) -> None:
    """Undo an import whole, or give up a file that waits; raises SpendingNotFound, ActNotYours."""
    with changing_books(by, money=True):
        row = _held(batch)
        if row is None:
            raise SpendingNotFound
        row.undone_at, row.undone_by = clock.now(), by
        keep_changed(row, ["undone_at", "undone_by"])
        record("spending.undone", by=by, about=row.file_name, id=row.id)


def match_lines(
    *, by: Person, lines: Collection[int], grant: str | None = None, activity: str | None = None,
    override: str = "",
) -> int:  # fmt: skip
    """Match lines by hand with a grant and an activity, by whom is kept; gives how many they were.

    `override`: why the grant pays outside its earmark. Raises OutsideEarmark, GrantNotFound,
    ActivityNotFound, SpendingNotFound, FieldNotUsable, ActNotYours.
    """
    with changing_books(by, money=True):
        paid = Grant.objects.filter(id=grant[:36]).first() if grant else None
        done = Activity.objects.filter(id=activity[:36]).first() if activity else None
        if grant and paid is None:
            raise GrantNotFound
        if activity and done is None:
            raise ActivityNotFound
        if paid is None and done is None:
            raise unusable("grant")
        held = SpendingLine.objects.filter(pk__in=lines, file__batch__undone_at=None)
        files = sorted(set(held.values_list("file_id", flat=True)))
        for pays, gets in _pairs(held, paid, done):
            require_earmark(by=by, grant=pays, activity=gets, override=override)
        changed: dict[str, Person | Grant | Activity] = {"matched_by": by}
        changed |= {"grant": paid} if paid else {}
        changed |= {"activity": done} if done else {}
        count = SpendingLine.objects.filter(pk__in=held.values("pk")).update(**changed)
        if not count or count != len(set(lines)):
            raise SpendingNotFound
        record(
            "spending.matched",
            by=by,
            about=", ".join(files),
            count=count,
            lines=sorted(set(lines))[:_MOST_REFUSED],
            grant=paid.reference if paid else "",
            activity=done.code if done else "",
        )
        return count


def _pairs(
    held: QuerySet[SpendingLine], paid: Grant | None, done: Activity | None
) -> set[tuple[Grant, Activity]]:
    """Grants with the activities that they would pay for; what is not named stays as it is."""
    pairs = {(each.grant, each.activity) for each in held.select_related("grant", "activity")}
    found = {(paid or grant, done or activity) for grant, activity in pairs}
    return {(grant, activity) for grant, activity in found if grant and activity}


def match_by_codes(*, by: Person, file: str) -> int:
    """Match lines of a file that have none by their codes once more; gives how many were found.

    What was matched by hand stays. Raises SpendingNotFound, ActNotYours.
    """
    with changing_books(by, money=True):
        row = SpendingFile.objects.filter(id=file[:36], batch__undone_at=None).first()
        if row is None:
            raise SpendingNotFound
        open_ones = row.lines.filter(matched_by=None, grant=None)
        codes = Codes.of(open_ones.values_list("grant_code", "activity_code"))
        found = 0
        for line in open_ones:
            grant, activity = codes.match(line.grant_code, line.activity_code)
            if (grant, activity) != (line.grant_id, line.activity_id):
                line.grant_id, line.activity_id = grant, activity
                line.save(update_fields=["grant", "activity"])
                found += 1
        record("spending.matched", by=by, about=row.id, count=found, grant="", activity="")
        return found


def waiting(batch: str, *, hold: bool = False) -> ImportBatch:
    """A file that was handed in and waits; raises SpendingNotFound, FileImportedBefore."""
    row = _held(batch) if hold else _standing(batch).first()
    if row is None:
        raise SpendingNotFound
    if SpendingFile.objects.filter(batch=row).exists():
        raise FileImportedBefore(name=row.file_name)
    return row


def _standing(batch: str) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(id=batch[:36], kind=KIND, undone_at=None)


def _held(batch: str) -> ImportBatch | None:
    return _standing(batch).select_for_update(no_key=True).first()


def _read(
    by: Person, store: Vault, batch: str, export: LedgerExport, mapping: LedgerMapping
) -> tuple[LedgerHead, LedgerRead]:
    _check(export)
    desk = desk_of(by)
    require(desk.may_keep_money, desk)
    row = waiting(batch)
    with open_stored(store, row.sha256) as file:
        data = file.read()
    head = read_ledger_head(data, row.file_name)
    return head, read_ledger(data, row.file_name, mapping, export.currency)


def _check(export: LedgerExport) -> None:
    digits_of(export.currency)
    if export.period_to < export.period_from:
        raise unusable("period_to")
    if export.stated_minor is not None and abs(export.stated_minor) > MOST_MINOR:
        raise unusable("amount")


def _rest(mapping: LedgerMapping) -> dict[str, object]:
    return {
        "day_order": mapping.day_order,
        "decimal_comma": mapping.decimal_comma,
        "classes": dict(mapping.classes),
    }


_LEDGER_TEXTS = ("reference", "grant_code", "activity_code", "budget_class", "what")


def _keep_lines(file: SpendingFile, read: LedgerRead) -> None:
    codes = Codes.of((each.grant_code, each.activity_code) for each in read.lines)
    rows = []
    for each in read.lines:
        grant, activity = codes.match(each.grant_code, each.activity_code)
        row = SpendingLine(file=file, grant_id=grant, activity_id=activity, amount_minor=each.minor)
        fill(row, each, as_it_is=_LEDGER_TEXTS)
        check(row)
        rows.append(row)
    SpendingLine.objects.bulk_create(rows, batch_size=_ROWS_AT_ONCE)


def _remember(by: Person, head: LedgerHead, mapping: dict[str, object]) -> None:
    about = {"kind": KIND, "heading_sha256": head.sha256}
    row = ColumnMapping.objects.filter(**about).first() or ColumnMapping(**about)
    row.mapping, row.by, row.at = mapping, by, clock.now()
    if row._state.adding:
        keep(row)
    else:
        keep_changed(row, ["mapping", "by", "at"])

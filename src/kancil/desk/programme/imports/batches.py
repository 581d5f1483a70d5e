"""Batches of spreadsheets, as far as a person sees them, and how columns were read before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.programme.access import Desk
from kancil.desk.programme.imports.undoing import Kept, added
from kancil.desk.programme.models import Activity, ColumnMapping, ImportBatch
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase, from_json
from kancil.programme.imports.fields import ImportKind
from kancil.programme.imports.mapping import TableHead, TableMapping

KEPT_FILES = tuple(each.value for each in ImportKind)
"""Kinds whose files rest in the store while they wait."""


def may_import(desk: Desk, kind: ImportKind) -> bool:
    """Budgets by whoever keeps money, people and activities by the programme officer."""
    return desk.may_keep_money if kind is ImportKind.BUDGETS else desk.may_write


def kinds(desk: Desk) -> list[ImportKind]:
    """What a person may import."""
    return [each for each in ImportKind if may_import(desk, each)]


def seen_batches(desk: Desk) -> QuerySet[ImportBatch]:
    """Batches of the kinds that a person may import, the newest first."""
    seen = [each.value for each in kinds(desk)]
    return ImportBatch.objects.filter(kind__in=seen).select_related("by", "undone_by")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A file that was handed in."""

    id: str
    kind: ImportKind
    file_name: str
    sha256: str
    activity: str
    """Id of the activity of all its participants; empty: none, or a column says."""
    activity_code: str
    rows: int
    """0: it waits."""
    taken: int
    refused: tuple[tuple[int, Phrase], ...]
    """Rows that were not taken, the first thousand: number and reason."""
    mapping: TableMapping | None
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither taken nor given up."""
        return not self.rows and self.undone_at is None


def batches(desk: Desk) -> list[BatchRow]:
    """The newest two hundred."""
    found = list(seen_batches(desk)[:200])
    codes = dict(
        Activity.objects.filter(id__in={each.activity for each in found} - {""})
        .values_list("id", "code")
    )  # fmt: skip
    return [_batch(each, codes.get(each.activity, "")) for each in found]


def batch_of(desk: Desk, id: str) -> BatchRow:
    """One; raises RecordNotFound, also for one of a kind that is not theirs."""
    row = seen_batches(desk).filter(id=id[:36]).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-import"))
    code = Activity.objects.filter(id=row.activity).values_list("code", flat=True).first()
    return _batch(row, code or "")


def _batch(row: ImportBatch, code: str) -> BatchRow:
    return filled(
        BatchRow, row, kind=ImportKind(row.kind), activity_code=code, by=row.by.name,
        refused=tuple(
            (each["row"], Phrase(each["why"]["key"], from_json(each["why"]["params"])))
            for each in row.refused
        ),
        mapping=TableMapping(**row.mapping) if row.mapping else None,
        undone_by=row.undone_by.name if row.undone_by else "",
    )  # fmt: skip


def left_of(desk: Desk, id: str) -> tuple[int, list[Kept]]:
    """How many rows an undo would remove, and what would stay, or stayed; raises RecordNotFound."""
    row = seen_batches(desk).filter(id=id[:36], rows__gt=0).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-import"))
    found = added(row)
    return found.count, found.kept


def remembered(kind: ImportKind, head: TableHead) -> TableMapping | None:
    """How columns with these headings were read last."""
    row = ColumnMapping.objects.filter(kind=kind.value, heading_sha256=head.sha256).first()
    return None if row is None else TableMapping(**row.mapping)

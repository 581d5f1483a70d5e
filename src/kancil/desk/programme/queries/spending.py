"""Files of spending, their lines, and whether each agrees with its own total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from kancil.desk.assessment.stored import open_stored
from kancil.desk.programme.access import Desk, GrantSight
from kancil.desk.programme.errors import SpendingNotFound
from kancil.desk.programme.models import ColumnMapping, ImportBatch, SpendingFile, SpendingLine
from kancil.evidence.vault import Vault
from kancil.ground.phrase import Phrase
from kancil.programme.money.amount import Money
from kancil.programme.money.ledger_file import (
    LedgerHead,
    LedgerMapping,
    LedgerRead,
    read_ledger_head,
)
from kancil.programme.money.reconcile import FileCounts, Reconciliation, reconcile_file

from .costs import STANDING, unmatched
from .entering import require
from .matching import Codes


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that was handed in; without `file`, it waits for its columns to be mapped."""

    batch: str
    file: str | None
    name: str
    sha256: str
    system: str
    period_from: date | None
    period_to: date | None
    counted: Money | None
    stated: Money | None
    lines: int
    refused: tuple[tuple[int, Phrase], ...]
    """Rows that were not taken, the first thousand: number and reason."""
    by: str
    on: date
    is_undone: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of spending."""

    id: int
    row: int
    file: str
    posted_on: date
    reference: str
    grant_code: str
    activity_code: str
    grant: str | None
    """Reference."""
    activity: str | None
    """Code."""
    by_hand: str | None
    """Who matched it."""
    budget_class: str
    what: str
    money: Money


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come of a file under a mapping: nothing is written."""

    lines: int
    sum: Money
    refused: tuple[tuple[int, Phrase], ...]
    of_grants: int
    """Lines whose grant code is known."""
    of_activities: int
    """Lines without, whose activity code is."""
    unknown: tuple[str, ...]
    """Codes that nothing here bears, the first hundred."""


def spending_files(desk: Desk) -> list[FileRow]:
    """Every file, the newest first; raises ActNotYours for whoever keeps no money."""
    require(desk.sees_money, desk)
    found = ImportBatch.objects.filter(kind="spending").select_related("by", "spending_file")
    sums = dict(
        SpendingLine.objects.order_by().values_list("file_id").annotate(Sum("amount_minor"))
    )
    return [_file_row(row, sums) for row in found]


def file_of(desk: Desk, batch: str) -> FileRow:
    """One file; raises SpendingNotFound, ActNotYours."""
    require(desk.sees_money, desk)
    row = ImportBatch.objects.filter(id=batch[:36], kind="spending").select_related("by").first()
    if row is None:
        raise SpendingNotFound
    lines = SpendingLine.objects.filter(file__batch=row).order_by()
    return _file_row(row, dict(lines.values_list("file_id").annotate(Sum("amount_minor"))))


def _file_row(row: ImportBatch, sums: dict[str, int]) -> FileRow:
    made: SpendingFile | None = getattr(row, "spending_file", None)
    stated = made.stated_minor if made else None
    return FileRow(
        row.id,
        made.id if made else None,
        row.file_name,
        row.sha256,
        made.system if made else "",
        made.period_from if made else None,
        made.period_to if made else None,
        Money(made.currency, sums.get(made.id, 0)) if made else None,
        Money(made.currency, stated) if made and stated is not None else None,
        row.taken,
        tuple((number, Phrase(key, params)) for number, key, params in row.refused),
        row.by.name,
        row.at.date(),
        row.undone_at is not None,
    )


def head_of(store: Vault, row: FileRow) -> LedgerHead:
    """The headings of a file that was handed in; raises StoredFileMissing, LedgerNotReadable."""
    with open_stored(store, row.sha256) as file:
        return read_ledger_head(file.read(), row.name)


def remembered(head: LedgerHead) -> LedgerMapping:
    """How columns like these were read last, or as their headings look."""
    row = ColumnMapping.objects.filter(kind="spending", heading_sha256=head.sha256).first()
    return head.guess() if row is None else LedgerMapping(**row.mapping)


def trial_of(read: LedgerRead, currency: str) -> Trial:
    """What would come of rows as they were read."""
    codes = Codes.of((each.grant_code, each.activity_code) for each in read.lines)
    pairs = [codes.match(each.grant_code, each.activity_code) for each in read.lines]
    written = {each.grant_code for each in read.lines} - {""} - codes.grants.keys()
    written |= {each.activity_code for each in read.lines} - {""} - codes.activities.keys()
    return Trial(
        len(read.lines),
        Money(currency, sum(each.minor for each in read.lines)),
        tuple((each.row, each.why) for each in read.refused[:1000]),
        sum(grant is not None for grant, _ in pairs),
        sum(grant is None and activity is not None for grant, activity in pairs),
        tuple(sorted(written)[:100]),
    )


def spending_lines(
    desk: Desk, *, file: str = "", only_unmatched: bool = False
) -> QuerySet[SpendingLine]:
    """Lines that count, by day, to be cut into pages; raises ActNotYours."""
    require(desk.sees_money, desk)
    found = _joined(SpendingLine.objects.filter(STANDING))
    if file:
        found = found.filter(file=file[:36])
    return unmatched(found) if only_unmatched else found


def lines_of_grant(sight: GrantSight) -> QuerySet[SpendingLine]:
    """Lines that the ledger charges to a grant, to be cut into pages; raises ActNotYours."""
    require(sight.sees_lines, sight.desk)
    return _joined(SpendingLine.objects.filter(STANDING, grant=sight.grant))


def _joined(lines: QuerySet[SpendingLine]) -> QuerySet[SpendingLine]:
    return lines.select_related("file__batch", "grant", "activity", "matched_by")


def line_row(row: SpendingLine) -> LineRow:
    """A line as it is shown."""
    return LineRow(
        row.pk,
        row.row,
        row.file.batch.file_name,
        row.posted_on,
        row.reference,
        row.grant_code,
        row.activity_code,
        row.grant.reference if row.grant else None,
        row.activity.code if row.activity else None,
        row.matched_by.name if row.matched_by else None,
        row.budget_class,
        row.what,
        Money(row.file.currency, row.amount_minor),
    )


def reconciled_file(file: str) -> Reconciliation:
    """Whether a file agrees with its own total and its neighbours, and all of it is matched."""
    row = SpendingFile.objects.select_related("batch").get(id=file)
    lines = row.lines.order_by()
    is_credit, is_inside = (
        Q(amount_minor__lt=0),
        Q(posted_on__range=(row.period_from, row.period_to)),
    )
    sums = lines.aggregate(
        lines=Count("pk"),
        counted=Sum("amount_minor"),
        credits=Count("pk", filter=is_credit),
        credits_minor=Sum("amount_minor", filter=is_credit),
        outside=Count("pk", filter=~is_inside),
    )
    left = unmatched(SpendingLine.objects.filter(file=row)).aggregate(
        lines=Count("pk"), sum=Sum("amount_minor")
    )
    here, elsewhere = _twice(row)
    others = SpendingFile.objects.filter(batch__undone_at=None, system__iexact=row.system)
    overlapping = others.exclude(id=row.id).filter(
        period_from__lte=row.period_to, period_to__gte=row.period_from
    )
    return reconcile_file(
        FileCounts(
            currency=row.currency,
            stated_minor=row.stated_minor,
            counted_minor=sums["counted"] or 0,
            lines=sums["lines"],
            not_taken=row.batch.rows - row.batch.taken,
            unmatched=left["lines"],
            unmatched_minor=left["sum"] or 0,
            outside=sums["outside"],
            twice_here=here,
            twice_elsewhere=elsewhere,
            credits=sums["credits"],
            credits_minor=sums["credits_minor"] or 0,
            overlapping=tuple(overlapping.values_list("batch__file_name", flat=True)),
        )
    )


def _twice(row: SpendingFile) -> tuple[int, int]:
    """Lines of a file with the day, reference and amount of another one: in it, and elsewhere."""
    days = row.lines.order_by().values("posted_on")
    of_days = SpendingLine.objects.filter(STANDING, file__currency=row.currency, posted_on__in=days)
    groups = (
        of_days.order_by()
        .values("posted_on", "reference", "amount_minor")
        .annotate(all=Count("pk"), here=Count("pk", filter=Q(file=row)))
        .filter(all__gt=1, here__gt=0)
    )
    twice = groups.values_list("all", "here")
    here = sum(mine - 1 for _, mine in twice)
    return here, sum(mine for every, mine in twice if every > mine)

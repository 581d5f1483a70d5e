"""Files of spending, their lines, and whether each agrees with its own total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from kancil.desk.assessment.stored import open_stored
from kancil.desk.base.opening import day_of
from kancil.desk.programme.access import Desk, GrantSight
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import SpendingNotFound
from kancil.desk.programme.matching import Codes
from kancil.desk.programme.models import ColumnMapping, ImportBatch, SpendingFile, SpendingLine
from kancil.desk.programme.money.costs import STANDING, unmatched
from kancil.desk.programme.money.earmarks import outside_pairs
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
from kancil.programme.money.terms import Period

_NOTHING = dict.fromkeys(("counted", "lines", "outside", "credits", "credits_minor"), 0)
_AT_ONCE = 500
"""Values in one question: SQLite takes no more than a thousand or so everywhere."""


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
    outside: tuple[Phrase, ...]
    """What grants are charged for and are not given for."""


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
        day_of(row.at),
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
        sum(
            activity is not None and not line.grant_code
            for line, (_, activity) in zip(read.lines, pairs, strict=True)
        ),
        tuple(sorted(written)[:100]),
        outside_pairs((grant, activity) for grant, activity in pairs if grant and activity),
    )


def paid_outside(file: str) -> tuple[Phrase, ...]:
    """What grants are charged for in a file and are not given for, where nobody decided."""
    charged = SpendingLine.objects.filter(file=file[:36]).exclude(grant=None).exclude(activity=None)
    return outside_pairs(charged.order_by().values_list("grant_id", "activity_id").distinct())


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
    return reconciled_files([file])[file]


def reconciled_files(files: Collection[str]) -> dict[str, Reconciliation]:
    """The same of several files, in a few questions however many they are."""
    standing = list(SpendingFile.objects.filter(batch__undone_at=None).select_related("batch"))
    rows = [row for row in standing if row.id in set(files)]
    lines = SpendingLine.objects.filter(file__in=rows).order_by()
    is_credit = Q(amount_minor__lt=0)
    is_inside = Q(posted_on__gte=F("file__period_from"), posted_on__lte=F("file__period_to"))
    sums: dict[str, Any] = {
        each["file_id"]: each
        for each in lines.values("file_id").annotate(
            lines=Count("pk"),
            counted=Sum("amount_minor"),
            credits=Count("pk", filter=is_credit),
            credits_minor=Sum("amount_minor", filter=is_credit),
            outside=Count("pk", filter=~is_inside),
        )
    }
    left = {
        file: (count, minor)
        for file, count, minor in unmatched(lines)
        .values_list("file_id")
        .annotate(count=Count("pk"), sum=Sum("amount_minor"))
    }
    here, elsewhere = _twice(tuple(sorted(row.id for row in standing)))
    found = {}
    for row in rows:
        said = sums.get(row.id, _NOTHING)
        count, minor = left.get(row.id, (0, 0))
        found[row.id] = reconcile_file(
            FileCounts(
                currency=row.currency,
                stated_minor=row.stated_minor,
                counted_minor=said["counted"] or 0,
                lines=said["lines"],
                not_taken=row.batch.rows - row.batch.taken,
                unmatched=count,
                unmatched_minor=minor,
                outside=said["outside"],
                twice_here=here[row.id],
                twice_elsewhere=elsewhere[row.id],
                credits=said["credits"],
                credits_minor=said["credits_minor"] or 0,
                overlapping=tuple(_overlapping(row, standing)),
            )
        )
    return found


def _overlapping(row: SpendingFile, standing: Iterable[SpendingFile]) -> Iterator[str]:
    period = Period(row.period_from, row.period_to)
    for each in standing:
        is_of_same = (each.system.casefold(), each.currency) == (
            row.system.casefold(),
            row.currency,
        )
        if (
            each.id != row.id
            and is_of_same
            and period.meets(Period(each.period_from, each.period_to))
        ):
            yield each.batch.file_name


@lru_cache(maxsize=4)
def _twice(files: tuple[str, ...]) -> tuple[Counter[str], Counter[str]]:
    """By file, lines with the day, reference and amount of another one: in it, and elsewhere.

    Remembered by the files that stand: what a line says of itself never changes.
    """
    key = ("file__currency", "posted_on", "reference", "amount_minor")
    every = SpendingLine.objects.filter(file__batch__undone_at=None).order_by()
    groups = every.values_list(*key).annotate(count=Count("pk")).filter(count__gt=1)
    by_file: dict[tuple[Any, ...], Counter[str]] = {row[:-1]: Counter() for row in groups}
    days = sorted({each[1] for each in by_file})
    for at in range(0, len(days), _AT_ONCE):
        some = every.filter(posted_on__in=days[at : at + _AT_ONCE])
        for file, *rest in some.values_list("file_id", *key).iterator(2000):
            if tuple(rest) in by_file:
                by_file[tuple(rest)][file] += 1
    here, elsewhere = Counter[str](), Counter[str]()
    for counts in by_file.values():
        for file, count in counts.items():
            here[file] += count - 1
            elsewhere[file] += count if len(counts) > 1 else 0
    return here, elsewhere

"""Grants as a person may see them: what was given, came in, is budgeted, was spent, and is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from kancil.desk.programme.access import Desk, GrantSight
from kancil.desk.programme.models import (
    Activity,
    BudgetLine,
    DonorReport,
    Funding,
    Grant,
    Receipt,
    SpendingFile,
    SpendingLine,
)
from kancil.desk.programme.money.budgets import budgeted
from kancil.desk.programme.money.costs import STANDING, Spending, spent_by_grant, spent_in, spent_of
from kancil.desk.programme.money.earmarks import Outside, outside_of
from kancil.desk.programme.money.grants import seen_grants
from kancil.desk.programme.money.lines import reconciled_files
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import Total
from kancil.programme.money.reconcile import GrantCounts, Reconciliation, reconcile_grant
from kancil.programme.money.shares import WHOLE_BP
from kancil.programme.money.terms import Period, report_periods, uncovered
from kancil.programme.vocabulary import BudgetClass
from kancil.records.described import named


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report that the terms of a grant ask for and that is not published."""

    grant: str
    reference: str
    donor: str
    period: Period
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant in a list."""

    id: str
    reference: str
    title: str
    donor: str
    donor_id: str
    given: Money
    begins_on: date
    ends_on: date
    received_minor: int
    budgeted_minor: int
    spent: Total
    report: ReportDue | None

    @property
    def left_minor(self) -> int | None:
        """What is not spent yet; None: a rate is missing."""
        return None if self.spent.minor is None else self.given.minor - self.spent.minor


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """An instalment that came in."""

    received_on: date
    money: Money
    reference: str


@dataclass(frozen=True, slots=True)
class PaidActivity:
    """An activity that a grant pays for."""

    id: str
    code: str
    title: str
    begins_on: date
    state: str
    share_bp: int | None
    """None: none is agreed, or it is not theirs to see, as what others pay would follow from it."""
    is_in_part: bool
    """Whether others pay for it too."""
    spent: Total


@dataclass(frozen=True, slots=True)
class ClassRow:
    """What of a budget class is budgeted and spent."""

    budget_class: str
    budgeted_minor: int
    spent: Total


@dataclass(frozen=True, slots=True)
class GrantPage:
    """All that stands of a grant."""

    row: GrantRow
    earmark: str
    kinds: tuple[str, ...]
    """Of activities; none: all."""
    excluded: str
    outside: tuple[Outside, ...]
    """Activities that it pays for, or whose spending it bears, outside its earmark."""
    countries: tuple[str, ...]
    """Codes; none: all."""
    outputs: tuple[str, ...]
    """Codes; none: all."""
    audit_until: date
    support_bp: int
    reports_every_months: int
    report_within_days: int
    version: int
    by: str
    receipts: tuple[ReceiptRow, ...]
    classes: tuple[ClassRow, ...]
    activities: tuple[PaidActivity, ...]
    unassigned: Total | None
    """Spent of no activity."""
    reconciliation: Reconciliation


def grants(
    desk: Desk, today: date, *, donor: str = "", running: bool = False, words: str = ""
) -> list[GrantRow]:
    """Grants that a person sees, the newest first.

    `running`: those that have not ended; `words`: in their reference or title.
    """
    found = seen_grants(desk)
    if donor:
        found = found.filter(donor=donor[:36])
    if running:
        found = found.filter(ends_on__gte=today)
    if words:
        found = found.filter(title__icontains=words) | found.filter(reference__icontains=words)
    return _rows(list(found), today)


def _rows(
    found: list[Grant], today: date, spent: Mapping[str, Total] | None = None
) -> list[GrantRow]:
    ids = [row.id for row in found]
    if spent is None:
        spent = spent_by_grant({row.id: row.currency for row in found})
    plan = budgeted(ids)
    received: dict[str, int] = dict(
        Receipt.objects.filter(grant__in=ids)
        .order_by()
        .values_list("grant_id")
        .annotate(sum=Sum("amount_minor"))
    )
    due = {each.grant: each for each in reversed(_due(found, today))}
    return [
        GrantRow(
            row.id,
            row.reference,
            row.title,
            row.donor.name,
            row.donor_id,
            Money(row.currency, row.amount_minor),
            row.begins_on,
            row.ends_on,
            received.get(row.id, 0),
            plan.get(row.id, 0),
            spent[row.id],
            due.get(row.id),
        )
        for row in found
    ]


def _due(found: Iterable[Grant], today: date) -> list[ReportDue]:
    """Reports that are not published, by the day they are due."""
    published = set(
        DonorReport.objects.exclude(published_at=None).values_list("grant_id", "period_to")
    )
    due = []
    for row in found:
        for period in report_periods(row.begins_on, row.ends_on, row.reports_every_months):
            if (row.id, period.ends_on) in published:
                continue
            due_on = period.ends_on + timedelta(days=row.report_within_days)
            due.append(
                ReportDue(row.id, row.reference, row.donor.name, period, due_on, due_on < today)
            )
    return sorted(due, key=lambda each: (each.due_on, each.reference))


def reports_due(desk: Desk, today: date, within_days: int = 90) -> list[ReportDue]:
    """Reports to donors that are late or due soon, the first ones first."""
    last = today + timedelta(days=within_days)
    return [each for each in _due(seen_grants(desk), today) if each.due_on <= last]


def unspent(desk: Desk, today: date, within_days: int = 180) -> list[GrantRow]:
    """Grants that end soon, or have ended, with something left; the first to end first."""
    last = today + timedelta(days=within_days)
    rows = _rows(list(seen_grants(desk).filter(ends_on__lte=last)), today)
    found = [each for each in rows if each.left_minor is None or each.left_minor > 0]
    return sorted(found, key=lambda each: (each.ends_on, each.reference))


def grant_page(sight: GrantSight, today: date) -> GrantPage:
    """All that stands of a grant."""
    row = Grant.objects.select_related("donor", "by").get(id=sight.grant)
    spent = spent_of(row.id)
    (listed,) = _rows([row], today, {row.id: spent.whole})
    return GrantPage(
        row=listed,
        earmark=row.earmark,
        kinds=tuple(row.kinds),
        excluded=row.excluded,
        outside=outside_paid(row),
        countries=tuple(row.countries.order_by("code").values_list("code", flat=True)),
        outputs=tuple(row.outputs.values_list("code", flat=True)),
        audit_until=row.audit_until,
        support_bp=row.support_bp,
        reports_every_months=row.reports_every_months,
        report_within_days=row.report_within_days,
        version=row.version,
        by=row.by.name,
        receipts=tuple(
            ReceiptRow(each.received_on, Money(row.currency, each.amount_minor), each.reference)
            for each in row.receipts.all()
        ),
        classes=_classes(row, spent),
        activities=_activities(row, spent, is_whole=sight.sees_lines),
        unassigned=spent.by_activity.get(""),
        reconciliation=_reconciled(row, _until(row, today), spent),
    )


def _classes(row: Grant, spent: Spending) -> tuple[ClassRow, ...]:
    plan = _budget_by_class(row.id)
    none = Total(row.currency, 0)
    return tuple(
        ClassRow(each.value, plan.get(each.value, 0), spent.by_class.get(each.value, none))
        for each in BudgetClass
        if each.value in plan or each.value in spent.by_class
    )


def _budget_by_class(grant: str) -> Mapping[str, int]:
    found = BudgetLine.objects.filter(grant=grant, replaced_at=None).order_by()
    return dict(found.values_list("budget_class").annotate(sum=Sum("amount_minor")))


def _activities(row: Grant, spent: Spending, *, is_whole: bool) -> tuple[PaidActivity, ...]:
    shares = dict(Funding.objects.filter(grant=row).values_list("activity_id", "share_bp"))
    wanted = {*shares, *spent.by_activity} - {""}
    none = Total(row.currency, 0)
    return tuple(
        PaidActivity(
            each.id,
            each.code,
            each.title,
            each.begins_on,
            each.state,
            shares.get(each.id) if is_whole or shares.get(each.id) == WHOLE_BP else None,
            shares.get(each.id) != WHOLE_BP,
            spent.by_activity.get(each.id, none),
        )
        for each in Activity.objects.filter(id__in=wanted)
    )


def reconciled_grant(grant: str, period: Period) -> Reconciliation:
    """Whether the spending of a grant in a period is reconciled with the ledger, and why not."""
    return _reconciled(Grant.objects.get(id=grant), period, spent_of(grant))


def outside_paid(grant: Grant) -> tuple[Outside, ...]:
    """What a grant pays for outside its earmark, by its funding or by lines of spending."""
    paid = set(grant.funding.values_list("activity", flat=True))
    lines = SpendingLine.objects.filter(STANDING, grant=grant).exclude(activity=None)
    paid |= set(lines.values_list("activity", flat=True))
    return tuple(sorted(outside_of(grant, paid).values(), key=lambda each: each.code))


def _until(row: Grant, today: date) -> Period:
    """A grant's days so far; its first one, while it has not begun."""
    return Period(row.begins_on, max(row.begins_on, min(row.ends_on, today)))


def _reconciled(row: Grant, period: Period, ever: Spending) -> Reconciliation:
    spent = spent_in(row.id, period, ever)
    received = Receipt.objects.filter(grant=row).aggregate(sum=Sum("amount_minor"))["sum"]
    plan, none = _budget_by_class(row.id), Total(row.currency, 0)
    files = SpendingFile.objects.filter(batch__undone_at=None).values_list(
        "id", "batch__file_name", "period_from", "period_to"
    )
    covered = [(id, name, Period(first, last)) for id, name, first, last in files]
    meeting = {id: name for id, name, days in covered if days.meets(period)}
    found = reconciled_files(meeting)
    over = {
        name: each.minor - plan[name]
        for name, each in ever.by_class.items()
        if name in plan and each.minor is not None and each.minor > plan[name]
    }
    said = GrantCounts(
        currency=row.currency,
        given_minor=row.amount_minor,
        received_minor=received or 0,
        spent=spent.whole,
        support_spent=spent.by_class.get(BudgetClass.SUPPORT.value, none),
        support_bp=row.support_bp,
        open_files=tuple(name for id, name in meeting.items() if not found[id].is_reconciled),
        missing_days=tuple(uncovered(period, [days for _, _, days in covered])),
        over=over,
        undecided=tuple(each.code for each in outside_paid(row) if not each.reason),
    )
    return reconcile_grant(said, {each.value: named(each) for each in BudgetClass})

"""The money of a grant in a period, as a donor report says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum

from kancil.desk.programme.models import BudgetLine, Grant, Receipt, SpendingFile, SpendingLine
from kancil.ground.phrase import Phrase
from kancil.programme.donor_report import ClassLine, Finance, Period
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import BudgetClass

_NO_DAY = date.min


def finance_of(grant: Grant, period: Period) -> Finance:
    """The grant's finance in a period."""
    spent, apart = _spent(grant, period.begins_on, period.ends_on)
    before, _ = _spent(grant, _NO_DAY, period.begins_on, is_before=True)
    budget = _budget(grant, period)
    lines = tuple(
        ClassLine(each, budget.get(each.value, 0), spent.get(each.value, 0))
        for each in BudgetClass
        if each.value in budget or each.value in spent
    )
    charged = spent.get(BudgetClass.SUPPORT.value, 0)
    direct = sum(spent.values()) - charged
    findings = _findings(grant, period)
    received = Receipt.objects.filter(grant=grant, received_on__lte=period.ends_on)
    return Finance(
        currency=grant.currency,
        received_minor=received.aggregate(n=Sum("amount_minor"))["n"] or 0,
        spent_before_minor=sum(before.values()),
        lines=lines,
        support_bp=grant.support_bp,
        support_due_minor=round(direct * grant.support_bp / 10_000),
        support_charged_minor=charged,
        is_reconciled=not findings,
        findings=findings,
        apart=apart,
    )


def costs_of_grant(grant: Grant, period: Period) -> Mapping[str, int]:
    """What each activity cost the grant in a period, by its id."""
    found = _lines(grant, period.begins_on, period.ends_on).filter(file__currency=grant.currency)
    rows = found.exclude(activity=None).values_list("activity_id").annotate(n=Sum("amount_minor"))
    return {str(activity): minor for activity, minor in rows.order_by()}


def _lines(
    grant: Grant, begins: date, ends: date, *, is_before: bool = False
) -> QuerySet[SpendingLine]:
    last = Q(posted_on__lt=ends) if is_before else Q(posted_on__lte=ends)
    return SpendingLine.objects.filter(
        last, grant=grant, posted_on__gte=begins, file__batch__undone_at=None
    )


def _spent(
    grant: Grant, begins: date, ends: date, *, is_before: bool = False
) -> tuple[dict[str, int], tuple[Money, ...]]:
    found = _lines(grant, begins, ends, is_before=is_before)
    rows = (
        found.values_list("file__currency", "budget_class").annotate(n=Sum("amount_minor"))
    ).order_by("file__currency", "budget_class")
    own: dict[str, int] = {}
    apart: dict[str, int] = {}
    for currency, of, minor in rows:
        if currency == grant.currency:
            own[of] = minor
        else:
            apart[currency] = apart.get(currency, 0) + minor
    return own, tuple(Money(currency, minor) for currency, minor in apart.items())


def _budget(grant: Grant, period: Period) -> dict[str, int]:
    found = BudgetLine.objects.filter(
        grant=grant, currency=grant.currency, replaced_at=None,
        period_from__lte=period.ends_on, period_to__gte=period.begins_on,
    )  # fmt: skip
    rows = found.values_list("budget_class").annotate(n=Sum("amount_minor")).order_by()
    return dict(rows)


def _findings(grant: Grant, period: Period) -> tuple[Phrase, ...]:
    files = SpendingFile.objects.filter(
        batch__undone_at=None, period_from__lte=period.ends_on, period_to__gte=period.begins_on
    )
    if not files.exists():
        return (Phrase("programme.report-missing.spending"),)
    return ()

"""What an activity costs a grant: the one rule by which pages, reports and IATI files count it.

A line that the ledger charges to a grant is that grant's, whole. A line that names no grant but an
activity (or that somebody matched to the activity alone) is split by the shares in which grants pay
for the activity, each line by itself, so that the parts of any period are the parts of its days. A
line of neither is nobody's until it is matched. Lines of files that were undone count nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum

from kancil.desk.programme.models import (
    BudgetLine,
    Funding,
    Grant,
    SpendingFile,
    SpendingLine,
)
from kancil.desk.programme.money.rates import rates_for
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import Total, totals
from kancil.programme.money.shares import WHOLE_BP, split
from kancil.programme.money.terms import Period

STANDING = Q(file__batch__undone_at=None)
"""Lines that count."""
_SHARED = Q(grant_code="") | Q(matched_by__isnull=False)
"""Lines that may be split: the code of a grant that is not known here is somebody else's grant."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one or several lines of a day cost a grant."""

    grant: str
    activity: str | None
    budget_class: str
    money: Money
    """In the ledger's currency."""
    on: date


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent of a grant, in its currency."""

    whole: Total
    by_class: Mapping[str, Total] = field(hash=False)
    by_activity: Mapping[str, Total] = field(hash=False)
    """By id; empty: of no activity."""


@dataclass(frozen=True, slots=True)
class GrantCost:
    """What an activity costs one grant."""

    grant: str
    reference: str
    donor: str
    share_bp: int | None
    """None: no share is agreed, but the ledger charges the grant."""
    budgeted_minor: int
    spent: Total


@dataclass(frozen=True, slots=True)
class ActivityCosts:
    """What an activity costs, by grant, and what no grant bears yet."""

    grants: tuple[GrantCost, ...]
    unassigned: tuple[Money, ...]
    """By currency: its lines without a grant, while shares are not the whole."""


def _whole() -> QuerySet[Any]:
    """The ids of activities whose shares are the whole together."""
    shares = Funding.objects.order_by().values("activity").annotate(whole=Sum("share_bp"))
    return shares.filter(whole=WHOLE_BP).values("activity")


def unmatched(lines: QuerySet[SpendingLine]) -> QuerySet[SpendingLine]:
    """Lines that are no grant's: neither named nor of an activity that grants pay whole."""
    is_split = _SHARED & Q(activity__in=_whole())
    return lines.filter(grant=None).filter(Q(activity=None) | ~is_split)


def parts_of(
    *,
    grants: Collection[str] | None = None,
    activities: Collection[str] | None = None,
    period: Period | None = None,
    is_fine: bool = True,
) -> Iterator[Part]:
    """The parts that grants bear; `is_fine`: told by activity and class, else by grant alone."""
    lines = SpendingLine.objects.all()
    if period is not None:
        lines = lines.filter(posted_on__range=(period.begins_on, period.ends_on))
    if activities is not None:
        lines = lines.filter(activity__in=activities)
    named = lines.exclude(grant=None)
    shared = lines.filter(STANDING, _SHARED, grant=None, activity__in=_whole())
    if grants is not None:
        named = named.filter(grant__in=grants)
        paid = Funding.objects.filter(grant__in=grants).values("activity")
        shared = shared.filter(activity__in=paid)
    yield from _named(named, is_fine)
    wanted = None if grants is None else set(grants)
    for part in _shared(shared):
        if wanted is None or part.grant in wanted:
            yield part


def _named(lines: QuerySet[SpendingLine], is_fine: bool) -> Iterator[Part]:
    """The parts of lines that name their grant; in its currency, days are taken together."""
    files = dict(SpendingFile.objects.filter(batch__undone_at=None).values_list("id", "currency"))
    grants = dict(Grant.objects.values_list("id", "currency"))
    own: dict[str, list[str]] = {}
    for file, currency in files.items():
        own.setdefault(currency, []).append(file)
    for currency, of in own.items():
        same = [grant for grant, its in grants.items() if its == currency]
        # The index is asked by grant; nothing is joined where only a few files are another's.
        yield from _sums(lines.filter(file__in=of, grant__in=same), currency, is_fine, ())
        other = [grant for grant, its in grants.items() if its != currency]
        if other:
            found = lines.filter(file__in=of, grant__in=other)
            yield from _sums(found, currency, is_fine, ("posted_on",))


def _sums(
    lines: QuerySet[SpendingLine], currency: str, is_fine: bool, days: tuple[str, ...]
) -> Iterator[Part]:
    by = ("activity_id", "budget_class") if is_fine else ()
    rows = lines.order_by().values_list("grant_id", *by, *days)
    for grant, *fine, minor, on in (
        rows.annotate(sum=Sum("amount_minor"), on=Min("posted_on"))
        .values_list("grant_id", *by, "sum", "on")
        .iterator(2000)
    ):
        activity, budget_class = fine if is_fine else (None, "")
        yield Part(grant, activity, budget_class, Money(currency, minor), on)


def _shared(lines: QuerySet[SpendingLine]) -> Iterator[Part]:
    ordered = lines.order_by("activity_id", "id").values_list(
        "activity_id", "budget_class", "file__currency", "amount_minor", "posted_on"
    )
    shares: dict[str, dict[str, int]] = {}
    paid = Funding.objects.filter(activity__in=lines.values("activity"))
    for activity, grant, share in paid.order_by("grant__reference").values_list(
        "activity_id", "grant_id", "share_bp"
    ):
        shares.setdefault(activity, {})[grant] = share
    for activity, rows in groupby(ordered.iterator(2000), key=lambda row: row[0]):
        for _, budget_class, currency, minor, on in rows:
            for grant, part in split(minor, shares[activity]).items():
                yield Part(grant, activity, budget_class, Money(currency, part), on)


def spent_of(grant: str, period: Period | None = None) -> Spending:
    """What was spent of a grant, all of it or on the days of a period, in its currency."""
    currency = Grant.objects.values_list("currency", flat=True).get(id=grant)
    parts = list(parts_of(grants=[grant], period=period))
    rates = rates_for({currency, *(each.money.currency for each in parts)})
    by_class = totals(((one.budget_class, one.money, one.on) for one in parts), currency, rates)
    by_activity = totals(
        ((one.activity or "", one.money, one.on) for one in parts), currency, rates
    )
    return Spending(by_class.whole, by_class.by, by_activity.by)


def spent_in(grant: str, period: Period, ever: Spending) -> Spending:
    """What was spent of a grant in a period; `ever`: in all, which it is where no line is outside.

    Saves counting twice where the period is all of a grant's days so far.
    """
    lines = SpendingLine.objects.filter(STANDING).exclude(
        posted_on__range=(period.begins_on, period.ends_on)
    )
    paid = Funding.objects.filter(grant=grant).values("activity")
    is_outside = lines.filter(Q(grant=grant) | Q(grant=None, activity__in=paid)).exists()
    return spent_of(grant, period) if is_outside else ever


def spent_by_grant(grants: Mapping[str, str], period: Period | None = None) -> dict[str, Total]:
    """What was spent of each of several grants; `grants`: currency by id."""
    found: dict[str, list[Part]] = {each: [] for each in grants}
    for part in parts_of(grants=list(grants), period=period, is_fine=False):
        found[part.grant].append(part)
    return _by_currency(found, grants)


def costs_of(activity: str) -> ActivityCosts:
    """What an activity costs each grant that pays for it or is charged for it."""
    shares = dict(Funding.objects.filter(activity=activity).values_list("grant_id", "share_bp"))
    found: dict[str, list[Part]] = {each: [] for each in shares}
    for part in parts_of(activities=[activity]):
        found.setdefault(part.grant, []).append(part)
    budgets: dict[str, int] = dict(
        BudgetLine.objects.filter(activity=activity, replaced_at=None)
        .exclude(grant=None)
        .order_by()
        .values_list("grant_id")
        .annotate(sum=Sum("amount_minor"))
    )
    for each in budgets:
        found.setdefault(each, [])
    rows = Grant.objects.filter(id__in=found).select_related("donor")
    spent = _by_currency(found, {row.id: row.currency for row in rows})
    lines = SpendingLine.objects.filter(STANDING, activity=activity)
    left = unmatched(lines).order_by().values_list("file__currency").annotate(Sum("amount_minor"))
    return ActivityCosts(
        tuple(
            GrantCost(
                row.id,
                row.reference,
                row.donor.name,
                shares.get(row.id),
                budgets.get(row.id, 0),
                spent[row.id],
            )
            for row in rows
        ),
        tuple(Money(currency, minor) for currency, minor in left),
    )


def _by_currency(
    parts: Mapping[str, Iterable[Part]], grants: Mapping[str, str]
) -> dict[str, Total]:
    used = {one.money.currency for each in parts.values() for one in each}
    rates = rates_for({*grants.values(), *used})
    return {
        grant: totals((("", one.money, one.on) for one in parts[grant]), currency, rates).whole
        for grant, currency in grants.items()
    }

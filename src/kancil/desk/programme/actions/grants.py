"""Grants: what a donor gives, for what and until when; and instalments that came in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kancil.desk.assessment.errors import CountryNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books, changing_grant, require_version
from kancil.desk.programme.errors import CodeTaken, DonorNotFound
from kancil.desk.programme.models import Donor, Grant, Receipt, ResultNode
from kancil.ground import clock
from kancil.programme.money.amount import MOST_MINOR, digits_of
from kancil.programme.money.shares import WHOLE_BP
from kancil.programme.vocabulary import ActivityKind

_FIELDS = (
    "reference", "title", "amount_minor", "currency", "begins_on", "ends_on", "audit_until",
    "support_bp", "earmark", "excluded", "reports_every_months", "report_within_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GrantDraft:
    """A grant as its agreement says it."""

    donor: str
    """Id."""
    reference: str
    """Its code in the organisation's ledger."""
    title: str
    amount_minor: int
    currency: str
    begins_on: date
    ends_on: date
    audit_until: date
    support_bp: int = 0
    earmark: str = ""
    countries: Collection[str] = ()
    """Codes; none: all."""
    outputs: Collection[str] = ()
    """Ids; none: all."""
    kinds: Collection[str] = ()
    """Of activities; none: all."""
    excluded: str = ""
    """What it does not pay, in the agreement's words."""
    reports_every_months: int = 12
    report_within_days: int = 90


def add_grant(*, by: Person, draft: GrantDraft) -> str:
    """Add a grant; gives its id.

    Raises CodeTaken, DonorNotFound, CountryNotFound, CurrencyUnknown, FieldNotUsable, ActNotYours.
    """
    with changing_books(by, money=True):
        row = Grant(by=by, at=clock.now())
        _fill(row, draft)
        keep(row, "reference", "title")
        _earmarked(row, draft)
        record("grant.added", by=by, about=row.reference, id=row.id, given=_money(row))
        return row.id


def change_grant(*, by: Person, grant: str, version: int, draft: GrantDraft) -> None:
    """Change a grant as the agreement was; `version`: the one that was seen.

    Its currency stays once something is received or budgeted in it. Raises GrantNotFound,
    ChangedMeanwhile, and as `add_grant` does.
    """
    with changing_grant(by, grant) as sight:
        row = Grant.objects.select_related("by").get(id=sight.grant)
        require_version(row.version, version, row.by.name)
        was = {"reference": row.reference, **_money(row)}
        is_used = row.receipts.exists() or row.budget.exists()
        if is_used and draft.currency != row.currency:
            raise unusable("currency")
        _fill(row, draft)
        row.version, row.by, row.at = row.version + 1, by, clock.now()
        keep_changed(row, [*_FIELDS, "kinds", "donor", "version", "by", "at"], "reference", "title")
        _earmarked(row, draft)
        record("grant.changed", by=by, about=row.reference, id=row.id, was=was, given=_money(row))


def add_receipt(
    *, by: Person, grant: str, received_on: date, amount_minor: int, reference: str = ""
) -> int:
    """Record an instalment that came in, or one that was paid back (less than nothing).

    Raises FieldNotUsable, GrantNotFound, ActNotYours.
    """
    with changing_grant(by, grant) as sight:
        if not amount_minor or abs(amount_minor) > MOST_MINOR:
            raise unusable("amount")
        row = Receipt(
            grant_id=sight.grant,
            received_on=received_on,
            amount_minor=amount_minor,
            reference=reference.strip(),
            by=by,
            at=clock.now(),
        )
        keep(row)
        day = received_on.isoformat()
        record("grant.received", by=by, about=sight.reference, amount=str(amount_minor), day=day)
        return int(row.pk)


def _money(row: Grant) -> dict[str, str]:
    return {"amount": str(row.amount_minor), "currency": row.currency}


def _fill(row: Grant, draft: GrantDraft) -> None:
    donor = Donor.objects.filter(id=draft.donor[:36]).first()
    if donor is None:
        raise DonorNotFound
    digits_of(draft.currency)
    for name in _FIELDS:
        value = getattr(draft, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.donor = donor
    row.kinds = sorted(set(draft.kinds))
    if not set(row.kinds) <= set(ActivityKind):
        raise unusable("kinds")
    if not 0 < row.amount_minor <= MOST_MINOR:
        raise unusable("amount")
    if row.ends_on < row.begins_on:
        raise unusable("ends_on")
    if row.audit_until < row.ends_on:
        raise unusable("audit_until")
    if not 0 <= row.support_bp <= WHOLE_BP:
        raise unusable("support_bp")
    if not 1 <= row.reports_every_months <= 60:
        raise unusable("reports_every_months")
    if not 0 <= row.report_within_days <= 1000:
        raise unusable("report_within_days")
    if Grant.objects.filter(reference=row.reference).exclude(id=row.id).exists():
        raise CodeTaken(code_given=row.reference[:60])


def _earmarked(row: Grant, draft: GrantDraft) -> None:
    countries = Country.objects.filter(code__in=draft.countries)
    if len(countries) != len(set(draft.countries)):
        raise CountryNotFound
    outputs = ResultNode.objects.filter(id__in=draft.outputs, kind="output")
    if len(outputs) != len(set(draft.outputs)):
        raise unusable("outputs")
    row.countries.set(countries)
    row.outputs.set(outputs)

"""Budgets of grants and activities: a line that no longer holds stays, marked with when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books, changing_grant
from kancil.desk.programme.errors import ActivityNotFound, BudgetLineNotFound
from kancil.desk.programme.models import Activity, BudgetLine, Grant, ImportBatch
from kancil.ground import clock
from kancil.ground.days import months_after
from kancil.programme.money.amount import MOST_MINOR, digits_of
from kancil.programme.vocabulary import BudgetClass


@dataclass(frozen=True, slots=True)
class BudgetDraft:
    """A budgeted amount of a grant, of an activity, or of a grant for an activity."""

    budget_class: str
    amount_minor: int
    currency: str
    """Of a grant's line: the grant's."""
    period_from: date
    period_to: date
    """At most a year after."""
    grant: str = ""
    activity: str = ""
    what: str = ""


def add_budget_line(*, by: Person, draft: BudgetDraft, batch: ImportBatch | None = None) -> int:
    """Add a line to a budget; gives its number.

    Raises FieldNotUsable, GrantNotFound, ActivityNotFound, CurrencyUnknown, ActNotYours.
    """
    with _changing(by, draft.grant):
        row = new_budget_line(draft, by)
        row.batch = batch
        keep(row)
        record("budget.added", by=by, about=_about(row), line=row.pk, amount=str(row.amount_minor))
        return int(row.pk)


def replace_budget_line(*, by: Person, line: int, draft: BudgetDraft | None) -> int | None:
    """Let another line take a line's place, or none; gives the number of the new one.

    Raises BudgetLineNotFound (also for one that was replaced), and as `add_budget_line` does.
    """
    known = BudgetLine.objects.filter(pk=line).values_list("grant_id", flat=True).first() or ""
    with _changing(by, known):
        held = BudgetLine.objects.select_for_update(no_key=True, of=("self",))
        old = held.select_related("grant", "activity").filter(pk=line, replaced_at=None).first()
        if old is None:
            raise BudgetLineNotFound
        if draft is not None and (old.grant_id or "", old.activity_id or "") != (
            draft.grant, draft.activity,
        ):  # fmt: skip
            raise unusable("grant")
        old.replaced_at = clock.now()
        keep_changed(old, ["replaced_at"])
        new = None if draft is None else new_budget_line(draft, by)
        if new is not None:
            keep(new)
        amounts = [str(old.amount_minor), str(new.amount_minor if new else 0)]
        record("budget.replaced", by=by, about=_about(old), line=old.pk, amounts=amounts)
        return None if new is None else int(new.pk)


@contextmanager
def _changing(by: Person, grant: str) -> Iterator[None]:
    if grant:
        with changing_grant(by, grant):
            yield
    else:
        with changing_books(by, money=True):
            yield


def _about(row: BudgetLine) -> str:
    names = (row.grant and row.grant.reference, row.activity and row.activity.code)
    return " ".join(each for each in names if each)


def new_budget_line(draft: BudgetDraft, author: Person) -> BudgetLine:
    """The row of a line, checked and not yet written; raises as `add_budget_line` does."""
    grant = Grant.objects.filter(id=draft.grant).first() if draft.grant else None
    activity = Activity.objects.filter(id=draft.activity[:36]).first() if draft.activity else None
    if draft.activity and activity is None:
        raise ActivityNotFound
    if grant is None and activity is None:
        raise unusable("grant")
    digits_of(draft.currency)
    if grant is not None and grant.currency != draft.currency:
        raise unusable("currency")
    if draft.budget_class not in set(BudgetClass):
        raise unusable("budget_class")
    if not 0 <= draft.amount_minor <= MOST_MINOR:
        raise unusable("amount")
    last = (months_after(draft.period_from, 12) or date.max) - timedelta(days=1)
    if not draft.period_from <= draft.period_to <= last:
        raise unusable("period_to")
    return BudgetLine(
        grant=grant,
        activity=activity,
        budget_class=draft.budget_class,
        what=draft.what.strip(),
        amount_minor=draft.amount_minor,
        currency=draft.currency,
        period_from=draft.period_from,
        period_to=draft.period_to,
        by=author,
        at=clock.now(),
    )

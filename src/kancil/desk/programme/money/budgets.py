"""Budgets of grants and activities: a line that no longer holds stays, marked with when."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from kancil.desk.assessment.keeping import record
from kancil.desk.base.action import Action
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.access import ActivitySight, Desk, GrantSight
from kancil.desk.programme.books import BOOKS, KEEPING_MONEY
from kancil.desk.programme.changing import changing_books, hold
from kancil.desk.programme.errors import ActivityNotFound, BudgetLineNotFound
from kancil.desk.programme.matching import Codes
from kancil.desk.programme.models import BudgetLine, Grant
from kancil.desk.programme.money.grants import GRANTS
from kancil.ground import clock
from kancil.programme.funding import BudgetInput
from kancil.programme.money.amount import read_minor


def budget_of_grant(sight: GrantSight) -> QuerySet[BudgetLine]:
    """The lines of a grant's budget, also those that were replaced."""
    return _lines().filter(grant=sight.grant)


def budget_of_activity(sight: ActivitySight) -> QuerySet[BudgetLine]:
    """The lines of an activity's budget, of every grant or of none; empty where not seen."""
    lines = _lines().filter(activity=sight.activity, replaced_at=None)
    return lines if sight.sees_money else lines.none()


def _lines() -> QuerySet[BudgetLine]:
    """Lines with all that a page shows of them."""
    return BudgetLine.objects.select_related("grant", "activity", "by")


def budgeted(grants: Collection[str]) -> dict[str, int]:
    """What is budgeted of each grant, in its currency."""
    found = BudgetLine.objects.filter(grant__in=grants, replaced_at=None).order_by()
    return dict(found.values_list("grant_id").annotate(sum=Sum("amount_minor")))


def price_line(row: BudgetLine, given: BudgetInput) -> None:
    """Put the amount into a line that is not written here, of a grant, an activity, or both.

    A grant's line is in its currency. Raises FieldNotUsable, AmountNotUsable, CurrencyUnknown.
    """
    if row.grant is None and row.activity is None:
        raise unusable("grant")
    if row.grant is not None:
        row.currency = row.currency or row.grant.currency
        if row.currency != row.grant.currency:
            raise unusable("currency")
    row.amount_minor = read_minor(given.amount, row.currency)
    if row.amount_minor < 0:
        raise unusable("amount")


def _write(desk: Desk, row: BudgetLine, given: BudgetInput) -> None:
    """Raises GrantNotFound, ActivityNotFound, and as `price_line` does."""
    hold(Grant, row.grant_id or "")
    row.grant = GRANTS.row(desk, row.grant_id or "")
    code = given.activity_code
    row.activity_id = Codes.of([("", code)]).activities.get(code)
    if code and row.activity_id is None:
        raise ActivityNotFound
    price_line(row, given)


def _about(row: BudgetLine) -> str:
    names = (row.grant and row.grant.reference, row.activity and row.activity.code)
    return " ".join(each for each in names if each)


add_budget_line = Action(
    name="budget.added", books=BOOKS, on=GRANTS, makes=BudgetLine, may=KEEPING_MONEY,
    given=BudgetInput, do=_write,
    line=lambda row, _was: {"about": _about(row), "line": row.pk, "amount": str(row.amount_minor)},
)  # fmt: skip
"""With `grant_id`: of which grant."""


def replace_budget_line(*, by: Person, line: int, given: BudgetInput) -> BudgetLine:
    """Let another line take a line's place.

    Raises BudgetLineNotFound (also for one that was replaced), and as `add_budget_line` does.
    """
    with changing_books(by, money=True) as desk:
        hold(BudgetLine, line)
        old = _lines().filter(pk=line, replaced_at=None).first()
        if old is None:
            raise BudgetLineNotFound
        new = BudgetLine(grant_id=old.grant_id, by=by, at=clock.now())
        add_budget_line.change(desk, new, given)
        if new.activity_id != old.activity_id:
            raise unusable("activity_code")
        old.replaced_at = new.at
        keep_changed(old, ["replaced_at"])
        keep(new)
        amounts = [str(old.amount_minor), str(new.amount_minor)]
        record("budget.replaced", by=by, about=_about(old), line=old.pk, amounts=amounts)
        return new

"""Grants: what a donor gives, for what and until when; and instalments that came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from kancil.desk.base.action import Action
from kancil.desk.base.keeping import unusable
from kancil.desk.base.register import Register
from kancil.desk.programme.access import Desk
from kancil.desk.programme.books import BOOKS, KEEPING_MONEY
from kancil.desk.programme.changing import hold
from kancil.desk.programme.errors import CodeTaken, GrantNotFound
from kancil.desk.programme.models import Grant, Receipt
from kancil.ground import clock
from kancil.programme.funding import GrantInput, ReceiptInput
from kancil.programme.money.amount import read_minor


def seen_grants(desk: Desk) -> QuerySet[Grant]:
    """Those of every donor to who keeps money, of their own donors to a donor reader."""
    found = Grant.objects.select_related("donor", "by")
    return found if desk.sees_money else found.filter(donor__in=desk.donors)


GRANTS = Register(
    name="grant",
    seen=seen_grants,
    missing=lambda _id: GrantNotFound(),
    named=lambda row: row.reference,
    code="reference",
)


def _write(desk: Desk, row: Grant, given: GrantInput) -> None:
    """Raises CodeTaken; a currency stays once something is received or budgeted in it."""
    stood = Grant.objects.filter(pk=row.pk).exclude(currency=row.currency).first()
    if stood is not None and (stood.receipts.exists() or stood.budget.exists()):
        raise unusable("currency")
    if Grant.objects.filter(reference=row.reference).exclude(pk=row.pk).exists():
        raise CodeTaken(code_given=row.reference[:60])
    row.amount_minor, row.support_bp = given.minor, int(given.support_percent * 100)
    row.by_id, row.at = desk.person, clock.now()


def _line(row: Grant, was: Mapping[str, Any]) -> Mapping[str, Any]:
    line = {"about": row.reference, "id": row.id, "given": _money(vars(row))}
    return line | ({"was": {"reference": was["reference"], **_money(was)}} if was else {})


def _money(row: Mapping[str, Any]) -> dict[str, str]:
    return {"amount": str(row["amount_minor"]), "currency": row["currency"]}


add_grant = Action(
    name="grant.added", books=BOOKS, on=GRANTS, makes=Grant, may=KEEPING_MONEY, given=GrantInput,
    do=_write, line=_line,
)  # fmt: skip
change_grant = Action(
    name="grant.changed", books=BOOKS, on=GRANTS, may=KEEPING_MONEY, given=GrantInput, do=_write,
    line=_line,
)  # fmt: skip


def _receive(desk: Desk, row: Receipt, given: ReceiptInput) -> None:
    """Raises AmountNotUsable, GrantNotFound."""
    hold(Grant, row.grant_id)
    row.grant = GRANTS.row(desk, row.grant_id)
    row.amount_minor = read_minor(given.amount, row.grant.currency)
    if not row.amount_minor:
        raise unusable("amount")


add_receipt = Action(
    name="grant.received", books=BOOKS, on=GRANTS, makes=Receipt, may=KEEPING_MONEY,
    given=ReceiptInput, do=_receive,
    line=lambda row, _was: {"about": row.grant.reference, "amount": str(row.amount_minor),
                            "day": row.received_on.isoformat()},
)  # fmt: skip
"""With `grant_id`: of which grant."""

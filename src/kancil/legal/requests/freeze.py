"""Freeze: that a bank, payment service, exchange or issuer holds money before it moves on.

It goes the same day, to the keeper itself or by the financial intelligence unit, and says by when a
formal order follows. It asks no data. What the account still holds only its keeper knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from kancil.ground.phrase import Param, Phrase
from kancil.legal.request import Draft, Level, Problem, RequestKind, Sought, Standing

OLD_DAYS = 365
"""Days after which a keeper asks why a hold is sought only now: set here, by no measured rate."""


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _checks(draft: Draft, at: datetime) -> Iterator[Problem]:
    for number, item in enumerate(draft.items, 1):
        if not item.amount or not item.asset:
            yield Problem(
                Level.MISSING, "items", Phrase("problem.request-no-amount", {"n": number})
            )
        if not item.at:
            yield Problem(Level.MISSING, "items", Phrase("problem.request-no-time", {"n": number}))
        elif (day := _day(item.at)) is not None and (at.date() - day).days >= OLD_DAYS:
            old: dict[str, Param] = {"n": number, "day": day.isoformat()}
            yield Problem(Level.ADVICE, "urgency", Phrase("problem.request-old-money", old))
        if item.standing is not Standing.STATED and not item.proof:
            yield Problem(Level.MISSING, "items", Phrase("problem.request-no-proof", {"n": number}))
    until, follows = draft.text("hold_until"), draft.text("order_by")
    if until and follows and follows > until:
        yield Problem(Level.WRONG, "order_by", Phrase("problem.request-order-late"))


KIND = RequestKind(
    name="freeze",
    addressees=("bank", "payment-service", "exchange", "issuer", "fiu"),
    required=(
        "requesting_authority", "contact", "domestic_order", "offences", "facts", "findings",
        "items", "link_to_offence", "hold_until", "order_to_follow", "order_by", "urgency",
        "signatory",
    ),
    optional=("victim_report", "bases", "confidentiality", "attachments",
              "translated_by"),
    sought=(Sought.HOLD,),
    source="asked_freeze",
    confidence="medium",
    checks=_checks,
)  # fmt: skip

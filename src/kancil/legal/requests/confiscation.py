"""Confiscation and return: that an order over the money is carried out, and victims are paid back.

UNTOC, articles 13 and 14; the UN Convention against Cybercrime has articles of its own. It rests on
an order of a court; each victim's share names their complaint, never their name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation

from kancil.ground.phrase import Phrase
from kancil.legal.request import Draft, Level, Problem, RequestKind, Sought


def _checks(draft: Draft, at: datetime) -> Iterator[Problem]:
    asked: dict[str, Decimal] = {}
    shared: dict[str, Decimal] = {}
    try:
        for item in draft.items:
            asked[item.asset] = asked.get(item.asset, Decimal()) + Decimal(item.amount or 0)
        for share in draft.shares:
            shared[share.asset] = shared.get(share.asset, Decimal()) + Decimal(share.amount)
    except InvalidOperation:
        yield Problem(Level.WRONG, "shares", Phrase("problem.request-amount-form"))
        return
    for asset, amount in shared.items():
        if amount > asked.get(asset, Decimal()):
            params = {"asset": asset, "shares": str(amount), "items": str(asked.get(asset, 0))}
            yield Problem(Level.WRONG, "shares", Phrase("problem.request-shares-more", params))


KIND = RequestKind(
    name="confiscation",
    addressees=("central-authority", "court", "bank", "exchange", "issuer", "payment-service"),
    required=(
        "requesting_authority", "contact", "bases", "offences", "facts", "findings",
        "confiscation_order", "items", "shares", "signatory",
    ),
    optional=("dual_criminality", "earlier_request", "link_to_offence", "persons", "procedure",
              "confidentiality", "costs", "attachments", "translated_by"),
    sought=(Sought.TRANSFER,),
    source="uncc_untoc",
    confidence="medium",
    checks=_checks,
)  # fmt: skip

"""Narrow or lift a freeze: that a hold ends or covers less, because it no longer needs to stand.

A hold on more money than the findings cover, or on money that is not the offence's, harms people
who did nothing; the unit that asked for it says so as quickly as it asked.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="hold-change",
    addressees=("bank", "payment-service", "exchange", "issuer", "fiu"),
    required=(
        "requesting_authority", "contact", "earlier_request", "items", "change_reason",
        "signatory",
    ),
    optional=("facts", "findings", "hold_until", "domestic_order", "confidentiality",
              "attachments", "translated_by"),
    sought=(Sought.RELEASE, Sought.HOLD),
    source="asked_freeze",
    confidence="medium",
)  # fmt: skip

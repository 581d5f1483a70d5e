"""Subscriber information: who holds an account, from the provider, bank or exchange that keeps it.

By a domestic order, or directly to a provider abroad where both States allow it (Second Protocol to
the Budapest Convention, article 7) or the provider's own policy does. Neither traffic nor content.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="subscriber",
    addressees=("provider", "exchange", "bank", "payment-service", "issuer"),
    required=(
        "requesting_authority", "contact", "domestic_order", "bases", "offences", "facts",
        "items", "link_to_offence", "purpose", "signatory",
    ),
    optional=("preservation_reference", "preserved_until", "confidentiality", "urgency",
              "answer_by", "attachments", "translated_by"),
    sought=(Sought.SUBSCRIBER, Sought.TRANSACTIONS),
    source="cets_224",
    confidence="medium",
)  # fmt: skip

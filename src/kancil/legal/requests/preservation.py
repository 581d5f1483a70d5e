"""Preservation: that data which exist now are kept until a formal request comes.

To a provider, or to another State's 24/7 point or central authority (Budapest Convention, article
29; UN Convention against Cybercrime, article 42). It discloses nothing, and covers no future data.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="preservation",
    addressees=("provider", "exchange", "bank", "payment-service", "network-24-7",
                "central-authority"),
    required=(
        "requesting_authority", "contact", "bases", "offences", "facts", "items",
        "link_to_offence", "necessity", "order_to_follow",
    ),
    optional=("persons", "purpose", "confidentiality", "urgency", "order_by",
              "attachments", "translated_by", "signatory"),
    sought=(Sought.PRESERVE,),
    source="budapest_29",
    confidence="high",
)  # fmt: skip

"""Voluntary disclosure: a provider may give data that is not content, by its own law and choice.

It binds nobody. Content needs mutual legal assistance or an agreement; a letter that asks for it by
this way is refused (guidelines of providers; read at second hand).
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="voluntary",
    addressees=("provider", "exchange", "payment-service"),
    required=(
        "requesting_authority", "contact", "facts", "items", "link_to_offence", "purpose",
        "signatory",
    ),
    optional=("bases", "offences", "persons", "preservation_reference", "preserved_until",
              "confidentiality", "urgency", "answer_by", "attachments", "translated_by"),
    sought=(Sought.SUBSCRIBER, Sought.TRAFFIC),
    source="practice",
    confidence="medium",
)  # fmt: skip

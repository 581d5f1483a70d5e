"""Emergency disclosure: data without delay because somebody's life or safety is at risk.

To a provider, whose choice it is in many laws, or to a State (Second Protocol to the Budapest
Convention, articles 9 and 10). The risk, and how the data end it, is the whole of the letter.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="emergency",
    addressees=("provider", "exchange", "payment-service", "network-24-7", "central-authority"),
    required=(
        "requesting_authority", "contact", "offences", "facts", "emergency_ground", "items",
        "link_to_offence", "purpose", "urgency", "answer_by", "signatory",
    ),
    optional=("bases", "confidentiality", "attachments", "translated_by"),
    sought=(Sought.SUBSCRIBER, Sought.TRAFFIC, Sought.CONTENT),
    source="cets_224",
    confidence="medium",
)  # fmt: skip

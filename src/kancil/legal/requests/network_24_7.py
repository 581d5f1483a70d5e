"""24/7 message: a short message between contact points that answer at any hour.

Budapest Convention, article 35; UN Convention against Cybercrime, article 41. It carries advice, a
preservation or the announcement of a request; what comes back by it is police channel.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind, Sought

KIND = RequestKind(
    name="network-24-7",
    addressees=("network-24-7",),
    required=("requesting_authority", "contact", "message", "urgency"),
    optional=("bases", "offences", "facts", "items", "necessity", "order_to_follow", "answer_by",
              "confidentiality", "use_limits", "attachments", "translated_by"),
    sought=(Sought.PRESERVE, Sought.TRAFFIC, Sought.SUBSCRIBER),
    source="practice",
    confidence="medium",
)  # fmt: skip

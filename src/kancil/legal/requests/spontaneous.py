"""Spontaneous information: what one State tells another unasked, because it may help them.

Budapest Convention, article 26; UNTOC, article 18(4). Whoever gives it may set conditions of use,
and nothing in it is evidence until it is asked for formally.
"""

from __future__ import annotations

from kancil.legal.request import RequestKind

KIND = RequestKind(
    name="spontaneous",
    addressees=("central-authority", "network-24-7", "police", "fiu"),
    required=("requesting_authority", "contact", "information", "use_limits"),
    optional=("bases", "offences", "facts", "findings", "persons", "confidentiality",
              "attachments", "translated_by", "signatory"),
    sought=(),
    source="uncc_untoc",
    confidence="medium",
)  # fmt: skip

"""Mutual legal assistance: evidence that a court can use, from one central authority to another.

Contents as the UN Convention against Cybercrime, article 40, UNTOC, article 18(15), and the ASEAN
treaty, article 6, ask them; the addressee's own law may ask more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kancil.ground.phrase import Phrase
from kancil.legal.request import Draft, Level, Problem, RequestKind, Sought


def _checks(draft: Draft, at: datetime) -> Iterator[Problem]:
    countries = {each.country for each in draft.offences}
    if draft.offences and draft.addressee.country not in countries:
        yield Problem(Level.ADVICE, "offences", Phrase("problem.request-one-law"))
    until = draft.text("preserved_until")
    if until and until < at.date().isoformat():
        yield Problem(
            Level.WRONG, "preserved_until", Phrase("problem.request-preserved-over", {"day": until})
        )


KIND = RequestKind(
    name="mutual-assistance",
    addressees=("central-authority",),
    required=(
        "requesting_authority", "contact", "bases", "offences", "facts", "items", "measure",
        "link_to_offence", "purpose", "persons", "preservation_reference", "signatory",
    ),
    optional=("dual_criminality", "procedure", "necessity", "preserved_until", "confidentiality",
              "use_limits", "urgency", "answer_by", "costs", "findings", "attachments",
              "translated_by"),
    sought=(Sought.SUBSCRIBER, Sought.TRAFFIC, Sought.CONTENT, Sought.TRANSACTIONS, Sought.HOLD),
    source="uncc_untoc",
    confidence="medium",
    checks=_checks,
)  # fmt: skip

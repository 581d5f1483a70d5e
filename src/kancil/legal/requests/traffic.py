"""Traffic data: expedited disclosure of enough of it to find the way of a communication.

After a preservation, where the addressee finds that another State's provider took part (Budapest
Convention, article 30; UN Convention against Cybercrime, article 43). No content.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kancil.ground.phrase import Phrase
from kancil.legal.request import Draft, Level, Problem, RequestKind, Sought


def _checks(draft: Draft, at: datetime) -> Iterator[Problem]:
    if not draft.text("preservation_reference"):
        yield Problem(
            Level.ADVICE, "preservation_reference", Phrase("problem.request-no-preservation")
        )


KIND = RequestKind(
    name="traffic-data",
    addressees=("network-24-7", "central-authority", "provider"),
    required=(
        "requesting_authority", "contact", "bases", "offences", "facts", "items",
        "link_to_offence",
    ),
    optional=("preservation_reference", "preserved_until", "necessity", "urgency",
              "confidentiality", "attachments", "translated_by", "signatory"),
    sought=(Sought.TRAFFIC,),
    source="budapest_29",
    confidence="high",
    checks=_checks,
)  # fmt: skip

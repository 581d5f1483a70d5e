"""The labs: `LABS` names every member of this folder.

To add one: a file with a `Lab` (`kancil.training.lab`), its words beside it, its solver, its test,
its course or its paragraph in the docs.
"""

from __future__ import annotations

from kancil.training.lab import Lab

from .admissibility import ADMISSIBILITY
from .donation_campaign import DONATION_CAMPAIGN
from .freeze_request import FREEZE_REQUEST
from .ransom_payment import RANSOM_PAYMENT
from .romance_scam import ROMANCE_SCAM

LABS: tuple[Lab, ...] = (
    RANSOM_PAYMENT, ROMANCE_SCAM, DONATION_CAMPAIGN, FREEZE_REQUEST, ADMISSIBILITY,
)  # fmt: skip

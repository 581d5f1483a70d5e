"""The labs: `LABS` names every member of this folder.

To add one: a file with a `Lab` (`kancil.training.lab`), its words beside it, its solver, its test,
its course or its paragraph in the docs.
"""

from __future__ import annotations

from kancil.training.lab import Lab

from .admissibility import ADMISSIBILITY
from .donation_campaign import DONATION_CAMPAIGN
from .ransom_payment import RANSOM_PAYMENT

LABS: tuple[Lab, ...] = (RANSOM_PAYMENT, ADMISSIBILITY, DONATION_CAMPAIGN)

"""The solvers of the labs: `SOLVERS` names every member of this folder, one for each lab."""

from __future__ import annotations

from kancil.training.solver import Solver

from .admissibility import ADMISSIBILITY_SOLVER
from .donation_campaign import DONATION_CAMPAIGN_SOLVER
from .freeze_request import FREEZE_REQUEST_SOLVER
from .ransom_payment import RANSOM_PAYMENT_SOLVER
from .romance_scam import ROMANCE_SCAM_SOLVER

SOLVERS: tuple[Solver, ...] = (
    RANSOM_PAYMENT_SOLVER, ROMANCE_SCAM_SOLVER, DONATION_CAMPAIGN_SOLVER, FREEZE_REQUEST_SOLVER,
    ADMISSIBILITY_SOLVER,
)  # fmt: skip

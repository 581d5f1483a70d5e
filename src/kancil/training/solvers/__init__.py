"""The solvers of the labs: `SOLVERS` names every member of this folder, one for each lab."""

from __future__ import annotations

from kancil.training.solver import Solver

from .admissibility import ADMISSIBILITY_SOLVER
from .donation_campaign import DONATION_CAMPAIGN_SOLVER
from .ransom_payment import RANSOM_PAYMENT_SOLVER

SOLVERS: tuple[Solver, ...] = (
    RANSOM_PAYMENT_SOLVER,
    ADMISSIBILITY_SOLVER,
    DONATION_CAMPAIGN_SOLVER,
)

"""The solvers of the labs: `SOLVERS` names every member of this folder, one for each lab."""

from __future__ import annotations

from kancil.training.solver import Solver
from kancil.training.solvers.admissibility import ADMISSIBILITY_SOLVER

SOLVERS: tuple[Solver, ...] = (ADMISSIBILITY_SOLVER,)

"""The solvers of the labs: `SOLVERS` names every member of this folder, one for each lab."""

from __future__ import annotations

from kancil.training.solver import Solver

SOLVERS: tuple[Solver, ...] = ()

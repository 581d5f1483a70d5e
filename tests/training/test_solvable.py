"""Every lab can be solved by commands alone, and taking the first hit does not solve it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.classroom import shares_of
from kancil.cli.main import every_command
from kancil.cli.training.bench import own_workspace
from kancil.training.lab import Lab
from kancil.training.labs import LABS
from kancil.training.solvers import SOLVERS
from tests.cli.tables import copied_tables
from tests.web.look import start_django

SOLVER = {each.name: each for each in SOLVERS}


def test_every_lab_has_its_solver() -> None:
    assert [each.name for each in LABS] == [each.name for each in SOLVERS]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_solver_reaches_all_points_and_guessing_stays_under_thirty_percent(
    lab: Lab, seed: int, tmp_path: Path
) -> None:
    start_django()
    with copied_tables(), own_workspace(every_command()) as empty:
        shares = shares_of(lab, SOLVER[lab.name], seed, tmp_path / "work", empty.root)
    solved, guessed, _ = shares
    assert solved == 100.0
    assert guessed < 30.0

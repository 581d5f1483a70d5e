"""The lab `ransom-payment` can be solved whole by commands, and not by the first hit."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.training.lab import Knobs
from tests.training.solved import SEEDS, check_guessed, check_solved

LAB = "ransom-payment"


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_commands_alone_reach_every_point_that_a_machine_gives(seed: int, tmp_path: Path) -> None:
    check_solved(LAB, seed, tmp_path)


@pytest.mark.thorough
def test_it_is_solved_in_another_language_with_more_decoys_too(tmp_path: Path) -> None:
    knobs = Knobs(hops=5, decoys=5, missing=2, noise=400, language="lo")
    check_solved(LAB, 3, tmp_path, knobs)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_hit_stays_under_sixty_per_cent(seed: int, tmp_path: Path) -> None:
    check_guessed(LAB, seed, tmp_path)

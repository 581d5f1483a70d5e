"""The lab `donation-campaign` can be solved whole by commands, and not by accusing who paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.made_labs import lab_named, make, points
from tests.training.solved import answers_of

LAB = "donation-campaign"


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [7, 2**63 - 25])
def test_commands_alone_reach_every_point_that_a_machine_gives(seed: int, tmp_path: Path) -> None:
    lab = make(lab_named(LAB), tmp_path / "lab", seed)
    got, of, wrong = points(lab, answers_of(lab, LAB, tmp_path))
    assert got == of > 0, wrong


@pytest.mark.thorough
def test_accusing_who_paid_stays_under_sixty_per_cent(tmp_path: Path) -> None:
    lab = make(lab_named(LAB), tmp_path / "lab", 7)
    got, of, _ = points(lab, answers_of(lab, LAB, tmp_path, naive=True))
    assert got * 100 < 60 * of

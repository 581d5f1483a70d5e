"""The solver of the admissibility lab answers as the key does; guessing stays far below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kancil.ground.digests import sha256_hex
from kancil.ground.progress import SILENT
from kancil.training.lab import SMALL
from kancil.training.labs.admissibility import ADMISSIBILITY
from kancil.training.plot.bundle import intact_bundle
from kancil.training.question import Kind
from kancil.training.solver import Given
from kancil.training.solvers.admissibility import ADMISSIBILITY_SOLVER


class Digests:
    """A workbench of which the digest of an exhibit and the check of a bundle are asked."""

    def ask(self, *words: str | Path) -> Any:
        if words[:2] == ("case", "new"):
            return {"label": "C1"}
        if words[0] == "verify":
            return {"intact": Path(words[1]).read_bytes() == intact_bundle()}
        assert words[:3] == ("exhibit", "add", "C1")
        return {"content": {"sha256": sha256_hex(Path(words[3]).read_bytes())}}


@pytest.mark.parametrize("seed", range(8))
def test_the_solver_answers_as_the_key_and_guessing_does_not(seed: int, tmp_path: Path) -> None:
    told = ADMISSIBILITY.make(tmp_path, seed, SMALL, SILENT)
    given = Given({"variant": "v"}, tmp_path)
    points = {one.id: one.points for one in told.questions if one.kind is not Kind.TEXT}
    right = {one.question: one.value for one in told.expected if one.question in points}
    solved = ADMISSIBILITY_SOLVER.solve(Digests(), given)
    assert solved.values == right
    guessed = ADMISSIBILITY_SOLVER.guess(Digests(), given).values
    earned = sum(points[name] for name in points if guessed[name] == right[name])
    assert earned < 0.6 * sum(points.values())

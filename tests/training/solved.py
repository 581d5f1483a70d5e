"""A solver run over a lab in a fresh workspace, by commands alone."""

from __future__ import annotations

from pathlib import Path

from kancil.training.question import Answers
from kancil.training.solvers import SOLVERS
from tests.cli.sample_unit import found
from tests.training.made_labs import Folder


def answers_of(folder: Folder, lab: str, place: Path, *, naive: bool = False) -> Answers:
    solver = next(each for each in SOLVERS if each.name == lab)
    bench = found(place / "unit")
    work = solver.guess if naive else solver.solve
    return work(bench, folder.folder)

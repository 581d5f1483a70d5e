"""A solver run over a lab in a fresh workspace, by commands alone."""

from __future__ import annotations

from pathlib import Path

from kancil.cli.training.bench import given_of
from kancil.training.lab import SMALL, Knobs
from kancil.training.question import Answers
from kancil.training.solvers import SOLVERS
from tests.cli.sample_unit import found
from tests.training.made_labs import Folder, lab_named, make, points

SEEDS = (7, 2**63 - 25)
"""On which each lab is solved; in the bench there are fifty."""
MOST_PERCENT = 30
"""What the first hit must stay under."""


def answers_of(folder: Folder, lab: str, place: Path, *, naive: bool = False) -> Answers:
    solver = next(each for each in SOLVERS if each.name == lab)
    bench = found(place / "unit")
    work = solver.guess if naive else solver.solve
    with given_of(folder.folder) as given:
        return work(bench, given)


def check_solved(lab: str, seed: int, place: Path, knobs: Knobs = SMALL) -> None:
    """Commands alone reach every point that a machine gives."""
    made = make(lab_named(lab), place / "lab", seed, knobs)
    got, of, wrong = points(made, answers_of(made, lab, place))
    assert got == of > 0, wrong


def check_guessed(lab: str, seed: int, place: Path) -> None:
    """The first hit, without checking anything, does not do well."""
    made = make(lab_named(lab), place / "lab", seed)
    got, of, _ = points(made, answers_of(made, lab, place, naive=True))
    assert got * 100 < MOST_PERCENT * of

"""What a solver must do: work a lab as a trainee does, with nothing but the workbench's commands.

A solver proves that its lab can be solved by what is in the case folder; the naive one takes the
first hit and verifies nothing, and must not do well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from kancil.ground import canonical

from .lab import MANIFEST
from .question import Answers


class Workbench(Protocol):
    """One workspace, asked by commands."""

    def ask(self, *words: str | Path) -> Any:
        """Run `kancil … --json` and return its answer; raises what the command is refused with."""
        ...


class Solver(Protocol):
    """The promise of a member of `kancil.training.solvers`."""

    @property
    def name(self) -> str:
        """The lab that it solves."""
        ...

    def solve(self, bench: Workbench, folder: Path) -> Answers:
        """Answer every question that is marked by machine."""
        ...

    def guess(self, bench: Workbench, folder: Path) -> Answers:
        """Answer by the first hit, without checking anything."""
        ...


def variant_of(folder: Path) -> str:
    """The id of the variant that a lab's folder holds, from its manifest."""
    found: str = canonical.loads((folder / MANIFEST).read_bytes())["variant"]
    return found

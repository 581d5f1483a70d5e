"""What a solver must do: work a lab as a trainee does, by what their account is given.

That is the page of the lab, the files as *Download* gives them, and the workbench's commands. A
solver never sees the folder in which the lab was made. It proves that its lab can be solved by what
a trainee has; the naive one takes the first hit and verifies nothing, and must not do well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .question import Answers


@dataclass(frozen=True, slots=True)
class Given:
    """What a trainee's account is given of a lab."""

    page: Mapping[str, Any]
    """What the page of the lab says: story, basis, list of files, questions; as `lab.json` has it,
    in which there is no key."""
    files: Path
    """A folder with the files that were downloaded, under their names, and nothing else."""

    @property
    def variant(self) -> str:
        """The variant that it is."""
        return str(self.page["variant"])

    def path(self, name: str) -> Path:
        """A file that was downloaded."""
        return self.files / name


class Workbench(Protocol):
    """One workspace, asked by commands."""

    def ask(self, *words: str | Path) -> Any:
        """Run `kancil … --json` and return its answer; raises what the command is refused with."""


class Solver(Protocol):
    """The promise of a member of `kancil.training.solvers`."""

    @property
    def name(self) -> str:
        """The lab that it solves."""

    def solve(self, bench: Workbench, given: Given) -> Answers:
        """Answer every question that is marked by machine."""

    def guess(self, bench: Workbench, given: Given) -> Answers:
        """Answer by the first hit, without checking anything."""

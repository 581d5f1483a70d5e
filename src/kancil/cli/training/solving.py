"""The command that works a lab by its solver, to show that it can be worked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.plain import plain
from kancil.ground.registry import Registry
from kancil.ground.words import render
from kancil.training.making import check_files, read_manifest, write_answers
from kancil.training.solvers import SOLVERS

from .bench import admitted_files, own_workspace
from .labs import LabFolder


def lab_solve(
    context: typer.Context,
    folder: LabFolder,
    naive: Annotated[
        bool, typer.Option("--naive", help="Take the first hit and verify nothing.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The file of answers to write.")
    ] = None,
) -> None:
    """The solver knows only what is in the folder and what the commands answer; it has no key.
    Nothing is written into your workspace.
    """
    door = Door(context, site=None)
    door.can_write(out)
    manifest = read_manifest(folder)
    check_files(manifest, folder)
    solvers: Registry[Any] = Registry("solver", SOLVERS)
    solver = solvers.named(manifest.lab)
    commands: Any = context.find_root().command
    with own_workspace(commands) as bench, admitted_files(manifest):
        found = solver.guess(bench, folder) if naive else solver.solve(bench, folder)
    if out is not None:
        door.write(out, write_answers(found))
    count = len(found.values)
    door.show(
        {"id": found.variant, **plain(found)},
        render("done.lab-solved", count=count, questions=len(manifest.questions)),
    )

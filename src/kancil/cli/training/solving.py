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

from .bench import admitted_files, given_of, own_workspace
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
    """Work a lab by commands alone, in a workspace that is thrown away.

    The solver has what a trainee's account is given: what the page of the lab says, the files as
    they are downloaded, and the commands. It never sees the folder or the key. Nothing is written
    into your workspace.

        kancil lab solve lab -o answers.json
    """
    door = Door(context, site=None)
    door.can_write(out)
    manifest = read_manifest(folder)
    check_files(manifest, folder)
    solvers: Registry[Any] = Registry("solver", SOLVERS)
    solver = solvers.named(manifest.lab)
    commands: Any = context.find_root().command
    with own_workspace(commands) as bench, admitted_files(manifest), given_of(folder) as given:
        found = solver.guess(bench, given) if naive else solver.solve(bench, given)
    if out is not None:
        door.write(out, write_answers(found))
    count = len(found.values)
    door.show(
        {"id": found.variant, **plain(found)},
        render("done.lab-solved", count=count, questions=len(manifest.questions)),
    )

"""A workbench that a lab is worked on: commands run in this process, in a workspace of their own.

Each command goes the way it goes from a terminal, `--json` included; what refuses it is raised
here. The workspace is a classroom's, empty, with one officer; it takes in a lab's files alone.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Protocol

from kancil.cli.frame.desk import DATABASE_VARIABLE
from kancil.desk.base.opening import close_desk
from kancil.desk.cases.admitting import admitting
from kancil.ground import canonical
from kancil.ground.files import read_file
from kancil.ground.workspace import Site
from kancil.training.lab import FILES, MANIFEST
from kancil.training.making import Manifest
from kancil.training.solver import Given

_NAME, _COUNTRY, _ZONE = "TRAINING", "ZZ", "Etc/UTC"
_OFFICER = "O1"
_OWN_WORKSPACE = (DATABASE_VARIABLE, "KANCIL_HOME", "KANCIL_OFFICER", "KANCIL_PASSPHRASE")
"""What of the environment would lead a command to another workspace or officer."""


class Commands(Protocol):
    """The group of all commands."""

    def main(self, args: list[str], prog_name: str, *, standalone_mode: bool) -> Any:
        """Run one; raises what refuses it."""


class CommandBench:
    """A `training.solver.Workbench`: one workspace, asked by commands."""

    def __init__(self, commands: Commands, root: Path) -> None:
        """Take the group of all commands and the workspace's folder."""
        self._commands, self.root = commands, root

    def ask(self, *words: str | Path) -> Any:
        """Run `kancil … --json` and return its answer; raises what the command is refused with."""
        out = io.StringIO()
        shared = ("--workspace", str(self.root), "--as", _OFFICER, "--json")
        with redirect_stdout(out):
            self._commands.main(
                [*map(str, words), *shared], prog_name="kancil", standalone_mode=False
            )
        return json.loads(out.getvalue())


@contextmanager
def own_workspace(commands: Commands) -> Iterator[CommandBench]:
    """A workbench in a new workspace that is removed at the end of the block.

    The environment's database, workspace and officer are set aside meanwhile: nothing of a real
    unit is touched. The desk is let go of.
    """
    aside = {name: os.environ.pop(name) for name in _OWN_WORKSPACE if name in os.environ}
    try:
        with tempfile.TemporaryDirectory(prefix="kancil-training-") as folder:
            root = Path(folder) / "unit"
            site = ("--site", Site.CLASSROOM.value)
            begin = ["init", str(root), *site, "--name", _NAME, "--country", _COUNTRY,
                     "--zone", _ZONE, "--disk-exception", _NAME, "--json"]  # fmt: skip
            with redirect_stdout(io.StringIO()):
                commands.main(begin, prog_name="kancil", standalone_mode=False)
            try:
                yield CommandBench(commands, root)
            finally:
                close_desk()
    finally:
        os.environ.update(aside)


@contextmanager
def admitted_files(manifest: Manifest) -> Iterator[None]:
    """Let the classroom take in the files of a lab within the block; its desk has been opened."""
    given = frozenset(each.sha256 for each in manifest.evidence)
    with admitting(given.__contains__):
        yield


@contextmanager
def given_of(folder: Path) -> Iterator[Given]:
    """What a trainee's account is given of a lab's folder, copied out of it; gone after the block.

    The files that the manifest names, byte for byte as a download sends them; no key.
    """
    page = canonical.loads(read_file(folder / MANIFEST))
    with tempfile.TemporaryDirectory(prefix="kancil-given-") as place:
        for each in page["evidence"]:
            copy = Path(place) / each["name"]
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(read_file(folder / FILES / each["name"]))
        yield Given(page, Path(place))

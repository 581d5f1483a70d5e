"""A classroom for tests: founded once in a process, and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.running import Unit, run

STORY = ("--reference", "TR-1", "--authority", "Court of an invented town")


def founded(folder: Path, *further: str) -> Unit:
    """A new classroom with one officer, by the command."""
    ran = run("init", folder, "--site", "classroom", "--name", "Class box", "--country", "LA",
              "--zone", "Asia/Vientiane", "--officer", "Noy", *further)  # fmt: skip
    assert ran.status == 0, ran.err
    return Unit(folder)


def copied(unit: Unit, folder: Path) -> Unit:
    """A copy of a classroom, to be changed."""
    shutil.copytree(unit.root, folder / "room")
    return Unit(folder / "room")

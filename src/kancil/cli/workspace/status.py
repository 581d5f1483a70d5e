"""The command that tells of this machine: versions, and what its kernel protects with."""

from __future__ import annotations

import platform
import sys
from typing import Any

import typer

from kancil import __version__
from kancil.cli.frame.door import Door
from kancil.cli.unit.checkpoint_copies import checkpoint_facts, checkpoint_status
from kancil.ground.confine import missing
from kancil.ground.errors import WorkspaceNotFound
from kancil.ground.words import render
from kancil.ground.workspace import Workspace

PROTECTIONS = ("landlock", "seccomp")


def status(context: typer.Context) -> None:
    """Show this machine's protections and the state of the workspace's checkpoints.

    Files of others are read in a process that is limited in memory and time. Where the kernel
    has Landlock it sees no other file, no keys among them; where it has seccomp it opens no
    connection and starts no program. What is missing here is named. Of a unit's workspace it says
    how many checkpoints are kept, where their copies go, and how many are still to be copied.

        kancil status
    """
    door = Door(context, site=None)
    lacking = missing()
    value: dict[str, Any] = {
        "id": __version__,
        "kancil": __version__,
        "kernel": platform.release(),
        "machine": platform.machine(),
        "missing": list(lacking),
        "python": platform.python_version(),
        "system": sys.platform,
        "workspace": None,
    }
    facts: list[tuple[str, str]] = []
    workspace = _workspace(door)
    if workspace is not None:
        value["workspace"] = {"id": workspace.unit.id, "path": str(workspace.root)}
        facts = [(render("name.workspace"), f"{workspace.unit.name}, {workspace.root}")]
    if workspace is not None and workspace.site.holds_cases:
        value["workspace"] |= checkpoint_status(door)
        facts += checkpoint_facts(value["workspace"])

    def text() -> None:
        screen = door.screen
        screen.facts(
            [
                ("Kancil", __version__),
                ("Python", platform.python_version()),
                (render("name.kernel"), f"{platform.system()} {platform.release()}"),
                *facts,
            ]
        )
        for name in PROTECTIONS:
            state = "missing" if name in lacking else "there"
            screen.say(render(f"note.status-{name}-{state}"))

    door.show(value, text)


def _workspace(door: Door) -> Workspace | None:
    """The workspace that was meant, if there is one: the machine is told of without it."""
    try:
        return door.workspace
    except WorkspaceNotFound:
        return None

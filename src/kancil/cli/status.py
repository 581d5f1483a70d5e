"""The command that tells of this machine: versions, and what its kernel protects with."""

from __future__ import annotations

import platform
import sys

import typer

from kancil import __version__
from kancil.ground.confine import missing
from kancil.ground.words import render

from .door import Door

PROTECTIONS = ("landlock", "seccomp")


def status(context: typer.Context) -> None:
    """Files of others are read in a process that is limited in memory and time. Where the kernel
    has Landlock it sees no other file, no keys among them; where it has seccomp it opens no
    connection and starts no program. What is missing here is named.
    """
    door = Door(context)
    lacking = missing()
    value = {
        "id": __version__,
        "kancil": __version__,
        "kernel": platform.release(),
        "machine": platform.machine(),
        "missing": list(lacking),
        "python": platform.python_version(),
        "system": sys.platform,
    }

    def text() -> None:
        screen = door.screen
        screen.facts(
            [
                ("Kancil", __version__),
                ("Python", platform.python_version()),
                (render("name.kernel"), f"{platform.system()} {platform.release()}"),
            ]
        )
        for name in PROTECTIONS:
            state = "missing" if name in lacking else "there"
            screen.say(render(f"note.status-{name}-{state}"))

    door.show(value, text)

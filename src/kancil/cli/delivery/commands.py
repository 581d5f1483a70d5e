"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {}
PROGRAMME_GROUPS: dict[str, str] = {}

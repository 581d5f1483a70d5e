"""The commands of the classroom, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

from .certificate_commands import CERTIFICATE_COMMANDS, CERTIFICATE_GROUPS

TRAINING_COMMANDS: dict[str, Target] = {**CERTIFICATE_COMMANDS}

TRAINING_GROUPS: dict[str, str] = {**CERTIFICATE_GROUPS}

"""The commands of the classroom, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

from .certificate_commands import CERTIFICATE_COMMANDS, CERTIFICATE_GROUPS
from .lab_commands import LAB_COMMANDS, LAB_GROUPS

TRAINING_COMMANDS: dict[str, Target] = {**LAB_COMMANDS, **CERTIFICATE_COMMANDS}
TRAINING_GROUPS: dict[str, str] = {**LAB_GROUPS, **CERTIFICATE_GROUPS}

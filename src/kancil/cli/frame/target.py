"""What the table of commands says of each, before any of them is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Where a command lives and what is said of it before it is loaded."""

    module: str
    """Module below `kancil.cli`."""
    function: str
    help: str
    """One line."""
    example: str
    """One command line that works."""

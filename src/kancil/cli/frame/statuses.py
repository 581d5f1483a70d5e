"""Exit statuses in the help of commands, taken from where they are decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Command = TypeVar("Command", bound=Callable[..., None])


def with_statuses(**statuses: int) -> Callable[[Command], Command]:
    """Put statuses in the place of their names in braces in a command's docstring, its help."""

    def state(command: Command) -> Command:
        command.__doc__ = (command.__doc__ or "").format_map(statuses)
        return command

    return state

"""Progress that any door can show: a craft counts, the door draws."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a craft tells while it works."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Begin a stage: how many units are expected (None: not known), and its label's key."""
        ...

    def advance(self, amount: int) -> None:
        """That this many more units are done."""
        ...

    def finish(self) -> None:
        """End the stage."""
        ...


class Silent:
    """Progress that nobody watches."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""


SILENT: Progress = Silent()

"""Progress that any door can show: a craft counts, the door draws."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a craft tells while it works."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Begin a stage: how many units are expected (None: not known), and its label's key."""
        ...

    def advance(self, amount: int) -> None:
        """Tell that this many more units are done."""
        ...

    def finish(self) -> None:
        """End the stage."""
        ...


class Silent:
    """Progress that nobody watches."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""


SILENT: Progress = Silent()

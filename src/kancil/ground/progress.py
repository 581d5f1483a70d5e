"""Progress that any door can show: a craft counts, the door draws."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a craft tells while it works."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Begin a stage: how many units are expected (None: not known), and its label's key."""

    def advance(self, amount: int) -> None:
        """That this many more units are done."""

    def finish(self) -> None:
        """End the stage."""


class Silent:
    """Progress that nobody watches."""

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""


SILENT: Progress = Silent()


class Part:
    """Progress of one part of a stage, which may go over its units more often than once.

    Never more than its share is told, and all of it once the part is finished; each word is passed
    on, so that who watches can still stop the work there.
    """

    def __init__(self, whole: Progress, units: int) -> None:
        """So many units of the whole."""
        self._whole, self._left = whole, units

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Nothing: the stage is the whole's."""

    def advance(self, amount: int) -> None:
        """That this many more units are done, again or for the first time."""
        told = min(amount, self._left)
        self._left -= told
        self._whole.advance(told)

    def finish(self) -> None:
        """That what is left of the part is done."""
        self.advance(self._left)

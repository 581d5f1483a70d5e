"""Reported transfers on the canvas, row by row: each hangs on what it names of the chain.

From rows of tables that name a transaction or an address of the chain drawn; to dotted arrows. What
names nothing drawn is counted and not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.studies.moneygraph.parts import Subject
from kancil.studies.moneygraph.stated import Transfer, add_stated, stated_notes

from .source import Ground


@dataclass(frozen=True, slots=True)
class StatedSource:
    """Rows of tables; keeps the promise `source.Source`."""

    key: tuple[Transfer, ...]

    def add(self, ground: Ground) -> tuple[str, ...]:
        """Hang each row on what it names."""
        if ground.sight is None:
            return ()
        return stated_notes(add_stated(ground.sight, ground.folded, self.key))

    def facts(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """Nothing beyond what the box says."""
        return ()

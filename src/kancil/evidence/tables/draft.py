"""A mapping in the making: what was suggested so far, why, and what has to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from kancil.ground.phrase import Phrase

from .column_mapping import ColumnMapping
from .headings import set_aside
from .table import Sniffed, TableRow


@dataclass(slots=True)
class Draft:
    """A mapping in the making."""

    sniffed: Sniffed
    mapping: ColumnMapping
    reasons: list[Phrase] = field(default_factory=list)
    asks: list[Phrase] = field(default_factory=list)

    @property
    def rows(self) -> list[TableRow]:
        """The first rows, without those of totals and of balances carried forward."""
        return [row for row in self.sniffed.rows if set_aside(row.cells) is None]

    def cells(self, *columns: str) -> list[str]:
        """The filled cells of the first rows in these columns."""
        places = [self.sniffed.columns.index(name) for name in columns]
        return [
            row.cells[place].strip()
            for row in self.rows
            for place in places
            if place < len(row.cells) and row.cells[place].strip()
        ]

    def texts(self, *fields: str) -> list[str]:
        """The filled cells of the first rows in the columns of these fields."""
        columns = self.mapping.columns
        return self.cells(*(columns[name] for name in fields if name in columns))

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
    guesses: set[str] = field(default_factory=set)
    """Fields whose column was matched by a part of its name, or by what stands in it."""

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

    def times(self) -> list[str]:
        """The texts of date and time of day, joined as the reading joins them."""
        columns = self.sniffed.columns
        names = (self.mapping.columns.get("time"), self.mapping.columns.get("time_of_day"))
        places = [columns.index(name) for name in names if name in columns]
        return [
            " ".join(filter(None, (row.cells[place].strip() for place in places)))
            for row in self.rows
            if len(row.cells) == len(columns)
        ]

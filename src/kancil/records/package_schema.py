"""The promise of a package's schema: which tables a package holds, to the cell.

A member is a module: its name and version, the shapes of its tables, and a check over all of them.
Every cell is a code from a closed list, a whole number, or a decimal number: no cell can hold a
sentence, so that no text of a case can leave in a package (docs/formats/package.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kancil.ground.phrase import Phrase

from .errors import PackageNotReadable, SmallGroupShown
from .small_groups import is_open, is_small
from .table import Cell, Column, Holds, Row, Table

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?")
_MOST_COUNT = 10**9

Tables = Mapping[str, Table]


class PackageSchema(Protocol):
    """What a member must have."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a module's constant, as the two below
        """Small letters and hyphens."""
        ...

    @property
    def VERSION(self) -> int:  # noqa: N802
        """Another sense of a column, or another column, is another version."""
        ...

    @property
    def SHAPES(self) -> Sequence[Shape]:  # noqa: N802
        """Its tables, in their order."""
        ...

    def check(self, tables: Tables) -> None:
        """What holds between cells; raises SmallGroupShown, PackageNotReadable."""
        ...


def full_name(schema: PackageSchema) -> str:
    """Name and version, as a package states them."""
    return f"{schema.NAME}/{schema.VERSION}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table of a schema. Its first column names the rows, each once."""

    name: str
    columns: tuple[Column, ...]
    codes: Mapping[str, Iterable[str]]
    """The closed list of each column that is no number."""
    every: bool = False
    """Whether each code of the first column has its row, in the list's order."""

    def table(self, rows: Iterable[Row]) -> Table:
        """A table of this shape; raises PackageNotReadable, SmallGroupShown."""
        made = Table(self.name, self.columns, tuple(rows))
        self.check(made, self.name)
        return made

    def check(self, table: Table, path: str) -> None:
        """Refuse what is none of this shape, and a number of one to four.

        Raises PackageNotReadable, SmallGroupShown.
        """
        if (table.name, table.columns) != (self.name, self.columns):
            raise not_readable(path, self.name)
        keys = [row[0] if row else None for row in table.rows]
        wanted = list(self.codes[self.columns[0].name])
        if len(set(keys)) != len(keys) or (self.every and keys != wanted):
            raise not_readable(path, self.name)
        for row in table.rows:
            if len(row) != len(self.columns):
                raise not_readable(path, self.name)
            for column, cell in zip(self.columns, row, strict=True):
                if not self._fits(column, cell):
                    raise not_readable(path, f"{self.name}.{column.name}")
                if column.holds is Holds.COUNT and isinstance(cell, int) and is_small(cell):
                    raise SmallGroupShown(table=table.title)

    def _fits(self, column: Column, cell: Cell) -> bool:
        if column.name in self.codes:
            return isinstance(cell, str) and cell in self.codes[column.name]
        if cell is None:
            return True
        if column.holds is Holds.COUNT:
            return type(cell) is int and 0 <= cell <= _MOST_COUNT
        return isinstance(cell, str) and _DECIMAL.fullmatch(cell) is not None


def not_readable(path: str, place: str) -> PackageNotReadable:
    """The error for what is not as its schema has it, and where."""
    return PackageNotReadable(path=path, why=Phrase("why.package-place", {"place": place[:80]}))


def counts(table: Table, column: str) -> list[int | None]:
    """The numbers of a column, from the first row down; None: hidden."""
    place = [each.name for each in table.columns].index(column)
    cells = [row[place] for row in table.rows]
    return [cell if isinstance(cell, int) else None for cell in cells]


def require_open(table: Table, cells: Sequence[int | None], total: int | None) -> None:
    """Refuse a split from which a hidden number follows, or that is not its total's.

    Raises SmallGroupShown.
    """
    if not is_open(cells, total):
        raise SmallGroupShown(table=table.title)

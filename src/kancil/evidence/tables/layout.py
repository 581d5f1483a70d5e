"""What a layout must do: know a publisher's table by its column names, and map them.

Members stand in `kancil.evidence.tables.layouts`. A member says only what the column names say; how
amounts and dates are written is seen in the first rows (`suggest`), and what neither says is left
open for the officer. Publishers change their exports without notice: a changed one is a new
version, and the old stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from .column_mapping import ColumnMapping
from .table import TableForm


class Layout(Protocol):
    """One publisher's way of writing a table."""

    @property
    def name(self) -> str:
        """Name of the layout, for people and records."""
        ...

    @property
    def version(self) -> int:
        """Number of the layout's version."""
        ...

    @property
    def source(self) -> str:
        """Where the column names were read."""
        ...

    @property
    def is_confirmed(self) -> bool:
        """Whether the publisher itself documents the column names."""
        ...

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns of a table; None for a table that is not of this layout."""
        ...


def pick(columns: Sequence[str], *names: str) -> str | None:
    """The first of these columns that a table has; letter case and spaces do not matter."""
    by_name = {plain(column): column for column in reversed(columns)}
    return next((by_name[plain(name)] for name in names if plain(name) in by_name), None)


def picked(columns: Sequence[str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Field → column for each field of which the table has a column."""
    found = {field: pick(columns, *names) for field, names in wanted.items()}
    return {field: column for field, column in found.items() if column is not None}


def plain(name: str) -> str:
    """A column's name in small letters, without spaces and underscores."""
    return "".join(name.casefold().replace("_", "").split())

"""A row of the desk that does not say what the ledger says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that does not say what the ledger says."""

    table: str
    row: str
    """Its short number, where it has one, and its key."""
    column: str
    """The column that differs; empty when the whole row is missing or too many."""
    code: str
    """`changed`, `missing` or `stranger`."""

"""The promise of a selector's kind: an identifier in its normal form, held to its own checksum.

A selector (an address, a transaction id, later a phone number or an e-mail address) is what two
exhibits, cases or countries can have in common. Each craft gives the kinds it knows; the desk keeps
one index of where each was seen (`kancil.desk.selectors`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from .table import Table


@dataclass(frozen=True, slots=True, order=True)
class Selector:
    """An identifier. Two are the same if kind and value are."""

    kind: str
    """Name of its kind, such as `bitcoin-address`."""
    value: str
    """In the kind's normal form."""


class SelectorKind(Protocol):
    """What a kind must do."""

    @property
    def name(self) -> str:
        """Its name: small letters and hyphens. Its words are `name.selector-<name>`."""
        ...

    def read(self, text: str, country: str = "") -> str | None:
        """The normal form of what somebody typed; None if it is none or its check fails.

        `country`: ISO 3166 code by whose plan a number without a country is read.
        """
        ...

    def parts(self, cell: str) -> Iterable[str]:
        """The normal forms that a cell of ours names, which may be several, joined by a space."""
        ...


class OneInACell:
    """What most kinds share: a cell of ours holds one identifier, written in its normal form."""

    def parts(self, cell: str) -> Iterator[str]:
        """The cell itself, where it holds anything."""
        if cell:
            yield cell


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a selector was seen first, and in how many rows."""

    selector: Selector
    table: str
    row: int
    """The first row that names it, from 1."""
    rows: int


def sightings(tables: Iterable[Table], kinds: Iterable[SelectorKind]) -> Iterator[Sighting]:
    """Every selector that tables name, once a table, in the order of its first row."""
    known = {each.name: each for each in kinds}
    for table in tables:
        columns = [
            (place, known[column.selector])
            for place, column in enumerate(table.columns)
            if column.selector in known
        ]
        rows = (
            (
                number,
                {
                    Selector(kind.name, value)
                    for place, kind in columns
                    for value in kind.parts(str(row[place] or ""))
                },
            )
            for number, row in enumerate(table.rows, 1)
        )
        yield from seen_in(table.name, rows)


def seen_in(table: str, rows: Iterable[tuple[int, Iterable[Selector]]]) -> Iterator[Sighting]:
    """The sightings of rows, each with its number and the selectors that it names."""
    found: dict[Selector, list[int]] = {}
    for number, named in rows:
        for selector in set(named):
            seen = found.setdefault(selector, [number, 0])
            seen[1] += 1
    ordered = sorted(found.items(), key=lambda pair: (pair[1][0], pair[0]))
    for selector, (first, count) in ordered:
        yield Sighting(selector, table, first, count)

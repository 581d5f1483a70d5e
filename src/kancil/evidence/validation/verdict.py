"""What an assertion says of a reference image: the rows that were expected, and those found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Row = tuple[str | int | None, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An assertion, tried on one reference image."""

    assertion: str
    """Its words are `name.assertion-<assertion>`."""
    case: str
    """File name of the reference image."""
    expected: Rows
    actual: Rows
    """Where the image could not be read, one row: the code of the error."""

    @property
    def holds(self) -> bool:
        """Whether exactly the expected rows were found, each as often as it was expected."""
        return not (self.missing or self.extra)

    @property
    def missing(self) -> Rows:
        """Rows that were expected and not found; a row that differs is missing and extra."""
        return _without(self.expected, self.actual)

    @property
    def extra(self) -> Rows:
        """Rows that were found and not expected."""
        return _without(self.actual, self.expected)


def _without(rows: Iterable[Row], others: Iterable[Row]) -> Rows:
    return tuple((Counter(rows) - Counter(others)).elements())

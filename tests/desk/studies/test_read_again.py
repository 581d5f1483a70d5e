"""A table that was read again: the newest reading counts, and decisions hold on to their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kancil.desk.studies.read_again import ReadAgain
from kancil.desk.studies.stated import StatedTable
from kancil.studies.reported.book import HOLDER, VICTIM, Party, Row
from kancil.studies.reported.joins import PARTY, SAME, TRANSFER, Decision


@dataclass
class Readings:
    """Readings of one file as exhibit E4, by their entries: on which line each row stands."""

    lines: dict[int, list[int]]
    publishers: dict[int, str] = field(default_factory=dict)
    opened: list[int] = field(default_factory=list)

    def again(self) -> ReadAgain:
        last = max(self.lines)
        readings = [
            StatedTable(
                n, cast(Any, SimpleNamespace(label="E4")), "ab" * 32,
                {"stated_by": self.publishers.get(n, "Example Bank")}, "", "", len(lines), 0,
                datetime(2026, 3, n, tzinfo=UTC), 1, None if n == last else last,
            )
            for n, lines in self.lines.items()
        ]  # fmt: skip
        return ReadAgain(readings, self._open)

    def _open(self, table: StatedTable) -> Any:
        self.opened.append(table.n)
        lines = self.lines[table.n]
        found = pa.table({"row": list(range(1, len(lines) + 1)),
                          "place": [f"line {each}" for each in lines]})  # fmt: skip
        return SimpleNamespace(columns=found.select)


LINES = st.sets(st.integers(2, 30), min_size=1).map(sorted)


@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_row_is_the_one_on_its_line_in_the_newest_reading_or_stays_what_it_was(
    readings: list[list[int]],
) -> None:
    by_entry = dict(enumerate(readings, 1))
    newest = max(by_entry)
    again = Readings(by_entry).again()
    for entry, lines in by_entry.items():
        for number, line in enumerate(lines, 1):
            now = again.row((entry, number))
            if line in by_entry[newest]:
                assert now == (newest, by_entry[newest].index(line) + 1)
            else:
                assert now == (entry, number)


def test_a_decision_is_about_the_rows_and_the_complaint_of_the_reading_that_counts() -> None:
    readings = Readings({1: [2, 3, 5], 3: [3, 5, 6]}, {1: "Exmaple", 3: "Example"})
    again = readings.again()
    rows: tuple[Row, Row] = ((1, 2), (9, 7))
    assert again.decision(Decision(TRANSFER, *rows, SAME, "own"), 2) == Decision(
        TRANSFER, (3, 1), (9, 7), SAME, "own"
    )
    ends = Party(VICTIM, "E4:3", "Exmaple"), Party(HOLDER, "E4", "Exmaple")
    found = again.decision(Decision(PARTY, *ends, SAME, "own"), 2)
    assert (found.one, found.other) == (
        Party(VICTIM, "E4:2", "Example"), Party(HOLDER, "E4", "Example"),
    )  # fmt: skip


def test_nothing_is_opened_where_nothing_was_decided_about_an_earlier_reading() -> None:
    readings = Readings({1: [2, 3], 2: [2, 3]})
    again = readings.again()
    assert again.row((2, 1)) == (2, 1)
    assert again.row((7, 1)) == (7, 1)
    assert readings.opened == []

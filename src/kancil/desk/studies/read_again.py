"""Tables that were read again: where a row of an earlier reading stands in the one that counts.

From all readings of a case; to decisions and outcomes about the rows of the newest reading. A row
is the same where it stands on the same line of the same bytes, whatever the columns were taken for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kancil.evidence.tables.transfer_store import StoredTransfers
from kancil.studies.reported.book import HOLDER, VICTIM, Party, Row
from kancil.studies.reported.joins import Decision

from .stated import StatedTable


class ReadAgain:
    """The readings of a case, the earlier of them beside those that count."""

    def __init__(
        self, readings: Sequence[StatedTable], opened: Callable[[StatedTable], StoredTransfers]
    ) -> None:
        """Take all readings; `opened`: opens one, which is done for what was decided about."""
        self._opened = opened
        self._readings = {each.n: each for each in readings}
        self._rows: dict[int, dict[int, int]] = {}

    def row(self, row: Row) -> Row:
        """The row of the reading that counts; as it is where that one has no row on its line."""
        earlier = self._readings.get(row[0])
        if earlier is None or earlier.replaced_by is None:
            return row
        if earlier.n not in self._rows:
            self._rows[earlier.n] = self._same_lines(earlier)
        now = self._rows[earlier.n].get(row[1])
        return row if now is None else (earlier.replaced_by, now)

    def decision(self, decision: Decision, entry: int) -> Decision:
        """A decision of the entry of this number, about the rows of the readings that count."""
        return replace(
            decision,
            one=self._end(decision.one, entry),
            other=None if decision.other is None else self._end(decision.other, entry),
        )

    def _end(self, end: Party | Row, entry: int) -> Party | Row:
        if isinstance(end, tuple):
            return self.row(end)
        if end.kind not in (HOLDER, VICTIM):
            return end
        label, _, number = end.value.partition(":")
        found = [each for each in self._readings.values() if each.n < entry
                 and (each.exhibit.label, each.stated_by) == (label, end.publisher)]  # fmt: skip
        if not found or found[-1].replaced_by is None:
            return end
        counting = self._readings[found[-1].replaced_by]
        if end.kind == HOLDER:
            return Party(HOLDER, counting.exhibit.label, counting.stated_by)
        now = self.row((found[-1].n, int(number)))
        if now[0] != counting.n:
            return end
        return Party(VICTIM, f"{counting.exhibit.label}:{now[1]}", counting.stated_by)

    def _same_lines(self, earlier: StatedTable) -> dict[int, int]:
        """Row of an earlier reading → the row on the same line in the one that counts."""
        counting = self._readings[earlier.replaced_by or earlier.n]
        # The bytes are the same: they may still be held where the earlier exhibit was disposed of.
        lines = [self._lines(replace(each, exhibit=counting.exhibit))
                 for each in (earlier, counting)]  # fmt: skip
        now = {place: row for row, place in lines[1]}
        return {row: now[place] for row, place in lines[0] if place in now}

    def _lines(self, table: StatedTable) -> list[tuple[int, str]]:
        columns = self._opened(table).columns(("row", "place"))
        rows, places = (columns.column(name).to_pylist() for name in ("row", "place"))
        return list(zip(rows, places, strict=True))

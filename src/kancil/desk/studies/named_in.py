"""Where an identifier stands in what was recorded for one's own cases: the index, asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kancil.desk.cases.models import Case, Exhibit, Finding, Study, Trace
from kancil.desk.custody.store import DeskLedger
from kancil.desk.selectors.index import (
    Origin,
    Recorded,
    forget_sources,
    index_missing,
    recorded_result,
    seen_in_transfers,
    sources_naming,
)
from kancil.desk.selectors.kinds import read_selectors
from kancil.evidence.vault import Vault
from kancil.ground.workspace import Workspace
from kancil.records.selector import Selector
from kancil.records.selector import Sighting as Seen

from .models import Watch
from .stated import StatedTable, counting, open_stated, readings_of_cases

_RecordedT = TypeVar("_RecordedT", Trace, Study)


@dataclass(frozen=True, slots=True)
class NamedInTable:
    """A table that reports transfers and names an identifier."""

    exhibit: Exhibit
    kind: str
    """What it was read as."""
    row: int
    """The first row that does, from 1."""
    rows: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch of a case on an identifier."""

    number: int
    case: Case
    has_ended: bool


@dataclass(frozen=True, slots=True)
class NamedIn:
    """Where an identifier stands in what was traced, studied, reported and found."""

    traces: list[Trace]
    studies: list[Study]
    tables: list[NamedInTable]
    findings: list[Finding]
    unread: int
    """Results that were not searched, the oldest ones."""
    watches: list[Watched] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Searched:
    """Where is looked: the unit's ledger and workspace, and the cases of whoever asks."""

    ledger: DeskLedger
    workspace: Workspace
    vault: Vault
    cases: Sequence[str]

    def named_by(self, names: Iterable[str], most: int) -> NamedIn:
        """Find what names one of these texts, each read as a selector by the unit's country."""
        country = self.workspace.unit.country
        read = {each: None for name in names if name for each in read_selectors(name, country)}
        return self.named_in(list(read), most) if read else NamedIn([], [], [], [], 0)

    def named_in(self, selectors: Sequence[Selector], most: int) -> NamedIn:
        """Find the traces, studies, reported transfers and findings that name one of these.

        `most`: so many of each, and one more. A result that the workspace does not keep is not
        found.
        """
        traces, studies = self._recorded(Trace), self._recorded(Study)
        tables = self._tables()
        unread = self._index(traces, studies, tables)
        named = sources_naming(selectors, self.cases)
        return NamedIn(
            [each for each in traces if each.id in named][: most + 1],
            [each for each in studies if each.id in named][: most + 1],
            list(_named_tables(tables, named))[: most + 1],
            self._findings({each.value for each in selectors}, most),
            unread,
            [each for each in self._watched() if f"watch-{each.number}" in named][: most + 1],
        )

    def index(self) -> int:
        """Index what is not in the index yet; gives how much of it was left out."""
        tables = self._tables()
        return self._index(self._recorded(Trace), self._recorded(Study), tables)

    def _tables(self) -> list[StatedTable]:
        """The readings that count; what the index still has of others leaves it."""
        readings = readings_of_cases(self.ledger, set(self.cases))
        forget_sources([str(each.n) for each in readings if each.replaced_by is not None])
        return counting(readings)

    def _index(
        self, traces: Sequence[Trace], studies: Sequence[Study], tables: Sequence[StatedTable]
    ) -> int:
        results = [
            recorded_result(self.workspace, origin, each.id, each.case_id)
            for origin, rows in ((Origin.TRACE, traces), (Origin.STUDY, studies))
            for each in rows
        ]
        recorded = [each for each in results if each is not None]
        recorded += [self._reported(table) for table in tables]
        watches = Watch.objects.filter(case_id__in=self.cases)
        recorded += [_on_watch(watch) for watch in watches]
        return index_missing(recorded)

    def _watched(self) -> list[Watched]:
        cases = {case.id: case for case in Case.objects.filter(id__in=self.cases)}
        return [
            Watched(watch.number, cases[watch.case_id], watch.ended_at is not None)
            for watch in Watch.objects.filter(case_id__in=cases)
            if watch.case_id in cases
        ]

    def _recorded(self, kind: type[_RecordedT]) -> list[_RecordedT]:
        rows = kind._default_manager.filter(case_id__in=self.cases)
        return list(rows.select_related("case").order_by("-number"))

    def _reported(self, table: StatedTable) -> Recorded:
        return Recorded(
            Origin.TRANSFERS,
            str(table.n),
            str(table.exhibit.case),
            0,
            lambda: seen_in_transfers(open_stated(self.workspace, self.vault, table)),
        )

    def _findings(self, values: set[str], most: int) -> list[Finding]:
        numbers = {
            n
            for value in values
            for n in self.ledger.numbers_naming("finding.accepted", self.cases, value.encode())
        }
        found = Finding.objects.filter(n__in=numbers, case_id__in=self.cases)
        return list(found.select_related("case").order_by("-number")[: most + 1])


def _on_watch(watch: Watch) -> Recorded:
    """The address that a watch is about, as it was typed."""
    selectors = read_selectors(watch.address)
    seen = [Seen(each, "watch", 1, 1) for each in selectors]
    return Recorded(Origin.WATCH, f"watch-{watch.number}", str(watch.case_id), 0, lambda: seen)


def _named_tables(
    tables: Sequence[StatedTable], named: Mapping[str, Seen]
) -> Iterator[NamedInTable]:
    for table in tables:
        seen = named.get(str(table.n))
        if seen is not None:
            exhibit = Exhibit.objects.select_related("case").get(id=table.exhibit.id)
            yield NamedInTable(exhibit, seen.selector.kind, seen.row, seen.rows)

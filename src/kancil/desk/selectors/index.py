"""The index of selectors: written with what is recorded in a case, asked by the search box.

What was recorded before there was an index, or restored from a backup, is indexed when it is first
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kancil.desk.custody.store import one_transaction
from kancil.ground.workspace import Workspace
from kancil.records.selector import Selector, seen_in, sightings
from kancil.records.selector import Sighting as Seen
from kancil.records.table import Table
from kancil.records.transfer import StatedTransfer
from kancil.studies.study import read_result
from kancil.studies.trace.study import kept_tables

from .kinds import KINDS, selectors_of
from .models import Indexed, Sighting
from .models import Origin as Origin  # a choice, to be named

_BATCH_ROWS = 500
_MOST_BYTES = 512_000_000
"""Bytes of results that one question indexes; the rest is counted as not searched."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something recorded in a case that names selectors."""

    origin: Origin
    source: str
    """Id of a trace or study; number of the entry of a table that was read."""
    case_id: str
    size_bytes: int
    seen: Callable[[], Iterable[Seen]]
    """Reads it."""


def recorded_result(
    workspace: Workspace, origin: Origin, source: str, case_id: str
) -> Recorded | None:
    """The kept result of a trace or study; None where the workspace keeps none."""
    folder = workspace.traces_dir if origin is Origin.TRACE else workspace.studies_dir
    path = folder / f"{source}.json"
    if not path.is_file():
        return None

    def seen() -> Iterable[Seen]:
        data = path.read_bytes()
        tables = kept_tables(data) if origin is Origin.TRACE else read_result(data).tables
        return sightings(tables, KINDS)

    return Recorded(origin, source, case_id, path.stat().st_size, seen)


def index_tables(origin: Origin, source: str, case_id: str, tables: Iterable[Table]) -> None:
    """Put the selectors of a study's tables into the index."""
    _write(origin, source, case_id, sightings(tables, KINDS))


def seen_in_transfers(rows: Iterable[StatedTransfer]) -> Iterable[Seen]:
    """What the rows of a table that reports transfers name."""
    return seen_in("transfers", ((row.row, selectors_of(row)) for row in rows))


def index_missing(recorded: Sequence[Recorded]) -> int:
    """Index what is not in the index yet; gives how much of it was left out.

    Left out is what is beyond `_MOST_BYTES` at once.
    """
    if not recorded:
        return 0
    sources = [each.source for each in recorded]
    known = set(Indexed.objects.filter(source__in=sources).values_list("source", flat=True))
    left, unread = _MOST_BYTES, 0
    for each in recorded:
        if each.source in known:
            continue
        left -= each.size_bytes
        if left < 0:
            unread += 1
        else:
            _write(each.origin, each.source, each.case_id, each.seen())
    return unread


def _write(origin: Origin, source: str, case_id: str, seen: Iterable[Seen]) -> None:
    """Put sightings into the index, in place of those that stood there of this source."""
    rows = [
        Sighting(
            kind=each.selector.kind,
            value=each.selector.value,
            case_id=case_id,
            origin=origin,
            source=source,
            table=each.table,
            row=each.row,
            rows=each.rows,
        )
        for each in seen
    ]
    with one_transaction():
        Sighting.objects.filter(source=source).delete()
        Sighting.objects.bulk_create(rows, batch_size=_BATCH_ROWS)
        Indexed.objects.get_or_create(source=source)


def forget_sources(sources: Sequence[str]) -> None:
    """Take out of the index what these name: another stands in their place."""
    if sources:
        Sighting.objects.filter(source__in=sources).delete()


def sources_naming(selectors: Sequence[Selector], cases: Sequence[str]) -> dict[str, Seen]:
    """What in these cases names one of these selectors: a sighting by its source."""
    asked = set(selectors)
    values = {each.value for each in asked}
    found: dict[str, Seen] = {}
    for row in Sighting.objects.filter(value__in=values, case_id__in=cases):
        selector = Selector(row.kind, row.value)
        if selector in asked:
            found[row.source] = Seen(selector, row.table, row.row, row.rows)
    return found

"""The index of selectors: written with each recorded study, asked by the search box.

What was recorded before there was an index, or restored from a backup, is indexed when it is first
asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kancil.desk.custody.store import one_transaction
from kancil.ground.workspace import Workspace
from kancil.records.selector import Selector, sightings
from kancil.records.table import Table
from kancil.studies.study import read_result
from kancil.studies.trace.study import kept_tables

from .kinds import KINDS
from .models import Indexed, Sighting

_BATCH_ROWS = 500
_MOST_BYTES = 512_000_000
"""Bytes of results that one question indexes; the rest is counted as not searched."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded study whose result the workspace may keep."""

    id: str
    case_id: str
    is_trace: bool


def index_study(study_id: str, case_id: str, tables: Iterable[Table]) -> None:
    """Put the selectors of a study's tables into the index, in place of those that stood there."""
    rows = [
        Sighting(
            kind=seen.selector.kind,
            value=seen.selector.value,
            case_id=case_id,
            study_id=study_id,
            table=seen.table,
            row=seen.row,
            rows=seen.rows,
        )
        for seen in sightings(tables, KINDS)
    ]
    with one_transaction():
        Sighting.objects.filter(study_id=study_id).delete()
        Sighting.objects.bulk_create(rows, batch_size=_BATCH_ROWS)
        Indexed.objects.get_or_create(study_id=study_id)


def index_missing(workspace: Workspace, recorded: Sequence[Recorded]) -> int:
    """Index the results that are kept and not in the index yet; gives how many were left out.

    Left out is what is beyond `_MOST_BYTES` at once. A result that is not kept has no sightings.
    """
    ids = [each.id for each in recorded]
    known = set(Indexed.objects.filter(study_id__in=ids).values_list("study_id", flat=True))
    left, unread = _MOST_BYTES, 0
    for each in recorded:
        folder = workspace.traces_dir if each.is_trace else workspace.studies_dir
        path = folder / f"{each.id}.json"
        if each.id in known or not path.is_file():
            continue
        left -= path.stat().st_size
        if left < 0:
            unread += 1
            continue
        data = path.read_bytes()
        index_study(
            each.id, each.case_id, kept_tables(data) if each.is_trace else read_result(data).tables
        )
    return unread


def studies_naming(selectors: Sequence[Selector], cases: Sequence[str]) -> set[str]:
    """Ids of the studies of these cases whose tables name one of these selectors."""
    found: set[str] = set()
    for each in selectors:
        rows = Sighting.objects.filter(kind=each.kind, value=each.value, case_id__in=cases)
        found |= set(rows.values_list("study_id", flat=True))
    return found

"""What is read of watch lists: plain values, of the unit or of one case and never of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import not_
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kancil.bitcoin.chain.watch import MOST_SCRIPTS, MOST_TOUCHES
from kancil.desk.base.opening import told
from kancil.ground.clock import from_unix
from kancil.ground.filled import filled
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.plain import LEFT_OUT, or_none, written
from kancil.ground.units import grouped

from .models import TouchChange, Watch, WatchScript, WatchTouch

_BATCH_ROWS = 500


def _watch_label(number: int) -> str:
    return f"W{number}"


@dataclass(frozen=True, slots=True)
class WatchRead:
    """One watch."""

    number: int = field(metadata=written("id", by=_watch_label))
    chain: str
    address: str
    is_cluster: bool
    addresses: int
    case_id: str | None = field(metadata=LEFT_OUT)
    reason: str
    legal_basis: str
    by: str
    since: datetime
    checked_at: datetime | None
    cluster_addresses: int | None = field(metadata=written("cluster_addresses_not_all_watched"))
    """Addresses of its cluster as last made, where not all could be taken; None: none was left."""
    is_too_wide: bool = field(metadata=written("too_wide_to_look"))
    """Whether so many transactions touch it that they are no longer looked for."""
    ended_at: datetime | None
    ended_by: str = field(metadata=written(by=or_none))
    """Who ended it, as `by`; empty while it goes on."""
    ended_why: str
    touches: int = field(metadata=written("transactions"))
    """Transactions found since it began."""
    untold: int = field(metadata=written("not_told"))

    @property
    def label(self) -> str:
        """Its number for people."""
        return _watch_label(self.number)

    @property
    def cuts(self) -> list[Phrase]:
        """What of it is not watched, or not any more."""
        found = []
        if self.cluster_addresses is not None:
            told: dict[str, Param] = {
                "watch": self.label,
                "count": grouped(self.addresses),
                "all": grouped(self.cluster_addresses),
                "most": grouped(MOST_SCRIPTS),
                "touches": grouped(MOST_TOUCHES),
            }
            found.append(Phrase("note.watch-cut", told))
        if self.is_too_wide:
            wide: dict[str, Param] = {"watch": self.label, "most": grouped(MOST_TOUCHES)}
            found.append(Phrase("note.watch-too-wide", wide))
        return found


@dataclass(frozen=True, slots=True)
class TouchRead:
    """One transaction that touches what is watched."""

    id: int = field(metadata=LEFT_OUT)
    watch: str
    """Number of the watch for people."""
    address: str
    case_id: str | None = field(metadata=LEFT_OUT)
    txid: str
    block: str = field(metadata=written(by=or_none))
    height: int | None
    time: datetime | None
    in_sat: int
    out_sat: int
    change: str
    is_gone: bool = field(metadata=written("in_chain", by=not_))
    found_at: datetime
    told_at: datetime | None


def as_watch(watch: Watch) -> WatchRead:
    """Read one watch."""
    found = _counted().get(pk=watch.pk)
    return _read(found)


@told()
def watches(case: CaseId | None, chain: str | None = None) -> list[WatchRead]:
    """List the watches that go on, of the unit (None) or of one case."""
    rows = _counted().filter(case_id=case, ended_at=None)
    if chain is not None:
        rows = rows.filter(chain=chain)
    return [_read(row) for row in rows]


@told()
def ended_watches(
    case: CaseId | None, chain: str | None = None, most: int | None = None
) -> tuple[list[WatchRead], int]:
    """List the watches that have ended, of the unit (None) or of one case, the last one first.

    `most`: so many at most are read. Gives them, and how many there are.
    """
    rows = Watch.objects.filter(case_id=case, ended_at__isnull=False)
    if chain is not None:
        rows = rows.filter(chain=chain)
    order = ("-ended_at", "-number")
    # The last ones first, then what is counted of each: never of those that are not asked for.
    asked = list(rows.order_by(*order).values_list("pk", flat=True)[:most])
    found = [
        _read(row)
        for start in range(0, len(asked), _BATCH_ROWS)
        for row in _counted().filter(pk__in=asked[start : start + _BATCH_ROWS]).order_by(*order)
    ]
    return found, len(asked) if most is None else rows.count()


def _counted() -> Any:
    """Watches with what is counted of each: by itself, for their product can be vast."""
    touches = WatchTouch.objects.filter(watch=OuterRef("pk"))
    return Watch.objects.annotate(
        addresses=_count(WatchScript.objects.filter(watch=OuterRef("pk"))),
        found=_count(touches.exclude(change=TouchChange.BEFORE)),
        waiting=_count(touches.filter(told_at=None)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("watch").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _read(row: Any) -> WatchRead:
    return filled(WatchRead, row, touches=row.found, untold=row.waiting)


def as_touch(watch: Watch, row: WatchTouch) -> TouchRead:
    """Read one transaction of a watch."""
    return filled(
        TouchRead,
        row,
        id=row.pk,
        watch=f"W{watch.number}",
        address=watch.address,
        case_id=watch.case_id,
        time=None if row.time is None else from_unix(row.time),
        change=str(row.change),
    )


def _touches(case: CaseId | None, **of: Any) -> QuerySet[WatchTouch]:
    """What is kept of the watches that go on, of the unit or of one case."""
    rows = WatchTouch.objects.filter(watch__case_id=case, watch__ended_at=None, **of)
    return rows.select_related("watch")


@told()
def untold(chain: str, case: CaseId | None) -> list[TouchRead]:
    """List what was not told yet of the watches that go on, of the unit or of one case."""
    return [as_touch(row.watch, row) for row in _touches(case, watch__chain=chain, told_at=None)]


@told()
def all_found(chain: str, case: CaseId | None) -> list[TouchRead]:
    """List all that was found of a chain since the watches that go on began, told or not."""
    rows = _touches(case, watch__chain=chain).exclude(change=TouchChange.BEFORE)
    return [as_touch(row.watch, row) for row in rows]


@told()
def found_touches(case: CaseId | None, most: int) -> tuple[list[TouchRead], int]:
    """List what was found since the watches that go on began, the newest first, and how many."""
    rows = _touches(case).exclude(change=TouchChange.BEFORE).order_by("-found_at", "-id")
    return [as_touch(row.watch, row) for row in rows[:most]], rows.count()


@told()
def too_wide_watches(chain: str) -> list[WatchRead]:
    """List the watches of a chain, the unit's and all cases', that are no longer looked for."""
    return [_read(row) for row in _counted().filter(chain=chain, ended_at=None, is_too_wide=True)]


@told()
def waiting_by_case(case_ids: Sequence[str]) -> dict[str, int]:
    """Count what was not told yet of each of these cases."""
    rows = (
        WatchTouch.objects.filter(watch__case_id__in=case_ids, watch__ended_at=None, told_at=None)
        .values_list("watch__case_id")
        .annotate(count=Count("id"))
    )
    return dict(rows)

"""When the files of a case's disks were made, changed and opened, as their file systems stored it.

Three zones are three things. *Stored*: the file system says UTC, or no zone (FAT). *Assumed*: by
which zone times without one are placed on the line. *Shown*: in which the line is drawn. A clock
that ran fast or slow moves an exhibit's times on the line; the stored ones stay beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from kancil.custody.acting import ActingOfficer
from kancil.custody.errors import ExhibitGone, LegalBasisExpired
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.errors import VaultBytesMissing
from kancil.evidence.vault import Vault

from .examination import Examination, find_examination, read_examination

WHAT = ("modified", "accessed", "changed", "created")
STEPS = ("year", "month", "day", "hour", "minute")
_MOST_BARS = 120
_HOUR_NS = 3_600_000_000_000
_SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1678, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)
_Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Line:
    """A disk on the line."""

    exhibit: Exhibit
    examination: Examination
    fast_seconds: int = 0
    """By how much its clock ran fast, as somebody states; below 0: slow."""


def lines_of(
    ledger: LedgerStore, vault: Vault, folder: Path, case: str, by: ActingOfficer
) -> list[Line]:
    """The examined disks of a case that may be read, once the ledger says who looks."""
    found = []
    roll = ledger.folded(Roll)
    for exhibit in [each for each in roll.exhibits.values() if each.case == case]:
        try:
            if find_examination(vault, folder, exhibit) is not None:
                opened = read_examination(ledger, vault, folder, exhibit.id, by)
                found.append(Line(exhibit, opened))
        except (ExhibitGone, LegalBasisExpired, VaultBytesMissing):
            continue
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the line, and how many times fall into it."""

    since: datetime
    until: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One stored time of an entry."""

    at: datetime
    """Where it stands on the line, to the microsecond."""
    stored_ns: int
    """Nanoseconds since 1970 as stored; without a zone: as the clock on the wall stood."""
    zone: str
    """In which it is stored (`images.entry.Zone`)."""
    what: str
    """Of `WHAT`."""
    exhibit: Exhibit
    number: int
    volume: int
    path: str
    state: str


@dataclass(frozen=True)
class Timeline:
    """The times of some disks."""

    lines: Sequence[Line]
    assumed: tzinfo
    """Of times that are stored without a zone."""
    shown: tzinfo
    what: Sequence[str] = WHAT

    @cached_property
    def _events(self) -> tuple[_Times, NDArray[np.int64]]:
        """Times on the line with what each is: line, place of the entry, kind of time in one."""
        times: list[_Times] = []
        whose: list[NDArray[np.int64]] = []
        for number, line in enumerate(self.lines):
            entries = line.examination.entries
            is_wall = np.asarray(pc.equal(entries["zone"], "not-stored"))
            for kind in self.what:
                column = entries[f"{kind}_ns"]
                places = np.flatnonzero(np.asarray(column.is_valid()))
                stored = np.asarray(column.drop_null(), dtype=np.int64)
                walls = is_wall[places]
                placed = stored - line.fast_seconds * _SECOND_NS
                placed[walls] -= _offsets(stored[walls], self.assumed)
                times.append(placed)
                whose.append((number << 40) + (places << 3) + WHAT.index(kind))
        if not times:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        every, of = np.concatenate(times), np.concatenate(whose)
        order = np.lexsort((of, every))
        return every[order], of[order]

    @property
    def count(self) -> int:
        """How many times there are."""
        return len(self._events[0])

    @property
    def without_zone(self) -> int:
        """How many entries have times that are stored without a zone."""
        return sum(
            int(pc.sum(pc.equal(each.examination.entries["zone"], "not-stored")).as_py() or 0)
            for each in self.lines
        )

    def bars(self, since: datetime | None, until: datetime | None) -> tuple[str, list[Bar]]:
        """The finest step that draws the span in so many bars as fit, and its bars.

        None: from the first time, to the last.
        """
        times, _ = self._events
        if not len(times):
            return STEPS[0], []
        first = since or _moment(int(times[0]))
        last = until or _moment(int(times[-1])) + timedelta(microseconds=1)
        for step in reversed(STEPS):
            edges = _edges(first.astimezone(self.shown), last, step)
            if len(edges) <= _MOST_BARS + 1 or step == STEPS[0]:
                break
        counts = np.diff(np.searchsorted(times, [_ns(each) for each in edges]))
        pairs = zip(edges, edges[1:], counts.tolist(), strict=False)
        return step, [Bar(start, end, count) for start, end, count in pairs]

    def between(
        self, since: datetime | None, until: datetime | None, skip: int, most: int
    ) -> tuple[int, list[Happened]]:
        """How many times stand from `since` until before `until`, and some of them in order."""
        times, of = self._events
        first = 0 if since is None else int(np.searchsorted(times, _ns(since)))
        last = len(times) if until is None else int(np.searchsorted(times, _ns(until)))
        picked = slice(min(first + skip, last), min(first + skip + most, last))
        pairs = zip(times[picked].tolist(), of[picked].tolist(), strict=True)
        return max(last - first, 0), [self._happened(*each) for each in pairs]

    def _happened(self, time: int, of: int) -> Happened:
        line, place, what = self.lines[of >> 40], (of >> 3) & ((1 << 37) - 1), WHAT[of & 7]
        row: dict[str, Any] = line.examination.entries.slice(place, 1).to_pylist()[0]
        return Happened(
            _moment(time), row[f"{what}_ns"], row["zone"], what, line.exhibit, row["number"],
            row["volume"], row["path"], row["state"],
        )  # fmt: skip


def _moment(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def _ns(at: datetime) -> int:
    return (min(max(at, _FIRST), _LAST) - _EPOCH) // timedelta(microseconds=1) * 1000


def _offsets(walls: _Times, zone: tzinfo) -> _Times:
    """By how much a zone was ahead of UTC when its clocks stood so, to the hour of the clock."""
    hours, whose = np.unique(walls // _HOUR_NS, return_inverse=True)
    ahead = [
        int((_EPOCH + timedelta(hours=int(each))).replace(tzinfo=zone).utcoffset().total_seconds())  # type: ignore[union-attr]
        for each in hours
    ]
    return np.array(ahead, dtype=np.int64)[whose] * _SECOND_NS


def _edges(first: datetime, last: datetime, step: str) -> list[datetime]:
    """The beginnings of the stretches that cover a span, in the zone of `first`, and its end."""
    names = ("year", "month", "day", "hour", "minute")[: STEPS.index(step) + 1]
    parts = {"month": 1, "day": 1, **{name: getattr(first, name) for name in names}}
    at = datetime(**parts, tzinfo=first.tzinfo)
    edges = [at]
    while at < last and len(edges) <= _MOST_BARS * 4:
        at = _next(at, step)
        edges.append(at)
    return edges


def _next(at: datetime, step: str) -> datetime:
    if step == "year":
        return at.replace(year=at.year + 1)
    if step == "month":
        return at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
    if step == "day":
        return at + timedelta(days=1)
    ahead = at.astimezone(UTC) + timedelta(**{f"{step}s": 1})
    return ahead.astimezone(at.tzinfo)

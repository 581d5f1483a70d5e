"""Entries of a disk looked for: a folder's own, or all that fit what was asked.

Answers are places of entries in the outcome's table; only rows that a page shows are ever taken out
of it, so that half a million entries cost no more than a look over a few columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .examination import Examination

SORTS = ("path", "size", "modified", "created")
STATES = ("live", "deleted")
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty: all."""

    name: str = ""
    """Somewhere in the path, in any case."""
    kind: str = ""
    """By its first bytes: `jpeg`."""
    state: str = ""
    """Of `STATES`."""
    since_ns: int | None = None
    """Modified then or later; a time without a zone counts as UTC."""
    until_ns: int | None = None
    """Modified before."""
    sort: str = ""
    """Of `SORTS`; empty: in the order of the image."""
    is_falling: bool = False


def fitting(found: Examination, wanted: Wanted) -> Places:
    """The places of entries that fit, in the order that is wanted."""
    fits = np.ones(len(found.entries), dtype=np.bool_)
    if wanted.state:
        fits &= found.is_live if wanted.state == "live" else ~found.is_live
    if wanted.kind:
        names, codes = found.kinds
        fits &= codes == (names.index(wanted.kind) if wanted.kind in names else -2)
    modified = found.entries["modified_ns"]
    if wanted.since_ns is not None:
        fits &= np.asarray(pc.fill_null(pc.greater_equal(modified, wanted.since_ns), False))
    if wanted.until_ns is not None:
        fits &= np.asarray(pc.fill_null(pc.less(modified, wanted.until_ns), False))
    if wanted.name:
        named = pc.match_substring(found.entries["path"], wanted.name, ignore_case=True)
        fits &= np.asarray(named)
    return _sorted(found, np.flatnonzero(fits), wanted)


def _sorted(found: Examination, places: Places, wanted: Wanted) -> Places:
    if not wanted.sort:
        return places
    column = {"size": "size_bytes", "modified": "modified_ns", "created": "created_ns"}
    values = found.entries[column.get(wanted.sort, wanted.sort)].take(places)
    order = "descending" if wanted.is_falling else "ascending"
    # Arrow's sort keeps no order of equals: the place is the second key, so that pages agree.
    keys = [("value", order), ("place", "ascending")]
    ordered = pc.sort_indices(pa.table({"value": values, "place": places}), sort_keys=keys)
    return places[np.asarray(ordered, dtype=np.int64)]


def inside(found: Examination, volume: int, folder: str) -> Places:
    """The places of a folder's own entries: folders first, then by name."""
    above = f"{folder}/" if folder else ""
    fits = np.asarray(found.entries["volume"]) == volume
    fits &= found.depths == above.count("/")
    if above:
        fits &= np.asarray(pc.starts_with(found.entries["path"], above))
    places = np.flatnonzero(fits)
    rows = found.entries.select(["kind", "path"]).take(places)
    keys = zip(
        np.asarray(pc.not_equal(rows["kind"], "folder")).tolist(),
        pc.utf8_lower(rows["path"]).to_pylist(), places.tolist(), strict=True,
    )  # fmt: skip
    return np.array([place for _, _, place in sorted(keys)], dtype=np.int64)


def rows_at(found: Examination, places: Places) -> list[dict[str, Any]]:
    """Some entries, each with the kind of its content as `content`; None: it was not read."""
    names, codes = found.kinds
    rows: list[dict[str, Any]] = found.entries.take(places).to_pylist()
    return [
        {**row, "content": names[codes[place]] if codes[place] >= 0 else None}
        for row, place in zip(rows, places.tolist(), strict=True)
    ]

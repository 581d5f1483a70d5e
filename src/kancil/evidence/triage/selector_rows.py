"""Where a selector stands on a disk, looked up by value in a sorted key column.

Beside the table of selectors lies the order of its rows by value and kind: a look-up is a binary
search over it, and reads some twenty rows of a table that is mapped from its file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kancil.ground.owner import OWN_FILE

from .outcome import Outcome

_ORDER = "selectors-by-value.npy"
_OPEN = 512
"""Disks whose columns stay open."""


def write_order(folder: Path, selectors: pa.Table) -> None:
    """Write the order of a table of `SeenSelector` by value, kind and row."""
    numbered = selectors.select(["value", "kind"]).append_column(
        "row", pa.array(np.arange(len(selectors), dtype=np.int64))
    )
    keys = [(name, "ascending") for name in ("value", "kind", "row")]
    order = np.asarray(pc.sort_indices(numbered, sort_keys=keys), dtype=np.int32)
    part = folder / f"{_ORDER}.part"
    with part.open("wb") as file:
        part.chmod(OWN_FILE)
        np.save(file, order)
    part.rename(folder / _ORDER)


def rows_of_selector(found: Outcome, kind: str, value: str) -> pa.Table:
    """Every row of a selector, by number, member and offset."""
    selectors, order = _columns(found.folder)
    first = _first(selectors, order, (value, kind))
    last = _first(selectors, order, (value, f"{kind}\0"))
    return selectors.take(np.sort(order[first:last]))


def _first(selectors: pa.Table, order: NDArray[np.int32], key: tuple[str, str]) -> int:
    """The first place in the order at or after a key; texts compare by their UTF-8 bytes."""
    values, kinds = selectors["value"], selectors["kind"]
    wanted = tuple(each.encode("utf-8") for each in key)
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        row = int(order[middle])
        if tuple(each[row].as_py().encode("utf-8") for each in (values, kinds)) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@lru_cache(maxsize=_OPEN)
def _columns_at(folder: Path, _written_ns: int) -> tuple[pa.Table, NDArray[np.int32]]:
    selectors = pa.ipc.open_stream(pa.memory_map(str(folder / "selectors.arrows"))).read_all()
    return selectors, np.load(folder / _ORDER, mmap_mode="r")


def _columns(folder: Path) -> tuple[pa.Table, NDArray[np.int32]]:
    return _columns_at(folder, (folder / _ORDER).stat().st_mtime_ns)

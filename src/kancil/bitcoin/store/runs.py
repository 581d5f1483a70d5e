"""Runs: sorted files that find a transaction by its id, or a script by its bytes.

Each step of growing writes one run; four neighbours of like size become one: there are few.
A run never changes. Keys are mixed with the store's secret (`kernels.id_keys`, `script_keys`); an
id is found by 128 of its bits, and whoever asks compares the whole of it; scripts are compared
byte by byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.store_record import RunFile
from kancil.ground.ids import new_id

from . import kernels
from .files import FOLDER

Array = NDArray[Any]
_SUFFIX = ".run"
_MERGED_AT_ONCE = 1 << 21
"""Entries merged between two writes: 48 MB."""
TOGETHER = 4
"""Runs that are merged at a time: the more, the less often an entry is written again, and the more
runs are looked into."""
GROWTH = 2
"""The last `TOGETHER` runs are merged unless the first of them is over this many times as large as
the last."""


class Run(NamedTuple):
    """One run, mapped."""

    key: Array
    """uint64, ascending."""
    low: Array
    """uint64, bytes 8 to 15 of an id; empty for scripts."""
    row: Array
    """int64: transaction or script."""


class Sorter:
    """Room to sort pairs in, used again and again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._begin = np.empty(2 * kernels.FIRST + kernels.SECOND + 4, np.int64)

    def by_key(self, keys: Array, rows: Array) -> None:
        """Sort uint64 keys in place, int64 rows with them."""
        kernels.sort_pairs(keys, rows, self._begin, np.empty_like(keys), np.empty_like(rows))

    @staticmethod
    def by_number(numbers: Array, rows: Array) -> None:
        """Sort int64 numbers from 0 on in place, int64 rows with them; stable."""
        if len(numbers):
            kernels.sort_numbers(
                numbers,
                rows,
                max(1, int(numbers.max()).bit_length()),
                np.empty_like(numbers),
                np.empty_like(rows),
                np.empty((1 << 16) + 1, np.int64),
            )


def id_run(ids: Array, first_row: int, seed: int, sorter: Sorter) -> Run:
    """Make the run of ids uint8 `[n, 32]` whose rows begin at `first_row`."""
    count = len(ids)
    high, low = np.empty(count, np.uint64), np.empty(count, np.uint64)
    kernels.id_keys(np.ascontiguousarray(ids).reshape(-1), np.uint64(seed), high, low)
    rows = np.arange(count, dtype=np.int64)
    sorter.by_key(high, rows)
    return Run(high, low[rows], rows + first_row)


def write_run(chain_dir: Path, run: Run) -> RunFile:
    """Keep a run. Raises DiskFull."""
    name = new_id() + _SUFFIX
    chain_store.write_arrays(chain_dir / FOLDER / name, run._asdict())
    return RunFile(name, len(run.key), check_of(run))


def check_of(run: Run) -> str:
    """The digest of a run's arrays."""
    digest = hashlib.sha256()
    for array in run:
        raw: Any = np.ascontiguousarray(array).view(np.uint8)
        digest.update(raw)
    return digest.hexdigest()


def open_run(chain_dir: Path, file: RunFile) -> Run:
    """Map a run. Raises ChainBroken, FileNotFoundError."""
    arrays = chain_store.map_arrays(chain_dir / FOLDER / file.name)
    return Run(arrays["key"], arrays["low"], arrays["row"])


def open_runs(chain_dir: Path, files: Sequence[RunFile]) -> tuple[Run, ...]:
    """Map all runs of one kind."""
    return tuple(open_run(chain_dir, file) for file in files)


def joined(chain_dir: Path, files: Sequence[RunFile], limit: int) -> tuple[RunFile, ...]:
    """Merge the last runs while they are of like size; rows at `limit` or over are left out.

    The files merged stay until the record no longer names them.
    """
    result = list(files)
    while are_alike([file.entries for file in result]):
        result[-TOGETHER:] = [_merged(chain_dir, result[-TOGETHER:], limit)]
    return tuple(result)


def are_alike(entries: Sequence[int]) -> bool:
    """Whether the last runs of so many entries are to be merged."""
    return len(entries) >= TOGETHER and entries[-TOGETHER] <= GROWTH * entries[-1]


def cut(chain_dir: Path, files: Sequence[RunFile], limit: int) -> tuple[RunFile, ...]:
    """Runs that hold no row at `limit` or over."""
    result = []
    for file in files:
        run = open_run(chain_dir, file)
        if len(run.row) and int(run.row.max()) >= limit:
            kept = np.flatnonzero(run.row < limit)
            low = run.low[kept] if len(run.low) else run.low
            file = write_run(chain_dir, Run(run.key[kept], low, run.row[kept]))
        result.append(file)
    return tuple(result)


def _merged(chain_dir: Path, files: Sequence[RunFile], limit: int) -> RunFile:
    every = open_runs(chain_dir, files)
    count = sum(len(run.key) for run in every)
    has_low = any(len(run.low) for run in every)
    name = new_id() + _SUFFIX
    path = chain_dir / FOLDER / name
    kinds = {"key": ("<u8", (count,)), "low": ("<u8", (count * has_low,)), "row": ("<i8", (count,))}
    # The answer may be larger than memory: it is merged and written part by part.
    file = chain_store.ArrayFile(path, kinds)
    most = min(count, _MERGED_AT_ONCE)
    into = Run(
        np.empty(most, np.uint64), np.empty(most * has_low, np.uint64), np.empty(most, np.int64)
    )
    places, written = np.zeros(TOGETHER, np.int64), 0
    while int(places.sum()) < count:
        parts = tuple(tuple(run) for run in every)
        found = int(kernels.merge_runs(parts, limit, tuple(into), places))
        for field, part in zip(Run._fields, into, strict=True):
            file.add(field, part[:found])
        written += found
    file.close()
    made = Run(**chain_store.map_arrays(path))
    if written < count:
        made = Run(*(part[:written] for part in made))
        path.unlink()
        return write_run(chain_dir, made)
    return RunFile(name, count, check_of(made))

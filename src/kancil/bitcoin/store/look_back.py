"""What a step finds in the steps before it: the sources of its inputs, the numbers of its scripts.

Inputs are looked for among the `unspent`, else in the runs of ids; scripts, unless the filter knows
them to be new, in the runs of scripts. Needles and what they are looked for in are sorted, so that
each is read once from end to end. The unspent and the filter last as long as an ingest; every
answer is that of the runs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.graph import UNKNOWN
from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.holdings.store_layout import BY_NAME, Rows
from kancil.bitcoin.holdings.store_record import RunFile, StoreRecord

from . import growth_kernels, kernels, runs
from .files import FOLDER, map_column
from .script_filter import ScriptFilter
from .unspent import Added, Unspent

Array = NDArray[Any]
_LEAST_NEEDLES = 1 << 16
"""Fewer are not worth a thread."""
_SCRATCH_MEMORY_BYTES = 1 << 20
"""What is kept between steps stands in files: memory is the step's."""
_WORTH_A_FILTER = 8
"""A filter is made of all scripts: where few are added beside what is held, it costs more."""


class Spends(NamedTuple):
    """What the inputs of a step spend, and the answer."""

    prev_id: Array
    """uint8 `[32 inputs]`."""
    prev_index: Array
    """uint32 `[inputs]`."""
    source: Array
    """int64 `[inputs]`: the output, only written where it is found."""

    @property
    def outpoints(self) -> tuple[Array, Array]:
        """As kernels take them."""
        return self.prev_id, self.prev_index

    def id_of(self, number: int) -> Array:
        """The id that an input names, uint8 `[32]`."""
        return self.prev_id[32 * number : 32 * number + 32]

    def take(self, txs: Array, inputs: Array, ids: Array, starts: Array, base: int) -> None:
        """Write the sources of inputs whose transactions were found: see `kernels.take_found`."""
        held = ids.reshape(-1), starts
        kernels.take_found(txs, inputs, self.outpoints, held, base, self.source)

    def others(self, txs: Array, inputs: Array, ids: Array) -> Array:
        """The places where 128 bits of an id were found, and the rest of it is another.

        `txs` are rows of `ids`, uint8 `[n, 32]`. It takes about 2^64 hashes to make two such ids.
        """
        left = np.flatnonzero(self.source[inputs] == UNKNOWN)
        asked = self.prev_id.reshape(-1, 32)[inputs[left]]
        answer: Array = left[(ids[txs[left]] != asked).any(axis=1)]
        return answer


class _Asked(NamedTuple):
    """Needles: the two keys of what inputs spend, ascending, and the inputs."""

    high: Array
    low: Array
    inputs: Array

    def at(self, places: Any) -> _Asked:
        """Some of them."""
        return _Asked(self.high[places], self.low[places], self.inputs[places])


class LookBack:
    """Finds what was there before, for one ingest."""

    def __init__(
        self, chain_dir: Path, pool: ThreadPoolExecutor, threads: int, expected: Rows | None
    ) -> None:
        """Begin with nothing at hand.

        `expected`: about how many rows will be added; None: there is no room for anything beside
        the store, and only the runs are asked.
        """
        self._chain_dir, self._expected = chain_dir, expected
        self._pool = pool
        self._threads = max(1, threads)
        self._search = ThreadPoolExecutor(self._threads)
        self._scratch = Scratch(chain_dir / FOLDER, _SCRATCH_MEMORY_BYTES)
        self._filter: ScriptFilter | None = None
        self._unspent = Unspent(self._scratch, pool)

    def begin_step(self) -> None:
        """Let what the step before brought be found in the one that begins."""
        self._unspent.merge()

    def remember(self, added: Added) -> None:
        """Keep what a step brings, since another step follows. Raises DiskFull, FileNotReadable."""
        if self._expected is not None:
            self._unspent.add(added)

    def forget(self) -> None:
        """Go on without the unspent and the filter: a step failed, and nothing of it counts."""
        self._unspent = Unspent(self._scratch, self._pool)
        self._filter = self._expected = None

    def close(self) -> None:
        """Let its threads go."""
        self._search.shutdown(cancel_futures=True)

    def in_parts(self, count: int, work: Callable[[slice], None]) -> None:
        """Do work on parts of so many needles, side by side."""
        each = max(_LEAST_NEEDLES, -(-count // self._threads))
        parts = [slice(first, first + each) for first in range(0, count, each)]
        list(self._search.map(work, parts))

    # --- sources of inputs ------------------------------------------------------------------------

    def find_sources(
        self, record: StoreRecord, inputs: Array, keys: tuple[Array, Array], spends: Spends
    ) -> None:
        """Find what inputs spend that the step itself does not hold.

        `inputs`: int64, those asked for; `keys`: uint64 `[inputs]` each, written over here. Raises
        ChainBroken, DiskFull, FileNotReadable.
        """
        if not len(inputs) or not record.id_runs:
            return
        high, low = keys
        place = np.arange(len(inputs), dtype=np.int64)
        runs.Sorter().by_key(high, place)
        asked = _Asked(high, low[place], inputs[place])
        del place
        left = self._not_unspent(asked, spends)
        if len(left):
            self._in_id_runs(record, asked.at(left), spends)

    def _not_unspent(self, asked: _Asked, spends: Spends) -> Array:
        """Find what is among the unspent; gives the places of needles that are not."""
        held = self._unspent.held()
        if not len(held.key):
            return np.arange(len(asked.inputs))
        hits = np.empty(len(asked.inputs), np.int64)

        def find(part: slice) -> None:
            growth_kernels.find_unspent(
                tuple(held), *asked.at(part), spends.outpoints, spends.source, hits[part]
            )

        self.in_parts(len(hits), find)
        self._unspent.spent(hits[hits >= 0])
        return np.flatnonzero(hits < 0)

    def _in_id_runs(self, record: StoreRecord, asked: _Asked, spends: Spends) -> None:
        """Find needles in the runs: the last transaction that has an id counts."""
        base = record.rows
        found = np.full(len(asked.inputs), UNKNOWN, np.int64)

        def search(run: runs.Run, wanted: Array, answer: Array) -> None:
            high, low = asked.high[wanted], asked.low[wanted]

            def find(part: slice) -> None:
                kernels.find_ids(*run, base.transactions, high[part], low[part], answer[part])

            self.in_parts(len(wanted), find)

        self._in_runs(record.id_runs, np.arange(len(found)), search, found)
        order = np.flatnonzero(found >= 0)
        txs = found[order]
        runs.Sorter.by_number(txs, order)  # so that the columns are read from end to end
        ids = map_column(self._chain_dir, BY_NAME["tx_id"], base)
        starts = map_column(self._chain_dir, BY_NAME["tx_output_start"], base)
        inputs = asked.inputs[order]
        spends.take(txs, inputs, ids, starts, 0)
        for place in spends.others(txs, inputs, ids).tolist():
            tx = self._last_of(record, ids, asked.at(order[place]), spends.id_of(inputs[place]))
            if tx >= 0:
                spends.take(np.array([tx]), inputs[place : place + 1], ids, starts, 0)

    def _last_of(self, record: StoreRecord, ids: Array, asked: _Asked, wanted: Array) -> int:
        """The last transaction with this very id among those that share its keys, -1 none."""
        for run in reversed(runs.open_runs(self._chain_dir, record.id_runs)):
            first, stop = (
                int(np.searchsorted(run.key, asked.high, side)) for side in ("left", "right")
            )
            for place in reversed(range(first, stop)):
                tx = int(run.row[place])
                if run.low[place] == asked.low and tx < len(ids) and (ids[tx] == wanted).all():
                    return tx
        return -1

    # --- scripts ----------------------------------------------------------------------------------

    def find_scripts(
        self,
        record: StoreRecord,
        keys: Array,
        rows: Array,
        table: tuple[Array, ...],
        known: Array,
    ) -> None:
        """Find the numbers of scripts; most are new, and of these the filter knows.

        `keys`: uint64, ascending; `rows`: where each stands in `table`: kind, start and pool;
        `known`: int64, only written where found. Raises ChainBroken, DiskFull, FileNotReadable.
        """
        base, files = record.rows, record.script_runs
        if not files:
            return
        names = ("script_kind", "script_payload_start", "payload")
        kind, start, pool = (map_column(self._chain_dir, BY_NAME[name], base) for name in names)
        held = kind, start, pool if len(pool) else np.zeros(1, np.uint8)

        def search(run: runs.Run, wanted: Array, answer: Array) -> None:
            needles = keys[wanted], rows[wanted]

            def find(part: slice) -> None:
                asked = needles[0][part], needles[1][part]
                kernels.find_scripts(
                    (run.key, run.row), held, base.scripts, *asked, table, answer[part]
                )

            self.in_parts(len(wanted), find)

        self._in_runs(files, self._not_surely_new(record, keys), search, known)

    def _not_surely_new(self, record: StoreRecord, keys: Array) -> Array:
        """The places of keys that the store may hold."""
        held = record.rows.scripts
        expected = self._expected.scripts if self._expected is not None else 0
        if self._filter is None and expected > held // _WORTH_A_FILTER:
            self._filter = ScriptFilter(self._scratch, held + expected)
            every = runs.open_runs(self._chain_dir, record.script_runs)
            self._filter.add_all(run.key for run in every)
        if self._filter is None:
            return np.arange(len(keys))
        return np.flatnonzero(self._filter.may_hold(keys))

    def add_scripts(self, keys: Array) -> None:
        """Let the filter, if there is one, know of new scripts."""
        if self._filter is not None:
            self._filter.add(keys)

    def _in_runs(
        self,
        files: tuple[RunFile, ...],
        wanted: Array,
        search: Callable[[runs.Run, Array, Array], None],
        found: Array,
    ) -> None:
        """Look for needles, by place, in the newest run, for the rest in the one before, and on.

        Most of what is asked is young; a run that is not asked for a needle is not read for it.
        """
        for run in reversed(runs.open_runs(self._chain_dir, files)):
            if not len(wanted):
                return
            answer = np.full(len(wanted), UNKNOWN, np.int64)
            search(run, wanted, answer)
            found[wanted] = answer
            wanted = wanted[answer < 0]

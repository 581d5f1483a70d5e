"""The transactions that still have an output to spend: where a growing store looks first.

Only a help: what is not found here is looked for in the `runs`, which hold all. It begins empty
with every ingest and is gone with it. An entry takes 48 bytes, in files without a name
(`kancil.bitcoin.scratch`); a spend that looks back is then found in what is small and read from end
to end, and not in a table of all ids and two columns beside.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.scratch import Scratch
from kancil.bitcoin.scriptkind import ScriptKind

from . import growth_kernels
from .runs import Run

Array = NDArray[Any]


class Entries(NamedTuple):
    """See `growth_kernels`."""

    key: Array
    body: Array


class Added(NamedTuple):
    """What a step brings: transactions by key, and their outputs."""

    run: Run
    ids: Array
    """uint8 `[32 transactions]`."""
    output_start: Array
    output_kind: Array
    output_spender: Array
    """int64: -1 where nothing of the step spends it."""
    bases: tuple[int, int]
    """First transaction, first output of the step."""


class Unspent:
    """Transactions with outputs left, of the steps of one ingest."""

    def __init__(self, scratch: Scratch, pool: ThreadPoolExecutor) -> None:
        """Begin with none; `pool`: does the merging, beside the reading of the next step."""
        self._scratch, self._pool = scratch, pool
        self._held = Entries(np.empty(0, np.uint64), np.empty(0, np.uint64))
        self._gone: list[Array] = []
        self._added: Entries | None = None
        self._merging: Future[Entries] | None = None

    def held(self) -> Entries:
        """Give what there is, when merging has ended. Raises DiskFull, FileNotReadable."""
        if self._merging is not None:
            self._held, self._merging = self._merging.result(), None
        return self._held

    def spent(self, entries: Array) -> None:
        """Take off one output of each of these entries, at the next merge."""
        self._gone.append(entries)

    def add(self, added: Added) -> None:
        """Keep what a step brings, for the next merge. Raises DiskFull, FileNotReadable."""
        count = len(added.run.key)
        made = self._empty(count)
        growth_kernels.new_unspent(
            tuple(added.run),
            added.ids,
            added.output_start,
            added.output_kind,
            added.output_spender,
            added.bases,
            int(ScriptKind.OP_RETURN),
            tuple(made),
        )
        self._added = made

    def merge(self) -> None:
        """Begin to merge what was kept, if there is any: another step follows."""
        added, self._added = self._added, None
        if added is None:
            return
        held, gone = self.held(), np.concatenate([np.empty(0, np.int64), *self._gone])
        self._gone.clear()
        self._merging = self._pool.submit(self._merged, held, gone, added)

    def _merged(self, held: Entries, gone: Array, added: Entries) -> Entries:
        gone.sort()
        room = self._empty(len(held.key) + len(added.key))
        count = int(growth_kernels.merge_unspent(tuple(held), gone, tuple(added), tuple(room)))
        return Entries(room.key[:count], room.body[: growth_kernels.BODY * count])

    def _empty(self, count: int) -> Entries:
        return Entries(
            self._scratch.empty(count, np.uint64),
            self._scratch.empty(growth_kernels.BODY * count, np.uint64),
        )

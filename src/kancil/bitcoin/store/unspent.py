"""The transactions that still have an output to spend: where a growing store looks first.

Only a help: what is not found here is looked for in the `runs`, which hold all. It begins empty
with every ingest and is gone with it. An entry takes 48 bytes, in files without a name
(`kancil.bitcoin.holdings.scratch`); a spend that looks back is then found in what is small and read
from end to end, and not in a table of all ids and two columns beside.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.script.kind import ScriptKind

from . import growth_kernels
from .runs import Run

Array = NDArray[Any]
_SPARE = 4
"""Room is taken for this part more than is needed, since the next step mostly needs more."""


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
        self._held, self._new = _Room(scratch), _Room(scratch)
        self._other = _Room(scratch)
        self._gone: list[Array] = []
        self._merging: Future[_Room] | None = None

    def held(self) -> Entries:
        """What there is, when merging has ended. Raises DiskFull, FileNotReadable."""
        if self._merging is not None:
            self._other, self._held = self._held, self._merging.result()
            self._merging = None
        return self._held.entries()

    def spent(self, entries: Array) -> None:
        """Take off one output of each of these entries, at the next merge."""
        self._gone.append(entries)

    def add(self, added: Added) -> None:
        """Keep what a step brings, for the next merge. Raises DiskFull, FileNotReadable."""
        self.held()  # the merge before may still read what the last step brought
        counts = np.empty(len(added.output_start) - 1, np.uint64)
        growth_kernels.count_left(
            added.output_start,
            added.output_kind,
            added.output_spender,
            int(ScriptKind.OP_RETURN),
            counts,
        )
        made = self._new.grown(len(counts))
        growth_kernels.new_unspent(
            tuple(added.run), added.ids, added.output_start, counts, added.bases, tuple(made)
        )

    def merge(self) -> None:
        """Begin to merge what was kept, if there is any: another step follows."""
        if not self._new.count:
            return
        self.held()
        gone = np.concatenate([np.empty(0, np.int64), *self._gone])
        self._gone.clear()
        self._merging = self._pool.submit(self._merged, gone)

    def _merged(self, gone: Array) -> _Room:
        if (gone[1:] < gone[:-1]).any():  # of ids with the same key, the order is of chance
            gone.sort()
        held, new, room = self._held.entries(), self._new.entries(), self._other
        into = room.grown(len(held.key) + len(new.key))
        room.count = int(growth_kernels.merge_unspent(tuple(held), gone, tuple(new), tuple(into)))
        self._new.count = 0
        return room


class _Room:
    """Room for entries, used again and again; a new file is only taken where more is needed."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._key, self._body = np.empty(0, np.uint64), np.empty(0, np.uint64)
        self.count = 0
        """How many stand there."""

    def entries(self) -> Entries:
        """Those that stand there."""
        return Entries(self._key[: self.count], self._body[: growth_kernels.BODY * self.count])

    def grown(self, count: int) -> Entries:
        """Give room for so many, what stands there being lost. Raises DiskFull, FileNotReadable."""
        if count > len(self._key):
            room = count + count // _SPARE
            key = self._scratch.empty(room, np.uint64)
            self._body = self._scratch.empty(growth_kernels.BODY * room, np.uint64)
            self._key = key  # both or none: the kernels check no bounds
        self.count = count
        return self.entries()

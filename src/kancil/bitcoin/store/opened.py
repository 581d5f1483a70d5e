"""A store as the columns and the graph that every chain has, mapped and worked out when asked.

Row numbers are those of the store: transactions stand in the order of the chain, so the number of
one is its rank; all blocks are one run. What a store does not keep because it follows from what it
keeps is worked out for the rows asked for (`WorkedOut`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LAYOUT, LOOSE, NO_OUTPUT, Columns
from kancil.bitcoin.holdings.build import script_index
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.graph import COINBASE, NO_SPEND_SEEN, UNKNOWN, Graph
from kancil.bitcoin.holdings.merge import no_aside
from kancil.bitcoin.holdings.spent import no_spent
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.network import network_named
from kancil.bitcoin.script.kind import ScriptKind

from . import kernels, runs
from .files import Reading, column_path, is_rebuilding, map_columns
from .trees import read_tree

Array = NDArray[Any]
Arrays = dict[str, Array]
_NEVER = np.iinfo(np.int64).max
_UNSPENDABLE = 10
_NOT_KEPT = ("output_payload_start", "payload")


class WorkedOut:
    """A column that is not kept: values are made for the rows asked for."""

    def __init__(self, length: int, dtype: Any, make: Callable[[Array], Array]) -> None:
        """Take how many rows there are, and what makes the values of rows int64 `[n]`."""
        self._length, self._make = length, make
        self.dtype = np.dtype(dtype)
        self.ndim = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole."""
        return (self._length,)

    @property
    def size(self) -> int:
        """Number of rows."""
        return self._length

    def __len__(self) -> int:
        """The number of rows."""
        return self._length

    def __getitem__(self, key: Any) -> Any:
        """The values of a row, a slice or an array of rows."""
        if isinstance(key, slice):
            return self._make(np.arange(*key.indices(self._length), dtype=np.int64))
        rows = np.asarray(key)
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        rows = rows.astype(np.int64, copy=False)
        outside = (rows < -self._length) | (rows >= self._length)
        if outside.any():
            raise IndexError(f"row {rows[outside][0]} of {self._length}")
        rows = np.where(rows < 0, rows + self._length, rows)
        return self._make(rows.reshape(-1))[0] if rows.ndim == 0 else self._make(rows)

    def __iter__(self) -> Iterator[Any]:
        """The values one by one."""
        for start in range(0, self._length, 1 << 16):
            yield from self[start : start + (1 << 16)]

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        """All of them."""
        whole: Array = self[:]
        return whole if dtype is None else whole.astype(dtype)

    def tolist(self) -> list[Any]:
        """All of them as a list."""
        found: list[Any] = self[:].tolist()
        return found

    def any(self) -> bool:
        """Whether one is not zero."""
        return bool(self[:].any())

    def __eq__(self, other: object) -> Any:
        """Compare each."""
        return self[:] == other

    def __ne__(self, other: object) -> Any:
        """Compare each."""
        return self[:] != other

    def __ge__(self, other: Any) -> Any:
        """Compare each."""
        return self[:] >= other

    def __gt__(self, other: Any) -> Any:
        """Compare each."""
        return self[:] > other

    def __lt__(self, other: Any) -> Any:
        """Compare each."""
        return self[:] < other

    def __le__(self, other: Any) -> Any:
        """Compare each."""
        return self[:] <= other

    def __invert__(self) -> Array:
        """Turn each."""
        turned: Array = ~self[:]
        return turned

    def __and__(self, other: Any) -> Any:
        """Join each."""
        return self[:] & other

    __rand__ = __and__
    __hash__ = None  # type: ignore[assignment]


class Limited(np.ndarray[Any, Any]):
    """A column kept in place, of which a reader takes numbers from `limit` on for none.

    They are of blocks added since the store was opened. Only compiled code sees the numbers
    themselves, and has to compare.
    """

    limit: int = _NEVER

    @classmethod
    def of(cls, array: Array, limit: int) -> Self:
        """Wrap a mapped column."""
        made = array.view(cls)
        made.limit = limit
        return made

    def __array_finalize__(self, other: Any) -> None:
        """Keep the limit in views."""
        self.limit = getattr(other, "limit", _NEVER)

    def __getitem__(self, key: Any) -> Any:
        """Numbers, open ones as -1."""
        found = super().__getitem__(key)
        if isinstance(found, np.ndarray):
            return _closed(found.view(np.ndarray), self.limit)
        return found if found < self.limit else found.dtype.type(NO_SPEND_SEEN)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute with plain arrays."""
        plain = [
            _closed(one.view(np.ndarray), one.limit) if isinstance(one, Limited) else one
            for one in inputs
        ]
        return getattr(ufunc, method)(*plain, **options)


def _closed(numbers: Array, limit: int) -> Array:
    return np.where(numbers < limit, numbers, NO_SPEND_SEEN)


class _NotKept:
    """Stands where a column of the parser is not kept: any use is an error, not an answer."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a store keeps no {self._name}: ask script_at")

    def __getitem__(self, key: Any) -> Any:
        raise TypeError(f"a store keeps no {self._name}: ask script_at")

    def __len__(self) -> int:
        raise TypeError(f"a store keeps no {self._name}: ask script_at")


@dataclass(frozen=True, slots=True, eq=False)
class StoreColumns(Columns):
    """Columns of a store; scripts are numbered, and kept once each."""

    output_script_id: Array
    """uint32 `[no]`: number of each output's script."""
    output_before: Array
    """int64 `[no]`: the output before that pays the same script, -1 none."""
    script_kind: Array
    """uint8 `[ns]`."""
    script_payload_start: Array
    """int64 `[ns + 1]`."""
    script_payload: Array
    """uint8."""
    script_last: Array
    """int64 `[ns]`: last output that pays each script."""

    def payload_of(self, output: int) -> bytes:
        """The payload bytes of one output."""
        return self.script_of(int(self.output_script_id[output]))[1]

    def payloads_of(self, outputs: Array) -> tuple[Array, Array, Array]:
        """Where payloads of outputs begin and end, int64 `[n]`, and the pool they are in."""
        numbers, starts = self.output_script_id[outputs].astype(np.int64), self.script_payload_start
        return starts[numbers], starts[numbers + 1], self.script_payload

    def payload_sizes(self, first: int, stop: int) -> Array:
        """The payload bytes of outputs first to stop - 1: int64."""
        numbers = self.output_script_id[first:stop].astype(np.int64)
        sizes: Array = self.script_payload_start[numbers + 1] - self.script_payload_start[numbers]
        return sizes

    def names_of_scripts(self) -> tuple[Array, Array]:
        """The number of each output's script, as bytes: 8 bytes an output in memory."""
        starts = np.arange(len(self.output_script_id) + 1, dtype=np.int64) * 4
        return starts, self.output_script_id.view(np.uint8)

    def script_of(self, number: int) -> tuple[ScriptKind, bytes]:
        """Kind and payload of a script by its number."""
        start, stop = self.script_payload_start[number], self.script_payload_start[number + 1]
        return ScriptKind(int(self.script_kind[number])), self.script_payload[start:stop].tobytes()


class Kept:
    """The mapped columns of a store, and what follows from them; held as long as a part is used."""

    def __init__(self, chain_dir: Path, record: StoreRecord) -> None:
        """Map them. Raises ChainBeingChanged, ChainBroken."""
        self._reading = Reading(chain_dir)
        if is_rebuilding(chain_dir):  # and nobody does it: whoever did would hold the store
            raise ChainBroken(path=str(chain_dir))
        self.columns = map_columns(chain_dir, record.rows)

    def offsets(self, txs: Array) -> Array:
        """The first byte of transactions in their sources: uint64 `[n]`."""
        block = self.columns["block_offset"][self.columns["tx_block"][txs]]
        offsets: Array = block + self.columns["tx_place"][txs].astype(np.uint64)
        return offsets

    def times(self, txs: Array) -> Array:
        """The times of the blocks of transactions: int64 `[n]`."""
        return self.columns["block_time"][self.columns["tx_block"][txs]].astype(np.int64)

    def are_spendable(self, outputs: Array) -> Array:
        """Whether outputs can be spent: bool `[n]`."""
        spendable: Array = self.columns["output_script"][outputs] != _UNSPENDABLE
        return spendable

    def previous_ids(self, inputs: Array) -> Array:
        """The ids of the transactions that inputs spend from: uint8 `[n, 32]`."""
        source = self.columns["input_source"][inputs]
        ids = np.zeros((len(inputs), 32), np.uint8)
        held = source >= 0
        ids[held] = self.columns["tx_id"][self._txs_of(source[held])]
        unknown = source == UNKNOWN
        ids[unknown] = self.columns["unknown_prev_id"][self._unknown_rows(inputs[unknown])]
        return ids

    def previous_indexes(self, inputs: Array) -> Array:
        """Which of their outputs: uint32 `[n]`."""
        source = self.columns["input_source"][inputs]
        index = np.full(len(inputs), NO_OUTPUT, np.uint32)
        held = source >= 0
        index[held] = source[held] - self.columns["tx_output_start"][self._txs_of(source[held])]
        unknown = source == UNKNOWN
        index[unknown] = self.columns["unknown_prev_index"][self._unknown_rows(inputs[unknown])]
        return index

    def _txs_of(self, outputs: Array) -> Array:
        found = np.searchsorted(self.columns["tx_output_start"], outputs, side="right") - 1
        return found.astype(np.int64)

    def _unknown_rows(self, inputs: Array) -> Array:
        return np.searchsorted(self.columns["unknown_input"], inputs)

    def values(self, inputs: Array) -> Array:
        """The satoshi that inputs spend, -1 where not known: int64 `[n]`."""
        source = self.columns["input_source"][inputs]
        values = np.full(len(inputs), UNKNOWN, np.int64)
        held = source >= 0
        values[held] = self.columns["output_value"][source[held]]
        starts, outputs = self.columns["tx_input_start"], self.columns["tx_output_start"]
        for place in np.flatnonzero(source == COINBASE).tolist():
            tx = int(np.searchsorted(starts, inputs[place], side="right")) - 1
            if starts[tx + 1] - starts[tx] == 1:
                values[place] = self.columns["output_value"][outputs[tx] : outputs[tx + 1]].sum()
        return values


class StoreView:
    """An open store: columns, graph, and the ways to find a transaction or a script."""

    def __init__(self, chain_dir: Path, record: StoreRecord, network: str) -> None:
        """Map it. Raises ChainBeingChanged, ChainBroken."""
        self._chain_dir = chain_dir
        self.record = record
        self._worked = Kept(chain_dir, record)
        self.kept = self._worked.columns
        self._id_runs = runs.open_runs(chain_dir, record.id_runs)
        self._script_runs = runs.open_runs(chain_dir, record.script_runs)
        self.columns = self._columns()
        self.graph = self._graph()
        self.arrays = self._beside() | read_tree(chain_dir, record, network_named(network))

    def _columns(self) -> StoreColumns:
        kept, rows = self.kept, self.record.rows
        values: dict[str, Any] = {name: kept[name] for name in LAYOUT if name in kept}
        worked = self._worked
        values["tx_offset"] = WorkedOut(rows.transactions, np.uint64, worked.offsets)
        values["tx_wid"] = np.broadcast_to(np.zeros(32, np.uint8), (rows.transactions, 32))
        values["input_prev_id"] = WorkedOut(rows.inputs, np.uint8, worked.previous_ids)
        values["input_prev_index"] = WorkedOut(rows.inputs, np.uint32, worked.previous_indexes)
        values |= {name: _NotKept(name) for name in _NOT_KEPT}
        return StoreColumns(
            **values,
            output_script_id=kept["output_script_id"],
            output_before=kept["output_before"],
            script_kind=kept["script_kind"],
            script_payload_start=kept["script_payload_start"],
            script_payload=kept["payload"],
            script_last=Limited.of(kept["script_last"], rows.outputs),
        )

    def _graph(self) -> Graph:
        kept, rows = self.kept, self.record.rows
        count = rows.transactions
        one_run = np.broadcast_to(np.int64(0), (count,))
        never = np.broadcast_to(np.int64(_NEVER), (count,))
        none = np.broadcast_to(np.int64(-1), (count,))
        values: dict[str, Any] = {
            "tx_input_start": kept["tx_input_start"],
            "tx_output_start": kept["tx_output_start"],
            "tx_rank": WorkedOut(count, np.int64, lambda txs: txs),
            "tx_run": one_run,
            "tx_run_after": one_run,
            "tx_time": WorkedOut(count, np.int64, self._worked.times),
            "tx_block": kept["tx_block"],
            "input_source": kept["input_source"],
            "input_value": WorkedOut(rows.inputs, np.int64, self._worked.values),
            "output_value": kept["output_value"],
            "output_spender": Limited.of(kept["output_spender"], rows.inputs),
            "output_spendable": WorkedOut(rows.outputs, np.bool_, self._worked.are_spendable),
        }
        # All blocks are one run: coins that go out of sight cannot come back into it, nor can
        # unseen ones have come from it (`kancil.bitcoin.tracing.pool`).
        memo = {
            "own-unknown": none,
            "latest-unknown": none,
            "own-unseen": never,
            "earliest-unseen": never,
            "has-loose": np.array(False),
        }
        last = rows.blocks - 1 if rows.blocks else LOOSE
        return Graph(**values, last_block=last, memo=memo, tx_id=kept["tx_id"])

    def _beside(self) -> Arrays:
        spent, aside = no_spent(), no_aside()
        arrays: Arrays = {f"x.{name}": array for name, array in (spent | aside).items()}
        arrays |= script_index(
            "stated", spent["spent_script"], spent["spent_payload_start"], spent["spent_payload"]
        )
        arrays["x.spent_input"] = np.zeros(0, np.int64)
        arrays["x.loose_source"] = np.zeros(0, np.int32)
        arrays["x.loose_header"] = np.zeros(0, np.int64)
        return arrays

    # --- finding ----------------------------------------------------------------------------------

    def tx_rows(self, txid: bytes) -> list[int]:
        """The rows of all transactions of this id, in chain order."""
        wanted = np.frombuffer(txid, np.uint8)
        high, low = np.empty(1, np.uint64), np.empty(1, np.uint64)
        kernels.id_keys(wanted, np.uint64(self.record.seed), high, low)
        found = []
        for run in self._id_runs:
            first = int(np.searchsorted(run.key, high[0], "left"))
            last = int(np.searchsorted(run.key, high[0], "right"))
            found += [int(run.row[at]) for at in range(first, last) if run.low[at] == low[0]]
        ids = self.kept["tx_id"]
        count = self.record.rows.transactions
        return sorted(row for row in found if row < count and bytes(ids[row]) == txid)

    def script_number(self, kind: int, payload: bytes) -> int:
        """The number of a script, -1 if no output pays it."""
        pool = np.frombuffer(payload or b"\0", np.uint8)
        asked = np.array([kind], np.uint8), np.array([0, len(payload)], np.int64), pool
        key = np.empty(1, np.uint64)
        kernels.script_keys(*asked, np.zeros(1, np.int64), np.uint64(self.record.seed), key)
        rows = self.columns
        for run in self._script_runs:
            first = int(np.searchsorted(run.key, key[0], "left"))
            last = int(np.searchsorted(run.key, key[0], "right"))
            for at in range(first, last):
                number = int(run.row[at])
                if number < self.record.rows.scripts and rows.script_of(number) == (kind, payload):
                    return number
        return -1

    def find_outputs(self, kind: int, payload: bytes, most: int | None = None) -> NDArray[np.int64]:
        """The outputs that pay this script, ascending; with `most` the last ones of them."""
        number = self.script_number(kind, payload)
        found: list[int] = []
        output = int(self._last_of(number)) if number >= 0 else -1
        while output >= 0 and (most is None or len(found) < most):
            found.append(output)
            output = int(self.columns.output_before[output])
        return np.array(found[::-1], np.int64)

    def paid_around(self, outputs: range, output: int) -> tuple[bool, bool]:
        """Whether the script of an output is paid before its transaction, and after it.

        `outputs`: those of the transaction. However often the script is paid elsewhere, it looks
        up only its outputs in the transaction up to this one, and its last (`_last_of`).
        """
        before = output
        while before >= outputs.start:
            before = int(self.columns.output_before[before])
        number = int(self.columns.output_script_id[output])
        return before >= 0, self._last_of(number) >= outputs.stop

    def _last_of(self, number: int) -> int:
        """The last output of a script, of those that count here."""
        output = int(self.kept["script_last"][number])
        count = self.record.rows.outputs
        if output < count:
            return output
        # Added since: this reader's own last output stands further back along the links, of which
        # those beyond its rows are read from the longer file.
        return self._walk_back(output, count)

    def _walk_back(self, output: int, count: int) -> int:
        path = column_path(self._chain_dir, "output_before")
        links = np.memmap(path, "<i8", "r", shape=(output + 1,))
        while output >= count:
            output = int(links[output])
        return output

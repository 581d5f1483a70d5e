"""Which transaction came first, as far as the blocks held here prove it.

Blocks that follow one another by hash form a run, numbered from 0; inside a run nothing is
missing, between runs anything may have happened. A transaction that came without its block
stands outside the runs: after the run of its latest known source, before no one knows what,
unless a Merkle proof gives its block. Read by `kancil.bitcoin.graph`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.columns import LOOSE, Columns

Array: TypeAlias = NDArray[Any]
NO_RUN = -1
NOT_PLACED = (-1, -1)


@dataclass(frozen=True, slots=True)
class ChainOrder:
    """The blocks of the chain: `order` int64 `[nb]` (height), `active` bool `[nb]`."""

    order: Array
    active: Array


@dataclass(frozen=True, slots=True)
class TxOrder:
    """Places of transactions, each array `[nt]`."""

    rank: Array
    """int64: total order, sources before spenders; -1 not in the graph."""
    run: Array
    """int64: its run, or the last one it surely comes after."""
    run_after: Array
    """int64: its run, or the first one it surely comes before."""
    held: Array
    """bool: stands in a block of a run."""


def order_transactions(
    columns: Columns, chain: ChainOrder, loose_order: Sequence[tuple[int, int]] | None
) -> TxOrder:
    """Put all transactions in one order and give each its run."""
    count = columns.tx_count
    run = np.full(count, NO_RUN, dtype=np.int64)
    step = np.zeros(count, dtype=np.int64)
    held = np.zeros(count, dtype=bool)
    blocks = np.flatnonzero(chain.active)
    blocks = blocks[np.argsort(chain.order[blocks], kind="stable")]
    block_run = _runs(columns, blocks)
    placed = np.flatnonzero(columns.tx_block != LOOSE)
    place_of_block = np.full(columns.block_count, -1, dtype=np.int64)
    place_of_block[blocks] = np.arange(len(blocks))
    places = place_of_block[columns.tx_block[placed]]
    kept, places = placed[places >= 0], places[places >= 0]
    run[kept], held[kept], step[kept] = block_run[places], True, places
    run_after = run.copy()
    used = held.copy()
    loose = np.flatnonzero(columns.tx_block == LOOSE)
    if len(loose):
        _place_loose(columns, chain, (blocks, block_run), loose, loose_order).write(
            run, run_after, step, used, held, columns
        )
    rank = np.full(count, -1, dtype=np.int64)
    inside = np.flatnonzero(used)
    by_rank = np.lexsort((inside, step[inside], ~held[inside], run[inside]))
    rank[inside[by_rank]] = np.arange(len(inside))
    return TxOrder(rank=rank, run=run, run_after=run_after, held=held)


def _runs(columns: Columns, blocks: Array) -> Array:
    """Number the runs of blocks given in chain order: int64, one an entry of `blocks`."""
    if not len(blocks):
        return np.zeros(0, dtype=np.int64)
    follows = (columns.block_prev[blocks[1:]] == columns.block_hash[blocks[:-1]]).all(axis=1)
    return np.concatenate(([0], np.cumsum(~follows))).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Loose:
    """Places of loose transactions: by id, (transaction, run, run after, height, index)."""

    places: dict[bytes, tuple[int, int, int, int, int]]
    runs: int

    def write(
        self, run: Array, run_after: Array, step: Array, used: Array, held: Array, columns: Columns
    ) -> None:
        """Fill in the loose rows, each after its latest source."""
        held_run = _held_runs(columns, run, held, self.places)
        done: dict[bytes, tuple[int, int]] = {}
        for first in self.places:
            stack = [first]
            while stack:
                txid = stack[-1]
                if txid in done:
                    stack.pop()
                    continue
                tx, low, high, _, _ = self.places[txid]
                prevs = _prev_ids(columns, tx)
                missing = [p for p in prevs if p in self.places and p not in done and p != txid]
                if missing and len(stack) <= len(self.places):
                    stack.extend(missing)
                    continue
                stack.pop()
                depth = 0
                for prev in prevs:
                    source_run, source_depth = done.get(prev, (held_run.get(prev, NO_RUN), -1))
                    low, depth = max(low, source_run), max(depth, source_depth + 1)
                done[txid] = (low, depth)
                run[tx], step[tx], used[tx] = low, depth, True
                run_after[tx] = max(high, low + 1) if high != NO_RUN else self.runs + 1


def _place_loose(
    columns: Columns,
    chain: ChainOrder,
    held_blocks: tuple[Array, Array],
    loose: Array,
    loose_order: Sequence[tuple[int, int]] | None,
) -> _Loose:
    """Read what is known of each loose transaction; one copy each, none that a block holds."""
    blocks, block_run = held_blocks
    orders = chain.order[blocks]
    runs = int(block_run[-1]) + 1 if len(block_run) else 0
    in_blocks = np.flatnonzero(np.isin(columns.tx_block, blocks))
    known = _ids_among(columns, in_blocks, loose)
    places: dict[bytes, tuple[int, int, int, int, int]] = {}
    for number, tx in enumerate(loose.tolist()):
        txid = columns.tx_id[tx].tobytes()
        if txid in known or txid in places:
            continue
        height, index = loose_order[number] if loose_order else NOT_PLACED
        low, high = NO_RUN, NO_RUN
        if height >= 0:
            before = int(np.searchsorted(orders, height, side="right"))
            low = int(block_run[before - 1]) if before else NO_RUN
            high = low + 1
        places[txid] = (tx, low, high, height, index)
    return _Loose(places, runs)


def _ids_among(columns: Columns, rows: Array, asked: Array) -> set[bytes]:
    """Give the ids of `asked` transactions that `rows` have too."""
    wanted = {columns.tx_id[tx].tobytes() for tx in asked.tolist()}
    first = np.ascontiguousarray(columns.tx_id[:, :8]).view("<u8").reshape(-1)
    near = rows[np.isin(first[rows], first[asked])]
    return wanted & {columns.tx_id[tx].tobytes() for tx in near.tolist()}


def _prev_ids(columns: Columns, tx: int) -> list[bytes]:
    start, stop = int(columns.tx_input_start[tx]), int(columns.tx_input_start[tx + 1])
    return [columns.input_prev_id[number].tobytes() for number in range(start, stop)]


def _held_runs(
    columns: Columns, run: Array, held: Array, places: dict[bytes, tuple[int, int, int, int, int]]
) -> dict[bytes, int]:
    """Give the run of each transaction in a block that a loose one spends from."""
    wanted = {prev for tx, *_ in places.values() for prev in _prev_ids(columns, tx)}
    if not wanted:
        return {}
    keys = np.array([int.from_bytes(txid[:8], "little") for txid in wanted], dtype=np.uint64)
    first = np.ascontiguousarray(columns.tx_id[:, :8]).view("<u8").reshape(-1)
    near = np.flatnonzero(held & np.isin(first, keys))
    return {columns.tx_id[tx].tobytes(): int(run[tx]) for tx in near.tolist()}

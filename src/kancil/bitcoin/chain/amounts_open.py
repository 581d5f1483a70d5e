"""How many transactions of a chain may pay out more than they take in, for all that is held.

Made from an open chain; `chain` tells it with every answer under what was not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.holdings.amounts import Allowed, allowed_in
from kancil.bitcoin.holdings.build import Placed
from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN
from kancil.bitcoin.network import Network
from kancil.ground.units import MAX_MONEY_SAT

from .held import HeldChain

if TYPE_CHECKING:
    from kancil.bitcoin.store.opened import StoreView  # Numba is slow to import

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class NotCompared:
    """The transactions of a chain that may pay out more than they take in, for all that is held."""

    txs: Array
    """int64, ascending."""
    stretches: tuple[tuple[int, int], ...] = ()
    """First and last + 1 of transactions none of which was compared, whatever `txs` says."""

    def count(self, first: int, last: int) -> int:
        """How many of transactions first to last - 1."""
        begin, end = np.searchsorted(self.txs, (first, last)).tolist()
        inside = self.txs[begin:end]
        count = len(inside)
        for start, stop in self.stretches:
            start, stop = max(start, first), min(stop, last)
            if start < stop:
                count += stop - start - int(((inside >= start) & (inside < stop)).sum())
        return count


def not_compared(chain: HeldChain) -> NotCompared:
    """What of a chain could not be compared, by what is held and by what is stated.

    A stated value was compared when its file was read, and counts. Transactions outside the chain
    (stale blocks, copies) are left out.
    """
    rows, graph, arrays = chain.columns, chain.graph, chain.arrays
    if chain.store is not None:
        return _not_compared_in(chain.store, chain.network)
    heights = arrays["t.height"][: rows.block_count].astype(np.int64)
    heights[arrays["x.block_placed"] < Placed.BY_HEIGHT] = -1
    values = np.where(graph.input_source == COINBASE, UNKNOWN, graph.input_value)
    allowed = allowed_in(chain.tree, heights, chain.network)
    is_right = right_in(rows, values, allowed)
    return NotCompared(np.flatnonzero(~is_right & (graph.tx_rank >= 0)))


def right_in(rows: Columns, values: Array, allowed: Allowed) -> Array:
    """Of each transaction whether `judged` would find it right: bool `[nt]`.

    Without Numba, whose loading would keep the first page waiting. `values`: int64 `[ni]`,
    satoshi, negative where not known. Sums wrap at 64 bits, and so do their differences: right.
    """
    inputs, outputs = rows.tx_input_start, rows.tx_output_start
    starts, count = rows.block_tx_start, len(inputs) - 1
    taken, paid = _sums(values, inputs), _sums(rows.output_value, outputs)
    is_amount = (paid >= 0) & (paid <= MAX_MONEY_SAT)
    value = rows.output_value
    odd = np.flatnonzero((value < 0) | (value > MAX_MONEY_SAT))
    is_amount[np.searchsorted(outputs, odd, side="right") - 1] = False
    is_right = is_amount & (paid <= taken)
    unknown = np.flatnonzero(values < 0)
    is_right[np.searchsorted(inputs, unknown, side="right") - 1] = False
    coinbases = starts[:-1]
    wrong = np.flatnonzero(~is_right)
    is_coinbase = np.zeros(count, np.bool_)
    is_coinbase[coinbases] = True
    others = wrong[~is_coinbase[wrong] & (wrong < starts[-1])]
    is_known = np.ones(len(coinbases), np.bool_)
    is_known[np.searchsorted(starts, others, side="right") - 1] = False
    fees = np.where(is_coinbase, 0, taken - paid)
    most = allowed.subsidy + _sums(fees, starts)
    is_right[coinbases] = (
        is_known & allowed.is_exact & is_amount[coinbases] & (paid[coinbases] <= most)
    )
    return is_right


def _sums(values: Array, starts: Array) -> Array:
    """The sum of each stretch of values, from each start to the next."""
    until = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, dtype=np.int64, out=until[1:])
    sums: Array = until[starts[1:]] - until[starts[:-1]]
    return sums


def _not_compared_in(store: StoreView, network: Network) -> NotCompared:
    record, kept = store.record, store.kept
    txs = np.searchsorted(kept["tx_input_start"], kept["unknown_input"], side="right") - 1
    blocks = np.unique(kept["tx_block"][txs]).astype(np.int64)
    if not record.is_whole:  # below this height a window's coinbases need not state theirs
        below = min(max(network.bip34_height - record.first_height, 0), record.rows.blocks)
        blocks = np.union1d(blocks, np.arange(below))
    coinbases = np.asarray(kept["block_tx_start"])[blocks]
    stretches, first = [], 0
    for one in record.ranges:
        last = first + one.rows.transactions
        if not one.are_amounts_compared:
            stretches.append((first, last))
        first = last
    return NotCompared(np.union1d(txs, coinbases), tuple(stretches))


__all__ = ["NotCompared", "not_compared", "right_in"]

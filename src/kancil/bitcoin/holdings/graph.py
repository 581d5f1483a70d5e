"""The spend graph: which input spends which output, in which order, and what is not held here.

Made from `Columns` (and from spent-outputs files, for values only); read by the trace. A graph
over a slice of the chain says *unknown* where a source is not held and *no spend seen* where a
spender is not held. Transaction, input and output numbers are those of the columns.

Order and gaps. Blocks that follow one another by hash form a *run*. Every transaction of a run
is held, so nothing unseen happens inside it: coins that leave a run unseen can come back only
in a later run. Which run is later is not always known (`kancil.bitcoin.holdings.graph_order`).
`tx_run` and `tx_run_after` carry all that is known of it to the trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LOOSE, NO_OUTPUT, Columns
from kancil.ground.units import MAX_MONEY_SAT

from .errors import SpentValueContradicts, ValueOutOfRange
from .graph_order import ChainOrder, TxOrder, first_bytes, order_transactions

Array: TypeAlias = NDArray[Any]
UNKNOWN = -1
"""`input_source` of an input whose source is not held; `input_value` that is not known."""
COINBASE = -2
"""`input_source` of an input that makes new coins."""
NO_SPEND_SEEN = -1
"""`output_spender` of an output that no transaction held here spends."""
NO_TIME = -1
NO_RANK = -1


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Transactions `[nt]`, inputs `[ni]`, outputs `[no]` and how they hang together."""

    tx_input_start: Array
    """int64 `[nt + 1]`."""
    tx_output_start: Array
    """int64 `[nt + 1]`."""
    tx_rank: Array
    """int64 `[nt]`: lower is earlier, each source before its spender; -1 not in this graph (stale
    block, or a loose copy of a transaction that stands in a block)."""
    tx_run: Array
    """int64 `[nt]`: number of the run it stands in; for one outside the runs whose order is known,
    the last of these that it surely comes after (-1 none)."""
    tx_run_after: Array
    """int64 `[nt]`: the same as `tx_run` inside a run whose order is known; else the first such run
    that it surely comes before."""
    tx_time: Array
    """int64 `[nt]`: time of its block, seconds since 1970; -1 not known."""
    tx_block: Array
    """int32 `[nt]`: row of its block in the columns; -1 loose."""
    input_source: Array
    """int64 `[ni]`: output spent, `UNKNOWN` or `COINBASE`."""
    input_value: Array
    """int64 `[ni]`: satoshi, `UNKNOWN`; for a coinbase what its outputs take (subsidy and fees,
    less what the miner left unclaimed)."""
    output_value: Array
    """int64 `[no]`: satoshi."""
    output_spender: Array
    """int64 `[no]`: input that spends it, or `NO_SPEND_SEEN`."""
    output_spendable: Array
    """bool `[no]`: False where the script begins with OP_RETURN, so that no spend can come."""
    conflicts: int = 0
    """Number of inputs that spend an output which another input, kept here, spends too."""
    last_block: int = LOOSE
    """Row of the latest block in the graph: up to there a spend would have been seen."""
    memo: dict[str, Array] = field(default_factory=dict, repr=False)
    """Arrays worked out once for the whole graph (`kancil.bitcoin.tracing.pool`)."""
    tx_id: Array | None = field(default=None, repr=False)
    """uint8 `[nt, 32]`, internal order; None for a graph without them."""

    @property
    def tx_count(self) -> int:
        """Number of transactions, those outside the graph included."""
        return len(self.tx_rank)

    def name_of(self, tx: int) -> str:
        """The id of a transaction as people see it; its row where the graph has no ids."""
        if self.tx_id is None or tx >= len(self.tx_id):
            return f"row {tx}"
        return bytes(self.tx_id[tx])[::-1].hex()

    def tx_of_input(self, number: int) -> int:
        """The transaction that an input belongs to."""
        return int(np.searchsorted(self.tx_input_start, number, side="right")) - 1

    def tx_of_output(self, number: int) -> int:
        """The transaction that made an output."""
        return int(np.searchsorted(self.tx_output_start, number, side="right")) - 1

    def inputs_of(self, tx: int) -> range:
        """The numbers of a transaction's inputs."""
        return range(int(self.tx_input_start[tx]), int(self.tx_input_start[tx + 1]))

    def outputs_of(self, tx: int) -> range:
        """The numbers of a transaction's outputs."""
        return range(int(self.tx_output_start[tx]), int(self.tx_output_start[tx + 1]))

    def fee_of(self, tx: int) -> int | None:
        """The fee in satoshi; None when the value of an input is not known, or newly made."""
        inputs, outputs = self.inputs_of(tx), self.outputs_of(tx)
        values = self.input_value[inputs.start : inputs.stop]
        sources = self.input_source[inputs.start : inputs.stop]
        if (values == UNKNOWN).any() or (sources == COINBASE).any():
            return None
        return int(values.sum()) - int(self.output_value[outputs.start : outputs.stop].sum())


def build_graph(
    columns: Columns,
    *,
    chain: ChainOrder | None = None,
    block_order: Array | None = None,
    active: Array | None = None,
    spent_values: Array | None = None,
    loose_order: Sequence[tuple[int, int]] | None = None,
    unspendable_scripts: Sequence[int] = (10,),
) -> Graph:
    """Join inputs to the outputs they spend.

    `chain`: the order of the blocks and how well it is known. None: it is known of all blocks,
    `block_order`, int64 `[nb]`, gives their heights (None: in the order of the columns) and
    `active`, bool `[nb]`, those that count (None: all). Stale blocks stay out. `spent_values`:
    int64 `[ni]`, satoshi of each output spent as a spent-outputs file gives it, -1 where none
    does. `loose_order`: for each loose transaction in its order (height, index in its block) as
    a Merkle proof gives it, or (-1, -1). `unspendable_scripts`: `ScriptKind` numbers.

    Raises `ValueOutOfRange` where an output holds less than nothing or more than exists, and
    `SpentValueContradicts` where a spent-outputs file and the output held here differ.
    """
    _check_values(columns)
    chain = chain or _chain(columns, block_order, active)
    order = order_transactions(columns, chain, loose_order)
    spender_tx = _owners(columns.tx_input_start)
    source = resolve_sources(columns, order.rank, spender_tx)
    spender, losers = _spenders(source, order.rank[spender_tx], order.weight[spender_tx], columns)
    conflicts = len(losers)
    if len(beaten := losers[~order.held[spender_tx[losers]]]):
        # A loose transaction whose coins went elsewhere can never be in this chain.
        order.rank[spender_tx[beaten]] = NO_RANK
        source = resolve_sources(columns, order.rank, spender_tx)
        ranks, weights = order.rank[spender_tx], order.weight[spender_tx]
        spender, losers = _spenders(source, ranks, weights, columns)
    source[losers] = UNKNOWN
    return Graph(
        tx_input_start=columns.tx_input_start,
        tx_output_start=columns.tx_output_start,
        tx_rank=order.rank,
        tx_run=order.run,
        tx_run_after=order.run_after,
        tx_time=_times(columns),
        tx_block=columns.tx_block,
        input_source=source,
        input_value=_input_values(columns, source, spent_values),
        output_value=columns.output_value,
        output_spender=spender,
        output_spendable=~np.isin(columns.output_script, list(unspendable_scripts)),
        conflicts=conflicts,
        last_block=_last_block(columns, order),
        tx_id=columns.tx_id,
    )


def _last_block(columns: Columns, order: TxOrder) -> int:
    """The row of the latest block, `LOOSE` if there is none.

    A block of unknown place is given only where no other is held.
    """
    if not order.held.any():
        return LOOSE
    inside = order.held & (order.run == order.run_after)
    rows = inside if inside.any() else order.held
    return int(columns.tx_block[np.argmax(np.where(rows, order.rank, NO_RANK))])


def _chain(columns: Columns, block_order: Array | None, active: Array | None) -> ChainOrder:
    count = columns.block_count
    order = np.arange(count) if block_order is None else np.asarray(block_order, dtype=np.int64)
    used = np.ones(count, dtype=bool) if active is None else np.asarray(active, dtype=bool)
    return ChainOrder(order=order, active=used, height=order, ordered=np.ones(count, dtype=bool))


def _check_values(columns: Columns) -> None:
    wrong = (columns.output_value < 0) | (columns.output_value > MAX_MONEY_SAT)
    if wrong.any():
        output = int(np.argmax(wrong))
        raise ValueOutOfRange(
            output=_named(columns, output), value_sat=int(columns.output_value[output])
        )


def _named(columns: Columns, output: int) -> str:
    """Name an output as people do: `txid:n`."""
    tx = int(np.searchsorted(columns.tx_output_start, output, side="right")) - 1
    txid = bytes(columns.tx_id[tx])[::-1].hex()
    return f"{txid}:{output - int(columns.tx_output_start[tx])}"


def _owners(starts: Array) -> Array:
    """For each row of a lower table the row of the upper one that it belongs to."""
    owners: Array = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return owners


def _times(columns: Columns) -> Array:
    times = np.full(columns.tx_count, NO_TIME, dtype=np.int64)
    placed = columns.tx_block != LOOSE
    times[placed] = columns.block_time[columns.tx_block[placed]]
    return times


def resolve_sources(columns: Columns, rank: Array, spender_tx: Array) -> Array:
    """Find the output that each input spends: int64 `[ni]`, `UNKNOWN` or `COINBASE` included.

    Transaction ids are sorted by their first 8 bytes and compared whole. Of several with the
    same id (91722 and 91880, 91812 and 91842: coinbases that repeat, BIP 30) an input spends the
    latest before itself. Only transactions with a rank are sources, and only of later ones.
    """
    count = columns.input_count
    source = np.full(count, UNKNOWN, dtype=np.int64)
    no_prev = (columns.input_prev_index == NO_OUTPUT) & ~columns.input_prev_id.any(axis=1)
    source[no_prev] = COINBASE
    ids = np.flatnonzero(rank >= 0)
    if not len(ids) or not count:
        return source
    keys = first_bytes(columns.tx_id)[ids]
    by_key = np.lexsort((rank[ids], keys))
    ids, keys = ids[by_key], keys[by_key]
    needles = first_bytes(columns.input_prev_id)
    asked = np.flatnonzero(~no_prev & (rank[spender_tx] >= 0))
    asked = asked[np.argsort(needles[asked], kind="stable")]
    place = np.searchsorted(keys, needles[asked], side="left")
    while len(asked):
        inside = place < len(keys)
        asked, place = asked[inside], place[inside]
        same = keys[place] == needles[asked]
        asked, place = asked[same], place[same]
        candidate = ids[place]
        index = columns.input_prev_index[asked].astype(np.int64)
        outputs = columns.tx_output_start[candidate + 1] - columns.tx_output_start[candidate]
        fits = (columns.tx_id[candidate] == columns.input_prev_id[asked]).all(axis=1)
        fits &= (rank[candidate] < rank[spender_tx[asked]]) & (index < outputs)
        source[asked[fits]] = columns.tx_output_start[candidate[fits]] + index[fits]
        place = place + 1
    return source


def _spenders(source: Array, rank: Array, weight: Array, columns: Columns) -> tuple[Array, Array]:
    """The spender of each output, and the inputs that lost an output to another.

    The word of a block of known place stands before another block's, and that before a loose
    transaction's; of equals the earlier before the later.
    """
    spender = np.full(columns.output_count, NO_SPEND_SEEN, dtype=np.int64)
    spending = np.flatnonzero(source >= 0)
    # Written last stands: by weight, and of equal weight the latest first.
    best_last = spending[np.lexsort((-rank[spending], weight[spending]))]
    spender[source[best_last]] = best_last
    return spender, spending[spender[source[spending]] != spending]


def _input_values(columns: Columns, source: Array, spent_values: Array | None) -> Array:
    values = np.full(columns.input_count, UNKNOWN, dtype=np.int64)
    if spent_values is not None:
        values[:] = spent_values
    known = np.flatnonzero(source >= 0)
    held = columns.output_value[source[known]]
    differs = (values[known] != UNKNOWN) & (values[known] != held)
    if differs.any():
        number = int(known[np.argmax(differs)])
        raise SpentValueContradicts(
            output=_named(columns, int(source[number])),
            stated_sat=int(values[number]),
            held_sat=int(columns.output_value[source[number]]),
        )
    values[known] = held
    if (values > MAX_MONEY_SAT).any():
        number = int(np.argmax(values > MAX_MONEY_SAT))
        previous = bytes(columns.input_prev_id[number])[::-1].hex()
        output = f"{previous}:{int(columns.input_prev_index[number])}"
        raise ValueOutOfRange(output=output, value_sat=int(values[number]))
    fresh = np.flatnonzero(source == COINBASE)
    if len(fresh):
        sums = np.concatenate(([0], np.cumsum(columns.output_value)))
        owner = np.searchsorted(columns.tx_input_start, fresh, side="right") - 1
        starts = columns.tx_output_start
        values[fresh] = sums[starts[owner + 1]] - sums[starts[owner]]
        crowded = (columns.tx_input_start[owner + 1] - columns.tx_input_start[owner]) > 1
        values[fresh[crowded]] = UNKNOWN
    return values

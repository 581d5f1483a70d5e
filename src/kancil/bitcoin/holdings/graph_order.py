"""Which transaction came first, as far as the blocks held here prove it.

Blocks that follow one another by hash form a run; inside a run nothing is missing, between runs
anything may have happened. Runs whose order is known are numbered from 0. What has no known place
among them stands outside: a run of blocks whose order is not known, and a transaction that came
without its block. Each comes after the run of its latest known source, before no one knows what;
a Merkle proof gives a loose transaction its place. Read by `kancil.bitcoin.holdings.graph`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LOOSE, Columns

Array: TypeAlias = NDArray[Any]
NO_RUN = -1
NOT_PLACED = (-1, -1)


@dataclass(frozen=True, slots=True)
class ChainOrder:
    """The blocks of the chain, each array `[nb]`."""

    order: Array
    """int64: place among the others; those of a run stand one after another."""
    active: Array
    """bool: counts in the chain."""
    height: Array
    """int64: height, where it may be compared with another's; -1 not known as well as that."""
    ordered: Array
    """bool: it is known which of the other runs come before its own."""


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
    """bool: stands in a block of the chain."""
    weight: Array
    """uint8: whose word counts where two spend one output: 2 a block of known place, 1 another
    block, 0 one without its block."""


@dataclass(slots=True)
class _Node:
    """What stands outside the ordered runs and keeps together: a run of blocks, or one loose."""

    txs: Array
    """Rows; inside a block they stand in its order."""
    key: tuple[int, int, int, bytes]
    """Smaller comes first where nothing is known."""
    steps: Array
    """int64, one an entry of `txs`: 0 in its first block, 1 in the next."""
    low: int = NO_RUN
    """The last ordered run it surely comes after."""
    high: int = NO_RUN
    """The first ordered run it surely comes before; `NO_RUN` not known."""
    later: list[int] = field(default_factory=list)
    """Numbers of the nodes that spend from it."""
    waits_for: int = 0
    """How many nodes it spends from."""


@dataclass(slots=True)
class _Places:
    """The blocks of the chain in order, and the arrays of the answer while they are filled."""

    columns: Columns
    chain: ChainOrder
    blocks: Array
    """Active blocks in order."""
    piece: Array
    """int64, one an entry of `blocks`: number of its run, ordered or not."""
    run_of_piece: Array
    """int64: number among the ordered runs, else `NO_RUN`."""
    step: Array
    """int64 `[nt]`: place of its block in `blocks`; of a node, place among the nodes."""
    run: Array
    run_after: Array
    inside: Array
    """bool `[nt]`: in a block of an ordered run."""
    held: Array
    """bool `[nt]`: in a block of any run."""
    used: Array
    """bool `[nt]`: in the graph."""

    @property
    def runs(self) -> int:
        """Number of ordered runs."""
        return int(self.run_of_piece.max(initial=NO_RUN)) + 1


def order_transactions(
    columns: Columns, chain: ChainOrder, loose_order: Sequence[tuple[int, int]] | None
) -> TxOrder:
    """Put all transactions in one order and give each its run.

    `loose_order`: for each loose transaction in its order (height, index) by a Merkle proof, or
    `NOT_PLACED`.
    """
    at = _place_blocks(columns, chain)
    nodes = _block_nodes(at) + _loose_nodes(at, loose_order)
    if nodes:
        _join(at, nodes)
        _place_nodes(at, nodes)
    rows = np.flatnonzero(at.used)
    by_rank = np.lexsort((rows, at.step[rows], ~at.inside[rows], at.run[rows]))
    rank = np.full(columns.tx_count, -1, dtype=np.int64)
    rank[rows[by_rank]] = np.arange(len(rows))
    return TxOrder(
        rank=rank,
        run=at.run,
        run_after=at.run_after,
        held=at.held,
        weight=at.held.astype(np.uint8) + at.inside,
    )


def _place_blocks(columns: Columns, chain: ChainOrder) -> _Places:
    """Find the runs, and the transactions that stand in them."""
    count = columns.tx_count
    blocks = np.flatnonzero(chain.active)
    blocks = blocks[np.argsort(chain.order[blocks], kind="stable")]
    piece = _pieces(columns, blocks)
    run_of_piece = _number(chain.ordered[blocks], piece)
    place_of_block = np.full(columns.block_count, -1, dtype=np.int64)
    place_of_block[blocks] = np.arange(len(blocks))
    placed = np.flatnonzero(columns.tx_block != LOOSE)
    places = place_of_block[columns.tx_block[placed]]
    kept, places = placed[places >= 0], places[places >= 0]
    run, step = np.full(count, NO_RUN, dtype=np.int64), np.zeros(count, dtype=np.int64)
    held = np.zeros(count, dtype=bool)
    run[kept], step[kept], held[kept] = run_of_piece[piece[places]], places, True
    return _Places(
        columns=columns,
        chain=chain,
        blocks=blocks,
        piece=piece,
        run_of_piece=run_of_piece,
        step=step,
        run=run,
        run_after=run.copy(),
        inside=run != NO_RUN,
        held=held,
        used=held.copy(),
    )


def _pieces(columns: Columns, blocks: Array) -> Array:
    """Number the runs of blocks given in chain order: int64, one an entry of `blocks`."""
    if not len(blocks):
        return np.zeros(0, dtype=np.int64)
    follows = (columns.block_prev[blocks[1:]] == columns.block_hash[blocks[:-1]]).all(axis=1)
    return np.concatenate(([0], np.cumsum(~follows))).astype(np.int64)


def _number(ordered: Array, piece: Array) -> Array:
    """Number the runs whose order is known: int64, one a run, `NO_RUN` for the others."""
    known = np.ones(int(piece[-1]) + 1 if len(piece) else 0, dtype=bool)
    known[piece[~ordered]] = False
    return np.where(known, np.cumsum(known) - 1, NO_RUN).astype(np.int64)


def _block_nodes(at: _Places) -> list[_Node]:
    """Make a node of each run whose order is not known."""
    txs = np.flatnonzero(at.held & ~at.inside)
    if len(txs):
        copies = _copies(at, txs)
        at.used[copies] = False
        txs = np.setdiff1d(txs, copies)
    if not len(txs):
        return []
    places = at.step[txs]
    by_place = np.argsort(places, kind="stable")
    txs, places = txs[by_place], places[by_place]
    cuts = np.flatnonzero(np.diff(at.piece[places])) + 1
    nodes = []
    for rows, steps in zip(np.split(txs, cuts), np.split(places, cuts), strict=True):
        first = int(steps[0])
        name = at.columns.block_hash[at.blocks[first]].tobytes()
        nodes.append(_Node(rows, (2, first, 0, name), steps - first))
    return nodes


def _copies(at: _Places, outside: Array) -> Array:
    """Those of blocks of unknown place that another block has too: one of the two is stale.

    The one whose place is known counts, else the later.
    """
    columns = at.columns
    keys = first_bytes(columns.tx_id)
    values, counts = np.unique(keys[outside], return_counts=True)
    twice = np.isin(keys[outside], values[counts > 1])
    near = outside[twice | np.isin(keys[outside], keys[at.inside])]
    if not len(near):
        return near
    seen = _ids_among(columns, np.flatnonzero(at.inside), near)
    copies = []
    for tx in near[np.argsort(-at.step[near], kind="stable")].tolist():
        txid = columns.tx_id[tx].tobytes()
        if txid in seen:
            copies.append(tx)
        seen.add(txid)
    return np.array(copies, dtype=np.int64)


def _loose_nodes(at: _Places, loose_order: Sequence[tuple[int, int]] | None) -> list[_Node]:
    """Make a node of each loose transaction; one copy each, none that a block holds."""
    columns = at.columns
    loose = np.flatnonzero(columns.tx_block == LOOSE)
    if not len(loose):
        return []
    heights, runs = _heights(at)
    seen = _ids_among(columns, np.flatnonzero(at.held), loose)
    nodes = []
    for number, tx in enumerate(loose.tolist()):
        txid = columns.tx_id[tx].tobytes()
        if txid in seen:
            continue
        seen.add(txid)
        height, index = loose_order[number] if loose_order else NOT_PLACED
        node = _Node(np.array([tx]), (0, 0, 0, txid), np.zeros(1, dtype=np.int64))
        if height >= 0:
            before = int(np.searchsorted(heights, height, side="right"))
            node.key = (1, height, index, txid)
            node.low = int(runs[before - 1]) if before else NO_RUN
            node.high = int(runs[before]) if before < len(runs) else at.runs
        nodes.append(node)
    return nodes


def _heights(at: _Places) -> tuple[Array, Array]:
    """The heights of the blocks of ordered runs, as far as they are known, and their runs."""
    heights, runs = at.chain.height[at.blocks], at.run_of_piece[at.piece]
    known = (heights >= 0) & (runs != NO_RUN)
    return heights[known], runs[known]


def _ids_among(columns: Columns, rows: Array, asked: Array) -> set[bytes]:
    """The ids of `asked` transactions that `rows` have too."""
    wanted = {columns.tx_id[tx].tobytes() for tx in asked.tolist()}
    first = first_bytes(columns.tx_id)
    near = rows[np.isin(first[rows], first[asked])]
    return wanted & {columns.tx_id[tx].tobytes() for tx in near.tolist()}


def first_bytes(hashes: Array) -> Array:
    """Read the first 8 bytes of each hash as a number to sort by."""
    return np.ascontiguousarray(hashes[:, :8]).view("<u8").reshape(len(hashes))


def _join(at: _Places, nodes: list[_Node]) -> None:
    """The nodes what they spend from: ordered runs, and one another."""
    columns = at.columns
    node_of = np.full(columns.tx_count, -1, dtype=np.int64)
    for number, node in enumerate(nodes):
        node_of[node.txs] = number
    owners = np.repeat(np.arange(columns.tx_count), np.diff(columns.tx_input_start))
    inputs = np.flatnonzero(node_of[owners] >= 0)
    inputs, makers = _makers(columns, inputs, np.flatnonzero(at.inside | (node_of >= 0)))
    spenders, runs = node_of[owners[inputs]], at.run[makers]
    low = np.array([node.low for node in nodes], dtype=np.int64)
    np.maximum.at(low, spenders, runs)
    for node, value in zip(nodes, low.tolist(), strict=True):
        node.low = value
    pairs = np.stack((node_of[makers], spenders), axis=1)
    pairs = pairs[(pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])]
    for maker, spender in np.unique(pairs, axis=0).tolist():
        nodes[maker].later.append(spender)
        nodes[spender].waits_for += 1


def _makers(columns: Columns, inputs: Array, candidates: Array) -> tuple[Array, Array]:
    """Inputs and the transactions they spend from, of several with one id each."""
    needles = first_bytes(columns.input_prev_id)[inputs]
    keys = first_bytes(columns.tx_id)[candidates]
    near = np.isin(keys, needles)
    candidates, keys = candidates[near], keys[near]
    by_key = np.argsort(keys, kind="stable")
    candidates, keys = candidates[by_key], keys[by_key]
    first = np.searchsorted(keys, needles, side="left")
    count = np.searchsorted(keys, needles, side="right") - first
    asked = np.repeat(inputs, count)
    offset = np.arange(len(asked)) - np.repeat(np.cumsum(count) - count, count)
    found = candidates[np.repeat(first, count) + offset]
    same = (columns.tx_id[found] == columns.input_prev_id[asked]).all(axis=1)
    return asked[same], found[same]


def _place_nodes(at: _Places, nodes: list[_Node]) -> None:
    """Write down the places of the nodes, sources before their spenders."""
    begun = 0
    for node in _sorted(nodes):
        txs = node.txs
        at.run[txs], at.used[txs], at.step[txs] = node.low, True, begun + node.steps
        known = node.high != NO_RUN
        at.run_after[txs] = max(node.high, node.low + 1) if known else at.runs + 1
        begun += int(node.steps[-1]) + 1


def _sorted(nodes: list[_Node]) -> list[_Node]:
    """Sort nodes so that each comes after those it spends from, and hand on what they come after.

    On a circle, which no true chain has, the one of the smallest key goes first.
    """
    waiting = [(node.key, number) for number, node in enumerate(nodes) if not node.waits_for]
    heapq.heapify(waiting)
    rest = iter(sorted((node.key, number) for number, node in enumerate(nodes)))
    done: set[int] = set()
    result: list[_Node] = []
    while len(result) < len(nodes):
        _, number = heapq.heappop(waiting) if waiting else next(rest)
        if number in done:
            continue
        done.add(number)
        node = nodes[number]
        result.append(node)
        for later in node.later:
            nodes[later].low = max(nodes[later].low, node.low)
            nodes[later].waits_for -= 1
            if not nodes[later].waits_for:
                heapq.heappush(waiting, (nodes[later].key, later))
    return result

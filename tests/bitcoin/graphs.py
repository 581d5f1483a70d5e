"""Small worlds for the tests of graph and trace: whole chains, of which only a part is held.

A `World` is the truth: every transaction, its block, its values. `make_columns` gives what an
officer holds of it: some blocks, some loose transactions, some spent values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kancil.bitcoin.blocks.columns import Columns, empty
from kancil.bitcoin.holdings.graph import Graph, build_graph
from kancil.bitcoin.holdings.graph_order import ChainOrder

OutPoint = tuple[int, int]


@dataclass(frozen=True)
class WorldTx:
    """One transaction of the truth; no inputs: a coinbase."""

    inputs: tuple[OutPoint, ...]
    outputs: tuple[int, ...]
    block: int


@dataclass(frozen=True)
class World:
    """All transactions in order; sources stand before their spenders."""

    txs: tuple[WorldTx, ...]

    def spender_of(self) -> dict[OutPoint, tuple[int, int]]:
        return {
            point: (number, place)
            for number, tx in enumerate(self.txs)
            for place, point in enumerate(tx.inputs)
        }

    def value(self, point: OutPoint) -> int:
        return self.txs[point[0]].outputs[point[1]]

    def fee(self, number: int) -> int:
        tx = self.txs[number]
        if not tx.inputs:
            return 0
        return sum(self.value(point) for point in tx.inputs) - sum(tx.outputs)


@dataclass
class Held:
    """What is held of a world: columns, graph, and the numbers of world transactions in them."""

    world: World
    columns: Columns
    graph: Graph
    row_of: dict[int, int] = field(default_factory=dict)
    """Row of each held world transaction."""

    def output(self, point: OutPoint) -> int:
        return int(self.graph.tx_output_start[self.row_of[point[0]]]) + point[1]

    def input(self, number: int, place: int) -> int:
        return int(self.graph.tx_input_start[self.row_of[number]]) + place


def txid_of(number: int) -> bytes:
    return hashlib.sha256(b"tx %d" % number).digest()


def block_hash_of(number: int) -> bytes:
    return hashlib.sha256(b"block %d" % number).digest()


def hold(
    world: World,
    *,
    hidden_blocks: Collection[int] = (),
    loose: Collection[int] = (),
    known_values: Collection[OutPoint] = (),
    adrift: Mapping[int, int] | None = None,
) -> Held:
    """Hold the blocks that are not hidden, and the named transactions of hidden blocks, loose.

    `known_values`: outputs whose value is known though their transaction may not be held.
    `adrift`: runs whose order is not known, by their first block, and the height that somebody
    says they begin at.
    """
    blocks = sorted({tx.block for tx in world.txs} - set(hidden_blocks))
    rows = [n for n, tx in enumerate(world.txs) if tx.block in blocks]
    rows.sort(key=lambda n: (world.txs[n].block, n))
    rows += sorted(set(loose) - set(rows))
    columns = make_columns(world, blocks, rows)
    spent = []
    for number in rows:
        tx = world.txs[number]
        spent += [world.value(p) if p in known_values else -1 for p in tx.inputs] or [-1]
    graph = build_graph(
        columns,
        chain=_chain_order(blocks, adrift or {}),
        spent_values=np.array(spent, dtype=np.int64),
    )
    return Held(world, columns, graph, {number: row for row, number in enumerate(rows)})


def runs_of(blocks: Sequence[int]) -> list[list[int]]:
    """Cut sorted blocks where one is missing."""
    runs: list[list[int]] = []
    for block in blocks:
        if runs and runs[-1][-1] == block - 1:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _chain_order(blocks: Sequence[int], adrift: Mapping[int, int]) -> ChainOrder:
    """The order of held blocks; those adrift stand where they are said to, unproved."""
    keys, ordered = [], []
    for run in runs_of(blocks):
        first = adrift.get(run[0], run[0])
        keys += [(first, run[0], block) for block in run]
        ordered += [run[0] not in adrift] * len(run)
    by_key = sorted(range(len(blocks)), key=lambda row: keys[row])
    order = np.empty(len(blocks), dtype=np.int64)
    order[by_key] = np.arange(len(blocks))
    known = np.array(ordered, dtype=bool)
    return ChainOrder(
        order=order,
        active=np.ones(len(blocks), dtype=bool),
        height=np.where(known, np.array(blocks, dtype=np.int64), -1),
        ordered=known,
    )


def make_columns(world: World, blocks: Sequence[int], rows: Sequence[int]) -> Columns:
    """Lay out blocks and transactions as the parser would."""
    base = empty()
    prev_ids: list[bytes] = []
    prev_index: list[int] = []
    input_start, output_start = [0], [0]
    values: list[int] = []
    tx_block: list[int] = []
    for number in rows:
        tx = world.txs[number]
        for source, place in tx.inputs:
            prev_ids.append(txid_of(source))
            prev_index.append(place)
        if not tx.inputs:
            prev_ids.append(bytes(32))
            prev_index.append(0xFFFFFFFF)
        values += tx.outputs
        input_start.append(len(prev_ids))
        output_start.append(len(values))
        tx_block.append(blocks.index(tx.block) if tx.block in blocks else -1)
    return replace(
        base,
        block_hash=_hashes([block_hash_of(b) for b in blocks]),
        block_prev=_hashes([block_hash_of(b - 1) for b in blocks]),
        block_time=np.array([1_000_000 + 600 * b for b in blocks], dtype=np.uint32),
        tx_version=np.ones(len(rows), dtype=np.int32),
        tx_id=_hashes([txid_of(n) for n in rows]),
        tx_block=np.array(tx_block, dtype=np.int32),
        tx_input_start=np.array(input_start, dtype=np.int64),
        tx_output_start=np.array(output_start, dtype=np.int64),
        input_prev_id=_hashes(prev_ids),
        input_prev_index=np.array(prev_index, dtype=np.uint32),
        output_value=np.array(values, dtype=np.int64),
        output_script=np.full(len(values), 2, dtype=np.uint8),
    )


def _hashes(rows: Sequence[bytes]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), 32)

"""From holdings to all that a chain answers with: header tree, spend graph, indexes.

Runs in the ingest's child process. Holdings come from `merge`; named arrays go to
`store`, and `chain` reads them. The parts: `c.` columns, `g.` spend graph, `t.` header
tree, `i.` indexes, `x.` what stands beside the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LAYOUT, LOOSE, Columns
from kancil.bitcoin.blocks.headers import (
    NO_HEIGHT,
    NOT_HELD,
    Headers,
    HeaderTree,
    HeightSource,
    WorkVerdict,
    build_tree,
)
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.skipped import Skipped

from .graph import UNKNOWN, Graph, build_graph
from .graph_order import ChainOrder
from .merge import ASIDE_NAMES, Holdings, headers_of
from .sources import Source
from .spent import SPENT_NAMES, Matcher, SpentOutputs, add_spent, no_spent
from .undo import UndoCounts, UndoTaker

Array = NDArray[Any]
Arrays = dict[str, Array]

TREE_ARRAYS = (
    "parent",
    "duplicate_of",
    "order",
    "island",
    "height",
    "height_source",
    "height_disputed",
    "on_best",
    "height_contested",
    "verdict",
    "reason",
)
_WORK_BYTES = 40
DAY_SECONDS = 86_400
"""How far apart the block times of two islands must lie to tell which came first."""
_INDEXED = (ScriptKind.P2PK, ScriptKind.WITNESS_FUTURE)
"""First and last kind whose outputs are looked up by payload."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A loose transaction's place by a Merkle proof."""

    txid: bytes
    header: bytes
    """80 bytes."""
    index: int


@dataclass(frozen=True, slots=True)
class Built:
    """All arrays of a chain, and what is told of them at once."""

    arrays: Arrays
    tree: HeaderTree
    graph: Graph
    undo: UndoCounts
    skipped: list[Skipped]
    """Undo records that could not be used."""
    heights: Array
    """int64 `[blocks]`: height of each block, `NO_HEIGHT` where its island has none that counts."""


def build(
    held: Holdings,
    sources: Sequence[Source],
    proofs: Sequence[Proven],
    spent: Arrays,
    new_spent: Sequence[tuple[int, SpentOutputs]],
    network: Network,
    *,
    undo: Sequence[int] = (),
) -> Built:
    """Compute everything from the holdings.

    `spent`: arrays of spent-outputs files matched before; `new_spent`: (source number, content)
    of files to be matched now; `undo`: numbers of the sources that are undo files.
    Raises SpentNotMatched, SpentAmbiguous.
    """
    rows = held.rows
    headers = _headers(held, sources)
    tree = build_tree(headers, network)
    islands = islands_of(tree, headers.time, rows.block_count)
    loose_row, loose_order = _loose_places(held, tree, islands, proofs)
    placed, order = chain_order(tree, islands, rows.block_count)
    graph = build_graph(rows, chain=order, loose_order=loose_order)
    heights = tree.height[: rows.block_count]
    counts, skipped = UndoCounts(), list[Skipped]()
    if new_spent or undo:
        matcher = Matcher(rows, graph, heights, tuple(sources), network)
        for number, outputs in new_spent:
            match = matcher.match(outputs, sources[number])
            if not _is_stated(spent, rows.block_hash[match.block]):
                spent = add_spent(spent, match, rows.block_hash[match.block], number)
        taker = UndoTaker(matcher, spent, counts, skipped)
        for number in undo:
            taker.take(sources[number], number, network)
        spent = taker.finish()
    graph, stated = _with_spent(rows, _with_times(held, tree, graph, loose_row), spent)
    arrays: Arrays = {f"c.{name}": getattr(rows, name) for name in LAYOUT}
    arrays |= _graph_arrays(graph)
    arrays |= tree_arrays(tree)
    arrays |= indexes(rows, spent)
    arrays |= {f"x.{name}": spent[name] for name in SPENT_NAMES}
    arrays |= {f"x.{name}": held.aside[name] for name in ASIDE_NAMES}
    arrays["x.block_placed"] = placed
    arrays["x.spent_input"] = stated
    arrays["x.loose_source"] = held.loose_source
    arrays["x.loose_header"] = loose_row
    arrays["x.header_raw"] = held.header_raw
    return Built(arrays, tree, graph, counts, skipped, order.height)


def _headers(held: Holdings, sources: Sequence[Source]) -> Headers:
    """The headers of the tree: blocks, then headers alone, then blocks set aside."""
    rows, bare = held.rows, held.header_raw
    aside = held.aside["aside_header"]
    raw = np.concatenate((bare, aside)).tobytes()
    others = Headers.from_raw(raw)
    stated = np.array([source.stated_height for source in sources], np.int32)
    none = np.full(len(bare), NO_HEIGHT, np.int32)
    return Headers(
        block_hash=np.concatenate((rows.block_hash, others.block_hash)),
        prev=np.concatenate((rows.block_prev, others.prev)),
        time=np.concatenate((rows.block_time, others.time)),
        bits=np.concatenate((rows.block_bits, others.bits)),
        claimed_height=np.concatenate(
            (rows.block_height_claimed, none, held.aside["aside_claimed"])
        ),
        stated_height=np.concatenate(
            (stated[rows.block_source], none, stated[held.aside["aside_source"]])
        ).astype(np.int32),
    )


def _loose_places(
    held: Holdings, tree: HeaderTree, islands: Islands, proofs: Sequence[Proven]
) -> tuple[Array, list[tuple[int, int]]]:
    """Find each loose transaction's header row (-1 none) and its (height, index), (-1, -1) none.

    Only a height that is proved counts.
    """
    rows = held.rows
    loose = np.flatnonzero(rows.tx_block == LOOSE)
    header_row = np.full(len(loose), NOT_HELD, np.int64)
    places = [(NO_HEIGHT, NO_HEIGHT)] * len(loose)
    if not len(loose) or not proofs:
        return header_row, places
    number_of = {rows.tx_id[tx].tobytes(): number for number, tx in enumerate(loose.tolist())}
    wanted = [proof for proof in proofs if proof.txid in number_of]
    every = np.concatenate((headers_of(rows), held.header_raw, held.aside["aside_header"]))
    headers = {proof.header for proof in wanted}
    row_of = {
        raw: row for row, raw in enumerate(header.tobytes() for header in every) if raw in headers
    }
    for proof in wanted:
        row = row_of.get(proof.header, NOT_HELD)
        if row == NOT_HELD or tree.verdict[row] == WorkVerdict.FAILED:
            continue
        number = number_of[proof.txid]
        header_row[number] = row
        if tree.on_best[row] and islands.is_proved[islands.of_row[row]]:
            places[number] = int(tree.height[row]), proof.index
    return header_row, places


def _with_times(held: Holdings, tree: HeaderTree, graph: Graph, loose_row: Array) -> Graph:
    """Give loose transactions the time of the block that a Merkle proof puts them in."""
    proven = np.flatnonzero(loose_row != NOT_HELD)
    if not len(proven):
        return graph
    rows = held.rows
    others = np.concatenate((held.header_raw, held.aside["aside_header"]))
    other_times = np.ascontiguousarray(others[:, 68:72]).view("<u4").reshape(-1)
    block_times = np.concatenate((rows.block_time, other_times)).astype(np.int64)
    times = np.array(graph.tx_time)
    first = rows.tx_count - len(loose_row)
    times[first + proven] = block_times[loose_row[proven]]
    return replace(graph, tx_time=times)


# --- the order of the blocks ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Islands:
    """The islands of a header tree that have a best chain, each array `[islands]`."""

    of_row: Array
    """int64 `[n]`: number of the island of each header."""
    first_height: Array
    """int64; of its best chain, as the other values."""
    last_height: Array
    first_time: Array
    """int64: earliest block time, not that of the first block."""
    last_time: Array
    """int64: latest block time."""
    is_proved: Array
    """bool: its heights are counted from a pinned block, or claimed in coinbases, and no other
    island is in their way."""
    is_contested: Array
    """bool: it has such heights, but another island stands at the same."""
    has_blocks: Array
    """bool: blocks of it are held, not headers alone."""


def islands_of(tree: HeaderTree, times: Array, blocks: int) -> Islands:
    """Read off each island what tells its place; `times` one a header, the first `blocks` held."""
    names, of_row = np.unique(tree.island, return_inverse=True)
    best = np.flatnonzero(tree.on_best)
    island, count = of_row[best], len(names)
    height, time = tree.height[best], times[best].astype(np.int64)
    first_height, last_height = _extremes(height, island, count)
    first_time, last_time = _extremes(time, island, count)
    parent = tree.parent[best]
    follows = (parent == NOT_HELD) | (height == tree.height[parent] + 1)
    known = np.zeros(count, np.bool_)
    known[island] = True
    known[island[(tree.height_source[best] < HeightSource.CLAIMED) | ~follows]] = False
    linked = known.copy()
    linked[island[tree.height_source[best] != HeightSource.LINKED]] = False
    spans = first_height, last_height
    # A claim yields to heights counted from a pinned block; of two alike neither counts.
    contested = _meets(spans, linked) | (~linked & _meets(spans, known))
    has_blocks = np.zeros(count, np.bool_)
    has_blocks[island[best < blocks]] = True
    return Islands(
        of_row=of_row,
        first_height=first_height,
        last_height=last_height,
        first_time=first_time,
        last_time=last_time,
        is_proved=known & ~contested,
        is_contested=known & contested,
        has_blocks=has_blocks,
    )


def _extremes(values: Array, group: Array, count: int) -> tuple[Array, Array]:
    """The least and the greatest value of each group: int64 `[count]`, 0 for none."""
    least = np.full(count, np.iinfo(np.int64).max)
    most = np.full(count, -1, np.int64)
    np.minimum.at(least, group, values)
    np.maximum.at(most, group, values)
    return np.where(most < 0, 0, least), most


def _meets(spans: tuple[Array, Array], others: Array, margin: int = 0) -> Array:
    """Of each span (both ends in it) whether one of the `others` comes within the margin."""
    first, last = spans
    begins, ends = np.sort(first[others]), np.sort(last[others])
    before = np.searchsorted(ends, first - margin, "left")
    after = len(begins) - np.searchsorted(begins, last + margin, "right")
    is_met: Array = len(begins) - before - after - others > 0
    return is_met


class Placed(IntEnum):
    """How it is known where an island stands among the others."""

    NOT = 0
    """Not at all."""
    BY_TIME = 1
    """By its miners' words, a day or more from all others."""
    BY_HEIGHT = 2
    ALONE = 3
    """There is no other."""


def place_islands(islands: Islands) -> tuple[Array, Array]:
    """Of each island how its place is known (`Placed`) and give its place in order.

    Heights go first. An island without them is placed by its block times if no block of
    another lies within a day, and if those that would come before it also do so by height.
    Answers: uint8 and int64 `[islands]`; those without a known place come last, by time.
    """
    first, last = islands.first_time, islands.last_time
    others = islands.has_blocks
    proved = np.flatnonzero(islands.is_proved & others)
    proved = proved[np.argsort(islands.first_height[proved], kind="stable")]
    earlier = np.searchsorted(np.sort(last[proved]), first - DAY_SECONDS, "right")
    reached = np.concatenate(([np.iinfo(np.int64).min], np.maximum.accumulate(last[proved])))
    fits = reached[earlier] <= first - DAY_SECONDS
    near = _meets((first, last), others, DAY_SECONDS - 1)
    by_time = others & ~islands.is_proved & ~islands.is_contested & fits & ~near
    placed = np.zeros(len(first), np.uint8)
    placed[by_time] = Placed.BY_TIME
    placed[proved] = Placed.BY_HEIGHT
    if others.sum() == 1:
        placed[others] = Placed.ALONE
    slot = 2 * earlier
    slot[proved] = 2 * np.arange(len(proved)) + 1
    slot[placed == Placed.NOT] = 2 * len(proved) + 1
    place = np.empty(len(first), np.int64)
    place[np.lexsort((first, slot))] = np.arange(len(first))
    return placed, place


def chain_order(tree: HeaderTree, islands: Islands, blocks: int) -> tuple[Array, ChainOrder]:
    """The order of the blocks, and how it is known of each (`Placed`, uint8 `[blocks]`)."""
    placed, place = place_islands(islands)
    island = islands.of_row[:blocks]
    step = np.zeros(len(tree.height), np.int64)
    step[tree.order] = np.arange(len(tree.order))
    order = np.empty(blocks, np.int64)
    order[np.lexsort((step[:blocks], place[island]))] = np.arange(blocks)
    return placed[island], ChainOrder(
        order=order,
        active=tree.on_best[:blocks],
        height=np.where(islands.is_proved[island], tree.height[:blocks], NO_HEIGHT),
        ordered=placed[island] != Placed.NOT,
    )


# --- spent outputs --------------------------------------------------------------------------------


def _is_stated(spent: Arrays, block_hash: Array) -> bool:
    return bool((spent["spent_hash"] == block_hash).all(axis=1).any())


def _with_spent(rows: Columns, graph: Graph, spent: Arrays) -> tuple[Graph, Array]:
    """Fill in values of unknown sources; also gives the input of each stated output, -1 none."""
    stated_input = np.full(len(spent["spent_value"]), -1, np.int64)
    if not len(spent["spent_hash"]):
        return graph, stated_input
    wanted = {raw.tobytes(): number for number, raw in enumerate(spent["spent_hash"])}
    values = np.array(graph.input_value)
    for block in range(rows.block_count):
        number = wanted.get(rows.block_hash[block].tobytes())
        if number is None:
            continue
        start, stop = int(spent["spent_start"][number]), int(spent["spent_start"][number + 1])
        first = int(rows.tx_input_start[rows.block_tx_start[block]]) + 1
        inputs = slice(first, first + stop - start)
        stated_input[start:stop] = np.arange(inputs.start, inputs.stop)
        is_unknown = graph.input_source[inputs] == UNKNOWN
        values[inputs][is_unknown] = spent["spent_value"][start:stop][is_unknown]
    return replace(graph, input_value=values), stated_input


# --- indexes --------------------------------------------------------------------------------------


def script_keys(kinds: Array, payload_start: Array, pool: Array) -> Array:
    """A number to look a script up by: its payload's first 8 bytes, mixed with its kind."""
    start, stop = payload_start[:-1], payload_start[1:]
    keys = np.zeros(len(kinds), np.uint64)
    if not len(pool):
        return keys
    for place in range(8):
        at = start + place
        inside = at < stop
        byte = np.where(inside, pool[np.minimum(at, len(pool) - 1)], 0).astype(np.uint64)
        keys |= byte << np.uint64(8 * place)
    return keys ^ kinds.astype(np.uint64)


def script_key(kind: int, payload: bytes) -> int:
    """The same number for one script."""
    return int.from_bytes(payload[:8], "little") ^ kind


def indexes(rows: Columns, spent: Arrays) -> Arrays:
    """The sorted keys by which transactions and scripts are found, and their rows."""
    tx_keys = np.ascontiguousarray(rows.tx_id[:, :8]).view("<u8").reshape(-1)
    by_id = np.argsort(tx_keys, kind="stable")
    arrays = {"i.tx_key": tx_keys[by_id], "i.tx_row": by_id}
    arrays |= script_index("script", rows.output_script, rows.output_payload_start, rows.payload)
    arrays |= script_index(
        "stated", spent["spent_script"], spent["spent_payload_start"], spent["spent_payload"]
    )
    return arrays


def script_index(name: str, kinds: Array, payload_start: Array, pool: Array) -> Arrays:
    """The sorted keys of scripts and their rows, as `i.<name>_key` and `i.<name>_row`."""
    keys = script_keys(kinds, payload_start, pool)
    found = np.flatnonzero((kinds >= _INDEXED[0]) & (kinds <= _INDEXED[1]))
    by_key = found[np.argsort(keys[found], kind="stable")]
    return {f"i.{name}_key": keys[by_key], f"i.{name}_row": by_key}


# --- as arrays, and back --------------------------------------------------------------------------


def _graph_arrays(graph: Graph) -> Arrays:
    """Write the graph, without the arrays that are the columns' own."""
    arrays: Arrays = {}
    for field in fields(graph):
        value = getattr(graph, field.name)
        if isinstance(value, int):
            arrays[f"g.{field.name}"] = np.array(value, np.int64)
        elif isinstance(value, np.ndarray) and field.name not in LAYOUT:
            arrays[f"g.{field.name}"] = value
    return arrays


def graph_of(arrays: Arrays) -> Graph:
    """The graph that `_graph_arrays` wrote."""
    values: dict[str, Any] = {}
    for field in fields(Graph):
        array = arrays.get(f"g.{field.name}", arrays.get(f"c.{field.name}"))
        if array is None:
            continue
        values[field.name] = int(array) if array.ndim == 0 else array
    return Graph(**values)


def columns_of(arrays: Arrays) -> Columns:
    """The columns of a chain's arrays."""
    return Columns(**{name: arrays[f"c.{name}"] for name in LAYOUT})


def tree_arrays(tree: HeaderTree) -> Arrays:
    """Write a header tree as arrays; `tree_of` reads them."""
    arrays: Arrays = {f"t.{name}": getattr(tree, name) for name in TREE_ARRAYS}
    work = b"".join(number.to_bytes(_WORK_BYTES, "big") for number in tree.chain_work)
    arrays["t.chain_work"] = np.frombuffer(work, np.uint8).reshape(-1, _WORK_BYTES)
    arrays["t.tied_tips"] = np.array(tree.tied_tips, np.int64)
    return arrays


def tree_of(arrays: Arrays) -> HeaderTree:
    """The header tree of a chain's arrays."""
    values: dict[str, Any] = {name: arrays[f"t.{name}"] for name in TREE_ARRAYS}
    values["chain_work"] = [int.from_bytes(row.tobytes(), "big") for row in arrays["t.chain_work"]]
    values["tied_tips"] = tuple(arrays["t.tied_tips"].tolist())
    return HeaderTree(**values)


def holdings_of(arrays: Arrays) -> tuple[Holdings, Arrays]:
    """Give back what a chain holds, and its stated spent outputs."""
    aside = {name: arrays[f"x.{name}"] for name in ASIDE_NAMES}
    held = Holdings(columns_of(arrays), arrays["x.loose_source"], arrays["x.header_raw"], aside)
    return held, {name: arrays[f"x.{name}"] for name in SPENT_NAMES}


__all__ = [
    "Built",
    "Islands",
    "Placed",
    "Proven",
    "build",
    "chain_order",
    "columns_of",
    "graph_of",
    "holdings_of",
    "indexes",
    "islands_of",
    "no_spent",
    "place_islands",
    "script_key",
    "script_keys",
    "tree_of",
]

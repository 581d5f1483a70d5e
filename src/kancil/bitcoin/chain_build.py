"""From holdings to all that a chain answers with: header tree, spend graph, indexes.

Runs in the ingest's child process. Holdings come from `chain_merge`; named arrays go to
`chain_store`, and `chain` reads them. The parts: `c.` columns, `g.` spend graph, `t.` header
tree, `i.` indexes, `x.` what stands beside the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .chain_merge import ASIDE_NAMES, Holdings, headers_of
from .chain_spent import SPENT_NAMES, Matcher, SpentOutputs, add_spent, no_spent
from .columns import LAYOUT, LOOSE, Columns
from .graph import UNKNOWN, Graph, build_graph
from .headers import NO_HEIGHT, NOT_HELD, Headers, HeaderTree, WorkVerdict, build_tree
from .network import Network
from .scriptkind import ScriptKind
from .sources import Source

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


def build(
    held: Holdings,
    sources: Sequence[Source],
    proofs: Sequence[Proven],
    spent: Arrays,
    new_spent: Sequence[tuple[int, SpentOutputs]],
    network: Network,
) -> Built:
    """Compute everything from the holdings.

    `spent`: arrays of spent-outputs files matched before; `new_spent`: (source number, content)
    of files to be matched now. Raises SpentNotMatched, SpentAmbiguous.
    """
    rows = held.rows
    tree = build_tree(_headers(held, sources), network)
    active = tree.on_best[: rows.block_count]
    loose_row, loose_order = _loose_places(held, tree, proofs)
    graph = build_graph(
        rows,
        block_order=block_order(rows, tree),
        active=active,
        loose_order=loose_order,
    )
    heights = tree.height[: rows.block_count]
    if new_spent:
        matcher = Matcher(rows, graph, heights, tuple(sources), network)
        for number, outputs in new_spent:
            match = matcher.match(outputs, sources[number])
            if not _is_stated(spent, rows.block_hash[match.block]):
                spent = add_spent(spent, match, rows.block_hash[match.block], number)
    graph, stated = _with_spent(rows, _with_times(held, tree, graph, loose_row), spent)
    arrays: Arrays = {f"c.{name}": getattr(rows, name) for name in LAYOUT}
    arrays |= _graph_arrays(graph)
    arrays |= _tree_arrays(tree)
    arrays |= indexes(rows, spent)
    arrays |= {f"x.{name}": spent[name] for name in SPENT_NAMES}
    arrays |= {f"x.{name}": held.aside[name] for name in ASIDE_NAMES}
    arrays["x.spent_input"] = stated
    arrays["x.loose_source"] = held.loose_source
    arrays["x.loose_header"] = loose_row
    arrays["x.header_raw"] = held.header_raw
    return Built(arrays, tree, graph)


def _headers(held: Holdings, sources: Sequence[Source]) -> Headers:
    """Give the headers of the tree: blocks, then headers alone, then blocks set aside."""
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


def block_order(rows: Columns, tree: HeaderTree) -> Array:
    """Give each block's place in time: int64 `[nb]`, parents before children.

    By height where it is known. A block without a height is put by its time between those that
    have one, and stays behind its own parent.
    """
    count = rows.block_count
    heights = tree.height[:count].copy()
    lacking = np.flatnonzero(heights == NO_HEIGHT)
    if not len(lacking):
        return heights
    known = np.flatnonzero((heights != NO_HEIGHT) & tree.on_best[:count])
    known = known[np.argsort(heights[known], kind="stable")]
    times = np.maximum.accumulate(rows.block_time[known].astype(np.int64))
    place = 2 * heights
    if len(known):
        before = np.searchsorted(times, rows.block_time[lacking].astype(np.int64), side="right")
        low = np.where(before > 0, heights[known][np.maximum(before - 1, 0)], -1)
        place[lacking] = 2 * low + 1
    else:
        place[lacking] = 0
    lacks = np.zeros(count, np.bool_)
    lacks[lacking] = True
    # Within one island the order of the tree decides; its blocks may not overtake each other.
    step = np.zeros(count, np.int64)
    latest: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(tree.order.tolist()):
        if row >= count or not lacks[row]:
            continue
        parent = int(tree.parent[row])
        time = int(rows.block_time[row])
        if parent in latest:
            place[row] = max(int(place[row]), latest[parent][0])
            time = max(time, latest[parent][1])
        latest[row] = int(place[row]), time
        step[row] = number
    time_of = rows.block_time.astype(np.int64)
    for row, (_, time) in latest.items():
        time_of[row] = time
    by_place = np.lexsort((step, time_of, place))
    result = np.empty(count, np.int64)
    result[by_place] = np.arange(count)
    return result


def _loose_places(
    held: Holdings, tree: HeaderTree, proofs: Sequence[Proven]
) -> tuple[Array, list[tuple[int, int]]]:
    """Find each loose transaction's header row (-1 none) and its (height, index), (-1, -1) none."""
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
        if tree.on_best[row] and tree.height[row] != NO_HEIGHT:
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
    """Give a number to look a script up by: its payload's first 8 bytes, mixed with its kind."""
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
    """Give the same number for one script."""
    return int.from_bytes(payload[:8], "little") ^ kind


def indexes(rows: Columns, spent: Arrays) -> Arrays:
    """Give the sorted keys by which transactions and scripts are found, and their rows."""
    tx_keys = np.ascontiguousarray(rows.tx_id[:, :8]).view("<u8").reshape(-1)
    by_id = np.argsort(tx_keys, kind="stable")
    arrays = {"i.tx_key": tx_keys[by_id], "i.tx_row": by_id}
    arrays |= _script_index("script", rows.output_script, rows.output_payload_start, rows.payload)
    arrays |= _script_index(
        "stated", spent["spent_script"], spent["spent_payload_start"], spent["spent_payload"]
    )
    return arrays


def _script_index(name: str, kinds: Array, payload_start: Array, pool: Array) -> Arrays:
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
    """Give the graph that `_graph_arrays` wrote."""
    values: dict[str, Any] = {}
    for field in fields(Graph):
        array = arrays.get(f"g.{field.name}", arrays.get(f"c.{field.name}"))
        if array is None:
            continue
        values[field.name] = int(array) if array.ndim == 0 else array
    return Graph(**values)


def columns_of(arrays: Arrays) -> Columns:
    """Give the columns of a chain's arrays."""
    return Columns(**{name: arrays[f"c.{name}"] for name in LAYOUT})


def _tree_arrays(tree: HeaderTree) -> Arrays:
    arrays: Arrays = {f"t.{name}": getattr(tree, name) for name in TREE_ARRAYS}
    work = b"".join(number.to_bytes(_WORK_BYTES, "big") for number in tree.chain_work)
    arrays["t.chain_work"] = np.frombuffer(work, np.uint8).reshape(-1, _WORK_BYTES)
    arrays["t.tied_tips"] = np.array(tree.tied_tips, np.int64)
    return arrays


def tree_of(arrays: Arrays) -> HeaderTree:
    """Give the header tree of a chain's arrays."""
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
    "Proven",
    "block_order",
    "build",
    "columns_of",
    "graph_of",
    "holdings_of",
    "indexes",
    "no_spent",
    "script_key",
    "script_keys",
    "tree_of",
]

"""The rows of an export, made in slices from a chain's columns and graph.

Rows come as Arrow tables, a slice of whole blocks at a time, so that memory holds one slice
whatever the chain's length; only one bit for each address is kept across slices. Columns are read
where they lie (they may be mapped files larger than memory) and never copied whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from kancil.bitcoin.blocks.columns import LOOSE, Array
from kancil.bitcoin.blocks.headers import NOT_HELD as NO_HEADER
from kancil.bitcoin.blocks.headers import HeightSource
from kancil.bitcoin.chain.address_ids import ANYBODYS
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.views import HEIGHT_SOURCE_TEXT
from kancil.bitcoin.clusters.clusters import Clusters, stated_inputs
from kancil.bitcoin.holdings.graph import COINBASE as NEW_COINS
from kancil.bitcoin.holdings.graph import UNKNOWN
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind

from . import schema

PART_BLOCKS = 1_000
"""Heights in one file of each table; the first is a multiple of it."""
SLICE_ROWS = 1 << 18
"""Inputs and outputs of one slice; one block may have more."""
NO_HEIGHT = -1
_SCRIPTS = [kind.name.lower() for kind in ScriptKind]
_NO_KIND = len(_SCRIPTS)
_ADDRESS_REASONS = [schema.COINBASE, schema.NOT_HELD, schema.ANYBODYS, schema.NO_OWNER]
_BY_COINBASE, _BY_NOT_HELD, _BY_ANYBODY, _BY_NO_OWNER = range(4)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The heights asked for; None: no bound."""

    from_height: int | None = None
    until_height: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the chain is asked for."""
        return self.from_height is None and self.until_height is None

    def holds(self, height: Array) -> Array:
        """Which heights are asked for; one that is not known only without bounds."""
        if self.is_whole:
            return np.ones(len(height), np.bool_)
        first = 0 if self.from_height is None else self.from_height
        last = np.iinfo(np.int64).max if self.until_height is None else self.until_height
        asked: Array = (height >= first) & (height <= last)
        return asked


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Runs of transaction rows of one height range: blocks, and loose transactions one by one."""

    name: str
    from_height: int | None
    until_height: int | None
    first: Array
    """int64: first transaction row of each run."""
    after: Array
    """int64: row after its last."""
    block: Array
    """int64: row of its block, `LOOSE` for a loose transaction."""
    height: Array
    """int64: `NO_HEIGHT` where not known."""
    time: Array
    """int64: seconds since 1970; -1 where not known."""


def plan_parts(chain: Chain, bounds: Bounds, width: int = PART_BLOCKS) -> list[Part]:
    """Cut a chain into height ranges, ascending; what has no known height comes last."""
    first, after, block, height, time = _runs(chain)
    asked = np.flatnonzero(bounds.holds(height))
    # Unknown heights last; equal heights and loose transactions in the order of their rows.
    key = np.where(height[asked] == NO_HEIGHT, np.iinfo(np.int64).max, height[asked])
    asked = asked[np.lexsort((first[asked], block[asked] == LOOSE, key))]
    bucket = np.where(height[asked] == NO_HEIGHT, -1, height[asked] // width)
    cuts = np.flatnonzero(np.diff(bucket)) + 1
    parts = []
    for rows in np.split(asked, cuts):
        if not len(rows):
            continue
        name, low, high = _named(int(height[rows[0]]), bounds, width)
        runs = (each[rows] for each in (first, after, block, height, time))
        parts.append(Part(name, low, high, *runs))
    return parts


def _named(height: int, bounds: Bounds, width: int) -> tuple[str, int | None, int | None]:
    if height == NO_HEIGHT:
        return "part-no-height", None, None
    low = height // width * width
    high = low + width - 1
    low = low if bounds.from_height is None else max(low, bounds.from_height)
    high = high if bounds.until_height is None else min(high, bounds.until_height)
    return f"part-{low:08d}-{high:08d}", low, high


def _runs(chain: Chain) -> tuple[Array, Array, Array, Array, Array]:
    """The blocks in the chain, then the loose transactions of the graph that have a place."""
    rows, arrays = chain.columns, chain.arrays
    blocks = np.flatnonzero(arrays["t.on_best"][: rows.block_count])
    loose = np.arange(chain.first_loose, rows.tx_count)
    loose = loose[chain.graph.tx_rank[loose] >= 0]
    header = arrays["x.loose_header"][loose - chain.first_loose].astype(np.int64)
    has_header = header != NO_HEADER
    loose_height = np.full(len(loose), NO_HEIGHT, np.int64)
    loose_height[has_header] = arrays["t.height"][header[has_header]]
    loose_time = np.full(len(loose), -1, np.int64)
    for place in np.flatnonzero(has_header):
        stated = chain.header(int(header[place]))[68:72]
        loose_time[place] = int.from_bytes(stated, "little")
    height = arrays["t.height"][blocks].astype(np.int64)
    return (
        np.concatenate((rows.block_tx_start[blocks], loose)),
        np.concatenate((rows.block_tx_start[blocks + 1], loose + 1)),
        np.concatenate((blocks, np.full(len(loose), LOOSE, np.int64))),
        np.concatenate((np.where(height < 0, NO_HEIGHT, height), loose_height)),
        np.concatenate((rows.block_time[blocks].astype(np.int64), loose_time)),
    )


def expand(first: Array, after: Array) -> Array:
    """The numbers from each `first` to before its `after`, one range after another."""
    count = np.asarray(after, np.int64) - first
    before = np.cumsum(count) - count
    numbers: Array = np.repeat(first - before, count) + np.arange(int(count.sum()))
    return numbers


class RowMaker:
    """Makes the rows of a chain's parts; parts must be asked for in their order."""

    def __init__(self, chain: Chain, clusters: Clusters, *, with_clusters: bool) -> None:
        """Take an opened chain and its clusters, whose address ids the rows bear."""
        self.chain, self.clusters, self.with_clusters = chain, clusters, with_clusters
        self.stated = stated_inputs(chain)
        self.seen = np.zeros(clusters.address_count // 8 + 1, np.uint8)
        """A bit for each address: whether an earlier slice has it."""
        self._aside = _aside_of(clusters)
        self.no_owner = np.full(256, _BY_NO_OWNER, np.int8)
        self.no_owner[list(ANYBODYS)] = _BY_ANYBODY

    def slices(self, part: Part, most_rows: int = SLICE_ROWS) -> Iterator[dict[str, pa.Table]]:
        """The rows of a part by table; addresses without their text (see `with_text`)."""
        graph = self.chain.graph
        weight = graph.tx_input_start[part.after] - graph.tx_input_start[part.first]
        weight = weight + graph.tx_output_start[part.after] - graph.tx_output_start[part.first]
        total = np.concatenate(([0], np.cumsum(weight)))
        start = 0
        while start < len(part.first):
            wanted = int(np.searchsorted(total, total[start] + most_rows, "right")) - 1
            stop = min(max(wanted, start + 1), len(part.first))
            yield self._slice(part, start, stop)
            start = stop

    def _slice(self, part: Part, start: int, stop: int) -> dict[str, pa.Table]:
        graph = self.chain.graph
        first, after = part.first[start:stop], part.after[start:stop]
        txs = expand(first, after)
        run = np.repeat(np.arange(start, stop), after - first)
        in_graph = graph.tx_rank[txs] >= 0
        txs, run = txs[in_graph], run[in_graph]
        inputs = expand(graph.tx_input_start[txs], graph.tx_input_start[txs + 1])
        outputs = expand(graph.tx_output_start[txs], graph.tx_output_start[txs + 1])
        input_ids, input_table = self._inputs(txs, inputs)
        output_ids, output_table = self._outputs(txs, outputs)
        new = self._new(np.concatenate((input_ids, output_ids)))
        tables = {
            "blocks": self._blocks(part, start, stop, run),
            "transactions": self._transactions(part, txs, run, inputs, outputs),
            "inputs": input_table,
            "outputs": output_table,
            "addresses": self._addresses(new),
        }
        if self.with_clusters:
            tables[schema.CLUSTERS] = self._clusters(new)
        return tables

    def _blocks(self, part: Part, start: int, stop: int, run: Array) -> pa.Table:
        rows, arrays = self.chain.columns, self.chain.arrays
        kept = np.arange(start, stop)
        kept = kept[part.block[kept] != LOOSE]
        block, height = part.block[kept], part.height[kept]
        texts = [HEIGHT_SOURCE_TEXT[each] or "" for each in HeightSource]
        return _table(
            "blocks",
            block,
            _hashes(rows.block_hash[block]),
            _hashes(rows.block_prev[block]),
            _numbers(height, height < 0, np.int32),
            _texts(arrays["t.height_source"][block], texts, height < 0),
            _texts(np.zeros(len(kept), np.int8), [schema.NO_HEIGHT], height >= 0),
            part.time[kept],
            np.bincount(run - start, minlength=stop - start)[kept - start].astype(np.int32),
            rows.block_size[block].astype(np.int64),
            rows.block_version[block],
            rows.block_bits[block].astype(np.int64),
        )

    def _transactions(
        self, part: Part, txs: Array, run: Array, inputs: Array, outputs: Array
    ) -> pa.Table:
        rows, graph = self.chain.columns, self.chain.graph
        block, height, time = part.block[run], part.height[run], part.time[run]
        is_loose, no_height, no_time = block == LOOSE, height < 0, time < 0
        input_count = graph.tx_input_start[txs + 1] - graph.tx_input_start[txs]
        output_count = graph.tx_output_start[txs + 1] - graph.tx_output_start[txs]
        values = graph.input_value[inputs]
        is_unknown = _sums(values == UNKNOWN, input_count) > 0
        is_coinbase = _sums(graph.input_source[inputs] == NEW_COINS, input_count) > 0
        paid_in = _sums(np.where(values == UNKNOWN, 0, values), input_count)
        paid_out = _sums(graph.output_value[outputs], output_count)
        no_input = is_unknown | is_coinbase
        aside, reasons = self._why_aside(txs)
        why = np.where(is_coinbase, 0, 1).astype(np.int8)
        nothing = np.zeros(len(txs), np.int8)
        first = rows.block_tx_start[np.where(is_loose, 0, block)] if rows.block_count else nothing
        return _table(
            "transactions",
            txs,
            _hashes(rows.tx_id[txs]),
            _numbers(block, is_loose, np.int64),
            _numbers(txs - first, is_loose, np.int32),
            _texts(nothing, [schema.NO_BLOCK], ~is_loose),
            _numbers(height, no_height, np.int32),
            _texts(nothing, [schema.NO_HEIGHT], ~no_height),
            _numbers(time, no_time, np.int64),
            _texts(nothing, [schema.NO_BLOCK], ~no_time),
            graph.tx_rank[txs],
            rows.tx_size[txs].astype(np.int64),
            rows.tx_version[txs],
            rows.tx_locktime[txs].astype(np.int64),
            pa.array(rows.tx_segwit[txs].astype(np.bool_)),
            pa.array(is_coinbase),
            input_count.astype(np.int32),
            output_count.astype(np.int32),
            _numbers(paid_in, no_input, np.int64),
            paid_out,
            _numbers(paid_in - paid_out, no_input, np.int64),
            _texts(why, [schema.COINBASE, schema.INPUT_NOT_KNOWN], ~no_input),
            _texts(aside, reasons, aside < 0),
        )

    def _why_aside(self, txs: Array) -> tuple[Array, Sequence[str]]:
        """Why each transaction joins no addresses: numbers of reasons, -1 for those that do.

        Only transactions that spend from two addresses or more can be set aside.
        """
        tx, reason = self._aside
        place = np.searchsorted(tx, txs)
        found = np.minimum(place, max(len(tx) - 1, 0))
        is_aside = tx[found] == txs if len(tx) else np.zeros(len(txs), np.bool_)
        numbers = np.full(len(txs), -1, np.int16)
        numbers[is_aside] = reason[found[is_aside]]
        return numbers, self.clusters.told["reasons"]

    def _inputs(self, txs: Array, inputs: Array) -> tuple[Array, pa.Table]:
        rows, graph = self.chain.columns, self.chain.graph
        count = graph.tx_input_start[txs + 1] - graph.tx_input_start[txs]
        source, value = graph.input_source[inputs], graph.input_value[inputs]
        is_new, is_held = source == NEW_COINS, source >= 0
        kind = np.full(len(inputs), _NO_KIND, np.uint8)
        kind[is_held] = rows.output_script[source[is_held]]
        ids = np.full(len(inputs), -1, np.int64)
        ids[is_held] = self.clusters.of_row[source[is_held]]
        is_stated = self._add_stated(inputs, kind, ids)
        no_value, no_id = is_new | (value == UNKNOWN), ids < 0
        missing = np.where(is_new, _BY_COINBASE, _BY_NOT_HELD).astype(np.int8)
        reason = np.where(kind == _NO_KIND, missing, self.no_owner[kind])
        return ids[~no_id], _table(
            "inputs",
            np.repeat(txs, count),
            expand(np.zeros(len(txs), np.int64), count).astype(np.int32),
            _hashes(rows.input_prev_id[inputs], is_new),
            _numbers(rows.input_prev_index[inputs], is_new, np.int64),
            _numbers(source, ~is_held, np.int64),
            _texts(missing, _ADDRESS_REASONS, is_held),
            _numbers(value, no_value, np.int64),
            _texts(missing, _ADDRESS_REASONS, ~no_value),
            pa.array(is_stated),
            _texts(kind, _SCRIPTS, kind == _NO_KIND),
            _numbers(ids, no_id, np.int64),
            _texts(reason, _ADDRESS_REASONS, ~no_id),
            rows.input_sequence[inputs].astype(np.int64),
        )

    def _add_stated(self, inputs: Array, kind: Array, ids: Array) -> Array:
        """Fill in scripts that only a spent-outputs file states; say of which inputs."""
        known, rows = self.stated
        is_stated = np.zeros(len(inputs), np.bool_)
        if not len(known):
            return is_stated
        place = np.minimum(np.searchsorted(known, inputs), len(known) - 1)
        is_stated = np.asarray(known[place] == inputs)
        stated = rows[place[is_stated]]
        first = self.chain.columns.output_count
        kind[is_stated] = self.chain.arrays["x.spent_script"][stated - first]
        ids[is_stated] = self.clusters.of_row[stated]
        return is_stated

    def _outputs(self, txs: Array, outputs: Array) -> tuple[Array, pa.Table]:
        rows, graph = self.chain.columns, self.chain.graph
        count = graph.tx_output_start[txs + 1] - graph.tx_output_start[txs]
        kind = rows.output_script[outputs]
        ids = self.clusters.of_row[outputs].astype(np.int64)
        no_id = ids < 0
        return ids[~no_id], _table(
            "outputs",
            outputs,
            np.repeat(txs, count),
            expand(np.zeros(len(txs), np.int64), count).astype(np.int32),
            rows.output_value[outputs],
            _texts(kind, _SCRIPTS, np.zeros(len(outputs), np.bool_)),
            _numbers(ids, no_id, np.int64),
            _texts(self.no_owner[kind], _ADDRESS_REASONS, ~no_id),
        )

    def _new(self, ids: Array) -> Array:
        """The addresses that no earlier slice has, ascending, and remember them."""
        every = np.unique(ids)
        new: Array = every[(self.seen[every >> 3] >> (every & 7).astype(np.uint8)) & 1 == 0]
        np.bitwise_or.at(self.seen, new >> 3, np.left_shift(1, new & 7).astype(np.uint8))
        return new

    def _addresses(self, ids: Array) -> pa.Table:
        rows, arrays = self.chain.columns, self.chain.arrays
        place = self.clusters.first_row[ids]
        kind = np.empty(len(ids), np.uint8)
        start, stop = np.empty(len(ids), np.int64), np.empty(len(ids), np.int64)
        is_output = place < rows.output_count
        outputs, stated = place[is_output], place[~is_output] - rows.output_count
        kind[is_output], kind[~is_output] = (
            rows.output_script[outputs],
            arrays["x.spent_script"][stated],
        )
        stated_start = arrays["x.spent_payload_start"]
        parts = (
            (is_output, rows.payloads_of(outputs)),
            (
                ~is_output,
                (stated_start[stated], stated_start[stated + 1], arrays["x.spent_payload"]),
            ),
        )
        for mask, (first, after, _) in parts:
            start[mask], stop[mask] = first, after
        offset = np.concatenate(([0], np.cumsum(stop - start))).astype(np.int32)
        pool = np.empty(int(offset[-1]), np.uint8)
        for mask, (_, _, payload) in parts:
            to = expand(offset[:-1][mask].astype(np.int64), offset[1:][mask])
            pool[to] = payload[expand(start[mask], stop[mask])]
        payloads = pa.Array.from_buffers(
            pa.binary(), len(ids), [None, pa.py_buffer(offset), pa.py_buffer(pool)]
        )
        scripts = _texts(kind, _SCRIPTS, np.zeros(len(ids), np.bool_))
        nothing = pa.nulls(len(ids), pa.string())
        return _table("addresses", ids, scripts, payloads, nothing, nothing)

    def with_text(self, addresses: pa.Table) -> pa.Table:
        """Addresses with their text, where their script has one."""
        network = self.chain.network
        texts = [
            encode_address(ScriptKind[script.upper()], payload, network)
            for script, payload in zip(
                addresses["script"].to_pylist(), addresses["payload"].to_pylist(), strict=True
            )
        ]
        reasons = [None if text else schema.BARE for text in texts]
        return _table(
            "addresses",
            addresses["address_id"],
            addresses["script"],
            addresses["payload"],
            pa.array(texts, pa.string()),
            pa.array(reasons, pa.string()),
        )

    def _clusters(self, ids: Array) -> pa.Table:
        made = self.clusters
        number = made.cluster[ids].astype(np.int64)
        smallest, size = ids.copy(), np.ones(len(ids), np.int64)
        joined = number >= 0
        start = made.member_start[number[joined]]
        smallest[joined] = made.member[start]
        size[joined] = made.member_start[number[joined] + 1] - start
        return _table(schema.CLUSTERS, ids, smallest, size)


def _aside_of(clusters: Clusters) -> tuple[Array, Array]:
    """The transactions set aside, ascending, and the number of each one's reason."""
    tx, place = np.unique(clusters.aside_tx, return_index=True)
    return np.asarray(tx, np.int64), np.asarray(clusters.aside_reason[place])


def _sums(values: Array, count: Array) -> Array:
    """Sum consecutive values, `count` of them for each row."""
    total = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    ends = np.cumsum(count)
    sums: Array = total[ends] - total[ends - count]
    return sums


def _table(name: str, *columns: Any) -> pa.Table:
    kinds = schema.SCHEMAS[name]
    arrays = [
        column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, kind.type)
        for column, kind in zip(columns, kinds, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=kinds)


def _numbers(values: Array, is_null: Array, kind: type[np.generic]) -> pa.Array:
    return pa.array(np.where(is_null, 0, values).astype(kind), mask=is_null)


def _texts(numbers: Array, names: Sequence[str], is_null: Array) -> pa.Array:
    """Write numbers by their names, null where the mask says so."""
    places = pa.array(np.where(is_null, 0, numbers).astype(np.int32), mask=is_null)
    return pa.array(list(names), pa.string()).take(places)


def _hashes(internal: Array, is_null: Array | None = None) -> pa.Array:
    """Write hashes in the order that people write: the wire's bytes reversed."""
    shown = np.ascontiguousarray(internal[:, ::-1])
    valid = None
    if is_null is not None:
        valid = pa.py_buffer(np.packbits(~is_null, bitorder="little"))
        shown[is_null] = 0
    return pa.Array.from_buffers(pa.binary(32), len(shown), [valid, pa.py_buffer(shown)])

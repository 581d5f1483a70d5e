"""Adding parsed blocks to a store: sources of inputs, numbers of scripts, spends.

Pieces of the chain come from `feed`, in the order of their heights and small enough for memory;
rows go to `files` and `runs`. Within a piece inputs find their sources by a join in memory, and
before it in the runs: needles and runs are both sorted, so that each is read once from end to end.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.columns import NO_OUTPUT, Columns
from kancil.bitcoin.graph import COINBASE, NO_SPEND_SEEN, UNKNOWN
from kancil.bitcoin.store_layout import BY_NAME, MOST_SCRIPTS, Rows
from kancil.bitcoin.store_record import Range, RunFile, StoreRecord
from kancil.ground.errors import SpendNotResolved, SpentTwice, StoreFull

from . import kernels, runs
from .files import Pending, Writer, flush, map_column

Array = NDArray[Any]

FROM_PARSER = (
    "block_source",
    "block_offset",
    "block_size",
    "block_hash",
    "block_version",
    "block_prev",
    "block_merkle_root",
    "block_time",
    "block_bits",
    "block_nonce",
    "block_merkle",
    "block_witness",
    "block_target",
    "block_height_claimed",
    "tx_size",
    "tx_id",
    "tx_version",
    "tx_locktime",
    "tx_segwit",
    "input_sequence",
    "output_value",
    "output_script",
)
"""Columns that are kept as the parser gives them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that follow one another, parsed; numbers of rows begin at 0."""

    columns: Columns
    """`block_source` and `block_offset` are those of the sources, `tx_offset` of `buffer_start`."""
    buffer_start: Array
    """int64 `[blocks]`: where each block began in what was parsed."""


class Grower:
    """Grows one store, piece by piece. The caller holds the chain and keeps the record."""

    def __init__(self, chain_dir: Path, record: StoreRecord) -> None:
        """Begin after the rows that the record counts."""
        self.chain_dir = chain_dir
        self.record = record
        self._pool = ThreadPoolExecutor(3)
        """Kernels, digests and writing let go of the interpreter: what does not wait for one
        another is done side by side. No answer and no byte depends on it."""

    def add(self, piece: Piece) -> StoreRecord:
        """Add one piece; what it gives is to be written as the record.

        Raises SpendNotResolved, SpentTwice, StoreFull, DiskFull, ChainBroken: nothing then counts.
        """
        rows, base = piece.columns, self.record.rows
        writer = Writer(self.chain_dir, base)
        written = self._pool.submit(self._write_parsed, writer, piece)
        numbered = self._pool.submit(self._scripts, rows)
        try:
            resolved = self._sources(rows)
        finally:
            waiting: list[Future[Any]] = [written, numbered]
            wait(waiting)
        written.result()
        scripts = numbered.result()
        if base.scripts + len(scripts.first_row) > MOST_SCRIPTS:
            raise StoreFull(path=str(self.chain_dir))
        added = Rows(
            blocks=rows.block_count,
            transactions=rows.tx_count,
            inputs=rows.input_count,
            outputs=rows.output_count,
            scripts=len(scripts.first_row),
            payload=int(scripts.payload_start[-1]),
            unknown=len(resolved.unknown),
        )
        total = base.plus(added)
        id_runs = self._pool.submit(
            self._runs, self.record.id_runs, resolved.run, total.transactions
        )
        script_runs = self._pool.submit(
            self._runs, self.record.script_runs, scripts.run, total.scripts
        )
        try:
            self._write_scripts(writer, scripts)
            pending = self._write_spends(writer, rows, resolved, scripts)
            checks = writer.finish()
        finally:
            wait((id_runs, script_runs))
        self._apply(pending)
        self.record = replace(
            self.record,
            rows=total,
            ranges=(*self.record.ranges, Range(self.record.next_height, added, checks)),
            id_runs=id_runs.result(),
            script_runs=script_runs.result(),
        )
        return self.record

    def _runs(self, files: tuple[RunFile, ...], run: runs.Run, limit: int) -> tuple[RunFile, ...]:
        return runs.joined(self.chain_dir, (*files, runs.write_run(self.chain_dir, run)), limit)

    # --- where inputs come from -------------------------------------------------------------------

    def _sources(self, rows: Columns) -> _Resolved:
        base, sorter = self.record.rows, runs.Sorter()
        count = rows.input_count
        source = np.full(count, UNKNOWN, np.int64)
        own_tx = np.repeat(np.arange(rows.tx_count, dtype=np.int64), np.diff(rows.tx_input_start))
        index = rows.input_prev_index.astype(np.int64)
        is_new = (rows.input_prev_index == NO_OUTPUT) & ~rows.input_prev_id.any(axis=1)
        source[is_new] = COINBASE
        asked = np.flatnonzero(~is_new)
        seed = self.record.seed
        run = runs.id_run(rows.tx_id, base.transactions, seed, sorter)
        high, low = keys_of(rows.input_prev_id[asked], seed)
        found = np.full(len(asked), UNKNOWN, np.int64)
        join_rows(keys_of(rows.tx_id, seed), (high, low), own_tx[asked], found)
        is_here = found >= 0
        places, here = asked[is_here], found[is_here]
        outputs = np.diff(rows.tx_output_start)
        fits = index[places] < outputs[here]
        source[places[fits]] = base.outputs + rows.tx_output_start[here[fits]] + index[places[fits]]
        self._look_back(asked[~is_here], high[~is_here], low[~is_here], index, rows, source)
        unknown = np.flatnonzero(source == UNKNOWN)
        if len(unknown) and self.record.is_whole:
            number = int(unknown[0])
            tx = int(own_tx[number])
            raise SpendNotResolved(
                outpoint=f"{_shown(rows.input_prev_id[number])}:{int(index[number])}",
                txid=_shown(rows.tx_id[tx]),
                height=self.record.next_height + int(rows.tx_block[tx]),
            )
        return _Resolved(source, unknown, run)

    def _look_back(
        self, asked: Array, high: Array, low: Array, index: Array, rows: Columns, source: Array
    ) -> None:
        """Find in the runs what the piece itself does not hold."""
        if not len(asked) or not self.record.id_runs:
            return
        base, chain_dir, sorter = self.record.rows, self.chain_dir, runs.Sorter()
        place = np.arange(len(asked), dtype=np.int64)
        keys = high.copy()
        sorter.by_key(keys, place)
        found = np.full(len(asked), UNKNOWN, np.int64)
        for run in runs.open_runs(chain_dir, self.record.id_runs):
            kernels.find_ids(*run, base.transactions, keys, low[place], place, found)
        held = np.flatnonzero(found >= 0)
        txs = found[held].copy()
        order = held.copy()
        sorter.by_number(txs, order)  # so that the columns are read from end to end
        ids = map_column(chain_dir, BY_NAME["tx_id"], base)
        starts = map_column(chain_dir, BY_NAME["tx_output_start"], base)
        inputs = asked[order]
        first, last = starts[txs], starts[txs + 1]
        fits = (index[inputs] < last - first) & (ids[txs] == rows.input_prev_id[inputs]).all(axis=1)
        source[inputs[fits]] = first[fits] + index[inputs[fits]]

    # --- scripts ----------------------------------------------------------------------------------

    def _scripts(self, rows: Columns) -> _Scripts:
        base, seed, sorter = self.record.rows, np.uint64(self.record.seed), runs.Sorter()
        count = rows.output_count
        numbers, first_row = np.empty(count, np.int64), np.empty(count, np.int64)
        slots = np.full(1 << max(4, (2 * count).bit_length()), -1, np.int64)
        pool = rows.payload if len(rows.payload) else np.zeros(1, np.uint8)
        table = (rows.output_script, rows.output_payload_start, pool)
        distinct = int(kernels.number_all(table, (numbers, first_row), slots, seed))
        del slots
        first_row = first_row[:distinct].copy()
        keys = np.empty(distinct, np.uint64)
        kernels.script_keys(*table, first_row, seed, keys)
        order = np.arange(distinct, dtype=np.int64)
        sorter.by_key(keys, order)
        known = np.full(distinct, UNKNOWN, np.int64)
        if self.record.script_runs:
            columns = {
                name: map_column(self.chain_dir, BY_NAME[name], base)
                for name in ("script_kind", "script_payload_start", "payload")
            }
            held = tuple(columns.values())
            held = (held[0], held[1], held[2] if len(held[2]) else np.zeros(1, np.uint8))
            asked = first_row[order]
            for run in runs.open_runs(self.chain_dir, self.record.script_runs):
                kernels.find_scripts(
                    run.key, run.row, held, base.scripts, keys, asked, table, known
                )
        is_new = np.empty(distinct, np.bool_)
        is_new[order] = known < 0
        number_of = np.empty(distinct, np.int64)
        number_of[order] = known
        new = np.flatnonzero(is_new)  # ascending by first appearance
        number_of[new] = base.scripts + np.arange(len(new))
        fresh_rows = first_row[new]
        lengths = np.diff(rows.output_payload_start)[fresh_rows]
        start = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        payload = np.empty(int(start[-1]), np.uint8)
        kernels.copy_payloads(rows.output_payload_start, pool, fresh_rows, start, payload)
        fresh = is_new[order]
        run = runs.Run(keys[fresh], np.empty(0, np.uint64), number_of[order[fresh]])
        return _Scripts(
            of_output=number_of[numbers],
            first_row=fresh_rows,
            kind=rows.output_script[fresh_rows],
            payload_start=start,
            payload=payload,
            run=run,
        )

    # --- writing ----------------------------------------------------------------------------------

    def _write_parsed(self, writer: Writer, piece: Piece) -> None:
        rows, base = piece.columns, self.record.rows
        for name in FROM_PARSER:
            writer.add(name, getattr(rows, name))
        writer.add("tx_block", rows.tx_block.astype(np.int64) + base.blocks)
        place = rows.tx_offset.astype(np.int64) - piece.buffer_start[rows.tx_block]
        writer.add("tx_place", place)
        writer.add("block_tx_start", rows.block_tx_start[1:] + base.transactions)
        writer.add("tx_input_start", rows.tx_input_start[1:] + base.inputs)
        writer.add("tx_output_start", rows.tx_output_start[1:] + base.outputs)

    def _write_scripts(self, writer: Writer, scripts: _Scripts) -> None:
        writer.add("output_script_id", scripts.of_output)
        writer.add("script_kind", scripts.kind)
        writer.add("script_payload_start", scripts.payload_start[1:] + self.record.rows.payload)
        writer.add("payload", scripts.payload)

    def _write_spends(
        self, writer: Writer, rows: Columns, resolved: _Resolved, scripts: _Scripts
    ) -> _Pending:
        base, source, sorter = self.record.rows, resolved.source, runs.Sorter()
        spender = np.full(rows.output_count, NO_SPEND_SEEN, np.int64)
        twice = int(kernels.spend_new(source, base.outputs, base.inputs, spender))
        if twice >= 0:
            self._refuse_twice(rows, twice)
        old_input = np.flatnonzero((source >= 0) & (source < base.outputs))
        old_output = source[old_input]
        number = old_input + base.inputs
        sorter.by_number(old_output, number)
        same = np.flatnonzero(old_output[1:] == old_output[:-1])
        if len(same):
            self._refuse_twice(rows, int(number[same[0] + 1]) - base.inputs)
        writer.add("input_source", source)
        writer.add("unknown_input", resolved.unknown + base.inputs)
        writer.add("unknown_prev_id", rows.input_prev_id[resolved.unknown])
        writer.add("unknown_prev_index", rows.input_prev_index[resolved.unknown])
        writer.add("output_spender", spender)
        touched, last, before = self._links(scripts.of_output)
        writer.add("output_before", before)
        is_old = touched < base.scripts
        writer.add("script_last", last[~is_old])
        return _Pending(old_output, number, touched[is_old], last[is_old])

    def _links(self, of_output: Array) -> tuple[Array, Array, Array]:
        """Chain the outputs of each script; gives scripts, their last outputs, and the links."""
        base = self.record.rows
        touched, local = np.unique(of_output, return_inverse=True)
        last = np.full(len(touched), -1, np.int64)
        known = touched < base.scripts
        column = map_column(self.chain_dir, BY_NAME["script_last"], base)
        last[known] = column[touched[known]]
        before = np.empty(len(of_output), np.int64)
        kernels.link_outputs(np.asarray(local, np.int64), base.outputs, 0, last, before)
        return touched, last, before

    def _apply(self, pending: _Pending) -> None:
        """Write spends and last outputs of what was there before, in place."""
        base, chain_dir = self.record.rows, self.chain_dir
        if not len(pending.outputs) and not len(pending.scripts):
            return
        last = map_column(chain_dir, BY_NAME["script_last"], base, to_write=True)
        Pending(pending.outputs, pending.scripts, last[pending.scripts]).save(chain_dir)
        last[pending.scripts] = pending.last
        flush(last)
        spender = map_column(chain_dir, BY_NAME["output_spender"], base, to_write=True)
        twice = int(kernels.spend_old(pending.outputs, pending.inputs, base.inputs, spender))
        flush(spender)
        if twice >= 0:
            raise SpentTwice(outpoint=self._outpoint(int(pending.outputs[twice])))

    def _outpoint(self, output: int) -> str:
        base = self.record.rows
        starts = map_column(self.chain_dir, BY_NAME["tx_output_start"], base)
        tx = int(np.searchsorted(starts, output, side="right")) - 1
        ids = map_column(self.chain_dir, BY_NAME["tx_id"], base)
        return f"{_shown(ids[tx])}:{output - int(starts[tx])}"

    def _refuse_twice(self, rows: Columns, number: int) -> None:
        raise SpentTwice(
            outpoint=f"{_shown(rows.input_prev_id[number])}:{int(rows.input_prev_index[number])}"
        )


@dataclass(frozen=True, slots=True)
class _Resolved:
    source: Array
    """int64 `[inputs]`."""
    unknown: Array
    """int64: inputs without a source."""
    run: runs.Run


@dataclass(frozen=True, slots=True)
class _Scripts:
    of_output: Array
    """int64 `[outputs]`: number of each output's script in the store."""
    first_row: Array
    """int64: first output, in the piece, of each script that is new."""
    kind: Array
    payload_start: Array
    """int64 `[new + 1]`, from 0."""
    payload: Array
    run: runs.Run


@dataclass(frozen=True, slots=True)
class _Pending:
    outputs: Array
    inputs: Array
    scripts: Array
    last: Array


def keys_of(ids: Array, seed: int) -> tuple[Array, Array]:
    """Give the two keys of ids uint8 `[n, 32]`: uint64 `[n]` each."""
    high, low = np.empty(len(ids), np.uint64), np.empty(len(ids), np.uint64)
    kernels.id_keys(np.ascontiguousarray(ids).reshape(-1), np.uint64(seed), high, low)
    return high, low


def join_rows(
    held: tuple[Array, Array], asked: tuple[Array, Array], before: Array, answer: Array
) -> None:
    """Find held rows by their two keys: see `kernels.join`."""
    parts = []
    for high, low in (held, asked):
        begin, ends = np.empty(kernels.FIRST + 1, np.int64), np.empty(kernels.FIRST + 1, np.int64)
        part = np.empty_like(high), np.empty_like(low), np.empty(len(high), np.int32)
        kernels.scatter_keys(high, low, begin, ends, *part)
        parts.append((*part, begin))
    most = int(np.diff(parts[0][3]).max(initial=0))
    slots = np.empty(1 << max(4, (2 * most).bit_length()), np.int32)
    kernels.join(parts[0], parts[1], before, slots, answer)


def _shown(internal: Array) -> str:
    return bytes(internal)[::-1].hex()

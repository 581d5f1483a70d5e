"""Adding parsed blocks to a store: sources of inputs, numbers of scripts, spends.

Pieces of the chain come from `feed`, in the order of their heights; what the parser gave of them
is written at once. A *step* is as many pieces as memory holds the rest of: ids, outpoints, scripts.
Within a step inputs find their sources by a join in memory; what lies before it is found by
`look_back`, which reads less again the fewer steps there are.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import NO_OUTPUT, Columns, joined
from kancil.bitcoin.holdings.amounts import AmountState, allowed_at, judged
from kancil.bitcoin.holdings.graph import COINBASE, NO_SPEND_SEEN, UNKNOWN
from kancil.bitcoin.holdings.store_layout import BY_NAME, MOST_SCRIPTS, Rows
from kancil.bitcoin.holdings.store_record import Range, RunFile, StoreRecord
from kancil.bitcoin.network import Network
from kancil.ground.phrase import Phrase

from . import kernels, runs
from .errors import AmountsNotPossible, SpendNotResolved, SpentTwice, StoreFull
from .files import Pending, Writer, flush, map_column
from .look_back import LookBack, Spends
from .unspent import Added

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


_MOST_ROWS = 2**31 - 1
"""Rows of a table in one step: the join in memory numbers them with 32 bits."""
_INPUT_BYTES, _TRANSACTION_BYTES, _OUTPUT_BYTES, _PAYLOAD_BYTES = 148, 91, 108, 2
"""Memory that a row of a step takes until the step is done: what is kept of it, and tables, keys
and orders for sorting. Counted from the arrays below; `make bench ONLY=store-10m` measures it."""


def step_bytes_of(rows: Rows, payload_bytes: int) -> int:
    """How much memory a step of so many rows takes; `payload_bytes`: of all its outputs."""
    return (
        _INPUT_BYTES * rows.inputs
        + _TRANSACTION_BYTES * rows.transactions
        + _OUTPUT_BYTES * rows.outputs
        + _PAYLOAD_BYTES * payload_bytes
    )


def _rows_of(piece: Piece) -> Rows:
    rows = piece.columns
    return Rows(
        blocks=rows.block_count,
        transactions=rows.tx_count,
        inputs=rows.input_count,
        outputs=rows.output_count,
    )


class Grower:
    """Grows one store, step by step. The caller holds the chain and keeps the record."""

    def __init__(
        self,
        chain_dir: Path,
        record: StoreRecord,
        network: Network,
        threads: int = 1,
        expected: Rows | None = None,
    ) -> None:
        """Begin after the rows that the record counts; `expected`: see `LookBack`."""
        self.chain_dir = chain_dir
        self.network = network
        self.record = record
        self._step: _Step | None = None
        self._pool = ThreadPoolExecutor(3)
        """Kernels, digests and writing let go of the interpreter: what does not wait for one
        another is done side by side. No answer and no byte depends on it."""
        self._before = LookBack(chain_dir, self._pool, threads, expected)

    @property
    def has_taken(self) -> bool:
        """Whether a step is at hand."""
        return self._step is not None

    def has_room(self, piece: Piece, memory_bytes: int) -> bool:
        """Whether a piece can be taken into the step at hand; into a new one it always can."""
        if self._step is None:
            return True
        rows = self._step.taken.plus(_rows_of(piece))
        payload = self._step.payload_bytes + len(piece.columns.payload)
        most = max(rows.inputs, rows.outputs, rows.transactions)
        return step_bytes_of(rows, payload) <= memory_bytes and most < _MOST_ROWS

    def close(self) -> None:
        """Let its threads go, and nothing that waits for one be begun."""
        self._before.close()
        self._pool.shutdown(cancel_futures=True)

    def take(self, piece: Piece) -> None:
        """Take one more piece into the step. Raises DiskFull, ChainBroken: nothing then counts."""
        if self._step is None:
            self._before.begin_step()
            self._step = _Step(Writer(self.chain_dir, self.record.rows))
        step, rows = self._step, piece.columns
        self._write_parsed(step.writer, piece, self.record.rows.plus(step.taken))
        step.parts.append(_Needles.of(rows))
        step.payload_bytes += len(rows.payload)
        step.taken = step.taken.plus(_rows_of(piece))

    def finish_step(self, *, goes_on: bool = True) -> StoreRecord:
        """Add what was taken; what it gives is to be written as the record.

        `goes_on`: another step may follow. Raises SpendNotResolved, SpentTwice, StoreFull,
        AmountsNotPossible, DiskFull, ChainBroken: nothing then counts.
        """
        step, self._step = self._step, None
        if step is None:
            return self.record
        with ExitStack() as undone:
            undone.callback(self._before.forget)
            record = self._finish(step, goes_on)
            undone.pop_all()
        return record

    def _finish(self, step: _Step, goes_on: bool) -> StoreRecord:
        base = self.record.rows
        writer, rows = step.writer, _Needles.joined(step.parts)
        numbered = self._pool.submit(self._scripts, rows)
        try:
            resolved = self._sources(rows)
        finally:
            wait((numbered,))
        scripts = numbered.result()
        if base.scripts + len(scripts.first_row) > MOST_SCRIPTS:
            raise StoreFull(path=str(self.chain_dir))
        added = replace(
            step.taken,
            scripts=len(scripts.first_row),
            payload=int(scripts.payload_start[-1]),
            unknown=len(resolved.unknown),
        )
        total = base.plus(added)
        waiting: list[Future[tuple[RunFile, ...]]] = [
            self._pool.submit(self._runs, self.record.id_runs, resolved.run, total.transactions),
            self._pool.submit(self._runs, self.record.script_runs, scripts.run, total.scripts),
        ]
        try:
            self._write_scripts(writer, scripts)
            pending = self._write_spends(writer, rows, resolved, scripts, goes_on)
            checks = writer.finish()
        finally:
            wait(waiting)
        self._apply(pending)
        self.record = replace(
            self.record,
            rows=total,
            ranges=(*self.record.ranges, Range(self.record.next_height, added, checks)),
            id_runs=waiting[0].result(),
            script_runs=waiting[1].result(),
        )
        return self.record

    def _runs(self, files: tuple[RunFile, ...], run: runs.Run, limit: int) -> tuple[RunFile, ...]:
        return runs.joined(self.chain_dir, (*files, runs.write_run(self.chain_dir, run)), limit)

    # --- where inputs come from -------------------------------------------------------------------

    def _sources(self, rows: _Needles) -> _Resolved:
        source = np.full(rows.input_count, UNKNOWN, np.int64)
        new = np.flatnonzero(rows.input_prev_index == NO_OUTPUT)
        new = new[~rows.input_prev_id[new].any(axis=1)]
        source[new] = COINBASE
        spends = Spends(_flat(rows.input_prev_id), rows.input_prev_index, source)
        self._before.find_sources(self.record, *self._not_within(rows, spends), spends)
        base, seed = self.record.rows, self.record.seed
        run = runs.id_run(rows.tx_id, base.transactions, seed, runs.Sorter())
        unknown = np.flatnonzero(source == UNKNOWN)
        if len(unknown) and self.record.is_whole:
            number = int(unknown[0])
            tx = int(np.searchsorted(rows.tx_input_start, number, side="right")) - 1
            raise SpendNotResolved(
                outpoint=rows.outpoint(number),
                txid=_shown(rows.tx_id[tx]),
                height=self.record.next_height + int(rows.tx_block[tx]),
            )
        return _Resolved(source, unknown, run)

    def _not_within(self, rows: _Needles, spends: Spends) -> tuple[Array, tuple[Array, Array]]:
        """Find the sources that the step holds; gives the inputs that are left, and their keys."""
        seed, base = self.record.seed, self.record.rows.outputs
        own_tx = np.repeat(np.arange(rows.tx_count, dtype=np.int64), np.diff(rows.tx_input_start))
        high, low = keys_of(rows.input_prev_id, seed)
        found = np.full(rows.input_count, UNKNOWN, np.int64)
        join_rows(keys_of(rows.tx_id, seed), (high, low), own_tx, found)
        here = np.flatnonzero(found >= 0)
        spends.take(found[here], here, rows.tx_id, rows.tx_output_start, base)
        for number in here[spends.others(found[here], here, rows.tx_id)].tolist():
            earlier = rows.tx_id[: own_tx[number]]
            last = np.flatnonzero((earlier == spends.id_of(number)).all(axis=1))[-1:]
            found[number] = last[0] if len(last) else UNKNOWN
            numbers = np.full(len(last), number)
            spends.take(last, numbers, rows.tx_id, rows.tx_output_start, base)
        left = np.flatnonzero((found < 0) & (spends.source == UNKNOWN))
        return left, (high[left], low[left])

    # --- scripts ----------------------------------------------------------------------------------

    def _scripts(self, rows: _Needles) -> _Scripts:
        base, seed, sorter = self.record.rows, np.uint64(self.record.seed), runs.Sorter()
        count = rows.output_count
        pool = rows.payload if len(rows.payload) else np.zeros(1, np.uint8)
        table = (rows.output_script, rows.output_payload_start, pool)
        keys, order = np.empty(count, np.uint64), np.arange(count, dtype=np.int64)
        self._before.in_parts(
            count, lambda part: kernels.script_keys(*table, order[part], seed, keys[part])
        )
        sorter.by_key(keys, order)
        numbers, first_row = np.empty(count, np.int64), np.empty(count, np.int64)
        distinct = int(kernels.number_all(table, keys, order, (numbers, first_row)))
        first_row = first_row[:distinct].copy()
        keys, order = keys[:distinct].copy(), order[:distinct].copy()
        known = np.full(distinct, UNKNOWN, np.int64)
        self._before.find_scripts(self.record, keys, first_row[order], table, known)
        number_of = np.empty(distinct, np.int64)
        new = int(kernels.number_new(known, order, base.scripts, number_of, first_row))
        kernels.keep_new(known, keys, order, number_of)
        del known
        run = runs.Run(keys[:new], np.empty(0, np.uint64), order[:new])
        self._before.add_scripts(run.key)
        fresh_rows = first_row[:new]
        start = np.empty(new + 1, np.int64)
        kernels.payload_starts(rows.output_payload_start, fresh_rows, start)
        payload = np.empty(int(start[-1]), np.uint8)
        kernels.copy_payloads(rows.output_payload_start, pool, fresh_rows, start, payload)
        return _Scripts(
            number=number_of,
            of_output=numbers,
            first_row=fresh_rows,
            kind=rows.output_script[fresh_rows],
            payload_start=start,
            payload=payload,
            run=run,
        )

    # --- writing ----------------------------------------------------------------------------------

    def _write_parsed(self, writer: Writer, piece: Piece, before: Rows) -> None:
        """Write what is kept as the parser gives it; `before`: rows that stand there already."""
        rows = piece.columns
        columns = {name: getattr(rows, name) for name in FROM_PARSER} | {
            "tx_block": rows.tx_block.astype(np.int64) + before.blocks,
            "tx_place": rows.tx_offset.astype(np.int64) - piece.buffer_start[rows.tx_block],
            "block_tx_start": rows.block_tx_start[1:] + before.transactions,
            "tx_input_start": rows.tx_input_start[1:] + before.inputs,
            "tx_output_start": rows.tx_output_start[1:] + before.outputs,
        }
        written = [self._pool.submit(writer.add, name, columns[name]) for name in columns]
        wait(written)  # all of them, also where one failed: no write may come later
        for each in written:
            each.result()

    def _write_scripts(self, writer: Writer, scripts: _Scripts) -> None:
        writer.add("output_script_id", scripts.number[scripts.of_output])
        writer.add("script_kind", scripts.kind)
        writer.add("script_payload_start", scripts.payload_start[1:] + self.record.rows.payload)
        writer.add("payload", scripts.payload)

    def _write_spends(
        self,
        writer: Writer,
        rows: _Needles,
        resolved: _Resolved,
        scripts: _Scripts,
        goes_on: bool,
    ) -> _Pending:
        base, source, sorter = self.record.rows, resolved.source, runs.Sorter()
        spender = np.full(rows.output_count, NO_SPEND_SEEN, np.int64)
        twice = int(kernels.spend_new(source, base.outputs, base.inputs, spender))
        if twice >= 0:
            raise SpentTwice(outpoint=rows.outpoint(twice))
        old_input = np.flatnonzero((source >= 0) & (source < base.outputs))
        old_output = source[old_input]
        number = old_input + base.inputs
        sorter.by_number(old_output, number)
        same = np.flatnonzero(old_output[1:] == old_output[:-1])
        if len(same):
            raise SpentTwice(outpoint=rows.outpoint(int(number[same[0] + 1]) - base.inputs))
        self._check_amounts(rows, source, old_output, number)
        writer.add("input_source", source)
        writer.add("unknown_input", resolved.unknown + base.inputs)
        writer.add("unknown_prev_id", rows.input_prev_id[resolved.unknown])
        writer.add("unknown_prev_index", rows.input_prev_index[resolved.unknown])
        writer.add("output_spender", spender)
        if goes_on:
            ids, starts = _flat(rows.tx_id), rows.tx_output_start
            bases = base.transactions, base.outputs
            self._before.remember(
                Added(resolved.run, ids, starts, rows.output_script, spender, bases)
            )
        last, before = self._links(scripts)
        writer.add("output_before", before)
        is_old = scripts.number < base.scripts
        writer.add("script_last", last[~is_old])
        old, last = scripts.number[is_old], last[is_old]
        sorter.by_number(old, last)
        return _Pending(old_output, number, old, last)

    def _check_amounts(
        self, rows: _Needles, source: Array, old_output: Array, old_input: Array
    ) -> None:
        """Refuse a step in which a transaction pays out what it cannot have.

        `old_output`: int64, outputs of steps before, ascending; `old_input`: the inputs that spend
        them. Raises AmountsNotPossible.
        """
        base = self.record.rows
        values = np.full(rows.input_count, UNKNOWN, np.int64)
        new = np.flatnonzero(source >= base.outputs)
        values[new] = rows.output_value[source[new] - base.outputs]
        if len(old_output):
            held = map_column(self.chain_dir, BY_NAME["output_value"], base)
            values[old_input - base.inputs] = held[old_output]
        heights = self.record.next_height + np.arange(rows.block_count)
        if not self.record.is_whole:  # a window's first height is a coinbase's word
            heights[heights < self.network.bip34_height] = -1
        starts = np.searchsorted(rows.tx_block, np.arange(rows.block_count + 1))
        verdict = judged(rows, starts, values, allowed_at(heights, self.network))
        wrong = np.flatnonzero(verdict >= AmountState.OVERSPENT)[:1]
        for tx in wrong.tolist():
            raise AmountsNotPossible(
                txid=_shown(rows.tx_id[tx]),
                height=self.record.next_height + int(rows.tx_block[tx]),
                reason=Phrase(f"why.amounts-{AmountState(int(verdict[tx])).name.lower()}"),
            )

    def _links(self, scripts: _Scripts) -> tuple[Array, Array]:
        """Chain the outputs of each script; gives the last output of each, and the links."""
        base = self.record.rows
        last = np.full(len(scripts.number), -1, np.int64)
        known = np.flatnonzero(scripts.number < base.scripts)
        column = map_column(self.chain_dir, BY_NAME["script_last"], base)
        last[known] = column[scripts.number[known]]
        before = np.empty(len(scripts.of_output), np.int64)
        kernels.link_outputs(scripts.of_output, base.outputs, 0, last, before)
        return last, before

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


@dataclass(slots=True)
class _Needles:
    """What a step keeps of its rows until it is done, as in `Columns`."""

    tx_id: Array
    tx_block: Array
    tx_input_start: Array
    tx_output_start: Array
    input_prev_id: Array
    input_prev_index: Array
    output_value: Array
    output_script: Array
    output_payload_start: Array
    payload: Array

    @classmethod
    def of(cls, rows: Columns) -> _Needles:
        """Take them from a piece, and nothing that only lies beside them in memory."""
        every = (getattr(rows, each.name) for each in fields(cls))
        return cls(*(one if one.base is None else one.copy() for one in every))

    @classmethod
    def joined(cls, parts: list[_Needles]) -> _Needles:
        """Put pieces one below the other, and empty them; starts and numbers of blocks go on."""
        if len(parts) == 1:
            return parts[0]
        arrays: dict[str, Array] = {}
        for each in fields(cls):
            arrays |= joined([each.name], parts)
            for part in parts:
                setattr(part, each.name, arrays[each.name][:0])
        return cls(**arrays)

    @property
    def block_count(self) -> int:
        """Number of blocks: each has a transaction."""
        return int(self.tx_block[-1]) + 1

    def outpoint(self, number: int) -> str:
        """Show what an input spends, as people see it."""
        return f"{_shown(self.input_prev_id[number])}:{int(self.input_prev_index[number])}"

    @property
    def tx_count(self) -> int:
        """Number of transactions."""
        return len(self.tx_id)

    @property
    def input_count(self) -> int:
        """Number of inputs."""
        return len(self.input_prev_id)

    @property
    def output_count(self) -> int:
        """Number of outputs."""
        return len(self.output_script)


@dataclass(slots=True)
class _Step:
    """Pieces taken, of which nothing counts yet."""

    writer: Writer
    taken: Rows = field(default_factory=Rows)
    parts: list[_Needles] = field(default_factory=list)
    payload_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Resolved:
    source: Array
    """int64 `[inputs]`."""
    unknown: Array
    """int64: inputs without a source."""
    run: runs.Run


@dataclass(frozen=True, slots=True)
class _Scripts:
    number: Array
    """int64: number in the store of each script of the step, by first appearance in it."""
    of_output: Array
    """int64 `[outputs]`: place in `number` of each output's script."""
    first_row: Array
    """int64: first output, in the step, of each script that is new."""
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


def _flat(ids: Array) -> Array:
    """Ids uint8 `[n, 32]` as one row of bytes."""
    return np.ascontiguousarray(ids).reshape(-1)


def keys_of(ids: Array, seed: int) -> tuple[Array, Array]:
    """The two keys of ids uint8 `[n, 32]`: uint64 `[n]` each."""
    high, low = np.empty(len(ids), np.uint64), np.empty(len(ids), np.uint64)
    kernels.id_keys(_flat(ids), np.uint64(seed), high, low)
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

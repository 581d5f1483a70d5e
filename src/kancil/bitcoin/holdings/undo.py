"""Undo records given to the blocks they belong to: values of inputs whose sources are not held.

A record names no block. It belongs to the one whose previous block's hash makes its checksum right
and whose inputs are as many, transaction by transaction; where it stands in the file only says
which block to try first. Files come from `chain.ingest_child`, records from `undo`; the rows go to
`build`. What is taken over is *stated*: nothing in a block commits to it, and the checksum
only shows that the record is whole and was made for a block after this previous one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.compressed import open_plain
from kancil.bitcoin.blocks.undo import (
    CHECKSUM_BYTES,
    Coin,
    NoUndo,
    checksum,
    find_records,
    plain,
    read_undo,
    transaction_count,
)
from kancil.bitcoin.network import Network
from kancil.ground.skipped import Skipped

from .graph import UNKNOWN
from .sources import Source
from .spent import Arrays, Matcher, SpentMatch, SpentOutputs, join_spent, rows_of


@dataclass(slots=True)
class UndoCounts:
    """What was done with the records of all files."""

    records: int = 0
    stated: int = 0
    """Blocks that took values over."""
    values: int = 0
    """Inputs of theirs whose source is not held."""
    held: int = 0
    """Blocks all of whose sources are held, so that nothing was to be taken."""
    again: int = 0
    """Blocks of which values were stated before."""


@dataclass(slots=True)
class _File:
    """One file while it is read."""

    source: Source
    number: int
    strange: int = 0
    """Records that belong to no block held."""
    first_strange: int = -1
    unreadable: int = 0
    """Records whose bytes are none."""
    first_unreadable: int = -1
    """Where reading the first of them stopped."""

    def cannot_read(self, offset: int) -> None:
        """Count a record that is none."""
        self.unreadable += 1
        if self.first_unreadable < 0:
            self.first_unreadable = offset


@dataclass(slots=True)
class UndoTaker:
    """Gives the records of undo files to blocks."""

    matcher: Matcher
    spent: Arrays
    """Arrays of what is stated so far."""
    counts: UndoCounts = field(default_factory=UndoCounts)
    skipped: list[Skipped] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)
    _taken: list[Arrays] = field(default_factory=list)
    _by_count: NDArray[np.int64] = field(init=False)
    """Blocks by number of transactions, then height."""
    _counts: NDArray[np.int64] = field(init=False)
    """Transactions of each of `_by_count`, the coinbase left out; ascending."""
    _wanting: NDArray[np.bool_] = field(init=False)
    """Whether a block has an input whose source is not held."""
    _last: int = -1
    """Block of the record before."""

    def __post_init__(self) -> None:
        """Sort the blocks by what a record tells of its own."""
        rows, graph = self.matcher.rows, self.matcher.graph
        counts = np.diff(rows.block_tx_start) - 1
        self._by_count = np.lexsort((self.matcher.heights, counts))
        self._counts = counts[self._by_count]
        self._known = {raw.tobytes() for raw in self.spent["spent_hash"]}
        starts = rows.tx_input_start[rows.block_tx_start]
        unknown = graph.input_source[: int(starts[-1])] == UNKNOWN
        self._wanting = np.logical_or.reduceat(unknown, starts[:-1]) if len(counts) else unknown

    def take(self, source: Source, number: int, network: Network) -> None:
        """Read a file's records and keep what they state of blocks that want it."""
        try:
            data = open_plain(Path(source.path), source.sha256)
        except OSError:
            self.skipped.append(Skipped("source-unreadable", source.path))
            return
        file = _File(source, number)
        key = bytes.fromhex(source.xor_key)
        records, gaps = find_records(data, network.magic, key)
        for gap in gaps:
            self._skip(file, f"undo-{gap.reason}", gap.offset, size_bytes=gap.size_bytes)
        self._last = -1
        for offset, size in records:
            whole = plain(data, key, offset, size + CHECKSUM_BYTES)
            self._take_record(file, offset, whole[:size], whole[size:])
        self.counts.records += len(records)
        if file.unreadable:
            first, count = file.first_unreadable, file.unreadable
            self._skip(file, "undo-unreadable", first, count=count, records=len(records))
        if file.strange:
            first, count = file.first_strange, file.strange
            self._skip(file, "undo-no-block", first, count=count, records=len(records))

    def finish(self) -> Arrays:
        """The arrays of all that is stated now."""
        return join_spent(self.spent, self._taken)

    def _skip(self, file: _File, code: str, offset: int, **params: int) -> None:
        named: dict[str, str | int] = dict(params)
        self.skipped.append(Skipped(code, f"{file.source.path}, byte {offset}", named))

    # --- one record ---------------------------------------------------------------------------

    def _take_record(self, file: _File, offset: int, raw: bytes, stated: bytes) -> None:
        blocks = self._blocks_of(raw, stated)
        if not blocks:
            try:
                read_undo(raw)
            except NoUndo as error:
                file.cannot_read(offset + error.offset)
                return
            file.strange += 1
            if file.first_strange < 0:
                file.first_strange = offset
            return
        self._last = blocks[0]
        self._give(file, offset, raw, blocks)

    def _give(self, file: _File, offset: int, raw: bytes, blocks: list[int]) -> None:
        """A record to the blocks that follow its previous block."""
        if not any(self._wanting[block] for block in blocks):
            self.counts.held += 1
            return
        try:
            coins = read_undo(raw)
        except NoUndo as error:
            file.cannot_read(offset + error.offset)
            return
        fitting = [block for block in blocks if self._fits(block, coins)]
        if not fitting:
            self._skip(file, "undo-inputs-differ", offset)
            return
        outputs = _as_outputs(coins)
        shown = {block: self.matcher.compare(block, outputs) for block in fitting}
        agreed = [block for block in fitting if not isinstance(shown[block], str)]
        if not agreed:
            self._skip(file, f"undo-{shown[fitting[0]]}", offset)
            return
        if not self._same_inputs(agreed):
            self._skip(file, "undo-ambiguous", offset, count=len(agreed))
            return
        for block in agreed:
            self._keep(SpentMatch(block, outputs, int(shown[block])), file.number)

    def _keep(self, match: SpentMatch, number: int) -> None:
        block_hash = self.matcher.rows.block_hash[match.block]
        digest = block_hash.tobytes()
        if digest in self._known:
            self.counts.again += 1
            return
        if not self._wanting[match.block]:
            self.counts.held += 1
            return
        self._known.add(digest)
        self._taken.append(rows_of(match, block_hash, number))
        self.counts.stated += 1
        sources = self.matcher.graph.input_source[self.matcher.inputs_of(match.block)]
        self.counts.values += int((sources == UNKNOWN).sum())

    def _blocks_of(self, raw: bytes, stated: bytes) -> list[int]:
        """The blocks held whose previous block makes the checksum right.

        Blocks with as many transactions are tried, those behind the last one found first: records
        mostly stand in the order of heights.
        """
        rows = self.matcher.rows
        count = transaction_count(raw)
        low, high = np.searchsorted(self._counts, (count, count + 1))
        blocks = self._by_count[low:high]
        height = self.matcher.heights[self._last] if self._last >= 0 else -1
        turn = int(np.searchsorted(self.matcher.heights[blocks], height, "right"))
        for part in (blocks[turn:], blocks[:turn]):
            for block in part:
                previous = rows.block_prev[block]
                if checksum(previous.tobytes(), raw) == stated:
                    same = (rows.block_prev[blocks] == previous).all(axis=1)
                    found: list[int] = blocks[same].tolist()
                    return found
        return []

    def _fits(self, block: int, coins: Sequence[Sequence[Coin]]) -> bool:
        """Whether each transaction of a block has as many inputs as the record has coins."""
        rows = self.matcher.rows
        first, last = int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])
        inputs = np.diff(rows.tx_input_start[first + 1 : last + 1])
        return bool(inputs.tolist() == [len(each) for each in coins])

    def _same_inputs(self, blocks: list[int]) -> bool:
        """Whether blocks spend the same outputs in the same order."""
        rows = self.matcher.rows
        first, *others = (self.matcher.inputs_of(block) for block in blocks)
        return all(
            np.array_equal(rows.input_prev_id[first], rows.input_prev_id[other])
            and np.array_equal(rows.input_prev_index[first], rows.input_prev_index[other])
            for other in others
        )


def _as_outputs(block: Sequence[Sequence[Coin]]) -> SpentOutputs:
    coins = [coin for inputs in block for coin in inputs]
    return SpentOutputs(
        np.array([coin.value_sat for coin in coins], np.int64),
        tuple(coin.kind for coin in coins),
        tuple(coin.payload for coin in coins),
    )


__all__ = ["UndoCounts", "UndoTaker"]

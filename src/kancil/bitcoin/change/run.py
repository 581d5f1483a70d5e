"""Change heuristics over a whole chain: which output each transaction of a range gives back.

    change_of(chain, first_tx, last_tx, OPTIMAL_CHANGE)  ->  int64 [last_tx - first_tx]

From a chain's columns and graph, mapped as they lie; for clusters with change, peel chains and
`kancil.bitcoin.evaluation.change`. Answers are those of the member's `judge`, one transaction at a
time (`kancil.bitcoin.change.seen`), by compiled kernels.

A caller that has found the CoinJoins hands them in; nothing here looks for any. Without them the
answers hold for transactions of one payer alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kancil.bitcoin.blocks.columns import LOOSE, Array, Columns
from kancil.bitcoin.chain.address_ids import readable
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import number_addresses, stated_inputs

from .codes import NONE, NOT_ASKED, UNKNOWN, WAIT_BLOCKS

if TYPE_CHECKING:
    from .kernels import Ground, History

_CHUNK = 1 << 20
"""Transactions between two looks at the progress."""


class Swept(Protocol):
    """A member that can be swept over a chain."""

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Fill the answers for these rows."""


class Sweep:
    """One chain made ready to be swept by several members."""

    def __init__(
        self, chain: Chain, excluded: Array | None = None, of_row: Array | None = None
    ) -> None:
        """Take a chain.

        `excluded`: bool or uint8 `[transactions]`, CoinJoins; None if nobody looked for any.
        `of_row`: address ids as `Clusters.of_row` has them, to spare numbering them anew for
        one-time change; the other members do not need them.
        """
        self.chain = chain
        self._excluded = (
            np.zeros(0, np.uint8) if excluded is None else np.asarray(excluded).astype(np.uint8)
        )
        self._of_row = of_row
        self._part: tuple[int, int] | None = None
        """Rows of which the answers below are kept, while several members are asked."""
        self._answers: dict[int, Array] = {}

    @cached_property
    def ground(self) -> Ground:
        """What every member reads."""
        from .kernels import Ground  # Numba is slow to import

        rows, graph, arrays = self.chain.columns, self.chain.graph, self.chain.arrays
        inputs, places = stated_inputs(self.chain)
        places = places - rows.output_count
        starts = arrays["x.spent_payload_start"]
        # A whole chain works out ranks and values; kernels need them as they are.
        ranks, values = np.asarray(graph.tx_rank), np.asarray(graph.input_value)
        script_start, script_pool = rows.names_of_scripts()
        return Ground(
            tx_in=graph.tx_input_start, tx_out=graph.tx_output_start, tx_rank=ranks,
            tx_version=rows.tx_version, tx_locktime=rows.tx_locktime, tx_segwit=rows.tx_segwit,
            in_source=graph.input_source, in_value=values,
            in_sequence=rows.input_sequence, out_value=graph.output_value,
            out_kind=rows.output_script, out_spender=np.asarray(graph.output_spender),
            out_start=script_start, pool=readable(script_pool),
            stated_in=inputs, stated_kind=arrays["x.spent_script"][places],
            stated_start=starts[places], stated_stop=starts[places + 1],
            stated_pool=readable(arrays["x.spent_payload"]), excluded=self._excluded,
        )  # fmt: skip

    @cached_property
    def history(self) -> History:
        """What one-time change reads besides: 16 bytes an address in memory, and address ids."""
        from . import kernels

        rows, graph = self.chain.columns, self.chain.graph
        of_row = self._of_row
        if of_row is None:
            of_row = number_addresses(self.chain).of_row
        count = int(of_row.max(initial=-1)) + 1
        spans = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        kernels.paid_span(self.ground, of_row, *spans)
        _, places = stated_inputs(self.chain)
        is_whole, is_settled = held_around(rows, graph.tx_run, graph.tx_run_after, graph.tx_rank)
        return kernels.History(
            address=of_row, stated_address=of_row[places], first_rank=spans[0],
            last_rank=spans[1], tx_block=rows.tx_block, is_whole=is_whole, is_settled=is_settled,
        )  # fmt: skip

    def change_of(self, first_tx: int, last_tx: int, member: Swept) -> Array:
        """The output that a member names in each of these transactions; see the module."""
        if (first_tx, last_tx) == self._part:
            return self._answer_in_part(member)
        answer = np.empty(last_tx - first_tx, np.int64)
        for first in range(first_tx, last_tx, _CHUNK):
            last = min(first + _CHUNK, last_tx)
            member.sweep(self, first, last, answer[first - first_tx : last - first_tx])
        return answer

    def each_part(
        self, first_tx: int, last_tx: int, members: Sequence[Swept]
    ) -> Iterator[tuple[int, int, list[Array]]]:
        """Give, some transactions at a time, what each of several members names.

        Each member is swept once, also where combinations ask it: they take what it said. Gives
        first and last + 1 of the rows and, for each of `members`, int64 `[last + 1 - first]`.
        """
        for first in range(first_tx, last_tx, _CHUNK):
            last = min(first + _CHUNK, last_tx)
            self._part, self._answers = (first, last), {}
            try:
                found = [self._answer_in_part(member) for member in members]
            finally:
                self._part, self._answers = None, {}
            yield first, last, found

    def _answer_in_part(self, member: Swept) -> Array:
        first, last = self._part or (0, 0)
        if id(member) not in self._answers:
            answer = np.empty(last - first, np.int64)
            member.sweep(self, first, last, answer)
            self._answers[id(member)] = answer
        return self._answers[id(member)]


def change_of(
    chain: Chain, first_tx: int, last_tx: int, member: Swept, excluded: Array | None = None
) -> Array:
    """The row of the output that a member names as change in each transaction of a range.

    Answer int64 `[last_tx - first_tx]`: a row of the columns' outputs, or `NONE`, `UNKNOWN`,
    `NOT_ASKED`. `excluded`: see `Sweep`, which is to be kept where several members are asked.
    """
    return Sweep(chain, excluded).change_of(first_tx, last_tx, member)


def held_around(
    rows: Columns, tx_run: Array, tx_run_after: Array, tx_rank: Array
) -> tuple[Array, Array]:
    """Of each block whether all blocks before it are held, and enough after it.

    uint8 `[blocks + 1]` each; the last row, for transactions without a block, is 0. Blocks count
    that follow the first block of all by their hashes, without a gap
    (`kancil.bitcoin.holdings.graph`).
    """
    count = rows.block_count
    is_whole, is_settled = np.zeros(count + 1, np.uint8), np.zeros(count + 1, np.uint8)
    firsts = np.minimum(np.asarray(rows.block_tx_start[:-1]), max(0, rows.tx_count - 1))
    if not count:
        return is_whole, is_settled
    rank = np.where(np.diff(rows.block_tx_start) > 0, tx_rank[firsts], LOOSE)
    run = np.where(tx_run[firsts] == tx_run_after[firsts], tx_run[firsts], -1)
    genesis = np.flatnonzero((rank >= 0) & (run >= 0) & ~rows.block_prev.any(axis=1))
    if not len(genesis):
        return is_whole, is_settled
    held = np.flatnonzero((rank >= 0) & (run == run[genesis[0]]))
    held = held[np.argsort(rank[held])]
    is_whole[held] = 1
    is_settled[held[: max(0, len(held) - WAIT_BLOCKS)]] = 1
    return is_whole, is_settled


__all__ = ["NONE", "NOT_ASKED", "UNKNOWN", "WAIT_BLOCKS", "Sweep", "change_of", "held_around"]

"""Coins out of sight: how many traced satoshi can have left the blocks held and come back.

Forward, traced coins go out of sight where an output has no spend seen; they can come back into
an input of unknown source in a *later* run of blocks (inside a run nothing is missing), or into
anything that descends from one. Backward it is the same, read against time: asked coins go out
of sight at inputs of unknown source and may have come from outputs without a seen spend in an
*earlier* run. At no moment can more be out of sight than went out, nor more than was declared
less what is surely elsewhere. `docs/reference/policies.md` has the proof.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.graph import NO_SPEND_SEEN, UNKNOWN, Graph
from kancil.ground.units import MAX_MONEY_SAT

Array: TypeAlias = NDArray[Any]
NEVER = int(np.iinfo(np.int64).max)
MOST_ROOTS = 1000


class Pool:
    """The coins out of sight while a trace walks in rank order (backward: against it)."""

    def __init__(self, graph: Graph, *, backward: bool, conserves: bool) -> None:
        """Begin with none."""
        self.graph = graph
        self.backward = backward
        self.conserves = conserves
        self.declared_all = 0
        """Satoshi of all starts, also those still to come."""
        self.declared = 0
        """Satoshi of the starts met so far."""
        self.sure = 0
        """Lower bounds of what is surely in sight: to be followed, fees, left out, ended."""
        self.total = 0
        """Upper bounds of all that went out of sight."""
        self._closed = 0
        self._open = 0
        self._open_run = -1
        self._edge: int | None = None
        """Run in which the first coins went out of sight."""
        self._reach: Array | None = None
        self._seen: set[int] = set()
        self.is_loose = bool(has_loose(graph))
        """Some transactions stand in no run: their time is known only roughly."""
        self._earliest = 0

    def expect(self, declared: int, first_run: int) -> None:
        """What all starts declare, and the run of the first (backward: of the last)."""
        self.declared_all = declared
        self._earliest = first_run

    def leave(self, tx: int, upper: int) -> None:
        """Count coins that go out of sight at this transaction."""
        run = int(self.graph.tx_run_after[tx] if self.backward else self.graph.tx_run[tx])
        if self._edge is None:
            self._edge = run
        if run != self._open_run:
            self._closed += self._open
            self._open_run, self._open = run, 0
        self._open += upper
        self.total += upper

    def most(self, tx: int) -> int:
        """The most coins out of sight that can be in an arm of this transaction."""
        graph = self.graph
        run = int(graph.tx_run[tx])
        if self.is_loose and (self.backward or run != int(graph.tx_run_after[tx])):
            return self.declared_all if self.conserves else MAX_MONEY_SAT
        back = self._open_run > run if self.backward else self._open_run < run
        amount = self._closed + (self._open if back else 0)
        if not amount:
            return 0
        if not self.conserves:
            return MAX_MONEY_SAT
        return max(0, min(amount, self.declared - self.sure))

    def reaches(self, tx: int) -> bool:
        """Whether coins out of sight can be in this transaction, which the trace did not reach.

        Forward: it has an input of unknown source, or an ancestor has, later than coins went out
        of sight. Backward: it has an output without a seen spend, or a descendant has, earlier.
        """
        edge = self._threshold()
        if edge is None:
            return False
        reach = int(self._reached()[tx])
        return reach < edge if self.backward else reach > edge

    def _threshold(self) -> int | None:
        if self.is_loose:
            return NEVER if self.backward else self._earliest
        return self._edge

    def _reached(self) -> Array:
        if self._reach is None:
            self._reach = _earliest_unseen(self.graph) if self.backward else _latest(self.graph)
        return self._reach

    def roots(self, tx: int) -> list[int]:
        """List the unknown inputs (backward: outputs without a seen spend) that `reaches` means.

        Each is told once in a trace, and no more than `MOST_ROOTS` at a time.
        """
        found: list[int] = []
        stack = [tx]
        while stack and len(found) < MOST_ROOTS:
            here = stack.pop()
            if here in self._seen or not self.reaches(here):
                continue
            self._seen.add(here)
            if self.backward:
                self._look_ahead(here, found, stack)
            else:
                self._look_behind(here, found, stack)
        return found

    def _look_behind(self, tx: int, found: list[int], stack: list[int]) -> None:
        for number in self.graph.inputs_of(tx):
            source = int(self.graph.input_source[number])
            if source == UNKNOWN:
                found.append(number)
            elif source >= 0:
                stack.append(self.graph.tx_of_output(source))

    def _look_ahead(self, tx: int, found: list[int], stack: list[int]) -> None:
        for output in self.graph.outputs_of(tx):
            spender = int(self.graph.output_spender[output])
            if spender >= 0:
                stack.append(self.graph.tx_of_input(spender))
            elif self.graph.output_value[output] and self.graph.output_spendable[output]:
                found.append(output)

    def unseen_return(self) -> int:
        """The most that can have come back into transactions the trace does not show."""
        edge = self._threshold()
        if edge is None or not self.total:
            return 0
        own = own_unseen(self.graph) if self.backward else own_unknown(self.graph)
        if not (own < edge if self.backward else own > edge).any():
            return 0
        if not self.conserves:
            return MAX_MONEY_SAT
        # Those that stand in no run may have met coins that are elsewhere by now.
        if self.is_loose:
            return self.declared_all
        return min(self.total, self.declared_all)


def has_loose(graph: Graph) -> Array:
    """Whether a transaction stands in no run: bool, a single number."""
    if "has-loose" not in graph.memo:
        outside = (graph.tx_run != graph.tx_run_after) & (graph.tx_rank >= 0)
        graph.memo["has-loose"] = np.array(outside.any())
    return graph.memo["has-loose"]


def own_unknown(graph: Graph) -> Array:
    """The run before which each transaction's own unknown inputs were made, -1 none."""
    if "own-unknown" not in graph.memo:
        own = np.full(graph.tx_count, -1, dtype=np.int64)
        unknown = (graph.input_source == UNKNOWN) & (graph.input_value != 0)
        txs = _owners(graph.tx_input_start)[unknown]
        txs = txs[graph.tx_rank[txs] >= 0]
        own[txs] = graph.tx_run_after[txs]
        graph.memo["own-unknown"] = own
    return graph.memo["own-unknown"]


def own_unseen(graph: Graph) -> Array:
    """The run after which each transaction's own unspent outputs can be spent, NEVER none."""
    if "own-unseen" not in graph.memo:
        own = np.full(graph.tx_count, NEVER, dtype=np.int64)
        unseen = (graph.output_spender == NO_SPEND_SEEN) & (graph.output_value != 0)
        txs = _owners(graph.tx_output_start)[unseen & graph.output_spendable]
        txs = txs[graph.tx_rank[txs] >= 0]
        own[txs] = graph.tx_run[txs]
        graph.memo["own-unseen"] = own
    return graph.memo["own-unseen"]


def _latest(graph: Graph) -> Array:
    if "latest-unknown" not in graph.memo:
        # Imported here: Numba takes a second to load, and most traces never come here.
        from .kernels import latest_unknown

        graph.memo["latest-unknown"] = latest_unknown(
            _by_rank(graph),
            own_unknown(graph),
            graph.tx_input_start,
            graph.input_source,
            _owners(graph.tx_output_start),
        )
    return graph.memo["latest-unknown"]


def _earliest_unseen(graph: Graph) -> Array:
    if "earliest-unseen" not in graph.memo:
        from .kernels import earliest_unseen

        graph.memo["earliest-unseen"] = earliest_unseen(
            _by_rank(graph),
            own_unseen(graph),
            graph.tx_output_start,
            graph.output_spender,
            _owners(graph.tx_input_start),
        )
    return graph.memo["earliest-unseen"]


def _by_rank(graph: Graph) -> Array:
    order = np.argsort(graph.tx_rank, kind="stable")
    inside: Array = order[graph.tx_rank[order] >= 0]
    return inside


def _owners(starts: Array) -> Array:
    owners: Array = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    return owners

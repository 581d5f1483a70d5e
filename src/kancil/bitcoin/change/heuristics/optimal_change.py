"""Optimal change: the one output that is smaller than every input.

Had the change been as large as an input, that input need not have been spent. Source: J. D. Nick,
*Data-Driven De-Anonymization in Bitcoin*, thesis, ETH Zürich 2015, optimal change heuristic; H.
Kalodner and others, *BlockSci*, USENIX Security 2020, `optimal_change`; Möser, Narayanan, FC 2022.
With one input every output is smaller, so it speaks only where two or more are spent.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import (
    ChangeVerdict,
    Seen,
    names_none,
    only_one,
    too_few,
    untold,
)
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class OptimalChange:
    """The member; see the module."""

    name: str = "optimal-change"
    version: str = "1"
    source: str = (
        "Nick: Data-Driven De-Anonymization in Bitcoin, ETH Zürich 2015, optimal change heuristic; "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic optimal_change; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022"
    )
    looks_ahead: bool = False
    words: tuple[str, ...] = ("method.change-optimal-change.1", "method.change-optimal-change.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        few = too_few(seen)
        if few is not None:
            return few
        if len(seen.shown.inputs) == 1:
            return names_none("why.change-one-input")
        values = seen.shown.input_values
        if values is None:
            return untold("why.change-input-values")
        least = min(values)
        found = [n for n in seen.candidates if seen.value_of(n) < least]
        return only_one(found, seen, "optimal-change", "why.change-optimal-change", least=least)

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.optimal_change(over.ground, first, last, answer)


OPTIMAL_CHANGE = OptimalChange()

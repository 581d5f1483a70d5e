"""Optimal change: the one output that is smaller than every input.

Had the change been as large as an input, that input need not have been spent. Source: J. D. Nick,
*Data-Driven De-Anonymization in Bitcoin*, thesis, ETH Zürich 2015, optimal change heuristic; H.
Kalodner and others, *BlockSci*, USENIX Security 2020, `optimal_change`; Möser, Narayanan, FC 2022.
With one input every output is smaller, so it speaks only where two or more are spent.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import (
    ChangeHeuristic,
    ChangeVerdict,
    Seen,
    names_none,
    only_one,
    too_few,
    untold,
)


def _judge(seen: Seen) -> ChangeVerdict:
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


OPTIMAL_CHANGE = ChangeHeuristic(
    name="optimal-change",
    source=(
        "Nick: Data-Driven De-Anonymization in Bitcoin, ETH Zürich 2015, optimal change heuristic; "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic optimal_change; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022"
    ),
    judge=_judge,
    kernel="optimal_change",
)

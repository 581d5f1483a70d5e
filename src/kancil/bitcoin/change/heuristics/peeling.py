"""Peeling: in a row of transactions of one input and two outputs, the larger output goes on.

Source: H. Kalodner and others, *BlockSci*, USENIX Security 2020, heuristic `peeling_chain`: a
transaction with one input and two outputs is a step of a peel chain if the one before or one after
looks the same, and the larger output is the change. S. Meiklejohn and others, *A Fistful of
Bitcoins*, IMC 2013, section 5, describe such chains. The transaction before counts if it is held;
those after only in the blocks held.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import (
    ChangeHeuristic,
    ChangeVerdict,
    Seen,
    Shape,
    names,
    names_none,
    too_few,
    untold,
)


def _judge(seen: Seen) -> ChangeVerdict:
    few = too_few(seen)
    if few is not None:
        return few
    if not Shape(len(seen.shown.inputs), len(seen.shown.outputs)).is_peel:
        return names_none("why.change-no-peel")
    one, two = seen.value_of(0), seen.value_of(1)
    if one == two:
        return names_none("why.change-equal-values", value=one)
    larger, smaller = max(one, two), min(one, two)
    spenders = [fate.spender for fate in seen.fates]
    before = seen.maker is not None and seen.maker.is_peel
    if before or any(each is not None and each.shape.is_peel for each in spenders):
        where = "before" if before else "after"
        number = 0 if one > two else 1
        return names(number, f"peel-{where}", "why.change-peeling", larger=larger, smaller=smaller)
    if seen.maker is None:
        return untold("why.change-maker-not-held")
    if None in spenders:
        return untold("why.change-no-spend-seen", output=spenders.index(None))
    return names_none("why.change-no-peel-beside")


PEELING = ChangeHeuristic(
    name="peeling",
    source=(
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic peeling_chain; "
        "Meiklejohn and others: A Fistful of Bitcoins, IMC 2013, section 5 (peeling chains)"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="peeling",
)

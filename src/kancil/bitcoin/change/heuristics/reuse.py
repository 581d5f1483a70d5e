"""Address reuse: the one output that pays a script which the transaction spends from.

Source: S. Meiklejohn and others, *A Fistful of Bitcoins*, IMC 2013, section 4.3, who call it
*self-change* and set such transactions aside for their own heuristic; BlockSci, `address_reuse`
(Kalodner and others, USENIX Security 2020). Whoever can spend the input can spend this output: that
is no guess. That it is *change*, and that no other output is the payer's too, stays one.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import (
    ChangeHeuristic,
    ChangeVerdict,
    Seen,
    only_one,
    too_few,
    untold,
)


def _judge(seen: Seen) -> ChangeVerdict:
    few = too_few(seen)
    if few is not None:
        return few
    if not seen.has_known_scripts:
        return untold("why.change-input-scripts")
    found = [n for n in seen.candidates if seen.pays_input_script(n)]
    return only_one(found, seen, "reuse", "why.change-reuse")


REUSE = ChangeHeuristic(
    name="reuse",
    source=(
        "Meiklejohn and others: A Fistful of Bitcoins, IMC 2013, section 4.3 (self-change); "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic address_reuse"
    ),
    judge=_judge,
    kernel="reuse",
)

"""Sequence: the one output whose spender asks for replacement (BIP 125) as this one does.

Source: Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints (RBF). A transaction signals where an input's sequence
is below 0xfffffffe. A user may choose it for each payment, and wallets changed their default.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, by_mark


def _judge(seen: Seen) -> ChangeVerdict:
    own = None if seen.traits is None else int(seen.traits.signals_replacement)
    return by_mark(seen, own, lambda each: int(each.traits.signals_replacement), "sequence")


SEQUENCE = ChangeHeuristic(
    name="sequence",
    source=(
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="by_traits",
    takes=lambda _, kernels: (kernels.SEQUENCE_BITS,),
)

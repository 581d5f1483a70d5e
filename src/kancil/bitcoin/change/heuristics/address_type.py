"""Address type: the one output whose form of script is that of all inputs.

Source: H. Kalodner and others, *BlockSci*, USENIX Security 2020, heuristic `address_type`; Möser,
Narayanan, *Resurrecting Address Clustering in Bitcoin*, FC 2022, where it is a universal heuristic.
P2SH holds multisig and nested segwit alike, which the chain does not tell apart before a spend.
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
from kancil.bitcoin.coinjoins.heuristic import kinds_of


def _judge(seen: Seen) -> ChangeVerdict:
    few = too_few(seen)
    if few is not None:
        return few
    if not seen.has_known_scripts:
        return untold("why.change-input-scripts")
    kinds = kinds_of(seen.shown.inputs)
    if len(kinds) > 1:
        return names_none("why.change-mixed-kinds", count=len(kinds))
    kind = next(iter(kinds))
    found = [n for n in seen.candidates if seen.shown.outputs[n].kind is kind]
    word = kind.name.lower() if kind is not None else ""
    return only_one(found, seen, "address-type", "why.change-address-type", kind=word)


ADDRESS_TYPE = ChangeHeuristic(
    name="address-type",
    source=(
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic address_type; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022"
    ),
    judge=_judge,
    kernel="address_type",
)

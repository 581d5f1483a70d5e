"""Address type: the one output whose form of script is that of all inputs.

Source: H. Kalodner and others, *BlockSci*, USENIX Security 2020, heuristic `address_type`; Möser,
Narayanan, *Resurrecting Address Clustering in Bitcoin*, FC 2022, where it is a universal heuristic.
P2SH holds multisig and nested segwit alike, which the chain does not tell apart before a spend.
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
from kancil.bitcoin.coinjoins.heuristic import kinds_of


@dataclass(frozen=True, slots=True)
class AddressType:
    """The member; see the module."""

    name: str = "address-type"
    version: str = "1"
    source: str = (
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic address_type; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022"
    )
    looks_ahead: bool = False
    words: tuple[str, ...] = ("method.change-address-type.1", "method.change-address-type.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
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

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.address_type(over.ground, first, last, answer)


ADDRESS_TYPE = AddressType()

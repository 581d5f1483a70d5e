"""Sequence: the one output whose spender asks for replacement (BIP 125) as this one does.

Source: Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints (RBF). A transaction signals where an input's sequence
is below 0xfffffffe. A user may choose it for each payment, and wallets changed their default.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, by_mark
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class Sequence:
    """The member; see the module."""

    name: str = "sequence"
    version: str = "1"
    source: str = (
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    )
    looks_ahead: bool = True
    words: tuple[str, ...] = ("method.change-sequence.1", "method.change-sequence.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        own = None if seen.traits is None else int(seen.traits.signals_replacement)
        return by_mark(seen, own, lambda each: int(each.traits.signals_replacement), "sequence")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.by_traits(over.ground, kernels.SEQUENCE_BITS, first, last, answer)


SEQUENCE = Sequence()

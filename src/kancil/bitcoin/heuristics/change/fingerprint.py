"""Fingerprint: the one output whose spender has the same version, lock time, signal and witness.

After G. Kappos and others, *How to Peel a Million*, USENIX Security 2022, who follow a peel chain
by the features that the next transaction shares; and Möser, Narayanan, *Resurrecting Address
Clustering in Bitcoin*, FC 2022, on fingerprints. Not the whole of either: Kappos and others use
more features and the form of addresses besides, and Möser and Narayanan train a model.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.change import ChangeVerdict, Seen, Traits, by_mark
from kancil.bitcoin.change_run import Sweep
from kancil.bitcoin.columns import Array


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The member; see the module."""

    name: str = "fingerprint"
    version: str = "1"
    source: str = (
        "Kappos and others: How to Peel a Million, USENIX Security 2022, on following peel chains; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    )
    looks_ahead: bool = True
    words: tuple[str, ...] = ("method.change-fingerprint.1", "method.change-fingerprint.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        own = None if seen.traits is None else _text(seen.traits)
        return by_mark(seen, own, lambda each: _text(each.traits), "fingerprint")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin import change_kernels as kernels  # Numba is slow to import

        kernels.by_traits(over.ground, kernels.ALL_BITS, first, last, answer)


def _text(traits: Traits) -> str:
    """Write traits as one mark."""
    parts = [f"version {traits.version}"]
    parts.append("lock time" if traits.has_locktime else "no lock time")
    parts.append("replaceable" if traits.signals_replacement else "final")
    parts.append("witness" if traits.has_witness else "no witness")
    return ", ".join(parts)


FINGERPRINT = Fingerprint()

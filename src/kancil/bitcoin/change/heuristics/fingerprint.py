"""Fingerprint: the one output whose spender has the same version, lock time, signal and witness.

After G. Kappos and others, *How to Peel a Million*, USENIX Security 2022, who follow a peel chain
by the features that the next transaction shares; and Möser, Narayanan, *Resurrecting Address
Clustering in Bitcoin*, FC 2022, on fingerprints. Not the whole of either: Kappos and others use
more features and the form of addresses besides, and Möser and Narayanan train a model.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, Traits, by_mark
from kancil.bitcoin.change.run import Sweep
from kancil.ground.phrase import Param, Phrase


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
        return by_mark(seen, seen.traits, lambda each: each.traits, "fingerprint", _told)

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.by_traits(over.ground, kernels.ALL_BITS, first, last, answer)


def _told(traits: Traits) -> Phrase:
    """Traits as the words that stand in the reason."""
    told: dict[str, Param] = {"version": traits.version}
    for name, has in (
        ("locktime", traits.has_locktime),
        ("replacement", traits.signals_replacement),
        ("witness", traits.has_witness),
    ):
        told[name] = Phrase(f"note.change-trait-{name}" if has else f"note.change-trait-no-{name}")
    return Phrase("note.change-traits", told)


FINGERPRINT = Fingerprint()

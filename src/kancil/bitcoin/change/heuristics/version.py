"""Version: the one output whose spender states the same transaction version.

Source: Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints. Versions 1 and 2 are both common, and many wallets
share each, so the mark is weak.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, by_mark
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class Version:
    """The member; see the module."""

    name: str = "version"
    version: str = "1"
    source: str = (
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    )
    looks_ahead: bool = True
    words: tuple[str, ...] = ("method.change-version.1", "method.change-version.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        own = None if seen.traits is None else seen.traits.version
        return by_mark(seen, own, lambda each: each.traits.version, "version")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.by_traits(over.ground, kernels.VERSION_BITS, first, last, answer)


VERSION = Version()

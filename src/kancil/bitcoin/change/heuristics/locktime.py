"""Lock time: the one output whose spender has a lock time, or none, as this transaction has.

Bitcoin Core and others set the lock time to the last block's height against fee sniping; other
wallets leave it at 0. Source: H. Kalodner and others, *BlockSci*, USENIX Security 2020, heuristic
`locktime`; Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints. BlockSci keeps outputs not spent yet as candidates;
here all must have been spent in the blocks held, as its own comment asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, by_mark
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class Locktime:
    """The member; see the module."""

    name: str = "locktime"
    version: str = "1"
    source: str = (
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints; "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic locktime"
    )
    looks_ahead: bool = True
    words: tuple[str, ...] = ("method.change-locktime.1", "method.change-locktime.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        own = None if seen.traits is None else int(seen.traits.has_locktime)
        return by_mark(seen, own, lambda each: int(each.traits.has_locktime), "locktime")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.by_traits(over.ground, kernels.LOCKTIME_BITS, first, last, answer)


LOCKTIME = Locktime()

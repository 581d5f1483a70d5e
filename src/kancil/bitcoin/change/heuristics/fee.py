"""Fee: the one output whose spender pays the very same fee, in satoshi.

Some software pays a fixed fee. Source: Möser, Narayanan, *Resurrecting Address Clustering in
Bitcoin*, FC 2022, on fingerprints (absolute fee). Where fees are worked out from size and demand,
the mark says nothing and the rule names no output.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, by_mark
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class Fee:
    """The member; see the module."""

    name: str = "fee"
    version: str = "1"
    source: str = (
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    )
    looks_ahead: bool = True
    words: tuple[str, ...] = ("method.change-fee.1", "method.change-fee.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        own = seen.fee_sat
        return by_mark(seen, own, lambda each: each.fee_sat, "fee")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.by_fee(over.ground, first, last, answer)


FEE = Fee()

"""Round amount: the one output whose value is no multiple of 0.01 BTC, where the others are.

People pay round amounts, and what is left over is seldom round. Source: H. Kalodner and others,
*BlockSci*, USENIX Security 2020, heuristic `power_of_ten_value` with its default of six digits;
Möser, Narayanan, FC 2022, *power of ten*; D. Ermilov, M. Panov, Y. Yanovich, *Automatic Bitcoin
Address Clustering*, ICMLA 2017, also ask how many decimal digits an amount has. Amounts that are
round in a currency of the country are not round in bitcoin.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, only_one, too_few
from kancil.bitcoin.change.run import Sweep

ROUND_SAT = 10**6
"""0.01 BTC: BlockSci's default of six digits."""


@dataclass(frozen=True, slots=True)
class RoundAmount:
    """The member; see the module."""

    name: str = "round-amount"
    version: str = "1"
    source: str = (
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic power_of_ten_value; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022; "
        "Ermilov, Panov, Yanovich: Automatic Bitcoin Address Clustering, ICMLA 2017"
    )
    looks_ahead: bool = False
    words: tuple[str, ...] = ("method.change-round-amount.1", "method.change-round-amount.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        few = too_few(seen)
        if few is not None:
            return few
        found = [n for n in seen.candidates if seen.value_of(n) % ROUND_SAT]
        return only_one(
            found, seen, "round-amount", "why.change-round-amount",
            others=len(seen.candidates) - 1, step=ROUND_SAT,
        )  # fmt: skip

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.round_amount(over.ground, ROUND_SAT, first, last, answer)


ROUND_AMOUNT = RoundAmount()

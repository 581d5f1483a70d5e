"""Round amount: the one output whose value is no multiple of 0.01 BTC, where the others are.

People pay round amounts, and what is left over is seldom round. Source: H. Kalodner and others,
*BlockSci*, USENIX Security 2020, heuristic `power_of_ten_value` with its default of six digits;
Möser, Narayanan, FC 2022, *power of ten*; D. Ermilov, M. Panov, Y. Yanovich, *Automatic Bitcoin
Address Clustering*, ICMLA 2017, also ask how many decimal digits an amount has. Amounts that are
round in a currency of the country are not round in bitcoin.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, only_one, too_few

ROUND_SAT = 10**6
"""0.01 BTC: BlockSci's default of six digits."""


def _judge(seen: Seen) -> ChangeVerdict:
    few = too_few(seen)
    if few is not None:
        return few
    found = [n for n in seen.candidates if seen.value_of(n) % ROUND_SAT]
    return only_one(
        found, seen, "round-amount", "why.change-round-amount",
        others=len(seen.candidates) - 1, step=ROUND_SAT,
    )  # fmt: skip


ROUND_AMOUNT = ChangeHeuristic(
    name="round-amount",
    source=(
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic power_of_ten_value; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022; "
        "Ermilov, Panov, Yanovich: Automatic Bitcoin Address Clustering, ICMLA 2017"
    ),
    judge=_judge,
    kernel="round_amount",
    takes=lambda *_: (ROUND_SAT,),
)

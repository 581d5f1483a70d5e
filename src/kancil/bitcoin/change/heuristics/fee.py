"""Fee: the one output whose spender pays the very same fee, in satoshi.

Some software pays a fixed fee. Source: Möser, Narayanan, *Resurrecting Address Clustering in
Bitcoin*, FC 2022, on fingerprints (absolute fee). Where fees are worked out from size and demand,
the mark says nothing and the rule names no output.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, by_mark


def _judge(seen: Seen) -> ChangeVerdict:
    own = seen.fee_sat
    return by_mark(seen, own, lambda each: each.fee_sat, "fee")


FEE = ChangeHeuristic(
    name="fee",
    source=(
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="by_fee",
)

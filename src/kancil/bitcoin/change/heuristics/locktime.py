"""Lock time: the one output whose spender has a lock time, or none, as this transaction has.

Bitcoin Core and others set the lock time to the last block's height against fee sniping; other
wallets leave it at 0. Source: H. Kalodner and others, *BlockSci*, USENIX Security 2020, heuristic
`locktime`; Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints. BlockSci keeps outputs not spent yet as candidates;
here all must have been spent in the blocks held, as its own comment asks.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, by_mark


def _judge(seen: Seen) -> ChangeVerdict:
    own = None if seen.traits is None else int(seen.traits.has_locktime)
    return by_mark(seen, own, lambda each: int(each.traits.has_locktime), "locktime")


LOCKTIME = ChangeHeuristic(
    name="locktime",
    source=(
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints; "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic locktime"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="by_traits",
    takes=lambda _, kernels: (kernels.LOCKTIME_BITS,),
)

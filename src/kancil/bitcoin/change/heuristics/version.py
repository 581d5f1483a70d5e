"""Version: the one output whose spender states the same transaction version.

Source: Möser, Narayanan, *Resurrecting Address Clustering in Bitcoin*,
FC 2022, on fingerprints. Versions 1 and 2 are both common, and many wallets
share each, so the mark is weak.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, by_mark


def _judge(seen: Seen) -> ChangeVerdict:
    own = None if seen.traits is None else seen.traits.version
    return by_mark(seen, own, lambda each: each.traits.version, "version")


VERSION = ChangeHeuristic(
    name="version",
    source=(
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="by_traits",
    takes=lambda _, kernels: (kernels.VERSION_BITS,),
)
